//! `vestibule theme dev`: what it shows while a theme is written.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::{Theme, name};

/// A running preview.
struct Preview {
    process: Child,
    address: String,
}

impl Drop for Preview {
    fn drop(&mut self) {
        // Fails when it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer: status, policy and body.
struct Answer {
    status: u16,
    policy: String,
    body: String,
}

impl Preview {
    fn of(theme: &Theme) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(["theme", "dev", name(&theme.path()), "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().trim_start_matches("Open ").trim_end_matches('/').to_owned();
        Self { process, address }
    }

    fn get(&self, path: &str, in_frame: bool) -> Answer {
        let runtime = rocket::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut call = reqwest::Client::new().get(format!("{}{path}", self.address));
            if in_frame {
                call = call.header("sec-fetch-dest", "iframe");
            }
            let answer = call.send().await.unwrap();
            let policy = answer.headers().get("content-security-policy");
            let policy = policy.map(|policy| policy.to_str().unwrap().to_owned()).unwrap_or_default();
            Answer { status: answer.status().as_u16(), policy, body: answer.text().await.unwrap() }
        })
    }
}

#[test]
fn a_preview_shows_the_page_and_then_what_is_wrong_with_it() {
    let theme = Theme::new();
    let preview = Preview::of(&theme);
    let Answer { body: page, policy, .. } = preview.get("/show/fr/pages-sign-in/0", false);
    let before = preview.get("/_dev/version", false).body;
    let folder = theme.path().join("templates/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("sign_in.html"), "{{ nonsense }}").unwrap();
    let after = preview.get("/_dev/version", false).body;
    let broken = preview.get("/show/fr/pages-sign-in/0", false).body;
    assert!(page.contains("lang=\"fr\"") && page.contains("/_dev/reload.js"), "{page}");
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'self'"), "{policy}");
    assert_ne!(before, after);
    assert!(broken.contains("templates/pages/sign_in.html:1:4") && broken.contains("nonsense"), "{broken}");
}

#[test]
fn a_preview_frames_each_template_with_its_states_widths_and_looks() {
    let heading = "{% extends \"builtin/pages/sign_in.html\" %}{% block heading %}<h1>Come in</h1>{% endblock heading %}";
    let theme = Theme::new().with("templates/pages/sign_in.html", heading);
    let preview = Preview::of(&theme);
    let index = preview.get("/", false).body;
    for (part, link) in [("Pages", "pages-sign-in.html"), ("Mails", "mail-recovery.html")] {
        assert!(
            index.contains(&format!("<h2>{part}</h2>")) && index.contains(&format!("href=\"{link}\"")),
            "{index}"
        );
    }
    let Answer { status, policy, body: frames } = preview.get("/pages-sign-in.html", false);
    assert!(status == 200 && policy.contains("frame-src 'self'"), "{status}, {policy}");
    for choice in ["390", "768", "1280", "dark", "builtin", "ru"] {
        assert!(frames.contains(&format!("<option value=\"{choice}\"")), "{choice}: {frames}");
    }
    let first = frames.split("data-theme=\"").nth(1).and_then(|rest| rest.split_once('"')).unwrap().0;
    assert!(first.starts_with("/show/en/pages-sign-in/"), "{first}");
    let own = preview.get(first, true).body;
    assert!(own.contains("Come in") && !own.contains("_dev"), "the page around it has the tools: {own}");
    let ours = preview.get(&format!("{first}?theme=builtin"), true).body;
    assert!(ours.contains("<h1>Sign in</h1>"), "{ours}");
    assert_eq!(preview.get("/nothing.html", false).status, 404);
    for tool in ["viewer.js", "viewer.css", "dev.css"] {
        assert_eq!(preview.get(&format!("/_dev/{tool}"), false).status, 200, "{tool}");
    }
}

#[test]
fn a_preview_shows_mails_with_their_styles_and_people_with_pictures() {
    let theme = Theme::new();
    let preview = Preview::of(&theme);
    let mail = preview.get("/show/en/mail-recovery/0", true);
    assert!(
        mail.body.contains("style=\"") && mail.policy.contains("style-src 'unsafe-inline'; sandbox"),
        "{}",
        mail.policy
    );
    assert!(
        mail.policy.contains("frame-ancestors 'self'") && !mail.policy.contains("script-src"),
        "{}",
        mail.policy
    );
    let profile = preview.get("/show/en/pages-profile/0", true).body.replace("&#x2F;", "/");
    let pictures: Vec<_> =
        profile.split("src=\"/user/picture").skip(1).filter_map(|rest| rest.split_once('"')).collect();
    assert!(!pictures.is_empty(), "{profile}");
    for (picture, _) in pictures {
        let shown = preview.get(&format!("/user/picture{picture}"), false);
        assert!(shown.status == 200 && shown.body.starts_with("<svg"), "{picture}: {}", shown.status);
    }
}
