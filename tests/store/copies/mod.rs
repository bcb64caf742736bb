//! Copies of the whole database: every table, every row, every value, and what is around them.

pub mod catalogue;
pub mod rows;

use std::collections::BTreeMap;

use rocket::tokio;
use store::copies::{CopyError, Schema, SqliteCopy, newest_migration};
use store::{DbPool, Engine, StoreError};

use crate::engines::{Scratch, both_engines, run};
use crate::fixture::{Fixture, open, pool};
use catalogue::{run_each, tables_of};

both_engines!(a_copy_has_every_table_and_every_value, an_unused_database_is_not_copied);

/// Everything that a copy of PostgreSQL has.
#[derive(Debug, PartialEq)]
struct Taken {
    schema: Schema,
    rows: BTreeMap<String, Vec<u8>>,
}

async fn taken(pool: &DbPool) -> Taken {
    let mut snapshot = pool.snapshot().await.unwrap();
    let schema = snapshot.schema().await.unwrap();
    let mut rows = BTreeMap::new();
    for table in &schema.tables {
        let mut lines = Vec::new();
        let take = |piece: &[u8]| {
            lines.extend_from_slice(piece);
            Ok(())
        };
        let number = snapshot.rows(table, take).await.unwrap();
        assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count() as u64, number);
        rows.insert(table.name.clone(), lines);
    }
    Taken { schema, rows }
}

/// Fills an empty database with a copy.
async fn filled(pool: &DbPool, taken: &Taken) -> Result<(), CopyError> {
    let mut fill = pool.fill().await?;
    fill.run(&taken.schema.before).await?;
    for table in &taken.schema.tables {
        let mut rows = fill.rows(table).await?;
        // In pieces that end within a line.
        for piece in taken.rows[&table.name].chunks(7) {
            rows.send(piece).await?;
        }
        rows.finish().await?;
    }
    fill.run(&taken.schema.after).await?;
    fill.commit(&taken.schema).await
}

async fn a_copy_has_every_table_and_every_value(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let pool = pool(&fixture.scratch).await;
    rows::fill_every_table(&pool).await;
    let expected = catalogue::everything(&pool).await;
    assert!(expected.len() > 30 && expected.values().all(|rows| !rows.is_empty()), "{expected:?}");
    let other = Scratch::new(engine).await;
    match engine {
        Engine::Sqlite => {
            let file = other.url.strip_prefix("sqlite:").unwrap();
            let copy = pool.copy_to(file.as_ref()).await.unwrap();
            let counted: BTreeMap<_, _> = copy.tables().unwrap().into_iter().collect();
            let expected = expected.iter().map(|(name, rows)| (name.clone(), rows.len() as u64));
            assert_eq!(counted, expected.collect());
        }
        Engine::Postgres => filled(&crate::fixture::pool(&other).await, &taken(&pool).await).await.unwrap(),
    }
    let copied = crate::fixture::pool(&other).await;
    assert_eq!(catalogue::everything(&copied).await, expected);
    assert_eq!(catalogue::definitions(&copied).await, catalogue::definitions(&pool).await);
    assert_eq!(copied.migration().await.unwrap(), newest_migration());
    // A server that opens it finds nothing to change, and goes on counting.
    let store = open(&other).await;
    let before = fixture.account("zoe").await;
    let after = Fixture { store, scratch: other }.account("zoe").await;
    assert_eq!(after, before);
}

async fn an_unused_database_is_not_copied(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    let pool = pool(&scratch).await;
    assert!(!pool.is_used().await.unwrap());
    assert!(matches!(pool.migration().await, Err(StoreError::Unused)));
}

/// What a plug-in or an operator may have beside our tables.
const OTHERS: &str = "CREATE SEQUENCE free START 7; \
    CREATE FUNCTION shout(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(word) $$; \
    CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO \"Odd \"\"name\" (word) \
    VALUES ('noted'); RETURN NULL; END $$; \
    CREATE TABLE \"Odd \"\"name\" (id serial PRIMARY KEY, word varchar(20) COLLATE \"C\" DEFAULT shout('it''s'), \
    loud text GENERATED ALWAYS AS (upper(word)) STORED, ratio double precision, at timestamptz, parts text[], \
    CHECK (length(word) > 0)); \
    INSERT INTO \"Odd \"\"name\" (ratio, at, parts) VALUES (0.1, '2026-01-01 00:00:00.5+02', ARRAY['a,b', NULL, '\"']); \
    CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, account_id bigint REFERENCES accounts (id) \
    ON DELETE CASCADE, body text) WITH (fillfactor = 70); \
    ALTER TABLE notes ADD CONSTRAINT one_note UNIQUE (account_id, body) DEFERRABLE INITIALLY DEFERRED; \
    CREATE INDEX notes_by_word ON notes (lower(body)) WHERE body IS NOT NULL; \
    CREATE UNLOGGED TABLE empty (); \
    CREATE VIEW shown AS SELECT body FROM notes JOIN accounts ON accounts.id = notes.account_id; \
    INSERT INTO notes (body) VALUES (E'a\\tb\\\\c\\nd'), (NULL), ('\\N'), (''); \
    CREATE TRIGGER notes_noted AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION noted(); \
    CREATE TRIGGER notes_off AFTER DELETE ON notes FOR EACH ROW EXECUTE FUNCTION noted(); \
    ALTER TABLE notes DISABLE TRIGGER notes_off; \
    SELECT nextval('free');";

#[test]
fn what_others_have_in_postgres_comes_along() {
    run(Engine::Postgres, async |engine| {
        let fixture = Fixture::new(engine).await;
        let ours = pool(&fixture.scratch).await;
        run_each(&ours, OTHERS).await;
        let first = taken(&ours).await;
        let other = Scratch::new(engine).await;
        let copied = pool(&other).await;
        filled(&copied, &first).await.unwrap();
        assert_eq!(taken(&copied).await, first);
        assert_eq!(catalogue::definitions(&copied).await, catalogue::definitions(&ours).await);
        assert_eq!(tables_of(&copied).await, tables_of(&ours).await);
        // Neither the triggers nor the rows were there twice.
        assert_eq!(first.rows["notes"], b"1\t\\N\ta\\tb\\\\c\\nd\n2\t\\N\t\\N\n3\t\\N\t\\\\N\n4\t\\N\t\n");
        run_each(&copied, "INSERT INTO notes (body) VALUES ('new'); SELECT nextval('free')").await;
        let after = taken(&copied).await;
        assert!(after.rows["notes"].ends_with(b"5\t\\N\tnew\n"));
        assert!(after.rows["Odd \"name"].ends_with(b"2\tnoted\t\\N\t\\N\t\\N\n"), "{after:?}");
        assert!(after.schema.after.iter().any(|sql| sql.contains("'free'") && sql.contains(" 8, true")));
    });
}

#[test]
fn what_a_copy_of_postgres_would_lose_is_named() {
    run(Engine::Postgres, async |engine| {
        let scratch = Scratch::migrated(engine).await;
        let pool = pool(&scratch).await;
        for (made, named, gone) in [
            ("CREATE MATERIALIZED VIEW m AS SELECT 1", "materialized view m", "DROP MATERIALIZED VIEW m"),
            ("CREATE TYPE mood AS ENUM ('sad')", "type mood", "DROP TYPE mood"),
            ("CREATE TYPE pair AS (a int, b int)", "type pair", "DROP TYPE pair"),
            ("CREATE DOMAIN short AS text", "type short", "DROP DOMAIN short"),
            ("CREATE TABLE p (a int) PARTITION BY LIST (a)", "partitioned table p", "DROP TABLE p"),
            ("CREATE TABLE heir () INHERITS (roles)", "table heir, which inherits", "DROP TABLE heir"),
            ("CREATE RULE no AS ON DELETE TO roles DO INSTEAD NOTHING", "rule no", "DROP RULE no ON roles"),
            ("CREATE POLICY mine ON roles", "policy mine", "DROP POLICY mine ON roles"),
            (
                "CREATE FUNCTION staff() RETURNS SETOF roles LANGUAGE sql AS $$ SELECT * FROM roles $$",
                "function staff, which names a table",
                "DROP FUNCTION staff",
            ),
            (
                "CREATE FUNCTION many() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT COUNT(*) FROM roles; END",
                "function many, which names a table",
                "DROP FUNCTION many",
            ),
            (
                "CREATE VIEW v1 AS SELECT 1::bigint AS x; CREATE VIEW v2 AS SELECT COUNT(*) AS x FROM roles; \
                 CREATE OR REPLACE VIEW v1 AS SELECT x FROM v2",
                "view v1, which names a younger view",
                "DROP VIEW v1, v2",
            ),
            (
                "CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS x",
                "options of the view v",
                "DROP VIEW v",
            ),
            (
                "ALTER TABLE roles ENABLE ROW LEVEL SECURITY",
                "row security of the table roles",
                "ALTER TABLE roles DISABLE ROW LEVEL SECURITY",
            ),
            (
                "CREATE TABLE tens (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT 10 START 5))",
                "options of the identity column of tens",
                "DROP TABLE tens",
            ),
            (
                "CREATE AGGREGATE a (int) (SFUNC = int4larger, STYPE = int)",
                "function a",
                "DROP AGGREGATE a (int)",
            ),
        ] {
            run_each(&pool, made).await;
            let refused = pool.snapshot().await.unwrap().schema().await.unwrap_err();
            assert!(matches!(&refused, CopyError::Untaken(what) if what.contains(named)), "{refused}");
            run_each(&pool, gone).await;
        }
        pool.snapshot().await.unwrap().schema().await.unwrap();
    });
}

#[test]
fn a_postgres_that_has_anything_is_not_filled() {
    run(Engine::Postgres, async |engine| {
        let scratch = Scratch::new(engine).await;
        let pool = pool(&scratch).await;
        for (made, named) in [("CREATE SEQUENCE free", "free"), ("CREATE TABLE mine ()", "mine")] {
            run_each(&pool, made).await;
            let refused = pool.fill().await.err().unwrap();
            assert!(matches!(&refused, CopyError::NotEmpty(what) if what == named), "{refused}");
        }
    });
}

#[test]
fn what_was_begun_and_not_ended_leaves_nothing() {
    run(Engine::Postgres, async |engine| {
        let fixture = Fixture::new(engine).await;
        fixture.account("ada").await;
        let mut broken = taken(&pool(&fixture.scratch).await).await;
        broken.rows.get_mut("accounts").unwrap().extend_from_slice(b"nonsense\n");
        let scratch = Scratch::new(engine).await;
        let pool = pool(&scratch).await;
        filled(&pool, &broken).await.unwrap_err();
        assert!(tables_of(&pool).await.is_empty());
        // The next one finds it free at once.
        drop(pool.fill().await.unwrap());
    });
}

#[tokio::test]
async fn a_copy_of_sqlite_has_nothing_that_was_deleted_or_comes_later() {
    let fixture = Fixture::new(Engine::Sqlite).await;
    for name in ["ada", "bob"] {
        fixture.account(name).await;
    }
    fixture.sql("DELETE FROM accounts WHERE username = 'ada'").await;
    let file = fixture.scratch.folder().join("copy.sqlite");
    let copy = pool(&fixture.scratch).await.copy_to(&file).await.unwrap();
    fixture.account("eve").await;
    let tables: BTreeMap<_, _> = copy.tables().unwrap().into_iter().collect();
    assert_eq!(tables["accounts"], 1);
    let bytes = std::fs::read(&file).unwrap();
    let has = |word: &str| bytes.windows(word.len()).any(|found| found == word.as_bytes());
    assert!(has("bob@example.org") && !has("ada@example.org") && !has("eve@example.org"));
    let opened = SqliteCopy::open(&file).unwrap();
    let mut pictures = 0;
    let count = |_: &str| {
        pictures += 1;
        Ok::<_, StoreError>(())
    };
    opened.pictures(count).unwrap();
    assert_eq!(pictures, 0);
}
