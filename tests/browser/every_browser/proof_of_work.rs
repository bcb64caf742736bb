//! `registration.bots = "work"`: a browser with scripts computes while its owner types, and signs up as often
//! as anybody does where nothing is asked; without scripts one sign-up counts as five.

use super::{Walk, Way, in_every_browser};
use crate::support::{Brand, CITY, EMAIL, PASSWORD, USERNAME};

const SETTINGS: &str = "rate_limits = 'on'\nregistration.bots = 'work'\nregistration.work_bits = 12\n\
                        rates.sign_ups_by_address = 5";

in_every_browser!(signs_up_twice);

async fn signs_up_twice(brand: Brand, script: bool) {
    let Some(walk) = Walk::begin(brand, script, Way::Ip, SETTINGS).await else { return };
    let browser = &walk.browser;
    browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    browser.sign_out().await;
    browser.go("/user/create").await;
    for (name, text) in
        [("email", "grace@example.org"), ("username", "grace"), ("password", PASSWORD), ("city", CITY)]
    {
        browser.fill(name, text).await;
    }
    walk.stage.server.hops();
    browser.send("/user/create").await;
    if script {
        assert_eq!(browser.path().await, "/user/profil", "{}", browser.read("#alert").await);
    } else {
        assert_eq!(walk.stage.server.hops(), ["POST /user/create 429"]);
    }
}
