//! Metrics of the program, as an operator and as Prometheus itself reads them.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rocket::tokio;
use serde_json::Value;
use store::Engine;

use crate::engines::{Scratch, both_engines};
use crate::program::{PROGRAM, Running, complaint, folder};
use crate::support::{Answer, PASSWORD, Visitor, until};

both_engines!(what_happens_is_counted, what_strangers_write_adds_no_series);

const DASHBOARD: &str = include_str!("../../docs/metrics/dashboard.json");
const ALERTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics/alerts.yml");

/// Two sites, of which none is there, so that each metric of webhooks has something to say.
const WEBHOOK: &str = "[default.webhooks.shop]\nurl = 'http://127.0.0.1:9/hooks'\n\
                       secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'\nevents = ['account.*']\n";

/// A port that nobody listens on at present.
fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// The program with metrics.
struct Watched {
    running: Running,
    site: Visitor,
    metrics: SocketAddr,
    _scratch: Scratch,
}

impl Watched {
    async fn new(engine: Engine) -> Self {
        let scratch = Scratch::migrated(engine).await;
        std::fs::write(scratch.folder().join("Rocket.toml"), WEBHOOK).unwrap();
        let metrics = free_address();
        let environment = [
            ("VESTIBULE_DATABASE_URL", scratch.url.as_str()),
            ("VESTIBULE_METRICS_ADDRESS", &metrics.to_string()),
            ("VESTIBULE_DATABASE_CONNECTIONS", "4"),
            ("VESTIBULE_RATES_SIGN_UPS_BY_ADDRESS", "1"),
        ];
        let running = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
        let site = Visitor::new(running.address);
        Self { running, site, metrics, _scratch: scratch }
    }

    async fn ask(&self, method: &str, path: &str) -> Answer {
        Visitor::new(self.metrics).ask(method, path).send().await
    }

    async fn read(&self) -> Read {
        let answer = self.ask("GET", "/metrics").await;
        assert_eq!(answer.status, 200);
        let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        assert_eq!(answer.header("content-type"), Some(media_type));
        Read(answer.text())
    }

    async fn sign_up(&self, name: &str) -> u16 {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        self.site.post("/user/create").wants_json().form(&form).send().await.status
    }
}

/// What was read.
struct Read(String);

impl Read {
    /// Each series with its value.
    fn series(&self) -> impl Iterator<Item = (&str, f64)> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(name, value)| (name, value.parse().unwrap()))
    }

    /// The value of the series that begins like this and has these labels; 0 where there is none.
    fn value(&self, name: &str, labels: &[&str]) -> f64 {
        let found: Vec<f64> = self
            .series()
            .filter(|(series, _)| series.split('{').next() == Some(name))
            .filter(|(series, _)| labels.iter().all(|label| series.contains(label)))
            .map(|(_, value)| value)
            .collect();
        assert!(found.len() <= 1, "{name} {labels:?}: {found:?}");
        found.first().copied().unwrap_or_default()
    }

    fn names(&self) -> BTreeSet<&str> {
        self.series().map(|(series, _)| series.split('{').next().unwrap()).collect()
    }
}

async fn what_happens_is_counted(engine: Engine) {
    let watched = Watched::new(engine).await;
    assert_eq!(watched.sign_up("ada").await, 201);
    assert_eq!(watched.sign_up("bea").await, 429);
    assert_eq!(watched.site.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(watched.site.log_in("ada", "not that one").await.status, 401);
    assert_eq!(watched.site.log_in("nobody", PASSWORD).await.status, 401);
    for _ in 0..3 {
        assert_eq!(watched.site.get("/user/profil").send().await.status, 200);
    }
    assert_eq!(watched.site.ask("HEAD", "/user/profil").send().await.status, 200);
    assert_eq!(watched.site.get("/mirror/nothing").send().await.status, 404);
    let waiting = ["webhook=\"shop\""];
    until(Duration::from_secs(20), async || {
        let not_taken = ["outcome=\"not_taken\""];
        watched.read().await.value("vestibule_webhook_tries_total", &not_taken) >= 1.0
    })
    .await;
    let read = watched.read().await;
    let requests = |labels: &[&str]| read.value("vestibule_requests_total", labels);
    let profile = ["door=\"pages\"", "route=\"/user/profil\"", "status=\"200\""];
    assert_eq!(requests(&[&profile[..], &["method=\"GET\""]].concat()), 3.0, "{}", read.0);
    assert_eq!(requests(&[&profile[..], &["method=\"HEAD\""]].concat()), 1.0);
    assert_eq!(requests(&["route=\"/user/login\"", "method=\"POST\"", "status=\"401\""]), 2.0);
    assert_eq!(requests(&["route=\"none\"", "status=\"404\""]), 1.0);
    let times = ["route=\"/user/profil\"", "method=\"GET\""];
    assert_eq!(read.value("vestibule_request_duration_seconds_count", &times), 3.0);
    assert!(read.value("vestibule_request_duration_seconds_sum", &times) > 0.0);
    let sign_ins = |outcome: &str| {
        let outcome = format!("outcome=\"{outcome}\"");
        read.value("vestibule_sign_ins_total", &["door=\"pages\"", "by=\"password\"", &outcome])
    };
    assert_eq!((sign_ins("granted"), sign_ins("refused")), (1.0, 2.0));
    // One for the account, and one for each try.
    assert_eq!(read.value("vestibule_hashes_total", &[]), 4.0);
    assert!(read.value("vestibule_hash_seconds_total", &[]) > 0.0);
    let refused = ["what=\"sign-ups\"", "whose=\"one address\""];
    assert_eq!(read.value("vestibule_limiter_refusals_total", &refused), 1.0);
    assert!(read.value("vestibule_session_lookups_total", &["result=\"hit\""]) >= 2.0);
    assert!(read.value("vestibule_webhook_waiting", &waiting) >= 1.0);
    assert_eq!(read.value("vestibule_webhook_set_aside", &waiting), 0.0);
    assert_eq!(read.value("vestibule_database_up", &[]), 1.0);
    assert_eq!(read.value("vestibule_database_connections_max", &[]), 4.0);
    assert_eq!(read.value("vestibule_sessions", &[]), 1.0);
    let engine = if engine == Engine::Sqlite { "engine=\"sqlite\"" } else { "engine=\"postgres\"" };
    assert_eq!(read.value("vestibule_build_info", &[engine]), 1.0);
    assert!(read.value("process_resident_memory_bytes", &[]) > 1e6);
    // Nothing in them tells of a person.
    for word in ["ada", "example.org", "nobody", "127.0.0.1", "nothing"] {
        assert!(!read.0.contains(word), "{word}: {}", read.0);
    }
    // Whatever the documents name is there.
    let names = read.names();
    let alerts = std::fs::read_to_string(ALERTS).unwrap();
    let named: BTreeSet<&str> = [alerts.as_str(), DASHBOARD].into_iter().flat_map(metrics_in).collect();
    assert!(named.len() > 30, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !names.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in\n{}", read.0);
    assert_eq!(alerts.matches("- alert: ").count(), 5);
}

/// The names of metrics in `text`.
fn metrics_in(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("vestibule_") || word.starts_with("process_"))
}

async fn what_strangers_write_adds_no_series(engine: Engine) {
    let watched = Watched::new(engine).await;
    // One of each kind, and then many that differ in what a stranger may choose.
    let strange = async |number: usize| {
        let site = Visitor::new(watched.running.address);
        site.get(&format!("/nowhere/{number}?query={number}")).send().await;
        site.get(&format!("/user/nowhere-{number}")).send().await;
        site.get(&format!("/picture/{number:064x}/64.jpg")).send().await;
        site.get(&format!("/api/v{number}")).send().await;
        site.ask(&format!("METHOD{number}"), "/user/login").send().await;
        site.ask(&format!("METHOD{number}"), &format!("/nowhere/{number}")).send().await;
        site.log_in(&format!("stranger-{number}"), &format!("password {number}")).await;
        site.get("/health").header("user-agent", &format!("agent-{number}")).send().await;
        site.get("/health").header("host", &format!("host-{number}.example")).send().await;
    };
    strange(0).await;
    let series = async || -> BTreeSet<String> {
        let read = watched.read().await;
        read.series().map(|(series, _)| series.to_owned()).collect()
    };
    let before = series().await;
    for number in 1..20 {
        strange(number).await;
    }
    let after = series().await;
    let added: Vec<_> = after.difference(&before).collect();
    assert!(added.is_empty(), "{added:?}");
    assert!(before.len() > 80, "only {before:?}");
}

#[tokio::test]
async fn there_are_none_unless_they_are_asked_for() {
    let folder = folder("");
    let mut running = Running::start(Path::new(PROGRAM), folder.path(), &[]);
    assert_eq!(Visitor::new(running.address).get("/metrics").send().await.status, 404);
    assert!(!running.stop().contains("metrics"));
}

#[test]
fn a_port_that_is_taken_stops_the_start_and_the_setting_is_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = complaint("", &[("VESTIBULE_METRICS_ADDRESS", &address)]);
    assert!(said.contains("`metrics.address`") && said.contains(&address), "{said}");
    let said = complaint("[default.metrics]\naddress = 'localhost'", &[]);
    assert!(said.contains("`metrics.address` should be an IP address and a port"), "{said}");
}

#[tokio::test]
async fn only_metrics_are_answered_there_and_whoever_hangs_keeps_nobody_out() {
    let watched = Watched::new(Engine::Sqlite).await;
    assert_eq!(watched.ask("GET", "/").await.status, 404);
    assert_eq!(watched.ask("GET", "/user/login").await.status, 404);
    let refused = watched.ask("POST", "/metrics").await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    let head = watched.ask("HEAD", "/metrics").await;
    assert_eq!((head.status, head.content.len()), (200, 0));
    // More than there are places: each is closed after its time, and who asks is answered then.
    let hanging: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(watched.metrics).unwrap()).collect();
    let asked = tokio::time::timeout(Duration::from_secs(25), watched.read()).await;
    assert!(asked.is_ok_and(|read| read.0.ends_with("# EOF\n")));
    drop(hanging);
    let mut fat = TcpStream::connect(watched.metrics).unwrap();
    let _ = write!(fat, "GET /metrics HTTP/1.1\r\nhost: x\r\nx: {}", "x".repeat(100_000));
    fat.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut answer = [0; 64];
    let read = fat.read(&mut answer).unwrap_or_default();
    assert!(!answer[..read].starts_with(b"HTTP/1.1 200"), "{:?}", String::from_utf8_lossy(&answer[..read]));
}

/// Whether Prometheus is installed. Without it the test fails, unless it may be left out.
fn prometheus_is_there() -> bool {
    let there = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if there("prometheus") && there("promtool") {
        return true;
    }
    let why = "Prometheus is not there; `make test` installs it";
    let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_PROMETHEUS").is_some_and(|set| set == "1");
    assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_PROMETHEUS=1 leaves its test out)");
    // Written to standard error directly, because the test runner hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    false
}

/// Prometheus, until it is dropped.
struct Prometheus(Child, Visitor, SocketAddr);

impl Prometheus {
    fn start(folder: &Path, target: SocketAddr) -> Self {
        let address = free_address();
        let config = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: ['{ALERTS}']\n\
             scrape_configs: [{{ job_name: vestibule, static_configs: [{{ targets: ['{target}'] }}] }}]\n"
        );
        std::fs::write(folder.join("prometheus.yml"), config).unwrap();
        let child = Command::new("prometheus")
            .current_dir(folder)
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=kept"])
            .arg(format!("--web.listen-address={address}"))
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child, Visitor::new(address), address)
    }

    async fn ask(&self, path: &str) -> Value {
        self.1.get(path).send().await.json()
    }

    /// The result of an expression.
    async fn result(&self, expression: &str) -> Value {
        let form = [("query", expression)];
        let answer = self.1.post("/api/v1/query").form(&form).send().await.json();
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        answer["data"]["result"].clone()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Every expression of the dashboard, as Grafana asks for it.
fn expressions(of: &Value, found: &mut Vec<String>) {
    match of {
        Value::Object(fields) => {
            let expression = fields.get("expr").and_then(Value::as_str);
            let asked =
                expression.map(|text| text.replace("$__rate_interval", "1m").replace("$instance", ".*"));
            found.extend(asked);
            fields.values().for_each(|value| expressions(value, found));
        }
        Value::Array(entries) => entries.iter().for_each(|value| expressions(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn prometheus_reads_them_and_knows_the_rules_and_the_dashboard() {
    if !prometheus_is_there() {
        return;
    }
    let checked = Command::new("promtool").args(["check", "rules", ALERTS]).output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    assert!(String::from_utf8_lossy(&checked.stdout).contains("5 rules"), "{checked:?}");
    let watched = Watched::new(Engine::Sqlite).await;
    assert_eq!(watched.sign_up("ada").await, 201);
    let place = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(place.path(), watched.metrics);
    until(Duration::from_secs(60), async || {
        // It takes a while until it listens.
        tokio::net::TcpStream::connect(prometheus.2).await.is_ok()
    })
    .await;
    until(Duration::from_secs(60), async || {
        let ready = prometheus.1.get("/-/ready").send().await.status == 200;
        ready && prometheus.result("up").await[0]["value"][1] == "1"
    })
    .await;
    let targets = prometheus.ask("/api/v1/targets").await;
    assert_eq!(targets["data"]["activeTargets"][0]["lastError"], "", "{targets}");
    let hashes = prometheus.result("vestibule_hashes_total").await;
    assert_eq!(hashes[0]["value"][1], "1", "{hashes}");
    let mut asked = Vec::new();
    expressions(&serde_json::from_str(DASHBOARD).unwrap(), &mut asked);
    assert!(asked.len() > 30, "{asked:?}");
    for expression in &asked {
        prometheus.result(expression).await;
    }
    // A rule that could not be evaluated would say so here, and nothing is wrong with this server.
    let rules = prometheus.ask("/api/v1/rules").await;
    let rules = rules["data"]["groups"][0]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 5);
    for rule in rules {
        assert!(rule["health"] != "err", "{rule}");
        assert!(rule["state"] != "firing", "{rule}");
    }
}
