//! The real program under a supervisor that hands over its socket and is told how it goes, as systemd does.

use std::fmt::Display;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rocket::async_test;
use rocket::tokio::task::{JoinSet, spawn_blocking};
use rocket::tokio::time::sleep;

use crate::harness::{Client, PATIENCE, eventually};

const RESTARTS: usize = 3;
const CLIENTS: usize = 8;

struct Supervisor {
    folder: tempfile::TempDir,
    told: UnixDatagram,
}

impl Supervisor {
    fn new() -> Supervisor {
        let folder = tempfile::tempdir().unwrap();
        let told = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        told.set_read_timeout(Some(PATIENCE)).unwrap();
        Supervisor { folder, told }
    }

    /// Starts the program with `handed` as its file 3, the first that a supervisor hands over.
    fn start(&self, handed: impl Into<OwnedFd>, count: impl Display) -> Child {
        let program = format!("exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS={count} exec \"$0\"");
        Command::new("/bin/sh")
            .args(["-c", &program, env!("CARGO_BIN_EXE_vestibule")])
            .current_dir(self.folder.path())
            .env_clear()
            .env("NOTIFY_SOCKET", self.folder.path().join("notify"))
            .env("VESTIBULE_RATE_LIMITS", "off")
            .stdin(Stdio::from(handed.into()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// What it is told next.
    fn hears(&self) -> String {
        let mut said = [0; 64];
        let length = self.told.recv(&mut said).unwrap();
        String::from_utf8(said[..length].to_vec()).unwrap()
    }

    fn refusal(&self, handed: impl Into<OwnedFd>, count: impl Display) -> String {
        let Output { status, stderr, .. } = self.start(handed, count).wait_with_output().unwrap();
        assert_eq!(status.code(), Some(1));
        String::from_utf8(stderr).unwrap()
    }
}

/// Asks until `over`: on odd numbers with a connection for each request, else with one for as many as it
/// takes. Every request must be answered.
async fn ask(number: usize, address: SocketAddr, over: Arc<AtomicBool>, answered: Arc<AtomicUsize>) {
    let mut kept: Option<Client> = None;
    while !over.load(Ordering::SeqCst) {
        let mut client = match kept.take() {
            // A connection that was closed before it was asked anything has lost nothing.
            Some(client) if client.stream.try_read(&mut [0]).is_err() => client,
            _ => Client::to(address).await,
        };
        client.send("GET /user/login HTTP/1.1\r\nHost: a\r\n\r\n").await;
        let answer = client.answer().await;
        assert_eq!(answer.status, 200, "{}", answer.head);
        answered.fetch_add(1, Ordering::SeqCst);
        let goes_on = number.is_multiple_of(2) && answer.header("connection") != Some("close");
        kept = goes_on.then_some(client);
        sleep(Duration::from_millis(2)).await;
    }
}

#[async_test]
async fn a_restart_drops_no_request() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let supervisor = Arc::new(Supervisor::new());
    let hears = || {
        let supervisor = supervisor.clone();
        spawn_blocking(move || supervisor.hears())
    };
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));

    let mut child = supervisor.start(socket.try_clone().unwrap(), 1);
    assert_eq!(hears().await.unwrap(), "READY=1\n");
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(ask(number, address, over.clone(), answered.clone()));
    }
    for _ in 0..RESTARTS {
        let before = answered.load(Ordering::SeqCst);
        eventually(|| answered.load(Ordering::SeqCst) >= before + 10 * CLIENTS).await;
        let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert_eq!(hears().await.unwrap(), "STOPPING=1\n");
        let ended = spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        child = supervisor.start(socket.try_clone().unwrap(), 1);
        assert_eq!(hears().await.unwrap(), "READY=1\n");
    }
    let before = answered.load(Ordering::SeqCst);
    eventually(|| answered.load(Ordering::SeqCst) >= before + 10 * CLIENTS).await;
    over.store(true, Ordering::SeqCst);
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_was_handed_over_wrongly_is_named() {
    let supervisor = Supervisor::new();
    let listener = || TcpListener::bind("127.0.0.1:0").unwrap();
    let several = supervisor.refusal(listener(), 2);
    assert!(several.contains("LISTEN_FDS: several sockets were handed over"), "{several}");

    for count in ["one", "-1"] {
        let no_number = supervisor.refusal(listener(), format!("'{count}'"));
        assert!(no_number.contains("LISTEN_FDS: should be the number of sockets"), "{no_number}");
    }

    let path = supervisor.folder.path().join("unix");
    for refusal in [
        supervisor.refusal(UnixListener::bind(path).unwrap(), 1),
        supervisor.refusal(File::open("/dev/null").unwrap(), 1),
    ] {
        assert!(refusal.contains("LISTEN_FDS: what was handed over is no TCP socket"), "{refusal}");
    }

    let socket = listener();
    let connection = std::net::TcpStream::connect(socket.local_addr().unwrap()).unwrap();
    let connected = supervisor.refusal(connection, 1);
    assert!(connected.contains("LISTEN_FDS: the socket that was handed over does not listen"), "{connected}");
}
