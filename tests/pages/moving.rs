//! `vestibule import` and `vestibule export`, as the operator runs them: accounts of other products come in
//! with their passwords, and accounts of ours go out and come in again.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, command};
use crate::support::{PASSWORD, Visitor};

both_engines!(
    people_of_a_django_site_sign_in_with_their_old_passwords,
    an_export_describes_every_key_and_comes_in_again,
    a_file_of_ones_own_is_declared,
    what_cannot_be_taken_over_is_named_by_its_place,
    an_import_that_is_held_goes_on_and_touches_nothing_else,
);

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/readers/tests/samples");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/export.schema.json");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/json_lines.py");
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/standardwebhooks/bin/python");

pub struct Site {
    pub scratch: Scratch,
    pub running: Running,
}

/// What a command came to.
pub struct Came {
    pub code: Option<i32>,
    pub out: String,
    pub said: String,
}

impl Came {
    /// The last object that it printed.
    #[track_caller]
    pub fn last(&self) -> Value {
        serde_json::from_str(self.out.lines().last().unwrap_or_else(|| panic!("{}", self.said))).unwrap()
    }

    /// The codes of what it refused.
    pub fn codes(&self) -> Vec<String> {
        let lines = self.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter_map(|line| line["code"].as_str().map(str::to_owned)).collect()
    }
}

impl Site {
    pub async fn open(engine: Engine, settings: &str) -> Self {
        let scratch = Scratch::new(engine).await;
        fs::write(scratch.folder().join("Rocket.toml"), settings).unwrap();
        let running = Running::start(Path::new(PROGRAM), scratch.folder(), &environment(&scratch));
        Self { scratch, running }
    }

    pub fn run(&self, arguments: &[&str]) -> Came {
        let mut command = command(Path::new(PROGRAM), self.scratch.folder(), &environment(&self.scratch));
        let ran = command.args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Came { code: ran.status.code(), out: text(ran.stdout), said: text(ran.stderr) }
    }

    /// Imports with `--json`.
    pub fn import(&self, file: &Path, product: &str, more: &[&str]) -> Came {
        let file = file.to_str().unwrap();
        self.run(&[&["import", "--json", file, "--from", product, "--without-factors"], more].concat())
    }

    pub fn export(&self, more: &[&str]) -> Vec<Value> {
        let came = self.run(&[&["export"], more].concat());
        assert_eq!(came.code, Some(0), "{}", came.said);
        came.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub async fn signs_in(&self, name: &str, password: &str) -> bool {
        Visitor::new(self.running.address).log_in(name, password).await.status == 200
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.scratch.folder().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

pub fn environment(scratch: &Scratch) -> [(&str, &str); 3] {
    [
        ("VESTIBULE_DATABASE_URL", scratch.url.as_str()),
        ("VESTIBULE_RATE_LIMITS", "off"),
        ("VESTIBULE_DATABASE__PATIENCE_SECONDS", "20"),
    ]
}

pub fn sample(name: &str) -> PathBuf {
    Path::new(SAMPLES).join(name)
}

async fn people_of_a_django_site_sign_in_with_their_old_passwords(engine: Engine) {
    let site = Site::open(engine, "").await;
    let file = sample("django-allauth.dumpdata.json");
    let dry = site.import(&file, "django", &["--dry-run"]);
    assert_eq!((dry.code, &dry.last()["made"]), (Some(0), &5.into()), "{}", dry.said);
    assert!(site.export(&[]).is_empty());
    let done = site.import(&file, "django", &[]);
    assert_eq!(
        (done.code, &done.last()["made"], &done.last()["without_password"]),
        (Some(0), &5.into(), &1.into())
    );
    for (name, password) in [
        ("ann@example.org", "correct horse battery"),
        ("Ann.Example", "correct horse battery"),
        ("bob", "cafe\u{301}-Stra\u{df}e \u{fb01}n"),
        ("tom+x@example.org", "two factor pass"),
    ] {
        assert!(!site.signs_in(name, "another horse battery").await, "{name}");
        assert!(site.signs_in(name, password).await, "{name}");
        // By the hash that is ours now.
        assert!(site.signs_in(name, password).await, "{name}");
    }
    assert!(!site.signs_in("nopass", "!").await);
    let accounts = site.export(&["--with-hashes"]);
    let of = |email: &str| accounts.iter().find(|account| account["email"] == email).unwrap();
    assert!(of("ann@example.org")["password_hash"].as_str().unwrap().starts_with("$argon2id$"));
    assert!(of("x@example.org")["password_hash"].as_str().unwrap().starts_with("foreign/1|pbkdf2("));
    assert!(of("x@example.org")["disabled_at"].is_i64() && of("ann@example.org")["disabled_at"].is_null());
    assert!(of("tom+x@example.org")["email_verified_at"].is_i64());
    assert!(of("ann@example.org")["email_verified_at"].is_null());
    assert_eq!(of("NoPass@example.org")["password_hash"], Value::Null);
    // The same file again changes nothing, also of what was changed since.
    assert_eq!(site.run(&["account", "set-role", "bob", "editor"]).code, Some(0));
    assert_eq!(site.run(&["account", "delete", "nopass"]).code, Some(0));
    let before = site.export(&["--with-hashes", "--with-factors"]);
    let again = site.import(&file, "django", &[]);
    assert_eq!((again.code, &again.last()["made"], &again.last()["known"]), (Some(0), &0.into(), &5.into()));
    assert_eq!(site.export(&["--with-hashes", "--with-factors"]), before);
    let log = site.run(&["audit", "--kind", "created"]);
    assert_eq!(log.out.matches("imported from django").count(), 5, "{}", log.out);
}

async fn an_export_describes_every_key_and_comes_in_again(engine: Engine) {
    let settings = "[default.fields.phone]\nlabel = { en = 'Phone' }\n";
    let site = Site::open(engine, settings).await;
    for name in ["ada", "Grace", "\u{416}\u{430}\u{43d}\u{43d}\u{430}"] {
        let email = format!("{}@example.org", name.to_lowercase());
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let visitor = Visitor::new(site.running.address);
        let answer = visitor.post("/user/create").wants_json().form(&form).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert!(site.signs_in(name, PASSWORD).await);
    }
    let ada = Visitor::new(site.running.address);
    ada.log_in("ada", PASSWORD).await;
    let form = [("name", "Ada \"L\""), ("firstname", "Augusta"), ("phone", "+44 1"), ("locale", "fr")];
    assert_eq!(ada.post("/user/modify/profile").wants_json().form(&form).send().await.status, 200);
    assert_eq!(site.run(&["account", "disable", "Grace"]).code, Some(0));
    let file = site.scratch.folder().join("accounts.jsonl");
    let written = site.run(&["export", "--json", "--with-hashes", "--with-factors", file.to_str().unwrap()]);
    assert_eq!((written.code, &written.last()["accounts"]), (Some(0), &3.into()), "{}", written.said);
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(site.run(&["export", file.to_str().unwrap()]).code, Some(1), "it writes over nothing");
    if Path::new(PYTHON).exists() {
        for wanted in [&[][..], &["--with-hashes"], &["--with-hashes", "--with-factors"]] {
            let mut check = Command::new(PYTHON)
                .args([SCRIPT, SCHEMA])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let lines = site.run(&[&["export"], wanted].concat()).out;
            check.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
            let checked = check.wait_with_output().unwrap();
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
            assert_eq!(String::from_utf8(checked.stdout).unwrap().trim(), "3");
        }
    } else {
        let waived =
            std::env::var_os("VESTIBULE_TEST_WITHOUT_STANDARD_WEBHOOKS").is_some_and(|set| set == "1");
        assert!(waived, "jsonschema is not there; `make test` fetches it");
    }

    let elsewhere = Site::open(engine, settings).await;
    let done = elsewhere.import(&file, "vestibule", &[]);
    assert_eq!((done.code, &done.last()["made"]), (Some(0), &3.into()), "{} {}", done.out, done.said);
    let all = ["--with-hashes", "--with-factors"];
    let (came, went) = (elsewhere.export(&all), site.export(&all));
    assert_eq!(came.len(), went.len());
    for (came, went) in came.iter().zip(&went) {
        for (key, value) in went.as_object().unwrap() {
            assert_eq!(&came[key], value, "{key}");
        }
    }
    assert!(elsewhere.signs_in("ada", PASSWORD).await);
    assert!(!elsewhere.signs_in("Grace", PASSWORD).await);
}

async fn a_file_of_ones_own_is_declared(engine: Engine) {
    let site = Site::open(engine, "").await;
    let hash = "$2b$04$LQyzDkb2Wa/Gz3VyYj0LUuhGzQ6GJ7wUDKWvVvG8nHhzPpVYqxjzK";
    let file = site.write(
        "shop.csv",
        &format!(
            "no,mail,nick,pw,joined,kind\n7,Ada@example.org,ada,{hash},1600000000,boss\n8,nobody,x,,1,\n"
        ),
    );
    let map =
        ["id=no", "email=mail", "username=nick", "password=pw", "created_at_seconds=joined", "role=kind"];
    let mut options: Vec<&str> = map.iter().flat_map(|pair| ["--map", pair]).collect();
    options.extend(["--recipe", "bcrypt", "--role", "boss=editor"]);
    let done = site.import(&file, "declared", &options);
    assert_eq!((done.code, done.codes()), (Some(1), vec!["email_invalid".to_owned()]), "{}", done.said);
    let accounts = site.export(&["--with-hashes"]);
    let ada = &accounts[0];
    assert_eq!((&ada["email"], &ada["role"]), (&"Ada@example.org".into(), &"editor".into()));
    assert_eq!(ada["created_at"], 1_600_000_000_000_i64);
    assert!(ada["password_hash"].as_str().unwrap().starts_with("foreign/1|bcrypt("));
    let wrong = site.import(&file, "declared", &["--recipe", "rot13"]);
    assert!(wrong.code != Some(0) && wrong.said.contains("--recipe"), "{}", wrong.said);
}

async fn what_cannot_be_taken_over_is_named_by_its_place(engine: Engine) {
    let site = Site::open(engine, "").await;
    let file = sample("django-allauth.dumpdata.json");
    // Nobody loses a second factor unasked.
    let unasked =
        site.run(&["import", sample("wordpress.rows.json").to_str().unwrap(), "--from", "wordpress"]);
    assert!(unasked.code == Some(1) && unasked.said.contains("--without-factors"), "{}", unasked.said);
    assert!(site.export(&[]).is_empty());

    let other = site.import(&sample("wordpress.rows.json"), "firebase", &[]);
    assert!(
        other.code == Some(1) && other.said.contains("no accounts as this product exports them"),
        "{}",
        other.said
    );
    let cut = fs::read_to_string(&file).unwrap();
    let cut = site.write("cut.json", &cut[..cut.len() / 2]);
    let ended = site.import(&cut, "django", &[]);
    assert!(ended.code == Some(1) && ended.said.contains("ends too early"), "{}", ended.said);
    assert_eq!(site.import(Path::new("nowhere"), "django", &[]).code, Some(1));
    let folder = site.import(site.scratch.folder(), "django", &[]);
    assert!(folder.code == Some(1) && folder.said.contains("is no file"), "{}", folder.said);
    let unknown = site.import(&file, "djinni", &[]);
    assert!(unknown.code == Some(2) && unknown.said.contains("django"), "{}", unknown.said);

    let twice = site.write(
        "twice.jsonl",
        "{\"id\":1,\"email\":\"ann@example.org\"}\n{\"id\":2,\"email\":\"new@example.org\",\"password_hash\":\"$1$x$y\"}\n\
         {\"id\":3,\"email\":\"new@example.org\",\"hobby\":\"x\"}\n{\"id\":4,\"email\":\"new@example.org\"}\n\
         {\"id\":5,\"email\":\"NEW@example.org\"}\n",
    );
    let done = site.import(&twice, "vestibule", &[]);
    assert_eq!(done.codes(), ["hash_malformed", "unknown_key", "email_taken"], "{}", done.out);
    assert!(done.out.contains("\"left_alone\":\"line 5\""), "{}", done.out);
    assert!(done.out.contains("line 3"), "{}", done.out);
    assert_eq!((&done.last()["made"], &done.last()["conflicts"]), (&2.into(), &1.into()));
    // Nothing of an account lies in the future.
    let odd = site.write(
        "odd.jsonl",
        &format!(
            "{{\"id\":\"{}\",\"email\":\"long@example.org\"}}\n{{\"id\":\"a\\u0000b\",\"email\":\"nul@example.org\"}}\n\
             {{\"id\":9,\"email\":\"old@example.org\",\"created_at\":4000000000000,\"email_verified_at\":4000000000000}}\n",
            "x".repeat(300)
        ),
    );
    let done = site.import(&odd, "vestibule", &["--source", "the.other-site"]);
    assert_eq!(done.codes(), ["id_invalid", "id_invalid"], "{}", done.out);
    let accounts = site.export(&[]);
    let old = accounts.iter().find(|account| account["email"] == "old@example.org").unwrap();
    assert!(old["created_at"].as_i64().unwrap() < 4_000_000_000_000, "{old}");
    assert!(old["email_verified_at"].as_i64().unwrap() < 4_000_000_000_000, "{old}");
    // Another site of the same product has accounts with the same ids.
    let second = site.write("second.jsonl", "{\"id\":4,\"email\":\"elsewhere@example.org\"}\n");
    let same = site.import(&second, "vestibule", &[]);
    assert_eq!(
        (&same.last()["made"], &same.last()["known"], &same.last()["readdressed"]),
        (&0.into(), &1.into(), &1.into())
    );
    let apart = site.import(&second, "vestibule", &["--source", "second"]);
    assert_eq!(apart.last()["made"], 1, "{}", apart.out);
    let strict = site.import(&twice, "vestibule", &["--on-conflict", "fail"]);
    assert!(strict.code == Some(1) && strict.said.contains("line 5: another account"), "{}", strict.said);
}

async fn an_import_that_is_held_goes_on_and_touches_nothing_else(engine: Engine) {
    let site = Site::open(engine, "").await;
    // The passwords of better-auth stand in a table of their own, behind the accounts.
    let file = sample("better-auth.rows.json");
    let whole = fs::read_to_string(&file).unwrap();
    let mut tables: Value = serde_json::from_str(&whole).unwrap();
    let accounts = tables["user"].as_array().unwrap().len();
    // A file that is cut changes nothing.
    let cut = site.write("cut.json", &whole[..whole.len() / 2]);
    let ended = site.import(&cut, "better-auth", &[]);
    assert!(ended.code == Some(1) && ended.said.contains("nothing was taken over"), "{}", ended.said);
    assert!(site.export(&[]).is_empty());
    // A table that may say who has a second factor holds all accounts.
    tables["otpDevices"] = Value::Array(Vec::new());
    let doubted = site.write("doubted.json", &tables.to_string());
    let from = ["import", "--json", doubted.to_str().unwrap(), "--from", "better-auth"];
    let dry = site.run(&[&from[..], &["--dry-run"]].concat());
    assert_eq!((dry.code, dry.last()["held"].as_u64()), (Some(1), Some(accounts as u64)), "{}", dry.out);
    assert!(site.export(&[]).is_empty());
    let held = site.run(&from);
    assert_eq!((held.code, held.last()["held"].as_u64()), (Some(1), Some(accounts as u64)), "{}", held.out);
    let ann = site.export(&[])[0]["email"].as_str().unwrap().to_owned();
    assert!(!site.signs_in(&ann, "correct horse battery").await);
    // Another file under the same name neither finishes the accounts nor adds to them.
    tables.as_object_mut().unwrap().remove("otpDevices");
    tables["user"][0]["email"] = "eve@example.org".into();
    let others = site.write("others.json", &tables.to_string());
    let other = site.import(&others, "better-auth", &[]);
    assert_eq!(other.last()["readdressed"], 1, "{}", other.out);
    assert!(!site.signs_in(&ann, "correct horse battery").await);
    assert!(!site.export(&[]).iter().any(|account| account["email"] == "eve@example.org"));
    let done = site.import(&file, "better-auth", &[]);
    assert_eq!(done.code, Some(0), "{} {}", done.out, done.said);
    assert_eq!(site.export(&[]).len(), accounts);
    assert!(site.signs_in(&ann, "correct horse battery").await);
    // What came in is its owner's and the operator's: not a role, a lock or a deletion is undone.
    assert_eq!(site.run(&["account", "set-role", &ann, "editor"]).code, Some(0));
    assert_eq!(site.run(&["account", "disable", &ann]).code, Some(0));
    let before = site.export(&["--with-hashes"]);
    assert_eq!(site.import(&file, "better-auth", &[]).last()["made"], 0);
    assert_eq!(site.export(&["--with-hashes"]), before);
}
