//! Tables on standard output, with two spaces between the columns.

use std::io::{self, Write as _};

use domain::Millis;
use time::OffsetDateTime;

/// Prints `rows` below `head`.
///
/// # Errors
/// Standard output cannot be written to.
pub fn print<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> io::Result<()> {
    let rows: Vec<[String; N]> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut table = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        table.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    io::stdout().write_all(table.as_bytes())
}

/// The time as `2026-01-31 09:30 UTC`.
pub fn utc(at: Millis) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    format!("{date} {hour:02}:{minute:02} UTC")
}
