//! A code beside the password, at the doors that take one.

use domain::{AccountId, OsRandom, RecoveryCode};
use rocket::tokio::task::JoinSet;
use store::Engine;

use super::{ADA, Ada, WRONG, said};
use crate::engines::both_engines;
use crate::parity::server::Door::{self, Fastsite, Mirror};
use crate::parity::server::{TestServer, succeeded};
use crate::support::{Answer, Ask, Body, PASSWORD};

both_engines![
    a_password_and_a_code_sign_in_and_the_code_is_used_up,
    a_code_beside_a_wrong_password_is_neither_right_nor_used_up,
    of_fifty_uses_of_one_code_one_signs_in,
    an_account_that_wants_no_second_factor_ignores_the_code,
    only_whoever_has_both_is_told_that_the_account_is_locked_or_the_password_too_old,
    a_code_that_is_no_text_is_refused_before_anything_is_checked,
];

/// The doors that take a code.
const TAKE: [Door; 2] = [Fastsite, Mirror];

fn with_code(server: &TestServer, door: Door, password: &str, code: &str) -> Ask {
    let visitor = server.app.visitor();
    let rest = [("password", password), ("code", code)];
    match door {
        Fastsite => visitor.post("/api/v1/personal/auth").form(&[("login", ADA), rest[0], rest[1]]),
        _ => visitor.post("/auth/login").form(&[("email", ADA), rest[0], rest[1]]),
    }
}

/// A recovery code of ada's.
pub async fn code(ada: &Ada, engine: Engine) -> String {
    let id = ada.server.id(ADA).await;
    let code = RecoveryCode::draw(&OsRandom);
    let hex: String =
        code.digest(AccountId(id)).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = match engine {
        Engine::Sqlite => format!("X'{hex}'"),
        Engine::Postgres => format!("decode('{hex}', 'hex')"),
    };
    let insert =
        format!("INSERT INTO recovery_codes (account_id, digest, created_at) VALUES ({id}, {digest}, 1)");
    ada.server.app.sql(&insert).await;
    code.reveal().to_string()
}

async fn left(ada: &Ada) -> i64 {
    ada.server.app.count("SELECT COUNT(*) FROM recovery_codes").await
}

async fn a_password_and_a_code_sign_in_and_the_code_is_used_up(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    for door in TAKE {
        let code = code(&ada, engine).await;
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        let entered = with_code(&ada.server, door, PASSWORD, &typed).send().await;
        assert!(succeeded(door, &entered), "{door:?}: {}", entered.text());
        let again = with_code(&ada.server, door, PASSWORD, &code).send().await;
        let wrong = with_code(&ada.server, door, WRONG, &code).send().await;
        assert_eq!(said(&again), said(&wrong), "{door:?}");
    }
    assert_eq!(left(&ada).await, 0);
    let by_both =
        "SELECT COUNT(*) FROM audit_events WHERE kind = 'signed_in' AND factors = 'password recovery_code'";
    assert_eq!(ada.server.app.count(by_both).await, 2);
}

async fn a_code_beside_a_wrong_password_is_neither_right_nor_used_up(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let code = code(&ada, engine).await;
    for door in TAKE {
        let wrong = said(&with_code(&ada.server, door, WRONG, "").send().await);
        assert_eq!(said(&with_code(&ada.server, door, WRONG, &code).send().await), wrong, "{door:?}");
    }
    assert_eq!(left(&ada).await, 1);
    // Amadis takes none.
    let fields = [("email", ADA), ("password", PASSWORD), ("code", &code)];
    let secret = ada.server.app.visitor().post("/api/user/v1/secret").form(&fields).send().await;
    assert_eq!((secret.status, left(&ada).await), (422, 1), "{}", secret.text());
    let entered = with_code(&ada.server, Mirror, PASSWORD, &code).send().await;
    assert_eq!((entered.status, left(&ada).await), (200, 0));
}

async fn of_fifty_uses_of_one_code_one_signs_in(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let code = code(&ada, engine).await;
    let mut racing = JoinSet::new();
    for number in 0..50 {
        let door = TAKE[number % 2];
        let ask = with_code(&ada.server, door, PASSWORD, &code);
        racing.spawn(async move { (door, ask.send().await) });
    }
    let answers: Vec<(Door, Answer)> = racing.join_all().await;
    let entered = answers.iter().filter(|(door, answer)| succeeded(*door, answer)).count();
    assert_eq!(entered, 1);
    assert_eq!(ada.server.app.count("SELECT COUNT(*) FROM bearers").await, 1);
}

async fn an_account_that_wants_no_second_factor_ignores_the_code(engine: Engine) {
    let server = TestServer::new(engine, "").await;
    server.register(Mirror, ADA, PASSWORD).await;
    for door in TAKE {
        for code in ["", " ", "123456", "nothing that could be a code", &"x".repeat(5_000)] {
            let entered = with_code(&server, door, PASSWORD, code).send().await;
            assert!(succeeded(door, &entered), "{door:?}, {code}: {}", entered.text());
            let wrong = with_code(&server, door, WRONG, code).send().await;
            assert_eq!(said(&wrong), said(&server.login(door, ADA, WRONG).send().await), "{door:?}, {code}");
        }
    }
}

async fn only_whoever_has_both_is_told_that_the_account_is_locked_or_the_password_too_old(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    for (state, told) in
        [("locked_at = 1", "locked"), ("locked_at = NULL, password_expires_at = 1", "no longer works")]
    {
        let code = code(&ada, engine).await;
        let before = left(&ada).await;
        ada.server.app.sql(&format!("UPDATE accounts SET {state}")).await;
        for door in TAKE {
            let ask = |password: &str, code: &str| {
                with_code(&ada.server, door, password, code).header("accept-language", "en")
            };
            let wrong = said(&ask(WRONG, "").send().await);
            for (password, code) in [(PASSWORD, ""), (PASSWORD, "000000"), (WRONG, &*code)] {
                assert_eq!(said(&ask(password, code).send().await), wrong, "{door:?}, {state}");
            }
            let both = ask(PASSWORD, &code).send().await;
            assert!(both.text().contains(told) && !succeeded(door, &both), "{door:?}: {}", both.text());
        }
        // Nothing was opened, so nothing was used up.
        assert_eq!(left(&ada).await, before);
    }
}

async fn a_code_that_is_no_text_is_refused_before_anything_is_checked(engine: Engine) {
    let ada = Ada::new(engine, "").await;
    let body = |code: &str| {
        let fields = format!(
            "{{\"login\":\"{ADA}\",\"email\":\"{ADA}\",\"password\":\"{PASSWORD}\",\"code\":{code}}}"
        );
        Body::new("application/json", fields)
    };
    for (door, path) in [(Fastsite, "/api/v1/personal/auth"), (Mirror, "/auth/login")] {
        for code in ["[\"123456\"]", "{}", "true"] {
            let answer = ada.server.app.visitor().post(path).body(body(code)).send().await;
            assert!(!succeeded(door, &answer) && answer.status < 500, "{door:?}, {code}: {}", answer.text());
        }
    }
}
