//! The sum by which the rows of a table are compared: of the SHA-256 of each row, as a number of 256 bits. It
//! needs no order of the rows, which the engines would sort in two ways, and a row that is there twice counts
//! twice.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::cell::Cell;

/// The number of a table's rows, and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableSum {
    pub(super) rows: u64,
    /// From the lowest byte to the highest.
    sum: [u8; 32],
    /// A row as it is digested; kept for its memory.
    row: Vec<u8>,
}

impl TableSum {
    /// Counts a row in. Its cells come in the order of the names of their columns.
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        self.row.clear();
        for cell in cells {
            self.write(cell);
        }
        let mut carry = 0;
        for (byte, added) in self.sum.iter_mut().zip(Sha256::digest(&self.row)) {
            let sum = u16::from(*byte) + u16::from(added) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        self.rows += 1;
    }

    /// Writes a cell so that no other row is written alike: with its kind, and its length where that varies.
    fn write(&mut self, cell: &Cell<'_>) {
        let mut long = |kind: u8, bytes: &[u8]| {
            self.row.push(kind);
            self.row.extend_from_slice(&bytes.len().to_be_bytes());
            self.row.extend_from_slice(bytes);
        };
        match cell {
            Cell::Null => self.row.push(b'0'),
            Cell::Number(number) => {
                self.row.push(b'n');
                self.row.extend_from_slice(&number.to_be_bytes());
            }
            Cell::Text(text) => long(b't', text.as_bytes()),
            Cell::Bytes(bytes) => long(b'b', bytes),
            Cell::Truth(truth) => self.row.extend_from_slice(&[b'o', u8::from(*truth)]),
        }
    }

    /// The sum in hexadecimal digits.
    pub(super) fn digits(&self) -> String {
        self.sum.iter().rev().fold(String::with_capacity(64), |mut digits, byte| {
            // Writing to text does not fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }

    /// What differs from the other sum.
    pub(super) fn difference(&self, other: &Self) -> Option<&'static str> {
        if self.rows != other.rows {
            Some("the number of rows")
        } else if self.sum != other.sum {
            Some("the checksum")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(rows: &[&[Cell<'_>]]) -> TableSum {
        let mut sum = TableSum::default();
        rows.iter().for_each(|row| sum.add(row));
        sum
    }

    #[test]
    fn rows_count_in_any_order_and_each_time() {
        let (one, two): (&[_], &[_]) =
            (&[Cell::Number(1), Cell::Text("a")], &[Cell::Null, Cell::Bytes(b"a")]);
        assert_eq!(sum(&[one, two]).difference(&sum(&[two, one])), None);
        assert_eq!(sum(&[one, two]).digits(), sum(&[two, one]).digits());
        assert_eq!(sum(&[one, two]).difference(&sum(&[one])), Some("the number of rows"));
        // What cancels out in a sum without carries.
        assert_eq!(sum(&[one, one]).difference(&sum(&[two, two])), Some("the checksum"));
    }

    #[test]
    fn every_value_counts_with_its_kind_and_place() {
        let rows: [&[Cell<'_>]; 12] = [
            &[Cell::Null, Cell::Null],
            &[Cell::Null],
            &[Cell::Number(0)],
            &[Cell::Number(1)],
            &[Cell::Truth(false)],
            &[Cell::Truth(true)],
            &[Cell::Text("")],
            &[Cell::Bytes(b"")],
            &[Cell::Text("ab"), Cell::Text("c")],
            &[Cell::Text("a"), Cell::Text("bc")],
            &[Cell::Text("a"), Cell::Null],
            &[Cell::Null, Cell::Text("a")],
        ];
        for (at, row) in rows.iter().enumerate() {
            for other in &rows[at + 1..] {
                assert_eq!(sum(&[row]).difference(&sum(&[other])), Some("the checksum"), "{row:?} {other:?}");
            }
        }
    }
}
