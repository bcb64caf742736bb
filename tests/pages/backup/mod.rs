//! `vestibule backup` and `vestibule restore`, as the operator runs them.

mod damage;
mod killed;
mod load;
mod million;
mod places;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use image::ImageFormat;
use serde_json::Value;
use store::Engine;

use crate::engines::Scratch;
use crate::program::{PROGRAM, Running, command};
use crate::support::pictures::plain;
use crate::support::{Answer, Body, PASSWORD, Visitor};

/// A place with a database and a data folder, and the program in it.
struct Site {
    scratch: Scratch,
}

/// What a command said.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: Vec<u8>,
    said: String,
}

impl Ran {
    /// What it says with `--json`.
    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.said);
        serde_json::from_slice(&self.out).unwrap()
    }

    /// The one line that it says when it refuses.
    #[track_caller]
    fn refusal(&self) -> &str {
        assert_eq!((self.code, self.out.len()), (Some(1), 0), "{}", self.said);
        let line = self.said.trim_end();
        assert!(!line.contains('\n') && line.starts_with("vestibule: "), "{line}");
        line
    }
}

impl Site {
    async fn new(engine: Engine) -> Self {
        Self { scratch: Scratch::new(engine).await }
    }

    fn environment(&self) -> [(&str, &str); 3] {
        [
            ("VESTIBULE_DATABASE_URL", self.scratch.url.as_str()),
            ("VESTIBULE_RATE_LIMITS", "off"),
            ("VESTIBULE_DATABASE__PATIENCE_SECONDS", "20"),
        ]
    }

    fn start(&self) -> Running {
        Running::start(Path::new(PROGRAM), self.scratch.folder(), &self.environment())
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command(Path::new(PROGRAM), self.scratch.folder(), &self.environment());
        command.args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        // What is said of a database that is named elsewhere, and by the log, is no matter of the command.
        let lines = said.lines().filter(|line| !line.contains(" INFO "));
        Ran { code: output.status.code(), out: output.stdout, said: lines.collect::<Vec<_>>().join("\n") }
    }

    /// Restores a backup that is sound.
    #[track_caller]
    fn restore(&self, file: &Path) -> Value {
        self.run(&["restore", "--json", file.to_str().unwrap()]).json()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.folder().join(name)
    }

    /// Everything below its folder, each file with its content.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut open = vec![self.scratch.folder().to_path_buf()];
        let mut found = BTreeMap::new();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.is_file() && !path.to_string_lossy().ends_with("lock") {
                    found.insert(path.clone(), fs::read(&path).unwrap());
                }
            }
        }
        found
    }
}

async fn sign_up(visitor: &Visitor, name: &str) -> Answer {
    let email = format!("{name}@example.org");
    let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
    let answer = visitor.post("/user/create").wants_json().form(&form).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    visitor.log_in(name, PASSWORD).await
}

async fn show_picture(visitor: &Visitor, colour: [u8; 3]) {
    let body = Body::upload(&plain(colour, ImageFormat::Png), &[]);
    let answer = visitor.post("/user/modify/pp").wants_json().body(body).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// The path of the picture that somebody shows, who is signed in.
async fn picture_of(visitor: &Visitor) -> String {
    let account = visitor.account().await;
    let address = account["avatar_url"].as_str().unwrap();
    format!("/user/{}", address.split_once("/user/").unwrap().1)
}

/// A site with ada, who has a picture and a session, and a backup of it.
async fn backed_up(engine: Engine) -> (Site, Running, Visitor, PathBuf) {
    let site = Site::new(engine).await;
    let running = site.start();
    let ada = Visitor::new(running.address);
    sign_up(&ada, "ada").await;
    show_picture(&ada, [9, 90, 190]).await;
    let file = site.path("site.backup");
    let made = site.run(&["backup", "--json", "site.backup"]).json();
    assert_eq!((&made["accounts"], &made["pictures"]), (&1.into(), &1.into()), "{made}");
    (site, running, ada, file)
}
