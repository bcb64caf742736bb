//! The pages for administrators, for the tour.

use super::{Browser, TestServer};

/// Makes the member an administrator and looks at a page of each kind that there is for one.
pub async fn administration(
    server: &TestServer,
    browser: &Browser,
    member: &str,
    look: &mut impl AsyncFnMut(&str),
) {
    server.operate(&["account", "set-role", member, "administrator"]);
    browser.go("/admin/audit").await;
    assert_eq!(browser.status().await, 200);
    look("administration, audit log").await;
    browser.go("/admin/keys").await;
    browser.fill("name", "shop").await;
    browser.send("/admin/keys").await;
    assert_eq!(browser.status().await, 200);
    look("administration, a key made").await;
    browser.go("/admin/accounts").await;
    look("administration, accounts").await;
    browser.press(".sessions a").await;
    look("administration, an account").await;
}

/// Looks at every page that there is for the administrator `member`.
pub async fn whole_administration(
    server: &TestServer,
    browser: &Browser,
    member: &str,
    look: &mut impl AsyncFnMut(&str),
) {
    administration(server, browser, member, look).await;
    for (path, name) in [
        ("/admin/accounts?q=nobody", "accounts, none found"),
        ("/admin/invitations", "invitations"),
        ("/admin/mail", "outbox"),
        ("/admin/webhooks", "webhooks"),
        ("/admin/audit?account=nobody@example.com", "audit log of nobody"),
        ("/admin/status", "status"),
    ] {
        browser.go(path).await;
        assert!([200, 422].contains(&browser.status().await), "{path}");
        look(&format!("administration, {name}")).await;
    }
    browser.go("/admin/invitations").await;
    browser.fill("addresses", "guest@example.org").await;
    browser.send("/admin/invitations").await;
    assert_eq!(browser.path().await, "/admin/invitations");
    look("administration, somebody invited").await;
    browser.go("/admin/accounts?q=guest").await;
    browser.press(".sessions a").await;
    let account = browser.path().await;
    for action in ["set-role", "rename", "set-address", "disable"] {
        browser.go(&format!("{account}/{action}")).await;
        assert_eq!(browser.status().await, 200, "{action}");
        look(&format!("administration, {action}")).await;
    }
    browser.fill("reason", "spam").await;
    browser.send(&format!("{account}/disable")).await;
    assert_eq!(browser.path().await, account);
    look("administration, a disabled account").await;
    browser.go(&format!("{account}/rename")).await;
    browser.trust_forms().await;
    browser.fill("username", "no name").await;
    browser.send(&format!("{account}/rename")).await;
    assert_eq!(browser.status().await, 422);
    look("administration, a username refused").await;
}
