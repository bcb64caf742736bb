//! Macros that run a statement on either engine in one line. Each takes a [`Conn`](super::Conn) or a
//! [`Tx`](super::Tx), the SQL, and the parameters in the order of their numbers.

/// Runs a statement. The value is the number of rows that it wrote.
macro_rules! execute {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::connection::on!($crate::Linked::link($db), c => {
            sqlx::query($sql)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected())
        })
    };
}

/// Every row that a statement returns, as tuples or `FromRow` structs.
macro_rules! rows {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::connection::on!($crate::Linked::link($db), c => {
            sqlx::query_as($sql)$(.bind($value))*.fetch_all(c).await
        })
    };
}

/// The first row that a statement returns, or `None`.
macro_rules! row {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::connection::on!($crate::Linked::link($db), c => {
            sqlx::query_as($sql)$(.bind($value))*.fetch_optional(c).await
        })
    };
}

/// The first column of the first row that a statement returns, or `None`.
macro_rules! value {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::connection::on!($crate::Linked::link($db), c => {
            sqlx::query_scalar($sql)$(.bind($value))*.fetch_optional(c).await
        })
    };
}

/// The first column of the only row: a count, or the number of an inserted row.
macro_rules! only_value {
    ($db:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::connection::on!($crate::Linked::link($db), c => {
            sqlx::query_scalar($sql)$(.bind($value))*.fetch_one(c).await
        })
    };
}

pub(super) use {execute, only_value, row, rows, value};
