//! `registration.bots`: what keeps programs from signing up.

use sha2::{Digest as _, Sha256};
use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, html, signing_up};

both_engines!(
    a_form_that_fills_in_what_nobody_sees_is_refused_and_shown_with_it,
    work_that_was_done_spares_the_limit,
    without_work_a_sign_up_counts_as_five_at_every_door,
);

async fn a_form_that_fills_in_what_nobody_sees_is_refused_and_shown_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let visitor = app.visitor();
    let page = visitor.get("/user/create").send().await.text();
    assert!(html::input(&page, "contact_url").contains("tabindex=\"-1\""), "{page}");
    assert!(!page.contains("proof"), "no work is asked for: {page}");
    let form =
        [("email", "ada@example.org"), ("password", PASSWORD), ("contact_url", "https://spam.example")];
    let page = visitor.post("/user/create").form(&form).send().await.refusal_page(422);
    assert_eq!(html::error(&page, "contact_url"), Some("Leave this field empty."));
    assert!(!html::input(&page, "contact_url").contains("tabindex"), "whoever filled it in can empty it");
    let problem = visitor.post("/user/create").wants_json().form(&form).send().await.problem(422);
    assert_eq!(problem["codes"]["contact_url"][0], "trap_filled");
    let off = app.another_with("registration.bots = 'off'").await;
    assert!(!off.visitor().get("/user/create").send().await.text().contains("contact_url"));
    assert_eq!(off.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
}

const WORK: &str = "rate_limits = 'on'\nregistration.bots = 'work'\nregistration.work_bits = 10\n\
                    rates.sign_ups_by_address = 10";

/// Does the work of the page, as its script does.
async fn proof(visitor: &Visitor, email: &str) -> String {
    let page = visitor.get("/user/create").send().await.text();
    let challenge = html::between(&page, "data-challenge=\"", "\"").unwrap();
    assert!(page.contains("data-bits=\"10\"") && page.contains("proof_of_work.js"), "{page}");
    let zeros = |number: &u32| {
        let digest = Sha256::digest(format!("{challenge}.{email}.{number}"));
        u32::from_be_bytes(*digest.first_chunk().unwrap()).leading_zeros()
    };
    let found = (0..).find(|number| zeros(number) >= 10).unwrap();
    format!("{challenge}.{found}")
}

async fn signs_up(visitor: &Visitor, email: &str, proof: &str) -> Answer {
    let form = [("email", email), ("password", PASSWORD), ("proof", proof)];
    visitor.post("/user/create").wants_json().form(&form).send().await
}

async fn work_that_was_done_spares_the_limit(engine: Engine) {
    let app = TestApp::with(engine, WORK).await;
    let visitor = app.visitor();
    for number in 0..6 {
        let email = format!("ada{number}@example.org");
        let proof = proof(&visitor, &email).await;
        assert_eq!(signs_up(&visitor, &email, &proof).await.status, 201, "{number}");
    }
    // What was done for one address is nothing for another, whether or not that page is the same.
    let worked = proof(&visitor, "eve@example.org").await;
    let statuses = [
        signs_up(&visitor, "mallory@example.org", &worked).await.status,
        signs_up(&visitor, "eve@example.org", &worked).await.status,
    ];
    assert_eq!(statuses, [429, 201], "four are left, and one without work is five");
}

async fn without_work_a_sign_up_counts_as_five_at_every_door(engine: Engine) {
    let app = TestApp::with(engine, WORK).await;
    let visitor = app.visitor();
    assert_eq!(signs_up(&visitor, "a@example.org", "").await.status, 201);
    assert_eq!(visitor.post("/auth/register").body(signing_up("b")).send().await.status, 200);
    for path in ["/auth/register", "/api/user/v1/register", "/user/create"] {
        let answer = visitor.post(path).wants_json().body(signing_up("c")).send().await;
        assert_eq!(answer.status, 429, "{path}: {}", answer.text());
        assert!(answer.header("retry-after").is_some(), "{path}");
    }
}
