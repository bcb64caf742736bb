//! Concurrent requests, several instances, and a database that goes away.

use std::time::Duration;

use rocket::tokio::task::JoinSet;
use store::Engine;

use crate::engines::{both_engines, run};
use crate::support::pictures::{RED, plain};
use crate::support::{Body, PASSWORD, TestApp, Visitor, until};

both_engines!(
    of_many_who_want_one_address_one_gets_it,
    of_many_who_want_one_username_one_gets_it,
    many_sign_in_and_change_at_once_and_all_succeed,
    many_uploads_of_one_picture_at_once_leave_it_shown,
);

const SECOND: Duration = Duration::from_secs(1);

const IMPATIENT: &str = "database.patience_seconds = 1";

async fn of_many_who_want_one_address_one_gets_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    for (racers, email) in [(5, "five@example.org"), (20, "twenty@example.org")] {
        let mut race = JoinSet::new();
        for number in 0..racers {
            let visitor = app.visitor();
            race.spawn(async move {
                let password = format!("{PASSWORD} {number}");
                let spelling = if number % 2 == 0 { email.to_owned() } else { email.to_uppercase() };
                let form = [("email", spelling.as_str()), ("password", password.as_str())];
                (visitor.post("/user/create").wants_json().form(&form).send().await, password)
            });
        }
        let (won, lost): (Vec<_>, Vec<_>) =
            race.join_all().await.into_iter().partition(|(answer, _)| answer.status == 201);
        assert_eq!(won.len(), 1);
        for (answer, _) in &lost {
            answer.refused_fields(422, &["email"]);
        }
        assert_eq!(app.visitor().log_in(email, &won[0].1).await.status, 200);
        assert_eq!(app.visitor().log_in(email, &lost[0].1).await.status, 401);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 2);
}

async fn of_many_who_want_one_username_one_gets_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let mut race = JoinSet::new();
    for (number, username) in ["bill", "Bill", "BiLL", "bi11", "bi1l"].into_iter().enumerate() {
        let visitor = app.visitor();
        race.spawn(async move {
            let email = format!("{number}@example.org");
            let form = [("email", email.as_str()), ("username", username), ("password", PASSWORD)];
            visitor.post("/user/create").wants_json().form(&form).send().await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        race.join_all().await.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(won.len(), 1);
    lost.iter().for_each(|answer| answer.refused_fields(422, &["username"]));

    let mut race = JoinSet::new();
    for name in ["ada", "bob", "cyd"] {
        let visitor = app.signed_up(name).await;
        race.spawn(async move {
            visitor
                .post("/user/modify/username")
                .wants_json()
                .form(&[("username", "zed")])
                .send()
                .await
                .status
        });
    }
    let mut statuses = race.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422]);
}

async fn many_sign_in_and_change_at_once_and_all_succeed(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let mut crowd = JoinSet::new();
    for number in 0..30 {
        let (visitor, ada) = (app.visitor(), ada.clone());
        crowd.spawn(async move {
            let name = format!("Ada {number}");
            let changed = ada.post("/user/modify/profile").wants_json().form(&[("name", &name)]).send().await;
            (visitor.log_in("ada", PASSWORD).await.status, changed.status, visitor.is_signed_in().await)
        });
    }
    for outcome in crowd.join_all().await {
        assert_eq!(outcome, (200, 200, true));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 31);
}

async fn many_uploads_of_one_picture_at_once_leave_it_shown(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let mut crowd = JoinSet::new();
    for number in 0..8 {
        let visitor = if number % 2 == 0 { ada.clone() } else { bob.clone() };
        crowd.spawn(async move {
            let body = Body::upload(&plain(RED, image::ImageFormat::Png), &[]);
            let answer = visitor.post("/user/modify/pp").wants_json().body(body).send().await.status;
            let removed = if number < 4 {
                visitor.post("/user/modify/pp/remove").wants_json().send().await.status
            } else {
                200
            };
            (answer, removed)
        });
    }
    for outcome in crowd.join_all().await {
        assert_eq!(outcome, (200, 200));
    }
    for visitor in [ada, bob] {
        let account = visitor.account().await;
        let (_, path) = account["avatar_url"].as_str().unwrap().split_once("/user/").unwrap();
        assert_eq!(visitor.get(&format!("/user/{path}")).send().await.status, 200);
    }
}

#[test]
fn a_picture_that_one_instance_removes_stays_while_another_names_it() {
    run(Engine::Postgres, async |engine| {
        let here = TestApp::new(engine).await;
        let there = here.another().await;
        let ada = here.signed_up("ada").await;
        let bob = there.signed_up("bob").await;
        let upload = async |visitor: &Visitor| {
            let body = Body::upload(&plain(RED, image::ImageFormat::Png), &[]);
            visitor.post("/user/modify/pp").wants_json().body(body).send().await.status
        };
        let remove =
            async |visitor: &Visitor| visitor.post("/user/modify/pp/remove").wants_json().send().await.status;
        for round in 0..6 {
            assert_eq!(upload(&ada).await, 200);
            assert_eq!(rocket::tokio::join!(remove(&ada), upload(&bob)), (200, 200), "round {round}");
            let account = bob.account().await;
            let (_, path) = account["avatar_url"].as_str().unwrap().split_once("/user/").unwrap();
            for instance in [&here, &there] {
                let shown = instance.visitor().get(&format!("/user/{path}")).send().await;
                assert_eq!(shown.status, 200, "round {round}");
            }
            assert_eq!(remove(&bob).await, 200);
        }
    });
}

#[test]
fn what_ends_on_one_instance_is_over_on_the_others_within_a_second() {
    run(Engine::Postgres, async |engine| {
        let here = TestApp::new(engine).await;
        let there = here.another().await;
        let ada = here.signed_up("ada").await;
        let token = ada.cookie("vestibule").unwrap();
        let elsewhere = there.visitor();
        elsewhere.set_cookie("vestibule", &token);
        let phone = there.signed_in("ada").await;
        // Uses the sessions until the other instance has cached them.
        for _ in 0..20 {
            assert!(elsewhere.is_signed_in().await && phone.is_signed_in().await);
        }

        let changed =
            ada.post("/user/modify/profile").wants_json().form(&[("name", "Countess")]).send().await;
        assert_eq!(changed.status, 200);
        until(SECOND, async || elsewhere.account().await["name"] == "Countess").await;

        let ended = ada.post("/user/sessions/end-others").wants_json().send().await;
        assert_eq!(ended.json()["ended"], 1);
        until(SECOND, async || !phone.is_signed_in().await).await;

        let form = [("apassword", PASSWORD), ("npassword", "another horse entirely")];
        let tablet = there.signed_in("ada").await;
        assert_eq!(ada.post("/user/modify/password").wants_json().form(&form).send().await.status, 200);
        until(SECOND, async || !tablet.is_signed_in().await).await;
        until(SECOND, async || !elsewhere.is_signed_in().await).await;
        elsewhere.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
        assert!(elsewhere.is_signed_in().await);

        ada.post("/user/logout").send().await;
        until(SECOND, async || !elsewhere.is_signed_in().await).await;
        assert_eq!(there.visitor().log_in("ada", "another horse entirely").await.status, 200);
    });
}

#[test]
fn without_a_database_every_answer_is_503_in_shape_until_it_is_back() {
    run(Engine::Postgres, async |engine| {
        let app = TestApp::with(engine, IMPATIENT).await;
        let ada = app.signed_up("ada").await;
        app.scratch().shut_out().await;
        // The cache is used only while it is known to be current.
        until(3 * SECOND, async || ada.get("/user/profil").wants_json().send().await.status == 503).await;
        let form = [("email", "ada"), ("password", PASSWORD)];
        for (method, path) in [
            ("GET", "/user/profil"),
            ("GET", "/user/login"),
            ("GET", "/health"),
            ("POST", "/user/login"),
            ("POST", "/user/modify/profile"),
            ("POST", "/user/modify/pp"),
        ] {
            let answer = ada.ask(method, path).form(&form).send().await;
            let page = answer.refusal_page(503);
            assert!(answer.header("retry-after").is_some());
            let answer = ada.ask(method, path).wants_json().form(&form).send().await;
            let problem = answer.problem(503);
            assert!(problem["incident"].as_str().is_some_and(|number| !number.is_empty()));
            for text in [page, problem.to_string()] {
                assert!(
                    !text.contains("sqlx") && !text.contains("connection") && !text.contains("postgres"),
                    "{text}"
                );
            }
        }
        // A visitor without a session needs no database.
        assert_eq!(app.visitor().get("/user/login").send().await.status, 200);
        app.visitor().get("/nowhere").send().await.refusal_page(404);
        app.scratch().let_in().await;
        until(10 * SECOND, async || ada.get("/user/profil").wants_json().send().await.status == 200).await;
        assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
        assert_eq!(app.visitor().get("/health").send().await.status, 200);
    });
}

#[test]
fn a_database_that_takes_no_writes_is_still_read_from() {
    run(Engine::Sqlite, async |engine| {
        let app = TestApp::with(engine, IMPATIENT).await;
        let ada = app.signed_up("ada").await;
        let store::DbPool::Sqlite(pool) = app.database().await else { unreachable!() };
        let mut other = pool.acquire().await.unwrap();
        sqlx::query("BEGIN EXCLUSIVE").execute(&mut *other).await.unwrap();
        let form = [("name", "Ada")];
        let answer = ada.post("/user/modify/profile").form(&form).send().await;
        answer.refusal_page(503);
        assert!(answer.header("retry-after").is_some());
        let visitor = app.visitor();
        visitor.log_in("ada", PASSWORD).await.problem(503);
        assert_eq!(visitor.cookie("vestibule"), None);
        assert!(ada.is_signed_in().await);
        sqlx::query("ROLLBACK").execute(&mut *other).await.unwrap();
        assert_eq!(ada.post("/user/modify/profile").form(&form).send().await.status, 303);
        assert_eq!(app.visitor().log_in("ada", PASSWORD).await.status, 200);
    });
}
