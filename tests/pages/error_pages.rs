//! An error page about a form leads back to the page with the form, where that is of this site.

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Body, TestApp};

both_engines!(
    a_form_that_cannot_be_read_leads_back_to_its_page,
    with_a_public_address_only_pages_there_are_led_back_to,
    what_no_form_can_mend_leads_home,
);

/// The error page of a body that no form has.
async fn refused(app: &TestApp, referer: &str) -> String {
    let ask = app.visitor().post("/user/create").body(Body::new("text/xml", "<a/>"));
    ask.header("referer", referer).send().await.refusal_page(415)
}

const BACK: &str = "href=\"&#x2F;user&#x2F;create?next=&#x2F;user&#x2F;devices\">Go back</a>";

async fn a_form_that_cannot_be_read_leads_back_to_its_page(engine: Engine) {
    let app = TestApp::new(engine).await;
    let page = refused(&app, &app.url("/user/create?next=/user/devices")).await;
    assert!(page.contains(BACK) && page.contains("href=\"&#x2F;\""), "{page}");
    let own = app.url("");
    for other in [
        "https://evil.example/user/create".to_owned(),
        own.replace("://", "://evil@") + "/user/create",
        own.clone() + ".evil.example/user/create",
        own.clone() + "//evil.example/",
        own.clone() + "/\\evil.example/",
        // Browsers tell this of a page whose own address holds a secret.
        own.clone() + "/",
        own,
        "/user/create".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let page = refused(&app, &other).await;
        assert!(!page.contains("Go back</a>") && !page.contains("evil"), "{other}: {page}");
        assert!(page.contains("class=\"button wide\" href=\"&#x2F;\""), "{other}: {page}");
    }
}

async fn with_a_public_address_only_pages_there_are_led_back_to(engine: Engine) {
    let app = TestApp::with(engine, "public_url = 'https://accounts.example.org'").await;
    let page = refused(&app, "https://accounts.example.org/user/create?next=/user/devices").await;
    assert!(page.contains(BACK), "{page}");
    let page = refused(&app, &app.url("/user/create")).await;
    assert!(!page.contains("Go back</a>"), "{page}");
}

async fn what_no_form_can_mend_leads_home(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ask = app.visitor().get("/nowhere").header("referer", &app.url("/user/create"));
    let page = ask.send().await.refusal_page(404);
    assert!(
        page.contains("class=\"button wide\" href=\"&#x2F;\"") && !page.contains("Go back</a>"),
        "{page}"
    );
}
