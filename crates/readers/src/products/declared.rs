//! CSV or JSON lines of nobody's product: columns by our names or by a map, and a declared recipe.

use super::super::context::Context;
use super::super::row::Row;
use super::super::row_fault::RowFault;
use super::super::supplement::Part;
use super::super::table::{Shape, Table, account, record};
use super::super::target::{NAMES, Target};

/// The name under which the file is opened.
pub(crate) const DECLARED: &str = "declared";

pub(super) const SHAPE: Shape = Shape {
    lines: true,
    ..Shape::of(&[DECLARED, "csv", "jsonl"], &[Table::accounts(&["accounts", "users"], "", make)])
};

fn make(row: &Row, context: &Context) -> Result<Option<Part>, RowFault> {
    // In the order of the list a password comes before its salt.
    let columns: Vec<(Target, &str)> = NAMES
        .iter()
        .filter(|(name, _)| row.has(name))
        .map(|(name, target)| (target.clone(), *name))
        .collect();
    account(record(&columns, row, "", context)?)
}
