//! What is not moved is named, and leaves nothing.

use store::Engine;
use store::moves::{MoveSide, move_to_sqlite};

use super::{PATIENCE, alone, change, file, filled, moved};
use crate::copies::catalogue::tables_of;
use crate::engines::{Scratch, run};
use crate::fixture::{Fixture, pool};

/// What is said when a database does not move.
async fn refusal(from: &Scratch, to: &Scratch) -> (Option<MoveSide>, String) {
    let fault = moved(from, to).await.unwrap_err();
    (fault.side(), fault.to_string())
}

#[test]
fn a_database_that_has_anything_is_not_filled() {
    run(Engine::Postgres, async |_| {
        let from = filled(Engine::Sqlite).await;
        let to = Scratch::migrated(Engine::Postgres).await;
        for (made, named, gone) in [
            (
                "INSERT INTO oidc_devices (digest, client_id, scopes, created_at, pause) \
                 SELECT '\\x00', id, '', 0, 0 FROM oidc_clients",
                "`oidc_clients`",
                "DELETE FROM oidc_clients",
            ),
            ("INSERT INTO roles (id, name) VALUES (4, 'guest')", "`roles`", "DELETE FROM roles WHERE id = 4"),
            ("CREATE TABLE mine AS SELECT 1 AS x", "`mine`", "DROP TABLE mine"),
        ] {
            let client = "INSERT INTO oidc_clients (name, identifier, redirect_uris, first_party, without_pkce, algorithm, \
                          created_at) VALUES ('c', 'c', '', TRUE, TRUE, '', 0)";
            let made = if named == "`oidc_clients`" { format!("{client}; {made}") } else { made.to_owned() };
            change(&to, &made).await;
            let (side, said) = refusal(&from, &to).await;
            assert!(said.contains("not empty") && said.contains(named), "{said}");
            assert_eq!(side, Some(MoveSide::Target));
            change(&to, gone).await;
        }
        // A database that a server has started with, and nobody has used.
        moved(&from, &to).await.unwrap();
        let (_, said) = refusal(&from, &to).await;
        assert!(said.contains("not empty"), "{said}");
    });
}

#[test]
fn what_postgres_cannot_keep_is_named_by_its_row() {
    run(Engine::Postgres, async |_| {
        let from = Scratch::migrated(Engine::Sqlite).await;
        let fixture = Fixture { store: crate::fixture::open(&from).await, scratch: from };
        let (ada, bob) = (fixture.account("ada").await.0, fixture.account("bob").await.0);
        fixture.store.close().await;
        let from = fixture.scratch;
        let to = Scratch::new(Engine::Postgres).await;
        for (made, named, gone) in [
            ("name = 'a' || char(0) || 'b'", "column `name` has a NUL", "name = ''"),
            (
                "lastname = CAST(x'ff41' AS TEXT)",
                "column `lastname` is text that is not UTF-8",
                "lastname = ''",
            ),
            ("locale = x'656e'", "column `locale` is blob and should be text", "locale = NULL"),
            (
                "verified_at = 'yesterday'",
                "`verified_at` is text and should be a whole number",
                "verified_at = NULL",
            ),
            ("updated_at = 0.5", "`updated_at` is real and should be a whole number", "updated_at = 0"),
        ] {
            change(&from, &format!("UPDATE accounts SET {made} WHERE id = {bob}")).await;
            let (side, said) = refusal(&from, &to).await;
            let row = format!("table `accounts`, the row with `id` {bob}: ");
            assert!(said.starts_with(&row) && said.contains(named), "{said}");
            assert_eq!(side, Some(MoveSide::Source));
            assert!(tables_of(&pool(&to).await).await.is_empty(), "nothing was kept");
            change(&from, &format!("UPDATE accounts SET {gone} WHERE id = {bob}")).await;
        }
        let truth =
            "INSERT INTO imported_accounts (product, source_id, complete, run) VALUES ('x', 'y', 2, 0)";
        change(&from, truth).await;
        let (_, said) = refusal(&from, &to).await;
        assert!(said.contains("table `imported_accounts`, row 1") && said.contains("0 or 1"), "{said}");
        change(&from, "DELETE FROM imported_accounts").await;
        // Foreign keys are off unless somebody asks for them, as the sqlite3 program does not.
        let orphan = "PRAGMA foreign_keys = OFF; INSERT INTO sessions (account_id, token, created_at, seen_at) \
                      VALUES (99, x'00', 0, 0); PRAGMA foreign_keys = ON";
        change(&from, orphan).await;
        let (_, said) = refusal(&from, &to).await;
        assert!(said.contains("`sessions` names one of `accounts` that is not there"), "{said}");
        assert!(tables_of(&pool(&to).await).await.is_empty());
        change(&from, "DELETE FROM sessions").await;
        assert_eq!((ada, moved(&from, &to).await.unwrap().tables.len() > 30), (1, true));
    });
}

#[test]
fn what_sqlite_has_not_is_named() {
    run(Engine::Postgres, async |_| {
        let from = Scratch::migrated(Engine::Postgres).await;
        for (made, named, gone) in [
            ("CREATE SEQUENCE free", "the sequence `free`", "DROP SEQUENCE free"),
            ("CREATE TABLE p (a bigint) PARTITION BY LIST (a)", "`p` has parts", "DROP TABLE p"),
            ("CREATE TABLE heir () INHERITS (roles)", "`heir` has parts, is one", "DROP TABLE heir"),
            ("CREATE TABLE notes (id bigint)", "`notes` is not in the target", "DROP TABLE notes"),
        ] {
            change(&from, made).await;
            let to = Scratch::new(Engine::Sqlite).await;
            let (side, said) = refusal(&from, &to).await;
            assert!(said.contains(named), "{said}");
            assert_eq!(side, Some(MoveSide::Source));
            change(&from, gone).await;
        }
        let to = Scratch::new(Engine::Sqlite).await;
        moved(&from, &to).await.unwrap();
    });
}

#[test]
fn a_database_that_somebody_uses_is_not_moved_unless_they_may() {
    run(Engine::Postgres, async |_| {
        let fixture = Fixture::new(Engine::Postgres).await;
        fixture.account("ada").await;
        let from = &fixture.scratch;
        let (_, said) = refusal(from, &Scratch::new(Engine::Sqlite).await).await;
        assert!(said.contains("connections to the database") && said.contains("--while-running"), "{said}");
        let to = Scratch::new(Engine::Sqlite).await;
        let source = alone(from).await;
        let moved_anyway = move_to_sqlite(&source, true, &file(&to), None, &mut |_| {}).await.unwrap();
        assert!(moved_anyway.tables.iter().any(|table| table.name == "accounts" && table.rows == 1));
        source.close().await;
        fixture.store.close().await;
        moved(from, &Scratch::new(Engine::Sqlite).await).await.unwrap();
        // Somebody who is no server of ours, and is in the middle of a write.
        let writer = sqlx::PgPool::connect(&from.url).await.unwrap();
        let mut writing = writer.begin().await.unwrap();
        sqlx::query("UPDATE accounts SET name = 'x'").execute(&mut *writing).await.unwrap();
        let (_, said) = refusal(from, &Scratch::new(Engine::Sqlite).await).await;
        assert!(said.contains("somebody is writing"), "{said}");
        writing.rollback().await.unwrap();
    });
}

#[test]
fn nobody_writes_to_sqlite_while_it_is_moved() {
    run(Engine::Postgres, async |_| {
        let from = filled(Engine::Sqlite).await;
        let to = Scratch::new(Engine::Postgres).await;
        let target = alone(&to).await;
        let (path, mut refused) = (file(&from), false);
        let mut see = |_: &store::moves::MoveProgress<'_>| {
            let writer = sqlx::sqlite::SqliteConnectOptions::new()
                .filename(&path)
                .busy_timeout(std::time::Duration::ZERO);
            refused = std::thread::spawn(move || {
                let runtime =
                    rocket::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    use sqlx::{ConnectOptions as _, Executor as _};

                    let mut writer = writer.connect().await.unwrap();
                    writer.execute("UPDATE accounts SET name = 'late'").await.is_err()
                })
            })
            .join()
            .unwrap();
        };
        let moved = store::moves::move_to_postgres(&file(&from), PATIENCE, false, &target, &mut see).await;
        moved.unwrap();
        assert!(refused, "the write waits");
    });
}
