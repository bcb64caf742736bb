//! The keys that secrets in the database are encrypted with: made at the first start, wanted at each later
//! one, and replaced while servers run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use domain::{Clock as _, SystemClock};
use rocket::tokio;

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, command, complaint_in, folder};
use crate::support::{PASSWORD, Visitor, html, totp};
use store::Engine;

both_engines!(a_key_that_is_missing_or_another_stops_the_start, a_rotation_needs_no_restart,);

const TOTP: &str = "/user/security/totp";

/// Somebody who has just signed up.
async fn ada(server: &Running) -> Visitor {
    let ada = Visitor::new(server.address);
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
    ada.post("/user/create").form(&form).follow().await;
    assert!(ada.is_signed_in().await);
    ada
}

/// The secret that the server shows her. It is written, and encrypted, by that.
async fn secret(ada: &Visitor) -> String {
    ada.get(TOTP).wants_json().send().await.json()["secret"].as_str().unwrap().to_owned()
}

/// Runs `vestibule secrets rotate`, and returns what it said.
fn rotate(folder: &Path, environment: &[(&str, &str)]) -> (bool, String) {
    let done = command(Path::new(PROGRAM), folder, environment).args(["secrets", "rotate"]).output().unwrap();
    (done.status.success(), String::from_utf8(done.stderr).unwrap())
}

async fn a_key_that_is_missing_or_another_stops_the_start(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    let url = [("VESTIBULE_DATABASE_URL", scratch.url.as_str())];
    let key = scratch.folder().join("data/secret.key");
    let mut server = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = fs::read_to_string(&key).unwrap();
    server.stop();
    // Nothing is encrypted yet, so any key will do.
    fs::remove_file(&key).unwrap();
    let mut server = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
    let used = fs::read_to_string(&key).unwrap();
    assert_ne!(used, kept);
    secret(&ada(&server).await).await;
    server.stop();
    drop(server);
    let refused = || complaint_in(scratch.folder(), &url);
    fs::remove_file(&key).unwrap();
    let said = refused();
    assert!(said.contains("setting `data_dir`") && said.contains("secret.key is missing"), "{said}");
    assert!(!key.exists(), "no other key takes its place");
    fs::write(&key, &kept).unwrap();
    let said = refused();
    assert!(said.contains("others may read it (644)"), "{said}");
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let said = refused();
    assert!(said.contains("secret.key lacks the key "), "{said}");
    fs::write(&key, "a poem\n").unwrap();
    let said = refused();
    assert!(said.contains("secret.key: a key should be the base64 of 32 random bytes"), "{said}");
    // The setting takes the file's place.
    let line = |text: &str| text.lines().last().unwrap().to_owned();
    let wrong = [url[0], ("VESTIBULE_SECRET_KEY", &line(&kept))];
    let said = complaint_in(scratch.folder(), &wrong);
    assert!(said.contains("setting `secret_key`: it lacks the key "), "{said}");
    assert!(!said.contains(&line(&kept)), "{said}");
    let both = format!("{},{}", line(&kept), line(&used));
    let right = [url[0], ("VESTIBULE_SECRET_KEY", both.as_str())];
    drop(Running::start(Path::new(PROGRAM), scratch.folder(), &right));
    let (done, said) = rotate(scratch.folder(), &right);
    assert!(done && said.contains("1 secrets were encrypted anew") && said.contains("take it out"), "{said}");
    drop(Running::start(Path::new(PROGRAM), scratch.folder(), &wrong));
}

async fn a_rotation_needs_no_restart(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    let url = [("VESTIBULE_DATABASE_URL", scratch.url.as_str())];
    let (done, said) = rotate(scratch.folder(), &url);
    assert!(!done, "{said}");
    let server = Running::start(Path::new(PROGRAM), scratch.folder(), &url);
    let ada = ada(&server).await;
    let before = secret(&ada).await;
    let key = scratch.folder().join("data/secret.key");
    let old = fs::read_to_string(&key).unwrap();
    let (done, said) = rotate(scratch.folder(), &url);
    assert!(done && said.contains("1 secrets were encrypted anew"), "{said}");
    let new = fs::read_to_string(&key).unwrap();
    assert_ne!(new, old);
    let keys = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!((keys(&old), keys(&new)), (1, 1), "the old key is gone");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    // It reads what is under the new key, and writes under it.
    assert_eq!(secret(&ada).await, before);
    let code = shown(&before);
    assert_eq!(ada.post(TOTP).form(&[("code", &code)]).send().await.status, 200);
    let (done, said) = rotate(scratch.folder(), &url);
    assert!(done && said.contains("1 secrets were encrypted anew"), "{said}");
    let fresh = secret(&ada).await;
    assert_ne!(fresh, before);
    assert_eq!(ada.post(TOTP).form(&[("code", &shown(&fresh))]).follow().await.answer.status, 200);
}

/// The code that an app with this secret shows by the machine's own clock.
fn shown(base32: &str) -> String {
    totp::shown(&totp::secret_of(base32), SystemClock.now().0)
}

#[tokio::test]
async fn a_command_makes_no_key_and_a_setting_that_is_no_key_is_named_without_it() {
    let folder = folder("");
    let (done, said) = rotate(folder.path(), &[]);
    assert!(!done && said.contains("there is no database"), "{said}");
    assert!(!folder.path().join("data").exists());
    let said = complaint_in(folder.path(), &[("VESTIBULE_SECRET_KEY", "hunter2")]);
    assert!(said.contains("setting `secret_key`") && !said.contains("hunter2"), "{said}");
    let server = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    let page = Visitor::new(server.address).get("/user/login").send().await.text();
    assert_eq!(html::language(&page), Some("en"));
    fs::remove_file(folder.path().join("data/secret.key")).unwrap();
    let (done, said) = rotate(folder.path(), &[]);
    assert!(!done && said.contains("the server makes it when it starts"), "{said}");
    assert!(!folder.path().join("data/secret.key").exists());
}
