//! Liftoff and shutdown, clients that disconnect, and the log of both.

use std::sync::atomic::Ordering;
use std::time::Duration;

use listener::{ClientHeader, ServeError, Server, ServerSettings};
use rocket::async_test;
use rocket::tokio::net::TcpStream;
use rocket::tokio::sync::oneshot;

use crate::harness::{Client, eventually, logged, open, settings};
use crate::routes;

#[async_test]
async fn liftoff_fairings_have_run_and_rocket_knows_the_port() {
    let server = open(settings()).await;
    assert!(server.seen.lifted_off.load(Ordering::SeqCst));
    let answer = server.ask("GET /port HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(answer.body, server.address.port().to_string());
}

#[async_test]
async fn an_address_in_use_is_an_error_with_its_name() {
    let server = open(settings()).await;
    let taken = ServerSettings { port: server.address.port(), ..settings() };
    let error = Server::bind(routes::rocket(Default::default()), taken).await.err().unwrap();
    assert!(matches!(error, ServeError::Bind(address, _) if address == server.address));
    assert!(error.to_string().contains(&server.address.to_string()));
}

#[async_test]
async fn a_rocket_that_cannot_launch_is_an_error() {
    let rocket = routes::rocket(Default::default());
    let twice = rocket.mount("/", rocket::routes![clash]);
    assert!(matches!(Server::bind(twice, settings()).await, Err(ServeError::Launch(_))));
}

#[rocket::get("/hello")]
fn clash() {}

#[async_test]
async fn a_stop_lets_a_running_request_finish_and_accepts_no_more() {
    let mut server = open(settings()).await;
    let mut client = server.connect().await;
    client.send("GET /slow?ms=200 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 1).await;
    server.stop();
    let answer = client.answer().await;
    assert_eq!((answer.body.as_str(), answer.header("connection")), ("done", Some("close")));
    client.closed().await;
    let address = server.address;
    server.ended().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[async_test]
async fn a_stop_answers_what_is_on_its_way() {
    let mut server = open(settings()).await;
    let (mut new, mut silent, mut known) =
        (server.connect().await, server.connect().await, server.connect().await);
    let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";
    // Connections are accepted in turn, so the other two have been as well.
    known.send(hello).await;
    assert_eq!(known.answer().await.header("connection"), None);
    new.send(hello).await;
    known.send(hello).await;
    server.stop();
    for client in [&mut new, &mut known] {
        let answer = client.answer().await;
        // Where it was answered before the stop, nothing announced that the connection ends.
        let announced = answer.header("connection").unwrap_or("close");
        assert_eq!((answer.status, announced), (200, "close"));
        client.closed().await;
    }
    silent.closed().await;
    server.ended().await;
}

#[async_test]
async fn a_socket_that_was_handed_over_is_served_and_left_open() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let handed = socket.try_clone().unwrap();
    // A taken port, which has no effect.
    let settings = ServerSettings { port: socket.local_addr().unwrap().port(), ..settings() };
    let server = Server::on(handed, routes::rocket(Default::default()), settings.clone()).await.unwrap();
    let address = server.local_addr();
    assert_eq!(address, socket.local_addr().unwrap());
    server.run(async {}).await.unwrap();
    // Waits in the queue for the next server.
    let mut client = Client::to(address).await;
    client.send("GET /port HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let next = Server::on(socket, routes::rocket(Default::default()), settings).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let run = rocket::tokio::spawn(next.run(async {
        let _ = stopped.await;
    }));
    assert_eq!(client.answer().await.body, address.port().to_string());
    drop(stop);
    run.await.unwrap().unwrap();
}

#[async_test]
async fn a_stop_does_not_wait_longer_than_the_grace() {
    let mut server = open(ServerSettings { grace: Duration::from_millis(100), ..settings() }).await;
    let (mut left, mut stays) = (server.connect().await, server.connect().await);
    left.send("POST /commit?ms=60000 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").await;
    stays.send("GET /slow?ms=60000 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 2).await;
    drop(left);
    server.stop();
    stays.closed().await;
    let seen = std::sync::Arc::clone(&server.seen);
    server.ended().await;
    assert!(seen.shut_down.load(Ordering::SeqCst));
    assert_eq!(seen.finished.load(Ordering::SeqCst), 0);
}

#[async_test]
async fn a_change_is_finished_although_its_client_left_and_a_question_is_not() {
    let server = open(settings()).await;
    let (mut change, mut question) = (server.connect().await, server.connect().await);
    change.send("POST /commit?ms=200 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").await;
    question.send("GET /slow?ms=60000 HTTP/1.1\r\nHost: a\r\n\r\n").await;
    eventually(|| server.seen.started.load(Ordering::SeqCst) == 2).await;
    drop((change, question));
    eventually(|| server.seen.finished.load(Ordering::SeqCst) == 1).await;
    eventually(|| server.seen.given_up.load(Ordering::SeqCst) == 1).await;
}

#[async_test]
async fn the_access_log_has_the_route_and_nothing_that_a_stranger_wrote() {
    let server = open(ServerSettings { access_log: true, ..settings() }).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let answer = server
        .ask(&format!(
            "GET /hello?token=secret HTTP/1.1\r\nHost: a\r\nCookie: secret=1\r\nX-Request-Id: secret\r\n\
             Traceparent: 00-{trace}-b7ad6b7169203331-01\r\n\r\n"
        ))
        .await;
    server.ask("POST /secret?secret HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nsecret").await;
    server.ask("SECRET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
    eventually(|| logged("trace_id").len() == 1 && !logged("method=other").is_empty()).await;
    let line = logged(trace).remove(0);
    let id = answer.header("x-request-id").unwrap();
    assert!(id.len() == 16 && id != "secret", "{id}");
    for value in
        ["method=GET", "route=/hello", "status=200", "bytes=5", "door=test", &format!("request_id={id}")]
    {
        assert!(line.contains(&format!(" {value} ")), "{value}: {line}");
    }
    assert!(line.contains(" duration_ms="), "{line}");
    assert_eq!(logged(" method=POST route=none status=404 ").len(), 1);
    assert!(logged("secret").is_empty() && logged("SECRET").is_empty());
}

#[async_test]
async fn an_id_of_a_trusted_proxy_is_taken_over() {
    let header =
        ClientHeader::new("X-Real-IP", vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()]);
    let server = open(ServerSettings { client_header: header, ..settings() }).await;
    for (sent, taken) in [("of-the-proxy_1.2", true), ("two words", false), ("", false)] {
        let ask =
            format!("GET /hello HTTP/1.1\r\nHost: a\r\nX-Real-IP: 192.0.2.7\r\nX-Request-Id: {sent}\r\n\r\n");
        let answer = server.ask(&ask).await;
        assert_eq!(answer.header("x-request-id").unwrap() == sent, taken, "{sent}");
    }
}

#[async_test]
async fn the_access_log_is_off_unless_asked_for() {
    let server = open(settings()).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let ask =
        format!("GET /hello HTTP/1.1\r\nHost: a\r\nTraceparent: 00-{trace}-00f067aa0ba902b7-00\r\n\r\n");
    assert_eq!(server.ask(&ask).await.status, 200);
    assert!(logged(trace).is_empty());
}
