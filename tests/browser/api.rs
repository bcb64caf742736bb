//! The documentation page of the JSON APIs: reading it, and trying its calls.

use crate::support::{Engine, Stage, Taste, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_tried_on_the_page_with_each_kind_of_body() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste::default()).await;
    browser.go("/api/docs").await;
    for kind in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let script = format!(
            "const form = document.querySelector('#amadis_register .api-try form');
             form.closest('details').open = true;
             form.elements.email.value = 'ada-{kind}@example.org'.replaceAll('/', '-');
             form.elements.password.value = 'correct horse battery';
             form.querySelector('[data-kind]').value = '{kind}';
             form.querySelector('.api-answer').replaceChildren();
             form.querySelector('button').click();"
        );
        browser.js(&script).await;
        eventually("an answer", async || {
            browser.read("#amadis_register .api-answer").await.contains("\"status\": \"success\"")
        })
        .await;
        let answer = browser.read("#amadis_register .api-answer").await;
        assert!(answer.starts_with("201") && answer.contains("user_secret"), "{answer}");
        assert!(answer.contains("content-type: application/json"), "{answer}");
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_the_page_is_whole_but_for_trying() {
    let Some(stage) = Stage::open(Engine::Sqlite).await else { return };
    let browser = stage.browser(Taste { script: false, ..Taste::default() }).await;
    browser.go("/api/docs").await;
    assert!(browser.shows("#mirror_login table").await);
    assert!(!browser.shows("#mirror_login .api-try").await);
}
