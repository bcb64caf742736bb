//! "This was not me": what a denial ends, takes away and gives back.

use store::Engine;

use super::{ADA, DENY, LOG, MINUTE, NEW, events, kinds, move_to, number, reset_token};
use crate::engines::both_engines;
use crate::openings::Everything;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail};
use crate::totp;

both_engines!(
    a_denial_wants_a_proof_and_changes_nothing_without,
    a_denial_ends_everything_and_the_password,
    a_denial_takes_away_the_factors_that_were_added_since_and_no_others,
    a_denial_gives_the_address_back_and_locks_the_account_where_somebody_else_has_it,
    of_many_denials_at_once_one_is_done,
);

/// Denies `event` as a browser does, from the page that asks. Returns that page and the one after.
async fn deny(visitor: &Visitor, event: &str) -> (String, String) {
    let asked = visitor.get(&format!("{LOG}/{event}")).send().await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let form = html::form(&asked.text(), DENY);
    let journey = visitor.post(DENY).form(&form.fields()).follow().await;
    journey.went(&[(303, "/user/login")]);
    (asked.text(), journey.answer.text())
}

async fn a_denial_wants_a_proof_and_changes_nothing_without(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let id = number(&ada, "signed_in").await;
    app.pass(10 * MINUTE);
    let refused = ada.post(DENY).wants_json().form(&[("event", &id)]).send().await;
    assert_eq!(refused.problem(403)["code"], "reauthentication_required");
    assert_eq!(kinds(&events(&ada).await), ["signed_in", "created"]);
    assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
}

async fn a_denial_ends_everything_and_the_password(engine: Engine) {
    let all = Everything::new(engine).await;
    let (app, ada) = (&all.app, &all.ada);
    let id = number(ada, "signed_in").await;
    let (asked, after) = deny(ada, &id).await;
    assert!(asked.contains(ADA) && !asked.contains("goes back"), "{asked}");
    assert!(html::notice(&after).unwrap().contains("Choose a new password"), "{after}");
    assert_eq!(all.alive().await, Vec::<&str>::new());
    assert!(!ada.is_signed_in().await);
    let refused = app.visitor().log_in("ada", PASSWORD).await;
    assert_eq!(refused.problem(403)["code"], "password_expired");
    // The link before was made void; a second one came, and a notice.
    let token = reset_token(app, ADA, 2).await;
    let told = app.mails(ADA).iter().map(|mail| mail::read(mail)).collect::<String>();
    assert!(told.contains("reported an entry in the security log"), "{told}");
    let form = [("token", &*token), ("npassword", NEW)];
    app.visitor().post("/user/reset").form(&form).follow().await.went(&[(303, "/user/login")]);
    let ada = app.visitor();
    assert_eq!(ada.log_in("ada", NEW).await.status, 200);
    let written = events(&ada).await;
    assert_eq!(kinds(&written[..3]), ["signed_in", "password_changed", "denied"]);
    assert_eq!(written[2]["detail"], id);
}

async fn a_denial_takes_away_the_factors_that_were_added_since_and_no_others(engine: Engine) {
    let app = TestApp::new(engine).await;
    let left = async || {
        let factors = app.count("SELECT COUNT(*) FROM totp_secrets WHERE confirmed_at IS NOT NULL").await;
        let codes = app.count("SELECT COUNT(*) FROM recovery_codes").await;
        (factors, codes, app.count("SELECT COUNT(*) FROM accounts WHERE second_factor_at IS NOT NULL").await)
    };
    let ada = app.signed_up("ada").await;
    let before = number(&ada, "signed_in").await;
    app.pass(MINUTE);
    totp::set_up(&app, &ada).await;
    assert_eq!(left().await, (1, 10, 1));
    deny(&ada, &before).await;
    assert_eq!(left().await, (0, 0, 0));

    let eve = app.signed_up("eve").await;
    totp::set_up(&app, &eve).await;
    app.pass(MINUTE);
    eve.post("/user/modify/username").form(&[("username", "snake")]).send().await;
    let after = number(&eve, "username_changed").await;
    deny(&eve, &after).await;
    assert_eq!(left().await, (1, 10, 1));
    // New codes alone are taken away as well.
    let bob = app.signed_up("bob").await;
    totp::set_up(&app, &bob).await;
    app.pass(MINUTE);
    bob.post("/user/modify/username").form(&[("username", "rob")]).send().await;
    let after = number(&bob, "username_changed").await;
    assert_eq!(bob.post("/user/security/recovery-codes").send().await.status, 200);
    deny(&bob, &after).await;
    assert_eq!(left().await, (2, 10, 2));
}

async fn a_denial_gives_the_address_back_and_locks_the_account_where_somebody_else_has_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    for taken in [false, true] {
        let name = if taken { "ada" } else { "eve" };
        let (address, thief) = (format!("{name}@example.org"), format!("thief-{name}@example.org"));
        let victim = app.signed_up(name).await;
        let before = number(&victim, "signed_in").await;
        move_to(&app, &victim, &thief).await;
        move_to(&app, &victim, &format!("second-{thief}")).await;
        if taken {
            let form = [("email", &*address), ("password", PASSWORD)];
            let made = app.visitor().post("/user/create").wants_json().form(&form).send().await;
            assert_eq!(made.status, 201, "{}", made.text());
        }
        let (asked, after) = deny(&victim, &before).await;
        assert_eq!(asked.contains("goes back"), !taken, "{asked}");
        assert_eq!(asked.contains("Your account is locked"), taken, "{asked}");
        if taken {
            // A link would go to whoever moved the account.
            assert!(html::notice(&after).unwrap().contains("Contact us"), "{after}");
            let second = format!("second-{thief}");
            app.visitor().post("/user/forgot").form(&[("email", &*second)]).send().await;
            app.quiet().await;
            let mails: String = app.mails(&second).iter().map(|mail| mail::read(mail)).collect();
            assert!(!mails.contains("/user/reset?token="), "{mails}");
            let locked = "SELECT COUNT(*) FROM accounts WHERE locked_at IS NOT NULL";
            assert_eq!(app.count(locked).await, 1);
            continue;
        }
        let token = reset_token(&app, &address, 1).await;
        let owner = app.visitor();
        owner.post("/user/reset").form(&[("token", &*token), ("npassword", NEW)]).send().await;
        assert_eq!(owner.log_in(&address, NEW).await.status, 200);
        assert_eq!(owner.account().await["verified"], true);
        let written = events(&owner).await;
        let moved = kinds(&written).iter().filter(|kind| **kind == "address_changed").count();
        assert_eq!(moved, 3);
    }
}

async fn of_many_denials_at_once_one_is_done(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let id = number(&ada, "signed_in").await;
    let cookie = ada.cookie("vestibule").unwrap();
    let asks: Vec<_> = (0..50)
        .map(|_| {
            let copy = app.visitor();
            copy.set_cookie("vestibule", &cookie);
            let id = id.clone();
            rocket::tokio::spawn(async move {
                copy.post(DENY).wants_json().form(&[("event", &id)]).send().await.status
            })
        })
        .collect();
    let mut done = 0;
    for ask in asks {
        match ask.await.unwrap() {
            200 => done += 1,
            status => assert_eq!(status, 401),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'denied'").await, 1);
    reset_token(&app, ADA, 1).await;
    app.quiet().await;
    let links = app.mails(ADA).iter().filter(|mail| mail::read(mail).contains("/user/reset?token=")).count();
    assert_eq!(links, 1);
}
