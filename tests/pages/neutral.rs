//! Registration where addresses have to be proven first: nobody learns whether an address is taken, by
//! whatever door. Only the mailbox is told.

use std::time::Duration;

use store::Engine;

use crate::engines::both_engines;
use crate::support::{Answer, Ask, PASSWORD, TestApp, mail, until};

both_engines!(
    a_taken_and_a_free_address_are_answered_alike_at_every_door,
    signing_in_after_it_tells_them_apart_neither,
    its_username_is_taken_in_both_cases,
    a_second_registration_tells_them_apart_neither,
    wrong_guesses_are_counted_alike,
    guesses_before_it_count_after_it_in_both_cases,
    the_owner_of_a_taken_address_signs_in_as_before_and_is_told,
    an_owner_who_has_not_proven_it_yet_gets_the_link_again,
    a_trusted_server_is_told,
    where_it_is_not_required_a_taken_address_is_said,
);

const REQUIRED: &str = "registration.verify = 'required'";
const OTHER: &str = "another horse entirely";
const TAKEN: &str = "taken@example.org";
const FREE: &str = "timid@example.org";

/// The doors that strangers register at, as requests with this address, username and password.
fn doors(app: &TestApp, email: &str, login: &str, password: &str) -> Vec<Ask> {
    let ask = |path: &str| app.visitor().post(path);
    let page = [("email", email), ("username", login), ("password", password)];
    let plain = [("email", email), ("password", password)];
    let app_form =
        [("login", login), ("email", email), ("password", password), ("confirm_password", password)];
    vec![
        ask("/user/create").form(&page),
        ask("/user/create").wants_json().form(&page),
        ask("/api/user/v1/register").form(&[("name", "Somebody"), ("email", email), ("password", password)]),
        ask("/api/v1/personal/register/").form(&app_form),
        ask("/auth/register").form(&plain),
    ]
}

/// The doors that people sign in at.
fn sign_ins(app: &TestApp, identifier: &str, password: &str) -> Vec<Ask> {
    let ask = |path: &str| app.visitor().post(path);
    let form = [("email", identifier), ("password", password)];
    let change = [("email", identifier), ("oldpassword", password), ("newpassword", "a third horse here")];
    vec![
        ask("/user/login").form(&form),
        ask("/user/login").wants_json().form(&form),
        app.visitor().ask("PATCH", "/api/user/v1/changepassword").form(&change),
        ask("/api/v1/personal/auth/").form(&[("login", identifier), ("password", password)]),
        ask("/auth/login").form(&form),
    ]
}

/// What a stranger sees of an answer, with every address and username replaced.
fn seen(answer: Answer) -> (u16, Vec<(String, String)>, String) {
    let text = answer.text().replace(TAKEN, "X").replace(FREE, "X");
    (answer.status, answer.shared_headers(), text.replace("taken", "x").replace("timid", "x"))
}

async fn sent(app: &TestApp) {
    until(Duration::from_secs(20), || async { app.count("SELECT COUNT(*) FROM outbox").await == 0 }).await;
}

/// A server on which one address is taken, by an account that has proven it.
async fn server(engine: Engine, more: &str) -> TestApp {
    let app = TestApp::with(engine, &format!("{REQUIRED}\n{more}")).await;
    let form = [("email", TAKEN), ("username", "olga"), ("password", OTHER)];
    assert_eq!(app.visitor().post("/user/create").wants_json().form(&form).send().await.status, 201);
    app.sql("UPDATE accounts SET verified_at = 1").await;
    sent(&app).await;
    app
}

async fn a_taken_and_a_free_address_are_answered_alike_at_every_door(engine: Engine) {
    for door in 0..5 {
        let app = server(engine, "").await;
        let mut answers = Vec::new();
        for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
            answers.push(seen(doors(&app, email, login, PASSWORD)[door].send().await));
        }
        assert_eq!(answers[0], answers[1], "door {door}");
        assert!(!answers[0].2.to_lowercase().contains("already"), "door {door}: {}", answers[0].2);
        sent(&app).await;
        assert_eq!(app.mails(FREE).len(), 1, "door {door}");
        let told = app.mails(TAKEN).pop().unwrap();
        assert!(told.contains("Subject: You already have an account on Vestibule"), "door {door}: {told}");
    }
}

async fn signing_in_after_it_tells_them_apart_neither(engine: Engine) {
    let app = server(engine, "").await;
    for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
        assert_eq!(doors(&app, email, login, PASSWORD)[1].send().await.status, 201);
    }
    for password in [PASSWORD, "wrong horse battery", ""] {
        for door in 0..5 {
            for identifiers in [[TAKEN, FREE], ["taken", "timid"]] {
                let mut answers = Vec::new();
                for identifier in identifiers {
                    answers.push(seen(sign_ins(&app, identifier, password)[door].send().await));
                }
                assert_eq!(answers[0], answers[1], "door {door}, {identifiers:?}, {password}");
                let said = answers[0].2.to_lowercase();
                let asked = said.contains("confirm") || said.contains("подтвердите");
                assert_eq!(asked, password == PASSWORD, "door {door}: {}", answers[0].2);
            }
        }
    }
    // In a browser both are one click.
    let mut pages = Vec::new();
    for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
        let form = [("email", email), ("password", PASSWORD)];
        let journey = app.visitor().post("/user/create").form(&form).follow().await;
        journey.went(&[(308, "/user/login"), (303, "/user/verify?requested=welcome")]);
        pages.push(seen(journey.answer));
        assert!(!pages[0].2.contains(login));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0].0, 200);
}

async fn its_username_is_taken_in_both_cases(engine: Engine) {
    let app = server(engine, "").await;
    for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
        assert_eq!(doors(&app, email, login, PASSWORD)[1].send().await.status, 201);
        for other in [email, "other@example.org"] {
            doors(&app, other, &login.to_uppercase(), PASSWORD)[1]
                .send()
                .await
                .refused_fields(422, &["username"]);
        }
    }
    let owner = app.visitor();
    assert_eq!(owner.log_in("olga", OTHER).await.status, 200);
    let rename = owner.post("/user/modify/username").wants_json();
    rename.clone().form(&[("username", "timid")]).send().await.refused_fields(422, &["username"]);
    // Whoever has the address may have the name that was claimed with it.
    assert_eq!(rename.form(&[("username", "taken")]).send().await.status, 200);
}

async fn a_second_registration_tells_them_apart_neither(engine: Engine) {
    let app = server(engine, "").await;
    let mut answers = Vec::new();
    for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
        for (login, password) in [(login, PASSWORD), (&*format!("{login}-2"), "a third horse here")] {
            assert_eq!(doors(&app, email, login, password)[1].send().await.status, 201);
        }
        let mut own = Vec::new();
        for identifier in [email, login, &format!("{login}-2")] {
            for password in [PASSWORD, "a third horse here"] {
                own.push(seen(app.visitor().log_in(identifier, password).await));
            }
        }
        answers.push(own);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].iter().map(|answer| answer.0).collect::<Vec<_>>(), [401, 403, 401, 403, 401, 403]);
}

async fn wrong_guesses_are_counted_alike(engine: Engine) {
    let app = server(engine, "rate_limits = 'on'").await;
    let mut statuses = Vec::new();
    for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
        assert_eq!(doors(&app, email, login, PASSWORD)[1].send().await.status, 201);
        let mut own = Vec::new();
        for (identifier, password) in [
            (login, "wrong horse battery"),
            (email, PASSWORD),
            (email, "wrong horse battery"),
            (login, PASSWORD),
            (email, "wrong horse battery"),
            (email, "wrong horse battery"),
            (login, PASSWORD),
        ] {
            own.push(app.visitor().log_in(identifier, password).await.status);
        }
        statuses.push(own);
    }
    assert_eq!(statuses[0], statuses[1]);
}

async fn the_owner_of_a_taken_address_signs_in_as_before_and_is_told(engine: Engine) {
    let app = server(engine, "rate_limits = 'on'").await;
    for number in 0..5 {
        assert_eq!(doors(&app, TAKEN, &format!("n{number}"), PASSWORD)[1].send().await.status, 201);
    }
    assert_eq!(app.visitor().log_in(TAKEN, OTHER).await.json()["username"], "olga");
    assert_eq!(app.visitor().log_in(TAKEN, PASSWORD).await.problem(403)["code"], "unverified");
    // Even with the password that the owner has.
    assert_eq!(doors(&app, TAKEN, "n6", OTHER)[1].send().await.status, 201);
    assert_eq!(app.visitor().log_in(TAKEN, OTHER).await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
    let subject = "Subject: You already have an account on Vestibule";
    until(Duration::from_secs(20), || async {
        app.count("SELECT COUNT(*) FROM outbox WHERE kind <> 'digest'").await == 0
    })
    .await;
    // One at once, the others in a digest.
    assert_eq!(app.mails(TAKEN).iter().filter(|mail| mail.contains(subject)).count(), 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM outbox").await, 1);
    app.pass(Duration::from_secs(3_600));
    sent(&app).await;
    let digest = mail::read(&app.mails(TAKEN).pop().unwrap());
    // In the text, in the HTML, and the last one in what a list of mails shows.
    assert_eq!(digest.matches("Someone, maybe you, tried").count(), 2 * 5 + 1, "{digest}");
}

async fn an_owner_who_has_not_proven_it_yet_gets_the_link_again(engine: Engine) {
    let app = TestApp::with(engine, REQUIRED).await;
    for number in 1..=2 {
        doors(&app, FREE, &format!("n{number}"), PASSWORD)[1].send().await;
        sent(&app).await;
        assert_eq!(app.mails(FREE).len(), number);
    }
    let subject = "Subject: Confirm your email address for Vestibule";
    assert!(app.mails(FREE).iter().all(|mail| mail.contains(subject)));
    assert_eq!(app.count("SELECT COUNT(*) FROM accounts").await, 1);
}

async fn a_trusted_server_is_told(engine: Engine) {
    let app = server(engine, "").await;
    let key = format!("Bearer {}", app.key("shop").await);
    let form = [("email", TAKEN), ("password", PASSWORD)];
    let create = app.visitor().post("/admin/api_account/create").header("authorization", &key);
    let answer = create.form(&form).send().await;
    assert_eq!(
        (answer.status, &answer.json()["message"]),
        (400, &"This email address is already used".into())
    );
    let register = doors(&app, TAKEN, "", PASSWORD)[2].clone().header("authorization", &key).send().await;
    assert_eq!(register.status, 422, "{}", register.text());
    assert_eq!(app.mails(TAKEN).len(), 1);
}

async fn where_it_is_not_required_a_taken_address_is_said(engine: Engine) {
    for verify in ["off", "optional"] {
        let app = TestApp::with(engine, &format!("registration.verify = '{verify}'")).await;
        for status in [201, 422] {
            assert_eq!(doors(&app, TAKEN, "", PASSWORD)[1].send().await.status, status);
        }
    }
}

async fn guesses_before_it_count_after_it_in_both_cases(engine: Engine) {
    // By address and by the username that is registered, with and without failures that delay the next guess.
    for (by_name, failures) in [(false, 7), (false, 3), (true, 7)] {
        let app = server(engine, "rate_limits = 'on'").await;
        let mut seen_of = Vec::new();
        for (email, login) in [(TAKEN, "taken"), (FREE, "timid")] {
            let identifier = if by_name { login } else { email };
            let mut own = Vec::new();
            for number in 0..failures {
                let wrong = format!("wrong horse battery {number}");
                own.push(seen(app.visitor().log_in(identifier, &wrong).await));
            }
            assert_eq!(doors(&app, email, login, PASSWORD)[1].send().await.status, 201);
            for password in [PASSWORD, PASSWORD, "wrong horse battery", PASSWORD] {
                own.push(seen(app.visitor().log_in(identifier, password).await));
            }
            seen_of.push(own);
        }
        assert_eq!(seen_of[0], seen_of[1], "{by_name} {failures}");
        let throttled = seen_of[0].iter().filter(|(status, ..)| *status == 429).count();
        assert!(throttled > 0, "the guesses are counted: {seen_of:?}");
    }
    // An account has one budget, whichever of its names is tried, before and after its address is claimed.
    let app = server(engine, "rate_limits = 'on'").await;
    for identifier in ["olga", TAKEN, "olga"] {
        assert_eq!(app.visitor().log_in(identifier, "wrong horse battery").await.status, 401);
    }
    assert_eq!(doors(&app, TAKEN, "taken", PASSWORD)[1].send().await.status, 201);
    for (identifier, status) in [(TAKEN, 401), ("taken", 401), ("olga", 429), (TAKEN, 429)] {
        assert_eq!(app.visitor().log_in(identifier, "wrong horse battery").await.status, status);
    }
}
