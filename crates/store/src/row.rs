//! Rows as structs. `#[derive(sqlx::FromRow)]` would do the same, but its macro crate compiles both drivers
//! and SQLite a second time.

/// Declares the struct that a row of either engine is read into. The fields have the names of the columns.
macro_rules! row_struct {
    ($vis:vis struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $vis struct $name {
            $($field: $type),+
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>),+
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                Ok(Self { $($field: row.try_get(stringify!($field))?),+ })
            }
        }
    };
}
pub(super) use row_struct;
