//! What administrators do to accounts.

use std::time::Duration;

use store::Engine;

use super::{act, administrator, number_of, values};
use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp, Visitor, html, mail, until};

both_engines!(
    each_action_does_what_the_command_does_and_is_in_the_log,
    a_disabled_account_is_out_by_the_next_request,
    nobody_takes_their_own_rights_and_the_last_administrator_stays,
    two_administrators_who_demote_each_other_leave_one,
    an_order_ends_with_the_session_and_the_role_of_who_gives_it,
    what_is_gone_or_done_already_is_said,
);

async fn each_action_does_what_the_command_does_and_is_in_the_log(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    let state = async |column: &str| {
        app.count(&format!("SELECT COUNT(*) FROM accounts WHERE id = {id} AND {column}")).await == 1
    };
    for (action, fields, holds, kind) in [
        ("set-role", &[("role_id", "2")][..], "role_id = 2", "role_changed"),
        ("rename", &[("username", "snake")], "username = 'snake'", "username_changed"),
        ("set-address", &[("email", "snake@example.org")], "email = 'snake@example.org'", "address_changed"),
        ("verify", &[], "verified_at IS NOT NULL", "verified"),
        ("disable", &[], "locked_at IS NOT NULL", "locked"),
        ("enable", &[], "locked_at IS NULL", "unlocked"),
        ("reset-link", &[], "id > 0", "link_mailed"),
        ("end-sessions", &[], "id > 0", "openings_ended"),
        ("delete", &[], "deleted_at IS NOT NULL", "deleted"),
        ("restore", &[], "deleted_at IS NULL", "restored"),
    ] {
        let fields = [fields, &[("reason", "because\nof  it")]].concat();
        let (status, said) = act(&ada, id, action, &fields).await;
        assert_eq!(status, 303, "{action}: {said}");
        assert!(state(holds).await, "{action}");
        let noted = format!(
            "SELECT COUNT(*) FROM audit_events WHERE account_id = {id} AND kind = '{kind}' AND actor = 'staff' \
             AND actor_id = {} AND origin <> '' AND reason = 'because of  it'",
            number_of(&app, "ada").await
        );
        assert_eq!(app.count(&noted).await, 1, "{action}");
    }
    let told: String = app.mailed("eve@example.org", 2).await.iter().map(|mail| mail::read(mail)).collect();
    assert!(told.contains("username") && told.contains("address"), "{told}");
    for (action, fields, field) in [
        ("set-role", ("role_id", "77"), "role_id"),
        ("rename", ("username", "a b"), "username"),
        ("rename", ("username", "ada"), "username"),
        ("set-address", ("email", "nonsense"), "email"),
        ("set-address", ("email", "ada@example.org"), "email"),
    ] {
        let path = format!("/admin/accounts/{id}/{action}");
        let refused = ada.post(&path).wants_json().form(&[fields]).send().await;
        refused.refused_fields(422, &[field]);
        let (status, shown) = act(&ada, id, action, &[fields]).await;
        assert_eq!(status, 422, "{action}");
        assert!(html::error(&shown, field).is_some(), "{shown}");
    }
    assert_eq!(ada.get(&format!("/admin/accounts/{id}/explode")).send().await.status, 404);
}

async fn a_disabled_account_is_out_by_the_next_request(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let eve = app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    act(&ada, id, "disable", &[("reason", "spam")]).await;
    assert!(!eve.is_signed_in().await);
    let wrong = app.visitor().log_in("eve", "wrong horse battery").await;
    assert_eq!(wrong.problem(401)["code"], "invalid_credentials");
    assert_eq!(app.visitor().log_in("eve", PASSWORD).await.problem(403)["code"], "locked");
    act(&ada, id, "enable", &[]).await;
    assert_eq!(app.visitor().log_in("eve", PASSWORD).await.status, 200);
}

async fn nobody_takes_their_own_rights_and_the_last_administrator_stays(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let id = number_of(&app, "ada").await;
    for (action, fields) in [("set-role", &[("role_id", "1")][..]), ("disable", &[]), ("delete", &[])] {
        let (status, shown) = act(&ada, id, action, fields).await;
        assert_eq!(status, 403, "{action}");
        assert!(html::alert(&shown).unwrap().contains("your own account"), "{shown}");
        let path = format!("/admin/accounts/{id}/{action}");
        let said = ada.post(&path).wants_json().form(fields).send().await.problem(403);
        assert!(said["detail"].as_str().unwrap().contains("your own account"), "{said}");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 3 AND deleted_at IS NULL").await, 1);
}

async fn two_administrators_who_demote_each_other_leave_one(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let bob = administrator(&app, "bob").await;
    let (ada_id, bob_id) = (number_of(&app, "ada").await, number_of(&app, "bob").await);
    let demote = async |who: &Visitor, whom: i64| {
        let path = format!("/admin/accounts/{whom}/set-role");
        who.post(&path).wants_json().form(&[("role_id", "1")]).send().await.status
    };
    let done = rocket::tokio::join!(demote(&ada, bob_id), demote(&bob, ada_id));
    let mut done = [done.0, done.1];
    done.sort_unstable();
    assert_eq!(done, [200, 403], "one of them was no administrator any more");
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts WHERE role_id = 3").await, 1);
}

async fn an_order_ends_with_the_session_and_the_role_of_who_gives_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    let before = app.count("SELECT COUNT(*) FROM accounts").await;
    let people: Vec<String> = (0..400).map(|n| format!("guest{n}@example.org")).collect();
    let form = [("addresses", people.join(" ")), ("role_id", "3".to_owned())];
    let inviting = async {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ada.post("/admin/invitations").wants_json().form(&form).send().await.status
    };
    let demoting = async {
        until(Duration::from_secs(10), || async {
            app.count("SELECT COUNT(*) FROM accounts").await > before
        })
        .await;
        app.sql("UPDATE accounts SET role_id = 1 WHERE email_key = 'ada@example.org'").await;
        app.count("SELECT COUNT(*) FROM accounts").await
    };
    let (status, made) = rocket::tokio::join!(inviting, demoting);
    let after = app.count("SELECT COUNT(*) FROM accounts").await;
    // One may have been under way.
    assert!(after <= made + 1, "{made} accounts at the end of the role, {after} after it");
    assert!(status == 403 || after == before + 400, "{status}");
}

async fn what_is_gone_or_done_already_is_said(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = administrator(&app, "ada").await;
    app.signed_up("eve").await;
    let id = number_of(&app, "eve").await;
    let post =
        async |action: &str| ada.post(&format!("/admin/accounts/{id}/{action}")).wants_json().send().await;
    assert_eq!(post("disable").await.json()["changed"], true);
    assert_eq!(post("disable").await.json()["changed"], false);
    assert_eq!(post("delete").await.json()["changed"], true);
    let deleted = post("disable").await.problem(403);
    assert!(deleted["detail"].as_str().unwrap().contains("only be restored"), "{deleted}");
    let shown = values(&ada, &format!("/admin/accounts/{id}")).await;
    let actions: Vec<&str> =
        shown["actions"].as_array().unwrap().iter().map(|action| action["word"].as_str().unwrap()).collect();
    assert_eq!(actions, ["restore"]);
    app.sql(&format!("DELETE FROM accounts WHERE id = {id}")).await;
    assert_eq!(post("restore").await.status, 404);
    assert_eq!(ada.get(&format!("/admin/accounts/{id}")).send().await.status, 404);
}
