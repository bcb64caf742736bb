//! The loop: takes messages up while the mail server takes them, and asks it when it does not.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::Outcome;
use crate::domain::{Mail, lifetimes::MAIL_GIVE_UP};
use crate::flows::Flows;
use crate::infra::mailer::SendError;
use crate::store::{StoreError, outbox};

/// How often the outbox is looked into without being told: for retries, and for what a killed instance left.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Shortest and longest time until a server that takes no mail is asked again.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(15));

/// Sends what is due until it is told to stop, then waits for what is on its way.
pub(super) async fn work(flows: Flows, mut stop: watch::Receiver<bool>) {
    let most = flows.parts().mail.at_once;
    let mut on_their_way: JoinSet<Outcome> = JoinSet::new();
    let mut server = Server { down: None, patience: ASK_AGAIN.0 };
    let mut troubled = false;
    while !*stop.borrow() {
        let mut look_again = LOOK_EVERY;
        if let Some(asked_at) = server.down {
            if asked_at.elapsed() >= server.patience {
                server.ask(&flows).await;
                continue;
            }
            look_again = server.patience.saturating_sub(asked_at.elapsed());
        } else if on_their_way.len() <= most / 2 {
            match flows.lease_mail(most - on_their_way.len()).await {
                Ok(leased) => {
                    troubled = false;
                    for mail in leased {
                        on_their_way.spawn(post(flows.clone(), mail));
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut troubled, true) {
                        log::warn!("the outbox cannot be read: {error}");
                    }
                }
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            Some(done) = on_their_way.join_next(), if !on_their_way.is_empty() => {
                if let Ok(outcome) = done {
                    server.heard(outcome);
                }
            }
            () = flows.0.mailing.written.notified(), if server.down.is_none() => {}
            () = sleep(look_again) => {}
        }
    }
    while on_their_way.join_next().await.is_some() {}
}

/// A message that makes us panic is set aside like any other that can never be sent.
async fn post(flows: Flows, mail: Mail) -> Outcome {
    let (own, held) = (flows.clone(), mail.clone());
    match tokio::spawn(async move { own.post(&held).await }).await {
        Ok(outcome) => outcome,
        Err(_) => {
            flows.note(&mail, None, &SendError::Rejected("a fault of ours".to_owned())).await;
            Outcome::Settled
        }
    }
}

/// What is known of the mail server.
struct Server {
    /// When it was last asked, if it takes nothing.
    down: Option<Instant>,
    /// How long until it is asked again.
    patience: Duration,
}

impl Server {
    fn heard(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Settled => {}
            Outcome::Sent => self.patience = ASK_AGAIN.0,
            Outcome::Unreachable(reason) => {
                if self.down.is_none() {
                    log::warn!("no mail can be sent, it waits in the outbox: {reason}");
                    self.down = Some(Instant::now());
                }
            }
        }
    }

    async fn ask(&mut self, flows: &Flows) {
        match flows.parts().mail.mailer.ready().await {
            Ok(()) => {
                log::info!("mail is sent again");
                self.down = None;
            }
            Err(_) => {
                flows.give_up_old_mail().await;
                self.down = Some(Instant::now());
            }
        }
        // Longer from time to time, until a message has been sent.
        self.patience = (self.patience * 2).min(ASK_AGAIN.1);
    }
}

impl Flows {
    /// Sets aside what has been tried for long enough, while no message is tried at all.
    async fn give_up_old_mail(&self) {
        let now = self.parts().clock.now();
        let given_up: Result<u64, StoreError> =
            self.store().transact(async |tx| outbox::give_up(tx, now.before(MAIL_GIVE_UP), now).await).await;
        match given_up {
            Ok(0) | Err(_) => {}
            Ok(gone) => log::error!("{gone} mails are set aside: the mail server took nothing for too long"),
        }
    }
}
