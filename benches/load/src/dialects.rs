//! Read-only calls of the JSON dialects, compared with a bare Rocket that answers as many bytes from memory.

use std::path::Path;
use std::time::{Duration, Instant};

use domain::{AccountId, Actor, Audience, Clock as _, Lifetime, OsRandom, Role, Scope, SystemClock, Token};
use store::{DbPool, Store, bearers};
use vestibule::plugin::api_keys::{self, NewKey};

use crate::accounts::{self, PASSWORD, Somebody};
use crate::client::Connection;
use crate::latency::Crowd;
use crate::pages::{Side, ratios};
use crate::process::Served;
use crate::table::{Table, Target};
use crate::{Outcome, Plan};

const ACCOUNTS: usize = 1_000;

/// As many sign-ins as the queue of the hasher holds on two cores.
const CROWD: usize = 200;

/// The lowest acceptable rate of a call, in percent of the bare route's rate.
const LEAST: f64 = 60.0;

/// One kind of call.
struct Call {
    name: &'static str,
    expected: u16,
    requests: Vec<Vec<u8>>,
    /// The equivalent request to the bare route.
    bare: &'static [u8],
}

const BARE_GET: &[u8] = b"GET /json HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
const BARE_POST: &[u8] = b"POST /json HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 39\r\n\r\n\
    email=somebody.0000000000%40example.org";

pub fn post(path: &str, credential: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nAuthorization: Bearer {credential}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Creates an API key of a trusted server.
pub async fn api_key(store: &Store) -> Outcome<Token> {
    let new = NewKey {
        name: "load".parse()?,
        scopes: Scope::ALL.to_vec(),
        roles: Role::BELOW_ADMINISTRATOR.to_vec(),
        expires_in: None,
    };
    let made = api_keys::create(store, &SystemClock, &OsRandom, Actor::Operator, &new).await;
    made.map_err(|error| format!("{error:?}").into())
}

/// Creates an API key, and for every account a bearer of each of two dialects.
async fn credentials(url: &str, everybody: &[Somebody]) -> Outcome<(Vec<Call>, Vec<Vec<u8>>)> {
    let store = Store::open(DbPool::connect(url, 1, Duration::from_secs(5)).await?).await?;
    let key = api_key(&store).await?;
    let (mut exist, mut refresh, mut pair) = (Vec::new(), Vec::new(), Vec::new());
    let mut authenticate = Vec::new();
    let now = SystemClock.now();
    store
        .transact(async |tx| {
            for (number, somebody) in everybody.iter().enumerate() {
                // Ids begin at 1 in a fresh database.
                let account_id = AccountId(i64::try_from(number)? + 1);
                let mut bearer = async |audience: &'static str| {
                    let token = Token::generate(&OsRandom);
                    let new = bearers::NewBearer {
                        account_id,
                        audience: Audience(audience),
                        token: token.digest(),
                        holder: String::new(),
                        place: String::new(),
                        paired: false,
                        family: Some(token.family()),
                        lifetime: Lifetime::DAILY,
                    };
                    bearers::insert(tx, &new, now).await.map(|_| token)
                };
                let (hash, mirror) = (bearer("fastsite").await?, bearer("mirror").await?);
                let email = format!("email={}", somebody.email.replace('@', "%40"));
                exist.push(post("/admin/api_account/exist", key.reveal(), &email));
                let proof = format!("{email}&password={}", PASSWORD.replace(' ', "+"));
                authenticate.push(post("/admin/api_account/authenticate", key.reveal(), &proof));
                // A valid hash with another user's id: the row is found, but nothing is exchanged.
                refresh.push(
                    format!(
                        "GET /api/v1/personal/auth_refresh HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\
                         User-Id: 999999\r\nUser-Hash: {}\r\n\r\n",
                        hash.reveal()
                    )
                    .into_bytes(),
                );
                pair.push(post("/auth/pair", mirror.reveal(), "code=ZZZZZZ"));
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })
        .await?;
    store.close().await;
    let calls = vec![
        Call { name: "siberian exist", expected: 200, requests: exist, bare: BARE_POST },
        Call { name: "fastsite auth_refresh", expected: 401, requests: refresh, bare: BARE_GET },
        Call { name: "mirror pair", expected: 404, requests: pair, bare: BARE_POST },
    ];
    Ok((calls, authenticate))
}

/// Measures how long a trusted server waits for an answer, of any kind, while the queue is full of sign-ins.
fn crowded(
    plan: &Plan,
    server: &Served,
    everybody: &[Somebody],
    requests: &[Vec<u8>],
    table: &mut Table,
) -> Outcome<()> {
    const CALLS: usize = 10;
    table.heading(&format!("siberian authenticate while {CROWD} clients sign in at once"));
    let runtime = tokio::runtime::Runtime::new()?;
    let (mut slowest, mut answered) = (vec![], vec![]);
    for _ in 0..plan.rounds() {
        runtime.block_on(async {
            let crowd = Crowd::gather(server, &everybody[everybody.len() - CROWD..]);
            // Waits until the queue is full.
            tokio::time::sleep(Duration::from_secs(1)).await;
            let mut connection = Connection::open(server.address).await?;
            let (mut longest, mut entered) = (0.0_f64, 0.0);
            for request in requests.iter().take(CALLS) {
                let asked = Instant::now();
                let answer = connection.ask(request).await?;
                if ![200, 400].contains(&answer.status) {
                    return Err(format!("authenticate was answered with {}", answer.status).into());
                }
                longest = longest.max(asked.elapsed().as_secs_f64());
                entered += f64::from(answer.status == 200);
            }
            slowest.push(longest);
            answered.push(100.0 * entered / CALLS as f64);
            crowd.disperse().await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        })?;
    }
    table.judged("slowest answer", "s", slowest, Target::AtMost(2.5));
    table.row("  of them the token, the others \"busy\"", "%", answered);
    Ok(())
}

/// The length of an answer, whose status must be the expected one.
fn length(server: &Served, call: &Call) -> Outcome<usize> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(server.address).await?;
        let answer = connection.ask(&call.requests[0]).await?;
        if answer.status != call.expected {
            return Err(format!("{} was answered with {}", call.name, answer.status).into());
        }
        Ok(answer.body.len())
    })
}

pub fn measure(plan: &Plan, program: &Path, table: &mut Table) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let url = accounts::database_in(folder.path());
    let runtime = tokio::runtime::Runtime::new()?;
    let (everybody, (calls, authenticate)) = runtime.block_on(async {
        let everybody = accounts::make(&url, ACCOUNTS).await?;
        let made = credentials(&url, &everybody).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((everybody, made))
    })?;
    drop(runtime);
    let server = Served::vestibule(program, folder.path(), &[])?;
    table.heading(&format!(
        "JSON dialects, nothing written: {ACCOUNTS} accounts, {} connections",
        plan.connections
    ));
    for call in calls {
        let bytes = length(&server, &call)?;
        let size = bytes.to_string();
        let stock = Served::yardstick(&["bare", "--listener", "stock", "--page", "1", "--json", &size])?;
        let mut sides = [
            Side::of("bare Rocket", &stock, vec![call.bare.to_vec()], 200),
            Side::of("Vestibule", &server, call.requests, call.expected),
        ];
        for round in 0..plan.rounds() {
            for turn in 0..sides.len() {
                let next = (round + turn) % sides.len();
                sides[next].take_turn(plan)?;
            }
        }
        let [stock, vestibule] = sides;
        let judged = ratios(&vestibule.rates, &stock.rates);
        for side in [stock, vestibule] {
            table.row(&format!("{} ({bytes} bytes): {}", call.name, side.name), "requests/s", side.rates);
            table.row("  processor time of the server", "µs/request", side.micros);
            table.row("  p99", "ms", side.p99);
        }
        table.judged(
            &format!("{}: of bare Rocket's requests/s", call.name),
            "%",
            judged,
            Target::AtLeast(LEAST),
        );
    }
    crowded(plan, &server, &everybody, &authenticate, table)
}
