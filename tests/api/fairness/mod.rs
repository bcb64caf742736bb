//! One address sends as much as it can, with right or wrong credentials. Everybody else is served as before.

mod buckets;
mod program;
mod wire;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rocket::tokio::runtime;
use rocket::tokio::task::JoinSet;
use rocket::tokio::time::sleep;
use store::Engine;

use self::program::Program;
use self::wire::{Answer, Ask, Connection, ask};
use crate::engines::both_engines;
use crate::support::PASSWORD;

both_engines![one_address_keeps_nobody_else_from_the_house];

/// The address that attacks, and its connections.
const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 66, 66, 66);
const CONNECTIONS: usize = 260;

/// The honest people, who each send one request after another, from an address of its own each time.
const PEOPLE: usize = 4;

/// How long each attack lasts, and the rest that is compared with.
const LASTS: Duration = Duration::from_millis(1_800);
const REST: Duration = Duration::from_millis(3_000);

/// Below this time an answer counts as undisturbed on any machine: the attackers and the server share its
/// cores in this test, and the server is not optimised.
const SOON: Duration = Duration::from_millis(1_500);

/// An address that nobody had before.
fn new_address() -> Ipv4Addr {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    let [_, a, b, c] = number.to_be_bytes();
    Ipv4Addr::new(127, a + 1, b, c)
}

async fn from_anywhere(server: SocketAddr, request: &Ask) -> Answer {
    ask(server, new_address(), request).await.unwrap()
}

/// Somebody with an account, signed in.
#[derive(Clone)]
struct Person {
    name: String,
    session: String,
}

impl Person {
    async fn new(server: SocketAddr, name: &str) -> Self {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let made = from_anywhere(server, &Ask::post("/user/create", &form)).await;
        assert_eq!(made.status, 201, "{}", made.head);
        let entered = from_anywhere(server, &sign_in(name, PASSWORD)).await;
        assert_eq!(entered.status, 200, "{}", entered.head);
        Self { name: name.to_owned(), session: entered.session() }
    }

    fn edit(&self) -> Ask {
        Ask::post("/user/modify/profile", &[("name", &self.name)]).header("Cookie", &self.session)
    }

    /// What an honest person does, in turn.
    fn does(&self, number: usize) -> Ask {
        match number % 4 {
            0 => sign_in(&self.name, PASSWORD),
            1 => Ask::new("GET", "/user/profil", &[]).header("Cookie", &self.session),
            2 => self.edit(),
            _ => sign_up(),
        }
    }
}

fn sign_in(name: &str, password: &str) -> Ask {
    Ask::post("/user/login", &[("email", name), ("password", password)])
}

/// Somebody new each time.
fn sign_up() -> Ask {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let email = format!("new{}@example.org", LAST.fetch_add(1, Ordering::Relaxed));
    Ask::post("/user/create", &[("email", &email), ("password", PASSWORD)])
}

/// What honest people saw.
struct Seen {
    answered: usize,
    refused: Vec<String>,
    times: Vec<Duration>,
}

impl Seen {
    fn p99(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        let index = (times.len() * 99).div_ceil(100).saturating_sub(1);
        times.get(index).copied().unwrap_or_default()
    }
}

/// Everybody goes about their business until `end`.
async fn live(server: SocketAddr, people: &[Person], lasts: Duration) -> Seen {
    let end = Instant::now() + lasts;
    let mut tasks = JoinSet::new();
    for (first, person) in people.iter().cloned().enumerate() {
        tasks.spawn(async move {
            let mut seen = Seen { answered: 0, refused: Vec::new(), times: Vec::new() };
            for number in first.. {
                let start = Instant::now();
                if start >= end {
                    break;
                }
                match ask(server, new_address(), &person.does(number)).await {
                    Ok(answer) if matches!(answer.status, 200 | 201) => seen.answered += 1,
                    Ok(answer) => seen.refused.push(format!("{}: {}", number % 4, answer.status)),
                    Err(error) => seen.refused.push(format!("{}: {error}", number % 4)),
                }
                seen.times.push(start.elapsed());
            }
            seen
        });
    }
    let mut all = Seen { answered: 0, refused: Vec::new(), times: Vec::new() };
    for seen in tasks.join_all().await {
        all.answered += seen.answered;
        all.refused.extend(seen.refused);
        all.times.extend(seen.times);
    }
    all
}

/// An attack in a thread of its own. Dropping it ends it.
struct Attack {
    over: Arc<AtomicBool>,
    answers: Arc<AtomicUsize>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Attack {
    fn begin(server: SocketAddr, request: impl Fn() -> Ask + Send + Sync + 'static) -> Self {
        let (over, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (until, counted, request) = (over.clone(), answers.clone(), Arc::new(request));
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut all = JoinSet::new();
                for _ in 0..CONNECTIONS {
                    let (until, counted, request) = (until.clone(), counted.clone(), request.clone());
                    all.spawn(async move { attack(server, &until, &counted, request.as_ref()).await });
                }
                all.join_all().await;
            });
        });
        Self { over, answers, thread: Some(thread) }
    }

    fn end(mut self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
        self.answers.load(Ordering::Relaxed)
    }
}

impl Drop for Attack {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

async fn attack(server: SocketAddr, over: &AtomicBool, answers: &AtomicUsize, request: &impl Fn() -> Ask) {
    while !over.load(Ordering::Relaxed) {
        if let Ok(mut connection) = Connection::open(server, ATTACKER).await {
            while !over.load(Ordering::Relaxed) && connection.ask(&request()).await.is_ok() {
                answers.fetch_add(1, Ordering::Relaxed);
            }
        }
        // The server closed the connection.
        sleep(Duration::from_millis(5)).await;
    }
}

type Request = Box<dyn Fn() -> Ask + Send + Sync>;

/// Every call that an attacker with an account can make the server work by.
async fn attacks(server: SocketAddr) -> Vec<(&'static str, Request)> {
    let eve = Person::new(server, "eve").await;
    let form = [("login", "eve"), ("password", PASSWORD)];
    let hash = from_anywhere(server, &Ask::post("/api/v1/personal/auth", &form)).await.json();
    let refresh = Ask::new("GET", "/api/v1/personal/auth_refresh", &[])
        .header("User-Id", &hash["data"]["user_id"].to_string())
        .header("User-Hash", hash["data"]["user_hash"].as_str().unwrap());
    let form = [("name", "Mallory"), ("email", "mallory@example.org"), ("password", PASSWORD)];
    let made = from_anywhere(server, &Ask::post("/api/user/v1/register", &form)).await.json();
    let (id, secret) = (made["data"]["user_id"].to_string(), made["data"]["user_secret"].as_str().unwrap());
    let exchange = |secret: &str| {
        let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", secret)];
        Ask::post("/oauth/token", &form)
    };
    let (exchange, wrong) = (exchange(secret), exchange(&"A".repeat(secret.len())));
    let reset = Ask::new("PATCH", "/api/user/v1/resetpassword", &[("email", "mallory@example.org")])
        .header("Authorization", &format!("Bearer {secret}"));
    let edit = eve.edit();
    let stray = Ask::new("GET", "/nowhere", &[]);
    let again = move |request: Ask| -> Request { Box::new(move || request.clone()) };
    vec![
        ("signing in with a wrong password", again(sign_in("eve", "a wrong password"))),
        ("signing in with the right password", again(sign_in("eve", PASSWORD))),
        ("signing up", Box::new(sign_up)),
        ("editing an own profile", again(edit)),
        ("refreshing an own user hash", again(refresh)),
        ("exchanging a wrong user secret", again(wrong)),
        ("exchanging an own user secret", again(exchange)),
        ("asking for a page that is not there, twenty times at once", again(stray.clone().times(20))),
        ("asking with a long head", again(stray.header("X", &"a".repeat(30_000)))),
        // Last, because it ends the secret.
        ("resetting an own password", again(reset)),
    ]
}

async fn group(server: SocketAddr, name: &str) -> Vec<Person> {
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Person::new(server, &format!("{name}{number}")).await);
    }
    people
}

async fn one_address_keeps_nobody_else_from_the_house(engine: Engine) {
    let program = Program::start(engine).await;
    let server = program.address;
    let people = group(server, "resting").await;
    let attacks = attacks(server).await;
    let rest = live(server, &people, REST).await;
    assert!(rest.refused.is_empty(), "{:?}", rest.refused);
    let soon = SOON.max(3 * rest.p99());
    let mut wrong = Vec::new();
    for (number, (name, request)) in attacks.into_iter().enumerate() {
        // Others each time: what somebody may change in ten minutes is less than all attacks leave time for.
        let people = group(server, &format!("busy{number}x")).await;
        let attack = Attack::begin(server, request);
        sleep(Duration::from_millis(200)).await;
        let seen = live(server, &people, LASTS).await;
        let answers = attack.end();
        let said = format!(
            "{name}: {} of {} answered, p99 {:?} (at rest {:?}), {answers} attacks answered, refused {:?}",
            seen.answered,
            seen.times.len(),
            seen.p99(),
            rest.p99(),
            seen.refused.iter().take(5).collect::<Vec<_>>(),
        );
        println!("{said}");
        if seen.answered * 100 < seen.times.len() * 95 || seen.p99() > soon || answers == 0 {
            wrong.push(said);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
