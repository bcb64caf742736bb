//! The same over https: what cookies are called there, and what a browser still shows of somebody who has
//! left.

use super::{Walk, Way, in_every_browser, said};
use crate::support::{Brand, EMAIL, PASSWORD, USERNAME};

in_every_browser!(walk);

async fn walk(brand: Brand, script: bool) {
    let Some(walk) = Walk::begin(brand, script, Way::Tls, "").await else { return };
    walk.browser.sign_up(EMAIL, USERNAME, PASSWORD).await;
    assert!(walk.session(&["__Host-vestibule", "__Host-vestibule_device"]).await.is_none());
    walk.reload().await;
    let hops = ["POST /user/logout 303", "GET /user/login 200"];
    assert_eq!(walk.send("/user/logout", &hops).await, said("notice-signed-out"));
    walk.session(&["__Host-vestibule_device"]).await;
    walk.back_shows_nobody().await;
}
