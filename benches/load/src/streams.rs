//! Ten thousand waiting devices, each with an open event stream.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::client::{Connection, post};
use crate::process::Served;
use crate::table::{Table, Target};

const DEVICES: usize = 10_000;

/// Connections that start pairings and open streams at once.
const HANDS: usize = 50;

/// How long the open streams are watched; longer than the interval of the heartbeat.
const RESTING: Duration = Duration::from_secs(30);

const FORM: &str = "application/x-www-form-urlencoded";

pub fn measure(program: &Path, table: &mut Table) -> Outcome<()> {
    table.heading(&format!("{DEVICES} devices that wait to be paired, an event stream each"));
    let limit = getrlimit(Resource::Nofile);
    // Raising the limit fails only where it is forbidden. The check below reports that.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    if files < DEVICES as u64 + 1_000 {
        table.remark(&format!("not measured: {files} open files are the most that the system allows"));
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let server = Served::vestibule(program, folder.path(), &[])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&server, table))
}

async fn run(server: &Served, table: &mut Table) -> Outcome<()> {
    let mut person = Connection::open(server.address).await?;
    let form = b"email=ada%40example.org&password=correct+horse+battery";
    let registered = person.ask(&post("/auth/register", None, FORM, form)).await?;
    let bearer = text(registered.body, "bearer")?;
    let idle = server.memory()?;

    let started = Instant::now();
    let mut hands = JoinSet::new();
    for _ in 0..HANDS {
        hands.spawn(start_devices(server.address, DEVICES / HANDS));
    }
    let mut devices = Vec::with_capacity(DEVICES);
    while let Some(made) = hands.join_next().await {
        devices.extend(made??);
    }
    table.row("started", "devices/s", vec![DEVICES as f64 / started.elapsed().as_secs_f64()]);
    // Each connection to the database has its thread by now.
    let threads = server.threads()?;

    let opened = Instant::now();
    let mut hands = JoinSet::new();
    let mut left = devices.into_iter();
    for _ in 0..HANDS {
        let some: Vec<Device> = left.by_ref().take(DEVICES / HANDS).collect();
        hands.spawn(open_streams(server.address, some));
    }
    let mut streams = Vec::with_capacity(DEVICES);
    while let Some(opened) = hands.join_next().await {
        streams.extend(opened??);
    }
    table.row("opened", "streams/s", vec![DEVICES as f64 / opened.elapsed().as_secs_f64()]);
    let cpu = server.cpu_seconds()?;
    tokio::time::sleep(RESTING).await;
    let cpu = (server.cpu_seconds()? - cpu) / RESTING.as_secs_f64() * 100.0;
    table.row("memory before", "MiB", vec![idle]);
    table.judged("memory with all streams open", "MiB", vec![server.memory()?], Target::AtMost(200.0));
    table.row("threads before", "", vec![threads]);
    table.judged("threads with all streams open", "", vec![server.threads()?], Target::AtMost(threads));
    table.row("processor time while nothing happens", "% of a core", vec![cpu]);

    // A new connection, because the first one has been idle for too long.
    let mut person = Connection::open(server.address).await?;
    let mut took = Vec::new();
    for (device, stream) in streams.iter_mut().step_by(DEVICES / 100) {
        let form = format!("code={}", device.code);
        let mut request = post("/auth/pair", None, FORM, form.as_bytes());
        let head = format!("Authorization: Bearer {bearer}\r\n");
        let at = request.windows(2).position(|pair| pair == b"\r\n").ok_or("no request line")? + 2;
        request.splice(at..at, head.into_bytes());
        let paired = Instant::now();
        let status = person.ask(&request).await?.status;
        if status != 200 {
            return Err(format!("pairing was answered with {status}").into());
        }
        read_until(stream, "pairing-success").await?;
        took.push(paired.elapsed().as_secs_f64() * 1_000.0);
    }
    table.row("from the code to the device, all streams open", "ms", took);
    Ok(())
}

struct Device {
    code: String,
    token: String,
}

async fn start_devices(address: std::net::SocketAddr, count: usize) -> Outcome<Vec<Device>> {
    let mut connection = Connection::open(address).await?;
    let request = post("/auth/device", None, FORM, b"name=magic-mirror");
    let mut devices = Vec::with_capacity(count);
    for _ in 0..count {
        let answer = connection.ask(&request).await?;
        if answer.status != 201 {
            return Err(format!("a device that starts was answered with {}", answer.status).into());
        }
        devices.push(Device { code: text(answer.body, "code")?, token: text(answer.body, "device_token")? });
    }
    Ok(devices)
}

async fn open_streams(
    address: std::net::SocketAddr,
    devices: Vec<Device>,
) -> Outcome<Vec<(Device, TcpStream)>> {
    let mut streams = Vec::with_capacity(devices.len());
    for device in devices {
        let mut stream = TcpStream::connect(address).await?;
        let token = &device.token;
        let request = format!(
            "GET /auth/device/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        read_until(&mut stream, &device.code).await?;
        streams.push((device, stream));
    }
    Ok(streams)
}

async fn read_until(stream: &mut TcpStream, wanted: &str) -> Outcome<()> {
    let mut seen = String::new();
    let mut buffer = [0; 1024];
    while !seen.contains(wanted) {
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut buffer)).await??;
        if read == 0 {
            return Err(format!("a stream ended before {wanted}, after {seen}").into());
        }
        seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    Ok(())
}

/// The value of `name` in a small JSON object whose strings need no escapes.
fn text(json: &[u8], name: &str) -> Outcome<String> {
    let json = std::str::from_utf8(json)?;
    let (_, rest) =
        json.split_once(&format!("\"{name}\":\"")).ok_or_else(|| format!("no {name} in {json}"))?;
    let (text, _) = rest.split_once('"').ok_or("no end")?;
    Ok(text.to_owned())
}
