//! The end of everything that opens an account. A change of password, a proven recovery and the owner's *end
//! all others* come here, so that no kind of credential is forgotten by one of them.

use domain::{AccountId, Millis, SessionId, TokenDigest};
use store::{
    StoreError, Tx, app_passwords, bearers, known_apps, known_browsers, known_places, oidc_tokens, outbox,
    pending_sign_ins, sessions, tickets, user_secrets,
};

/// What goes on when everything else ends.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::flows) struct Spared<'a> {
    /// The session of whoever asks for it.
    pub(in crate::flows) session: Option<SessionId>,
    /// The cookie of a known browser.
    pub(in crate::flows) browser: Option<&'a TokenDigest>,
    /// Whether the user secret goes on.
    pub(in crate::flows) user_secret: bool,
}

impl Spared<'_> {
    /// Nothing goes on.
    pub(in crate::flows) const NOTHING: Self = Self { session: None, browser: None, user_secret: false };
}

/// Ends everything that opens `account` except what is `spared`: sessions, bearers of every dialect, paired
/// devices, devices that have not fetched their bearer yet, the user secret, app passwords, links that were
/// mailed or wait to be, sign-ins by redirection, and the codes and tokens that clients of OpenID Connect
/// have. Forgets its known browsers and apps, and the places that programs signed in from. Returns the number
/// of openings that ended.
pub(in crate::flows) async fn end_everything(
    tx: &mut Tx,
    account: AccountId,
    spared: Spared<'_>,
    now: Millis,
) -> Result<usize, StoreError> {
    let mut ended = sessions::end_all(tx, account, spared.session).await?;
    ended += count(bearers::end_all(tx, account).await?);
    ended += count(app_passwords::end_all(tx, account).await?);
    oidc_tokens::end_all(tx, account).await?;
    ended += count(known_browsers::forget_all(tx, account, spared.browser).await?);
    pending_sign_ins::end_all(tx, account).await?;
    known_apps::forget_all(tx, account).await?;
    known_places::forget_all(tx, account).await?;
    if !spared.user_secret {
        ended += usize::from(user_secrets::remove(tx, account).await?);
    }
    // Before the tickets: while the row of a message exists, the worker may add a ticket for its link.
    outbox::withdraw_links(tx, account).await?;
    Ok(ended + tickets::void_all(tx, account, now).await?)
}

fn count(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
