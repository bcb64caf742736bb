#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod context;
mod document;
mod factor;
mod file_fault;
mod frame;
mod input;
mod lines;
mod loose_id;
mod map;
mod moment;
mod open;
mod options;
mod own_record;
mod password;
mod php;
mod place;
mod products;
mod reader;
mod record;
mod row;
mod row_fault;
mod sheet;
mod skim;
mod source;
mod strict;
mod supplement;
mod supplement_index;
mod table;
mod target;

pub use file_fault::{BadFile, FileFault};
pub use map::{BadMap, ColumnMap};
pub use open::BadOptions;
pub use options::{Format, Options, Wanted};
pub use own_record::{OwnPasskey, OwnRecord};
pub use password::{ForeignPassword, Password, SecretText};
pub use place::Place;
pub use products::{products, reads_factors, wants_factors_table};
pub use reader::{FactorsSaid, Found, ReadError, Reader};
pub use record::{Fact, Identity, Record};
pub use row_fault::{BadRow, RowFault};
pub use supplement::{Addition, Part, Supplement};
pub use supplement_index::{Extra, IndexFault, SupplementIndex};
