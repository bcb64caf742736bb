//! How a message is encoded, as Python's parser reads it: readable where it may go as it is, and with whole
//! links in any language.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::smtp::{MailServer, Received};
use crate::support::{TestApp, until};

both_engines!(
    a_message_in_ascii_goes_as_it_is_with_its_link_whole,
    a_message_in_other_letters_is_encoded_once_and_its_link_is_whole,
);

const PATIENCE: Duration = Duration::from_secs(20);

/// A public address that makes every link longer than the 76 octets that a line of encoded text has.
const ORIGIN: &str = "https://accounts.a-site-with-a-rather-long-name.and-a-department.example.org";

/// The message that somebody gets who asks for a new password in this language.
async fn recovery(engine: Engine, server: &MailServer, language: &str) -> Received {
    let app = TestApp::with(engine, &format!("public_url = '{ORIGIN}'\n{}", server.settings())).await;
    app.signed_up("ada").await;
    let ask = app.visitor().post("/user/forgot").header("accept-language", language);
    assert_eq!(ask.form(&[("email", "ada")]).send().await.status, 303);
    let before = server.received().len();
    until(PATIENCE, || async { server.received().len() > before }).await;
    server.received().pop().unwrap()
}

/// The encodings that the parts name, in order.
fn encodings(mail: &Received) -> Vec<&str> {
    let named = mail.content.lines().filter_map(|line| line.strip_prefix("Content-Transfer-Encoding: "));
    named.collect()
}

async fn a_message_in_ascii_goes_as_it_is_with_its_link_whole(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    let mail = recovery(engine, &server, "en").await;
    assert_eq!(encodings(&mail), ["7bit", "7bit"], "{}", mail.content);
    let link = mail.link(&format!("{ORIGIN}/user/reset?token="));
    assert!(mail.content.lines().any(|line| line == link), "{link} in {}", mail.content);
    assert!(mail.content.lines().all(|line| line.len() <= 998));
    assert!(mail.defects.is_empty(), "{:?}", mail.defects);
}

async fn a_message_in_other_letters_is_encoded_once_and_its_link_is_whole(engine: Engine) {
    let Some(server) = MailServer::up() else { return };
    for (language, word) in [("fr", "réinitialisation"), ("ru", "пароль")] {
        let mail = recovery(engine, &server, language).await;
        for encoding in encodings(&mail) {
            assert!(["quoted-printable", "base64"].contains(&encoding), "{language}: {encoding}");
        }
        assert_eq!(encodings(&mail).len(), 2, "{}", mail.content);
        assert!(mail.content.is_ascii(), "{}", mail.content);
        let (_, body) = mail.content.split_once("\r\n\r\n").unwrap();
        assert!(body.lines().all(|line| line.len() <= 76), "{body}");
        mail.link(&format!("{ORIGIN}/user/reset?token="));
        for body in [&mail.text, &mail.html] {
            assert!(body.to_lowercase().contains(word), "{body}");
            assert!(!body.contains("=3D") && !body.contains("=\n"), "{body}");
        }
        assert!(mail.defects.is_empty(), "{:?}", mail.defects);
    }
}
