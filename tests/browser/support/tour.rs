//! A tour of all pages.

use super::admin_tour::administration;
use super::factors_tour::factors;
use super::pictures::Album;
use super::{Browser, CITY, PASSWORD, TestServer, device};

/// Leads a new person through every page and every state of it, and calls `look` at each.
pub async fn tour(server: &TestServer, browser: &Browser, mut look: impl AsyncFnMut(&str)) {
    let album = Album::new();
    let member = format!("{}@example.org", "somebody.with.a.long.address".repeat(2));

    browser.go("/user/login").await;
    look("sign-in").await;
    browser.try_sign_in("nobody", "a wrong password").await;
    assert_eq!(browser.status().await, 401);
    look("sign-in, refused").await;
    browser.go("/user/login").await;
    browser.trust_forms().await;
    browser.fill("email", "nobody").await;
    browser.send("/user/login").await;
    assert_eq!(browser.status().await, 422);
    look("sign-in, incomplete").await;

    browser.go("/user/create").await;
    look("sign-up").await;
    browser.trust_forms().await;
    browser.fill("email", "no address").await;
    browser.fill("username", "no@name").await;
    browser.fill("password", "short").await;
    browser.send("/user/create").await;
    assert_eq!(browser.status().await, 422);
    look("sign-up, refused").await;

    browser.go("/user/identity").await;
    assert_eq!(browser.status().await, 422);
    look("another provider, of whom nobody has come").await;

    recovery(browser, &mut look).await;

    browser.go("/api/docs").await;
    assert_eq!(browser.status().await, 200);
    look("API").await;
    browser.js("for (const part of document.querySelectorAll('details')) part.open = true").await;
    look("API, opened").await;

    for (path, status) in [("/nowhere/at/all", 404), ("/user/logout", 405)] {
        browser.go(path).await;
        assert_eq!(browser.status().await, status, "{path}");
        look(&format!("error {status}")).await;
    }

    browser.sign_up(&member, "a-username-as-long-as-they-may-be-40-cha", PASSWORD).await;
    look("profile, new").await;
    addresses(server, browser, &member, &mut look).await;
    browser.go("/user/profil").await;
    browser.fill("name", &"Wolfeschlegelsteinhausenbergerdorff ".repeat(2)).await;
    browser.send("/user/modify/profile").await;
    assert_eq!(browser.path().await, "/user/profil");
    browser.choose(&album.two_halves()).await;
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.path().await, "/user/profil");
    look("profile, with a picture and a long name").await;
    refused(browser, &album, &mut look).await;
    devices(browser, &mut look).await;
    // The address that the account has by now.
    let member = format!("next.{member}");
    mail(server, browser, &member, &mut look).await;
    administration(server, browser, &member, &mut look).await;
    factors(server, browser, &member, &mut look).await;
    browser.go("/user/profil").await;

    browser.driver.delete_all_cookies().await.unwrap();
    browser.send("/user/modify/username").await;
    assert_eq!(browser.status().await, 401);
    look("sign-in, after the session ended").await;
}

async fn addresses(server: &TestServer, browser: &Browser, member: &str, look: &mut impl AsyncFnMut(&str)) {
    let link = server.mailed_link(member, "/user/verify").await;
    browser.go(&link).await;
    look("address, to be confirmed by a click").await;
    let cookies = browser.driver.get_all_cookies().await.unwrap();
    browser.driver.delete_all_cookies().await.unwrap();
    browser.go(&link).await;
    look("address, to be confirmed by the password").await;
    // Some themes show this without a click.
    if browser.shows("main details summary").await {
        browser.find("main details summary").await.click().await.unwrap();
    }
    look("address, to be confirmed by a new password").await;
    browser.fill("password", "not this one").await;
    browser.send("/user/verify").await;
    assert_eq!(browser.status().await, 422);
    look("address, password refused").await;
    browser.go("/user/verify").await;
    look("address, link to be sent again").await;
    browser.fill("email", member).await;
    browser.send("/user/verify/send").await;
    look("address, link sent again").await;
    browser.go("/user/verify?token=x").await;
    assert_eq!(browser.status().await, 410);
    look("address, link that no longer works").await;
    for cookie in cookies {
        browser.driver.add_cookie(cookie).await.unwrap();
    }
    browser.go(&link).await;
    browser.send("/user/verify").await;
    assert_eq!(browser.path().await, "/user/profil");
    look("profile, address confirmed").await;

    browser.trust_forms().await;
    browser.fill("email", "no address").await;
    browser.send("/user/modify/email").await;
    assert_eq!(browser.status().await, 422);
    look("profile, address refused").await;
    let next = format!("next.{member}");
    browser.fill("email", &next).await;
    browser.fill("email-apassword", PASSWORD).await;
    browser.send("/user/modify/email").await;
    assert_eq!(browser.path().await, "/user/profil");
    look("profile, another address asked for").await;
    browser.go(&server.mailed_link(&next, "/user/email").await).await;
    look("another address, to be confirmed").await;
    browser.send("/user/email").await;
    assert_eq!(browser.path().await, "/user/profil");
    look("profile, another address").await;
    browser.go("/user/email?token=x").await;
    assert_eq!(browser.status().await, 410);
    look("another address, link that no longer works").await;
}

async fn recovery(browser: &Browser, look: &mut impl AsyncFnMut(&str)) {
    browser.go("/dev/mail").await;
    assert_eq!(browser.status().await, 200);
    look("mail").await;
    browser.go("/user/forgot").await;
    look("forgot").await;
    browser.trust_forms().await;
    browser.send("/user/forgot").await;
    assert_eq!(browser.status().await, 422);
    look("forgot, incomplete").await;
    browser.fill("email", "nobody").await;
    browser.send("/user/forgot").await;
    look("forgot, requested").await;
    browser.go("/user/reset?token=none").await;
    assert_eq!(browser.status().await, 410);
    look("reset, link spent").await;
    for path in ["/user/recover-factors", "/user/recover-factors/cancel"] {
        browser.go(&format!("{path}?token=none")).await;
        assert_eq!(browser.status().await, 410);
        look("second factors, link spent").await;
    }
}

async fn mail(server: &TestServer, browser: &Browser, member: &str, look: &mut impl AsyncFnMut(&str)) {
    browser.go("/user/forgot").await;
    browser.fill("email", member).await;
    browser.send("/user/forgot").await;
    server.mailed_link(member, "/user/reset").await;
    browser.go("/dev/mail").await;
    look("mail, some messages").await;
    browser.press("main a[href^='/dev/mail/']").await;
    look("mail, opened").await;
    browser.press("main a[href^='/user/reset?token=']").await;
    assert_eq!(browser.status().await, 200);
    look("reset").await;
    browser.trust_forms().await;
    browser.fill("npassword", "short").await;
    browser.send("/user/reset").await;
    assert_eq!(browser.status().await, 422);
    look("reset, refused").await;
    browser.go("/user/profil").await;
}

async fn devices(browser: &Browser, look: &mut impl AsyncFnMut(&str)) {
    browser.go("/user/devices").await;
    look("openings, this browser").await;
    browser.fill("code", "GHT10Q").await;
    browser.send("/user/devices/pair").await;
    assert_eq!(browser.status().await, 404);
    look("devices, code refused").await;
    for name in ["magic-mirror-desktop", &"Badezimmerspiegel".repeat(3)] {
        let (code, _) = device(&browser.origin, name).await;
        browser.fill("code", &code).await;
        browser.send("/user/devices/pair").await;
        look("devices, to be confirmed").await;
        browser.send("/user/devices/pair").await;
        assert_eq!(browser.path().await, "/user/devices");
    }
    look("openings, two devices").await;
    browser.go("/user/security/log").await;
    assert_eq!(browser.status().await, 200);
    look("security log").await;
    browser.press("main a[href^='/user/security/log/']").await;
    assert_eq!(browser.status().await, 200);
    look("security log, to be denied").await;
    browser.go("/user/data").await;
    assert_eq!(browser.status().await, 200);
    look("data").await;
    browser.send("/user/data").await;
    assert_eq!(browser.path().await, "/user/data");
    look("data, asked for").await;
    browser.go("/user/profil").await;
}

async fn refused(browser: &Browser, album: &Album, look: &mut impl AsyncFnMut(&str)) {
    let broken = album.keep("broken.png", b"no picture at all");
    browser.go("/user/profil").await;
    browser.choose(&broken).await;
    browser.send("/user/modify/pp").await;
    assert_eq!(browser.status().await, 415);
    look("profile, picture refused").await;

    browser.go("/user/profil").await;
    browser.trust_forms().await;
    for (name, text) in [("city", ""), ("site", "no address"), ("shoes", "5")] {
        browser.fill(name, text).await;
    }
    browser.send("/user/modify/profile").await;
    assert_eq!(browser.status().await, 422);
    look("profile, fields refused").await;
    browser.go("/user/profil").await;
    assert_eq!(browser.value("city").await, CITY);

    browser.fill("username", "no@name").await;
    browser.send("/user/modify/username").await;
    assert_eq!(browser.status().await, 422);
    look("profile, username refused").await;

    browser.go("/user/security").await;
    look("security").await;
    browser.trust_forms().await;
    browser.fill("apassword", "not this one").await;
    browser.fill("npassword", "short").await;
    browser.send("/user/modify/password").await;
    assert_eq!(browser.status().await, 422);
    look("security, password refused").await;
    browser.fill("apassword", PASSWORD).await;
    browser.fill("npassword", PASSWORD).await;
    browser.send("/user/modify/password").await;
    assert_eq!(browser.path().await, "/user/security");
    look("security, password changed").await;
    browser.go("/user/profil").await;
}
