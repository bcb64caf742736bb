//! The `imported_accounts` table: which account was made of which one of another product.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::connection::on;
use super::many_rows::{AT_ONCE, Parameters, insert_rows};
use super::row::row_struct;
use super::statement::{execute, only_value, rows};
use super::{Link, Linked, StoreError, Tx};
use domain::{AccountId, Millis};

/// What became of an account of another product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportedAccount {
    /// It is this account here, and the import that made it was not finished.
    Incomplete {
        id: AccountId,
        /// When the import began that last read it.
        run: Millis,
    },
    /// It is this account here.
    Complete(AccountId),
    /// It was imported, and deleted since.
    Deleted,
}

/// What the id there of an erased account begins with here. The rest tells nobody who it was: where a file
/// has no ids, that of an account is its address.
const ERASED: &str = "erased:";

/// What stays of the id there of an account that is erased: a second import does not bring it back.
fn erased_id(source: &str, source_id: &str) -> String {
    let digest = Sha256::new().chain_update(source).chain_update([0]).chain_update(source_id).finalize();
    digest.iter().fold(ERASED.to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// Leaves of the ids there of an account that is going to be erased only what tells nobody who it was.
pub(super) async fn forget(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    for (source, source_id) in sources_of(tx, account).await? {
        let sql = "UPDATE imported_accounts SET source_id = $1 WHERE product = $2 AND source_id = $3";
        execute!(tx, sql, erased_id(&source, &source_id), source, source_id)?;
    }
    Ok(())
}

/// Whether any account that came from `source` was erased here.
pub async fn any_erased(db: &mut impl Linked, source: &str) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM imported_accounts WHERE product = $1 AND account_id IS NULL \
               AND source_id LIKE 'erased:%'";
    let found: i64 = only_value!(db, sql, source)?;
    Ok(found > 0)
}

/// Those of the accounts with these ids there that were imported and erased.
pub async fn find_erased(
    tx: &mut Tx,
    source: &str,
    source_ids: &[&str],
) -> Result<HashMap<String, KnownImport>, StoreError> {
    let ids: HashMap<String, &str> = source_ids.iter().map(|id| (erased_id(source, id), *id)).collect();
    let erased: Vec<&str> = ids.keys().map(String::as_str).collect();
    let found = find_all(tx, source, &erased).await?;
    let known = found.into_iter().filter_map(|(id, known)| Some((ids.get(&id)?.to_string(), known)));
    Ok(known.collect())
}

/// Whether the account with this id there was imported at any time, also if it was erased since.
pub async fn was_imported(db: &mut impl Linked, source: &str, source_id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM imported_accounts WHERE product = $1 AND source_id IN ($2, $3)";
    let found: i64 = only_value!(db, sql, source, source_id, erased_id(source, source_id))?;
    Ok(found > 0)
}

/// An account that was imported before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownImport {
    pub account: ImportedAccount,
    /// The key of its address; `None` when it is deleted.
    pub email_key: Option<String>,
}

row_struct! {
    struct KnownRow {
        source_id: String,
        account_id: Option<i64>,
        complete: bool,
        run: i64,
        email_key: Option<String>,
    }
}

/// Those of the accounts with these ids there that were imported.
pub async fn find_all(
    tx: &mut Tx,
    source: &str,
    source_ids: &[&str],
) -> Result<HashMap<String, KnownImport>, StoreError> {
    // Each id is looked up by the primary key, in a subquery, which is joined to nothing: for a join,
    // PostgreSQL reads all accounts of the product, of which it expects few.
    if let Link::Postgres(c) = tx.link() {
        sqlx::query("SET LOCAL enable_seqscan = off").execute(c).await?;
    }
    let parameters = Parameters::of(tx);
    let of = |column: &str, number: usize| {
        let product = parameters.one(number);
        format!(
            "(SELECT {column} FROM imported_accounts WHERE product = {product} AND source_id = wanted.column1)"
        )
    };
    // Rows that say nothing are not handed out: most often all of them.
    let which = format!("SELECT wanted.column1 FROM (SELECT {} AS product) AS site, (", parameters.one(1));
    let is_known = ") AS wanted WHERE (SELECT run FROM imported_accounts \
                    WHERE product = site.product AND source_id = wanted.column1) IS NOT NULL";
    let (run, account, complete) = (of("run", 1), of("account_id", 2), of("complete", 3));
    let email_key = format!(
        "(SELECT a.email_key FROM imported_accounts AS i JOIN accounts AS a ON a.id = i.account_id \
         WHERE i.product = {} AND i.source_id = wanted.column1 AND a.deleted_at IS NULL)",
        parameters.one(4)
    );
    let all = format!(
        "SELECT wanted.column1 AS source_id, {run} AS run, {account} AS account_id, {complete} AS complete, \
         {email_key} AS email_key FROM ("
    );
    let mut known = HashMap::new();
    for chunk in source_ids.chunks(AT_ONCE) {
        let sql = parameters.rows_from(2, &which, chunk.len(), 1, is_known);
        let keeps = matches!(chunk.len(), 1 | AT_ONCE);
        let found: Vec<String> = on!(tx.link(), c => {
            let mut query = sqlx::query_scalar(sql).persistent(keeps).bind(source);
            for id in chunk {
                query = query.bind(*id);
            }
            query.fetch_all(c).await
        })?;
        if found.is_empty() {
            continue;
        }
        let sql = parameters.rows_from(5, &all, found.len(), 1, ") AS wanted");
        let keeps = matches!(found.len(), 1 | AT_ONCE);
        let rows: Vec<KnownRow> = on!(tx.link(), c => {
            let mut query = sqlx::query_as(sql).persistent(keeps);
            for _ in 1..5 {
                query = query.bind(source);
            }
            for id in &found {
                query = query.bind(id.as_str());
            }
            query.fetch_all(c).await
        })?;
        known.extend(rows.into_iter().map(|row| {
            let account = read((row.account_id, row.complete, row.run));
            (row.source_id, KnownImport { account, email_key: row.email_key })
        }));
    }
    Ok(known)
}

fn read(row: (Option<i64>, bool, i64)) -> ImportedAccount {
    match row {
        (None, ..) => ImportedAccount::Deleted,
        (Some(id), true, _) => ImportedAccount::Complete(AccountId(id)),
        (Some(id), false, run) => ImportedAccount::Incomplete { id: AccountId(id), run: Millis(run) },
    }
}

/// Which accounts of other products `account` was made of: product and id there.
pub async fn sources_of(
    db: &mut impl Linked,
    account: AccountId,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql =
        "SELECT product, source_id FROM imported_accounts WHERE account_id = $1 ORDER BY product, source_id";
    Ok(rows!(db, sql, account.0)?)
}

/// An account here, and of which one there it was made.
#[derive(Clone, Copy, Debug)]
pub struct NewImport<'a> {
    pub source_id: &'a str,
    pub account: AccountId,
    /// Whether everything that the file says of it was taken over.
    pub complete: bool,
    /// Whether it had a second factor there that could not come along.
    pub factor_lost: bool,
}

/// Records of which accounts there these were made, by the import that began at `run`.
pub async fn insert_all(
    tx: &mut Tx,
    source: &str,
    imports: &[NewImport<'_>],
    run: Millis,
) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        "INSERT INTO imported_accounts (product, source_id, account_id, complete, run, factor_lost)",
        imports,
        new => [source, new.source_id, new.account.0, new.complete, run.0, new.factor_lost]
    )?;
    Ok(())
}

/// Records that the import that began at `run` goes on with an account of one that was stopped.
pub async fn go_on(tx: &mut Tx, source: &str, source_id: &str, run: Millis) -> Result<(), StoreError> {
    let sql = "UPDATE imported_accounts SET run = $1 WHERE product = $2 AND source_id = $3 AND NOT complete";
    execute!(tx, sql, run.0, source, source_id)?;
    Ok(())
}

/// Records that `account` had a second factor where it came from, which could not come along.
pub async fn lose_factor(tx: &mut Tx, account: AccountId) -> Result<(), StoreError> {
    execute!(tx, "UPDATE imported_accounts SET factor_lost = TRUE WHERE account_id = $1", account.0)?;
    Ok(())
}

/// Whether `account` had a second factor where it came from, which could not come along.
pub async fn lost_factor(db: &mut impl Linked, account: AccountId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM imported_accounts WHERE account_id = $1 AND factor_lost";
    let found: i64 = only_value!(db, sql, account.0)?;
    Ok(found > 0)
}

/// Whether `account` came along from another product.
pub async fn came_along(db: &mut impl Linked, account: AccountId) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM imported_accounts WHERE account_id = $1";
    let found: i64 = only_value!(db, sql, account.0)?;
    Ok(found > 0)
}

/// How many accounts of the import that began at `run` are not complete.
pub async fn incomplete(db: &mut impl Linked, source: &str, run: Millis) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM imported_accounts WHERE product = $1 AND run = $2 AND NOT complete";
    let found: i64 = only_value!(db, sql, source, run.0)?;
    Ok(u64::try_from(found).unwrap_or_default())
}

/// At most `most` accounts of the import that began at `run` of which everything was taken over, as is
/// recorded now. None when all are complete.
pub async fn complete(
    tx: &mut Tx,
    source: &str,
    run: Millis,
    most: i64,
) -> Result<Vec<Option<AccountId>>, StoreError> {
    let sql = "UPDATE imported_accounts SET complete = TRUE WHERE product = $1 AND source_id IN \
               (SELECT source_id FROM imported_accounts WHERE product = $1 AND run = $2 AND NOT complete LIMIT $3) \
               RETURNING account_id";
    let found: Vec<(Option<i64>,)> = rows!(tx, sql, source, run.0, most)?;
    Ok(found.into_iter().map(|(id,)| id.map(AccountId)).collect())
}
