//! Moving every row of a database into an empty one of the other engine.
//!
//! The tables of the target are its own engine's: ours are made by our migrations, a plug-in's by its own. So
//! only rows go over, with the numbers that they have, and the highest number that each table ever gave. What
//! comes is read back from the target before it is kept, and compared with what was read.
//!
//! PostgreSQL is filled in one transaction, SQLite as a file beside the place. Whatever ends a move early
//! leaves a target that the next one takes.

mod binary_copy;
mod cell;
mod fault;
mod plan;
mod postgres_catalogue;
mod postgres_others;
mod postgres_source;
mod postgres_target;
mod run;
mod seen;
mod sqlite_catalogue;
mod sqlite_source;
mod sqlite_target;
mod table_sum;

pub use fault::{MoveFault, MoveSide};
pub use run::{move_to_postgres, move_to_sqlite};
pub use seen::{MoveProgress, Moved, MovedTable};
