//! The page of what opens an account: a line for each, and the rest on demand.

use store::Engine;

use super::openings::{Everything, PAGE, list};
use crate::engines::both_engines;
use crate::support::{TestApp, html};

both_engines!(the_page_shows_what_the_list_has, the_profile_leads_to_the_list);

async fn the_page_shows_what_the_list_has(engine: Engine) {
    let all = Everything::new(engine).await;
    let mut listed = list(&all.ada).await;
    // The page has known browsers last.
    listed.sort_by_key(|opening| opening["kind"] == "known_browser");
    let page = all.ada.get(PAGE).send().await.text();
    let (shown, folded) = page.split_once("<details class=\"more\">").unwrap();
    assert_eq!(shown.matches("<li class=\"session\">").count(), 5);
    assert_eq!(
        html::between(folded, "<summary>", "</summary>"),
        Some(&*format!("Show {} more", listed.len() - 5))
    );
    let rows: Vec<&str> = page.split("<li class=\"session\">").skip(1).collect();
    assert_eq!(rows.len(), listed.len());
    for (row, opening) in rows.iter().zip(&listed) {
        assert_eq!(html::between(row, "name=\"kind\" value=\"", "\""), opening["kind"].as_str());
        assert_eq!(html::between(row, "name=\"id\" value=\"", "\""), Some(&*opening["id"].to_string()));
        assert_eq!(row.contains("class=\"badge\""), opening["current"] == true);
        let place = opening["place"].as_str().unwrap().replace('/', "&#x2F;");
        assert_eq!(row.contains(&format!("Network:</span> {place}<")), !place.is_empty());
        assert_eq!(row.contains(">active now<"), opening["current"] == true);
        let button = match opening["kind"].as_str().unwrap() {
            "session" => "End session",
            "device" => "Unpair",
            _ => "Remove",
        };
        assert!(row.contains(&format!("<button class=\"button quiet\">{button} <")), "{row}");
        let name = match (opening["name"].as_str().unwrap(), opening["kind"].as_str().unwrap()) {
            ("", "link") => "To choose a new password",
            ("", "user_secret") => "Unknown program",
            ("", "bearer") => "Unknown app",
            ("", _) => "Unknown browser",
            (name, _) => name,
        };
        let name = name.replace(" · ", " on ");
        assert_eq!(html::between(row, "<b>", "</b>"), Some(&*name));
    }
    assert!(page.contains("App, signed in through fastsite"));
    assert!(shown.contains("action=\"/user/devices/end-others\""));
    assert!(!page.contains("No device is paired yet."));
    let bob = all.app.signed_up("bob").await.get(PAGE).send().await.text();
    assert!(bob.contains("No device is paired yet.") && !bob.contains("<details"), "{bob}");
}

async fn the_profile_leads_to_the_list(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    assert!(ada.profile_page().await.contains("href=\"/user/devices\""));
    let page = ada.get(PAGE).send().await.text();
    assert!(page.contains("href=\"/user/profil\""));
}
