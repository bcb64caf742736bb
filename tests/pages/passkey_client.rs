//! The JSON calls for passkeys, by a client and an authenticator of another maker (`passkey_client.py`).

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use store::Engine;

use super::passkeys::SETTINGS;
use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(another_makers_authenticator_is_added_and_signs_in);

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/soft-webauthn/bin/python");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/passkey_client.py");

/// Whether the client can run. Without its libraries the test fails, unless it may be left out.
fn is_there() -> bool {
    if Path::new(PYTHON).exists() {
        return true;
    }
    let why = "soft-webauthn is not there; `make test` fetches it";
    let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_SOFT_WEBAUTHN").is_some_and(|set| set == "1");
    assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_SOFT_WEBAUTHN=1 leaves such tests out)");
    // Written to standard error directly, because the test runner hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    false
}

async fn another_makers_authenticator_is_added_and_signs_in(engine: Engine) {
    if !is_there() {
        return;
    }
    let app = TestApp::with(engine, SETTINGS).await;
    let address = app.url("");
    let ran = rocket::tokio::task::spawn_blocking(move || {
        Command::new(PYTHON).args([SCRIPT, &address, "http://localhost:8000"]).output().unwrap()
    });
    let ran = ran.await.unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    let steps: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refused = |code: &str| json!([422, [code]]);
    let expected = [
        ("sign up", json!([201, null])),
        ("sign in", json!([200, null])),
        // It has not recognised who holds it.
        ("careless", refused("passkey_refused")),
        ("add", json!([201, null])),
        ("enter", json!([200, null])),
        ("enter again", json!([200, null])),
        ("elsewhere", refused("passkey_refused")),
        ("copied", refused("passkey_copied")),
    ];
    let seen = steps.iter().map(|step| {
        let why = step["answer"]["codes"]["credential"].clone();
        (step["step"].as_str().unwrap(), json!([step["status"], why]))
    });
    assert_eq!(seen.collect::<Vec<_>>(), expected, "{said}");
    assert_eq!(app.count("SELECT COUNT(*) FROM passkeys").await, 1);
}
