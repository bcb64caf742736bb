//! What becomes of each table when an account is erased.

use std::collections::{BTreeMap, BTreeSet};

use store::Engine;
use store::erasure::{FATES, Fate, tables};

use crate::engines::both_engines;
use crate::fixture::{Fixture, pool};

both_engines!(the_list_names_every_table, what_goes_with_an_account_is_tied_to_it);

async fn the_list_names_every_table(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let found = tables(&mut fixture.store.read().await.unwrap()).await.unwrap();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let named: BTreeSet<&str> = FATES.iter().map(|(table, _)| *table).collect();
    assert_eq!(named.len(), FATES.len(), "a table is named twice");
    assert_eq!(found, named, "see crates/store/src/erasure.rs");
}

/// The tables that each table's rows go with.
async fn ties(fixture: &Fixture) -> BTreeMap<String, BTreeSet<String>> {
    let mut ties = BTreeMap::<String, BTreeSet<String>>::new();
    let pairs: Vec<(String, String)> = match pool(&fixture.scratch).await {
        store::DbPool::Sqlite(pool) => {
            let sql = "SELECT m.name, f.\"table\" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f \
                       WHERE m.type = 'table' AND f.on_delete = 'CASCADE'";
            sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
        }
        store::DbPool::Postgres(pool) => {
            let sql = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint \
                       WHERE contype = 'f' AND confdeltype = 'c'";
            sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
        }
    };
    for (table, to) in pairs {
        ties.entry(table).or_default().insert(to);
    }
    ties
}

async fn what_goes_with_an_account_is_tied_to_it(engine: Engine) {
    let fixture = Fixture::new(engine).await;
    let ties = ties(&fixture).await;
    let mut tied: BTreeSet<&str> = BTreeSet::from(["accounts"]);
    loop {
        let more: Vec<&str> = ties
            .iter()
            .filter(|(table, to)| {
                !tied.contains(table.as_str()) && to.iter().any(|to| tied.contains(to.as_str()))
            })
            .map(|(table, _)| table.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        tied.extend(more);
    }
    for (table, fate) in FATES {
        if fate == Fate::Gone {
            assert!(tied.contains(table), "nothing ties {table} to accounts");
        }
    }
}
