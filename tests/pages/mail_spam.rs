//! Every mail in every state and language as its reader's spam filter judges it: SpamAssassin, with the rules
//! that need no network. A message is judged as it arrives, with the line that the reader's server adds.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use look::theme::gallery;
use look::{Accent, Brand, Facts, Logo, Look, Renderer};
use mailer::{Mailer, MailerSettings, OutgoingMail};

/// The most points that a message may have. From 5 on, it is spam.
const MOST: f64 = 0.1;

/// What a receiver's server is told beside the rules: where it stands, to leave out what learns, and to say
/// which rule gave how much.
const SETTINGS: [&str; 6] = [
    "trusted_networks 127.0.0.1",
    "use_bayes 0",
    "use_auto_welcomelist 0",
    "report_safe 0",
    "fold_headers 0",
    "add_header all Scores _TESTSSCORES(,)_",
];

/// A site with a logo, a colour and links, so that a mail has all that it can have. Its readers' language is
/// `code`. One rule (`MIXED_ES`) takes more than twenty Latin letters e among Cyrillic ones for deceit, and
/// no mail can help how often a name and an address have it: a Russian site has a Russian name here.
fn site(code: &str) -> Facts {
    let (name, host) =
        if code == "ru" { ("Сибирь", "www.sibir.invalid") } else { ("Example", "www.example.org") };
    let page = |path: &str| format!("https://{host}/{path}");
    // The smallest PNG: one pixel.
    let logo = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    let brand = Brand {
        origin: "https://accounts.example.org".into(),
        url: page(""),
        logo: Some(Logo::read(logo.to_vec()).unwrap()),
        accent: Accent::parse("#5b3df5"),
        imprint: page("imprint"),
        privacy: page("privacy"),
        help: page("help"),
        ..Brand::default()
    };
    Facts { site_name: name.into(), brand, ..Facts::default() }
}

/// All mails as files in `folder`: the name of each, and what it is.
async fn written(folder: &Path) -> Vec<(String, String)> {
    let mailer = Mailer::new(&MailerSettings {
        url: None,
        credentials: None,
        authority: None,
        folder: folder.to_owned(),
        from: "accounts@example.org".to_owned(),
        from_name: "Example".to_owned(),
        host: "accounts.example.org".to_owned(),
        connections: 1,
    })
    .unwrap();
    let mut mails = Vec::new();
    for code in ["en", "fr", "ru"] {
        let renderer = Renderer::load(None, "en", site(code)).unwrap();
        let locale = renderer.catalog().find(code).unwrap();
        let rendered = |ending: &str| {
            gallery(&renderer, Look::Themed, locale, |name| {
                name.starts_with("mail/") && name.ends_with(ending)
            })
        };
        for (text, html) in rendered(".txt").into_iter().zip(rendered(".html")) {
            let what = format!("{}, {}, {}", html.template, html.state, locale.as_str());
            let (text, html) = (text.content.unwrap(), html.content.unwrap());
            let subject = html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
            let sent_at = 1_767_225_600_000;
            let mail = OutgoingMail {
                id: i64::try_from(mails.len()).unwrap() + 1,
                attempt: 1,
                written_at: sent_at,
                sent_at,
                to: "ada@example.net",
                subject,
                text: &text,
                html: &html,
                language: locale.as_str(),
            };
            mails.push((mailer.send(&mail).await.unwrap(), what));
        }
    }
    mails
}

#[tokio::test]
async fn no_mail_looks_like_spam() {
    if Command::new("spamassassin").arg("--version").stdout(Stdio::null()).status().is_err() {
        let why = "SpamAssassin is not there; `make test` installs it";
        let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_SPAMASSASSIN").is_some_and(|set| set == "1");
        assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_SPAMASSASSIN=1 leaves such tests out)");
        // Written to standard error directly, because the test runner hides what passing tests print.
        let _ = writeln!(std::io::stderr(), "left out: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mails = written(folder.path()).await;
    let mut mailbox = Vec::new();
    for (file, what) in &mails {
        let message = std::fs::read_to_string(file).unwrap().replace("\r\n", "\n");
        let received = "Return-Path: <accounts@example.org>\nReceived: from accounts.example.org \
             (accounts.example.org [93.184.215.14])\n\tby mx.example.net (Postfix) with ESMTPS id 4dkQ2x1Zr9\n\tfor \
             <ada@example.net>; Thu, 01 Jan 2026 00:00:01 +0000 (UTC)";
        writeln!(mailbox, "From accounts@example.org Thu Jan  1 00:00:01 2026\nX-Sample: {what}").unwrap();
        writeln!(mailbox, "{received}\n{message}").unwrap();
    }
    let box_file = folder.path().join("mailbox");
    std::fs::write(&box_file, mailbox).unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    let mut judge = Command::new("spamassassin");
    judge.args(["--local", "--mbox"]).env("HOME", &home).env("LC_ALL", "C");
    judge.args(SETTINGS.map(|line| format!("--cf={line}"))).arg(&box_file);
    let judged = judge.output().unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let header = |message: &str, name: &str| {
        message.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    let mut worst: BTreeMap<String, f64> = BTreeMap::new();
    for message in said.split("\nX-Spam-Checker-Version: ").skip(1) {
        let what = header(message, "X-Sample:").unwrap();
        let scores = header(message, "X-Spam-Scores:").unwrap();
        // Points that are taken off are the receiver's kindness, and make up for nothing.
        let given = scores.split(',').filter_map(|rule| rule.split_once('=')?.1.parse::<f64>().ok());
        let sum: f64 = given.filter(|points| *points > 0.0).sum();
        assert!(sum <= MOST, "{what}: {sum} of {scores}");
        worst.insert(what, sum);
    }
    assert_eq!(worst.len(), mails.len(), "{said}");
}
