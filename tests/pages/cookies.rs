//! Cookies of two servers on one host, and several of one name.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{PASSWORD, TestApp};

both_engines!(
    the_name_can_be_set_so_that_two_servers_share_a_host,
    of_several_session_cookies_each_is_tried,
    of_several_cookies_of_known_browsers_each_is_tried,
    a_name_that_no_cookie_has_is_refused,
);

async fn the_name_can_be_set_so_that_two_servers_share_a_host(engine: Engine) {
    let one = TestApp::new(engine).await;
    let other = TestApp::with(engine, "http.cookie = 'shop'").await;
    let secure = "http.cookie = 'shop'\npublic_url = 'https://accounts.example.org'";
    let secure = TestApp::with(engine, secure).await;
    for (app, name) in [(&one, "vestibule"), (&other, "shop"), (&secure, "__Host-shop")] {
        let ada = app.signed_up("ada").await;
        let device = format!("{name}_device");
        assert!(ada.cookie(name).is_some() && ada.cookie(&device).is_some(), "{name}");
        let saved = ada.post("/user/modify/profile").form(&[("name", "Ada")]).send().await;
        assert!(ada.cookie(&format!("{name}_notice")).is_some(), "{:?}", saved.headers);
        // The cookie of the other server, which the browser sends here too, changes nothing.
        for foreign in ["vestibule", "shop", "vestibule_device", "shop_device"] {
            if ada.cookie(foreign).is_none() {
                ada.set_cookie(foreign, &"A".repeat(43));
            }
        }
        assert!(ada.is_signed_in().await, "{name}");
        ada.post("/user/logout").send().await;
        assert_eq!(ada.cookie(name), None);
        assert!(!ada.is_signed_in().await);
    }
}

async fn of_several_session_cookies_each_is_tried(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let session = ada.cookie("vestibule").unwrap();
    let foreign = "A".repeat(43);
    let status = async |cookies: &str| {
        let ask = app.visitor().get("/user/profil").wants_json().header("cookie", cookies);
        ask.send().await.status
    };
    for cookies in [
        format!("vestibule={foreign}; vestibule={session}"),
        format!("vestibule={session}; vestibule={foreign}"),
        format!("vestibule=; x=y; vestibule=short; vestibule={session}"),
        format!("vestibule={foreign}; vestibule={foreign}; vestibule={foreign}; vestibule={session}"),
    ] {
        assert_eq!(status(&cookies).await, 200, "{cookies}");
    }
    assert_eq!(status(&format!("vestibule={foreign}; vestibule={foreign}")).await, 401);
    // Each costs a query, so only a few are tried.
    let many = format!("vestibule={foreign}; ").repeat(50);
    assert_eq!(status(&format!("{many}vestibule={session}")).await, 401);
}

async fn of_several_cookies_of_known_browsers_each_is_tried(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let known = ada.cookie("vestibule_device").unwrap();
    let foreign = "A".repeat(43);
    let form = [("email", "ada"), ("password", PASSWORD)];
    let ask = app.visitor().post("/user/login").wants_json().form(&form);
    let cookies = format!("vestibule_device={foreign}; vestibule_device={known}");
    let answer = ask.header("cookie", &cookies).send().await;
    let kept = answer.all("set-cookie").find_map(|set| set.strip_prefix("vestibule_device="));
    assert!(kept.is_some_and(|kept| kept.starts_with(&known)), "{:?}", answer.headers);
    assert_eq!(app.count("SELECT COUNT(*) FROM devices").await, 1);
}

async fn a_name_that_no_cookie_has_is_refused(engine: Engine) {
    if engine == Engine::Postgres {
        return;
    }
    use rocket::figment::Figment;
    use rocket::figment::providers::{Format as _, Toml};
    for name in ["", "a b", "a=b", "a;b", "é", "__Host-x", &"x".repeat(41)] {
        let settings = Figment::from(rocket::Config::default());
        let settings = settings.merge(Toml::string(&format!("http.cookie = '{name}'")));
        let error = vestibule::plugin::Config::from_figment(settings)
            .err()
            .unwrap_or_else(|| panic!("{name:?} is taken"))
            .to_string();
        assert!(error.contains("http.cookie"), "{error}");
    }
}
