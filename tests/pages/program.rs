//! The program as an operator sees it: one file, settings, log.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use rocket::tokio;

use crate::support::{PASSWORD, Visitor, html};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_vestibule");

/// A folder with this `Rocket.toml`.
pub fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Rocket.toml"), settings).unwrap();
    folder
}

pub fn command(program: &Path, folder: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The program's error message when it does not start.
#[track_caller]
pub fn complaint(settings: &str, environment: &[(&str, &str)]) -> String {
    complaint_in(folder(settings).path(), environment)
}

/// As [`complaint`], in an existing folder.
#[track_caller]
pub fn complaint_in(folder: &Path, environment: &[(&str, &str)]) -> String {
    // With valid settings the program would start: on a free port.
    let environment = [&[("ROCKET_PORT", "0")], environment].concat();
    let mut child = command(Path::new(PROGRAM), folder, &environment).spawn().unwrap();
    let mut said = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut said).unwrap();
    if !said.is_empty() {
        child.kill().unwrap();
        panic!("it starts with {environment:?}: {said}");
    }
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
    said
}

#[test]
fn a_wrong_or_unknown_setting_stops_the_start_and_is_named() {
    let cases: [(&str, &str); 69] = [
        ("api.docs", "[default.api]\ndocs = 'maybe'"),
        ("cors.origins", "[default.cors]\norigins = ['*']"),
        ("cors.origins", "[default.cors]\norigins = ['https://app.example.org/']"),
        ("cors.origins", "[default.cors]\norigins = 'https://app.example.org'"),
        ("nonsense", "nonsense = 1"),
        ("passwords", "[default.passwords]\nmin_length = 9"),
        ("password.nonsense", "[default.password]\nnonsense = 1"),
        ("password.min_length", "[default.password]\nmin_length = 7"),
        ("password.min_length", "[default.password]\nmin_length = 65"),
        ("password.min_length", "[default.password]\nmin_length = 'eight'"),
        ("password.memory_kib", "[default.password]\nmemory_kib = 1024"),
        ("password.passes", "[default.password]\npasses = 1"),
        ("password.threads", "[default.password]\nthreads = 0"),
        ("password.queue", "[default.password]\nqueue = 0"),
        ("session.idle_days", "[default.session]\nidle_days = 0"),
        ("session.absolute_days", "[default.session]\nabsolute_days = 366"),
        ("session.cached", "[default.session]\ncached = 1"),
        ("picture.max_mib", "[default.picture]\nmax_mib = 0"),
        ("picture.max_megapixels", "[default.picture]\nmax_megapixels = 1000"),
        ("http.header_seconds", "[default.http]\nheader_seconds = 0"),
        ("http.body_seconds", "[default.http]\nbody_seconds = 0"),
        ("http.keep_alive_seconds", "[default.http]\nkeep_alive_seconds = 0"),
        ("http.shutdown_seconds", "[default.http]\nshutdown_seconds = 999"),
        ("http.connections", "[default.http]\nconnections = 1"),
        ("http.connections_each", "[default.http]\nconnections_each = 1"),
        ("http.buffers_mib", "[default.http]\nbuffers_mib = 1"),
        ("http.answer_rate", "[default.http]\nanswer_rate = 'fast'"),
        ("http.hosts", "[default.http]\nhosts = ['https://accounts.internal']"),
        ("http.hosts", "[default.http]\nhosts = ['']"),
        ("database.connections", "[default.database]\nconnections = 0"),
        ("database.patience_seconds", "[default.database]\npatience_seconds = 0"),
        ("database_url", "[default]\ndatabase_url = 'mysql://root@127.0.0.1/x'"),
        ("database_url", "[default]\ndatabase_url = 'sqlite:/nowhere/at/all.sqlite'"),
        ("data_dir", "[default]\ndata_dir = '/proc/nowhere'"),
        ("data_dir", "[default]\ndata_dir = 7"),
        ("public_url", "[default]\npublic_url = 'accounts.example.org'"),
        ("public_url", "[default]\npublic_url = 'ftp://accounts.example.org'"),
        ("public_url", "[default]\npublic_url = 'http://accounts.example.org'"),
        ("http.allow_plain", "[default.http]\nallow_plain = 'perhaps'"),
        ("rate_limits", "[default]\nrate_limits = 'sometimes'"),
        ("log.access", "[default.log]\naccess = 'perhaps'"),
        ("metrics.address", "[default.metrics]\naddress = 'localhost:9464'"),
        ("locale", "[default]\nlocale = 'tlh'"),
        ("site.name", "[default.site]\nname = ' '"),
        ("site.name", "[default.site]\nname = \"a\\nb\""),
        ("site.url", "[default.site]\nurl = 'www.example.org'"),
        ("site.logo", "[default.site]\nlogo = '/nowhere/at/all.svg'"),
        ("site.logo", "[default.site]\nlogo = '/proc/version'"),
        ("site.accent", "[default.site]\naccent = '#12345'"),
        ("site.imprint", "[default.site]\nimprint = 'javascript:alert(1)'"),
        ("site.privacy", "[default.site]\nprivacy = '//example.org'"),
        ("site.help", "[default.site]\nhelp = 7"),
        ("smtp.url", "[default.smtp]\nurl = 'mail.example.org'"),
        ("smtp.password", "[default.smtp]\npassword = 'x'"),
        ("smtp.url", "[default.smtp]\nurl = 'smtp://mail.example.org?tls=perhaps'"),
        ("smtp.ca_file", "[default.smtp]\nca_file = '/nowhere/at/all.pem'"),
        ("smtp.ca_file", "[default.smtp]\nca_file = '/proc/version'"),
        ("outbound.ca_file", "[default.outbound]\nca_file = '/nowhere/at/all.pem'"),
        ("outbound.ca_file", "[default.outbound]\nca_file = '/proc/version'"),
        ("smtp.from", "[default.smtp]\nfrom = 'nobody'"),
        ("smtp.connections", "[default.smtp]\nconnections = 0"),
        ("fields.email", "[default.fields.email]\nlabel = { en = 'x' }"),
        ("fields.password", "[default.fields.password]\nlabel = { en = 'x' }"),
        ("fields.Upper", "[default.fields.Upper]\nlabel = { en = 'x' }"),
        ("fields.tea.label", "[default.fields.tea]\nlabel = 'Tea'"),
        ("fields.tea.type", "[default.fields.tea]\nlabel = { en = 'x' }\ntype = 'drink'"),
        ("fields.tea.max_length", "[default.fields.tea]\nlabel = { en = 'x' }\nmax_length = 0"),
        ("fields.tea.nonsense", "[default.fields.tea]\nlabel = { en = 'x' }\nnonsense = 1"),
        ("port", "[default]\nport = 'front'"),
    ];
    for (name, settings) in cases {
        let settings =
            if settings.starts_with('[') { settings.to_owned() } else { format!("[default]\n{settings}") };
        // The port comes from the environment, except in the case about the port.
        let environment: &[(&str, &str)] = if name == "port" { &[("ROCKET_PORT", "front")] } else { &[] };
        let said = complaint(&settings, environment);
        assert!(said.contains(&format!("`{name}`")), "{name} is not named: {said}");
        assert_eq!(said.matches(&format!("`{name}`")).count(), 1, "{said}");
    }
    for (name, variable, value) in [
        ("nonsense", "VESTIBULE_NONSENSE", "1"),
        ("password.nonsense", "VESTIBULE_PASSWORD__NONSENSE", "1"),
        ("password.min_length", "VESTIBULE_PASSWORD__MIN_LENGTH", "3"),
        ("password.min_length", "VESTIBULE_PASSWORD__MIN_LENGTH", "many"),
        ("rate_limits", "VESTIBULE_RATE_LIMITS", "of"),
        ("registration.verify", "VESTIBULE_REGISTRATION__VERIFY", "yes"),
        ("database_url", "VESTIBULE_DATABASE_URL", "mysql://x"),
        ("public_url", "VESTIBULE_PUBLIC_URL", "//x"),
        ("smtp.url", "VESTIBULE_SMTP_URL", "http://x"),
        ("data_dir", "VESTIBULE_DATA_DIR", "/proc/nowhere"),
        ("nonsense", "ROCKET_NONSENSE", "1"),
        ("workers", "ROCKET_WORKERS", "some"),
    ] {
        let said = complaint("", &[(variable, value)]);
        assert!(said.contains(&format!("`{name}`")), "{variable}: {said}");
    }
}

#[test]
fn every_wrong_setting_is_named_at_once() {
    let said = complaint("[default.password]\nmin_length = 1\npasses = 99\n[default.site]\nname = ''", &[]);
    for name in ["password.min_length", "password.passes", "site.name"] {
        assert!(said.contains(&format!("`{name}`")), "{said}");
    }
}

#[test]
fn a_secret_in_a_wrong_setting_is_not_repeated() {
    for (variable, value) in [
        ("VESTIBULE_DATABASE_URL", "postgres://vestibule:hunter2@127.0.0.1:1/x"),
        ("VESTIBULE_DATABASE_URL", "mysql://vestibule:hunter2@127.0.0.1:1/x"),
        ("VESTIBULE_SMTP_URL", "http://vestibule:hunter2@127.0.0.1:1"),
    ] {
        let said = complaint("", &[(variable, value), ("VESTIBULE_DATABASE__PATIENCE_SECONDS", "1")]);
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// The program while it serves.
pub struct Running {
    pub child: Child,
    pub address: SocketAddr,
    /// The line that it says when it is ready.
    pub greeting: String,
    written: Option<JoinHandle<String>>,
}

impl Running {
    pub fn start(program: &Path, folder: &Path, environment: &[(&str, &str)]) -> Self {
        Self::started(folder, environment, |folder, environment| command(program, folder, environment))
    }

    /// Starts what `command` makes of the folder and the environment.
    pub fn started(
        folder: &Path,
        environment: &[(&str, &str)],
        command: impl FnOnce(&Path, &[(&str, &str)]) -> Command,
    ) -> Self {
        let environment = [&[("ROCKET_PORT", "0")], environment].concat();
        let mut child = command(folder, &environment).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        out.read_line(&mut said).unwrap();
        let mut errors = child.stderr.take().unwrap();
        let written = thread::spawn(move || {
            let mut all = String::new();
            errors.read_to_string(&mut all).unwrap();
            out.read_to_string(&mut all).unwrap();
            all
        });
        let (address, greeting) = (SocketAddr::from(([0; 4], 0)), said.clone());
        let mut running = Self { child, address, greeting, written: Some(written) };
        // With a public URL it prints both.
        let address =
            html::between(&said, "listens on ", " ").or_else(|| html::between(&said, "http://", "/"));
        match address {
            Some(address) => running.address = address.parse().unwrap(),
            None => panic!("{said}{}", running.stop()),
        }
        running
    }

    /// Sends SIGTERM, and returns everything that was printed after the first line.
    pub fn stop(&mut self) -> String {
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::TERM,
        );
        self.child.wait().unwrap();
        self.written.take().map(|written| written.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_program_alone_in_an_empty_folder_serves_everything() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("vestibule");
    std::fs::copy(PROGRAM, &program).unwrap();
    let mut running = Running::start(&program, folder.path(), &[]);
    let visitor = Visitor::new(running.address);
    let form = [("email", "ada@example.org"), ("username", "ada"), ("password", PASSWORD)];
    let journey = visitor.post("/user/create").header("accept-language", "ru").form(&form).follow().await;
    assert_eq!(journey.answer.status, 200);
    let page = journey.answer.text();
    assert_eq!((html::headline(&page), html::language(&page)), (Some("Ваш профиль"), Some("ru")));
    for before in ["rel=\"stylesheet\" href=\"", "<script src=\"", "type=\"image/svg+xml\" href=\""] {
        let answer = visitor.get(html::between(&page, before, "\"").unwrap()).send().await;
        assert_eq!(answer.status, 200, "{before}");
        assert!(answer.content.len() > 100);
    }
    running.stop();
    let mut kept: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    kept.sort();
    assert_eq!(kept, [folder.path().join("data"), program.clone()]);
    // The data is there after a restart.
    let again = Running::start(&program, folder.path(), &[]);
    let visitor = Visitor::new(again.address);
    assert_eq!(visitor.log_in("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_theme_that_fails_its_check_locks_nobody_out() {
    let manifest = "name = 'Bad'\nversion = '1'\nauthor = 'Ada'\ncontract = 1\n";
    let of_page = &["templates/pages/sign_in.html:1:7", "page.nonsense.at_all"][..];
    // What cannot be read takes the theme away, and is said alone.
    for (manifest, said) in [(Some(manifest), of_page), (None, &["theme.toml:1:1"])] {
        let folder = folder("[default]\ntheme = 'theme'");
        let templates = folder.path().join("theme/templates/pages");
        std::fs::create_dir_all(&templates).unwrap();
        std::fs::write(templates.join("sign_in.html"), "<p>{{ page.nonsense.at_all }}</p>").unwrap();
        if let Some(manifest) = manifest {
            std::fs::write(folder.path().join("theme/theme.toml"), manifest).unwrap();
        }
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        let page = Visitor::new(running.address).get("/user/login").send().await;
        assert_eq!(page.status, 200);
        assert_eq!(html::headline(&page.text()), Some("Sign in"));
        let written = running.stop();
        for said in [&["setting `theme`"], said].concat() {
            assert!(written.contains(said), "{said}: {written}");
        }
        assert_eq!(written.contains("sign_in.html"), manifest.is_some(), "{written}");
    }
}

#[tokio::test]
async fn a_theme_that_is_no_folder_is_named_and_locks_nobody_out() {
    for nowhere in ["nowhere", "Rocket.toml"] {
        let folder = folder(&format!("[default]\ntheme = '{nowhere}'"));
        let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
        assert_eq!(Visitor::new(running.address).get("/user/login").send().await.status, 200);
        let written = running.stop();
        assert!(written.contains("setting `theme`") && written.contains(nowhere), "{written}");
    }
}
