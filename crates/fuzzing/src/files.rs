//! Files that other products exported.

use std::io::{self, ErrorKind, Read};

use readers::{
    BadOptions, ColumnMap, FactorsSaid, Format, Found, Options, ReadError, Reader, RowFault, Wanted, products,
};
use recipes::Pepper;

/// What no sentence about a file may have, wherever it stands in the file.
const MARKER: &str = "Quince";
/// The longest sentence about a file.
const LONGEST_SENTENCE: usize = 200;
/// Tables of rows that are no accounts.
const TABLES: [&str; 6] =
    ["account_emailaddress", "usermeta", "account", "twoFactor", "identities", "user_emails"];

/// A byte for the product, a byte for the options, then a file. Reading ends, places rise, and the pieces in
/// which the file arrives do not matter. Each record is told in one of the two passes, and going on behind a
/// record finds what follows. No sentence has anything of the file, but for a key's name.
pub fn import(input: &[u8]) {
    let [product, choice, file @ ..] = input else { return };
    let product = product_of(*product);
    let choice = Choice { product, bits: *choice };
    let whole = read(product, file, choice.options(Wanted::All, 0));
    let pieces = Bytes { rest: file, interrupted: false };
    assert_eq!(read(product, pieces, choice.options(Wanted::All, 0)), whole, "byte by byte");
    let (items, _) = match whole {
        Ok(read) => read,
        Err(bad) => return is_plain(&bad.to_string()),
    };
    is_in_order(&items, file.len());
    items.iter().filter_map(|item| item.as_ref().err()).for_each(tells_nothing);

    let pass = |wanted, skip| match read(product, file, choice.options(wanted, skip)) {
        Ok((items, _)) => rows_of(items),
        Err(bad) => panic!("opened once and not again: {bad}"),
    };
    let rows = rows_of(items);
    let mut passes = [pass(Wanted::Accounts, 0), pass(Wanted::Supplements, 0)].concat();
    passes.sort_by_key(record_of);
    assert_eq!(passes, rows, "in two passes");
    let half = rows.len() / 2;
    let done = half.checked_sub(1).and_then(|last| record_of(&rows[last])).unwrap_or_default();
    assert_eq!(pass(Wanted::All, done), rows[half..], "behind record {done}");
}

type Item = Result<Found, ReadError>;

/// Everything that a file has.
fn read(product: &str, file: impl Read, options: Options) -> Result<(Vec<Item>, FactorsSaid), BadOptions> {
    let mut reader = Reader::open(product, file, options)?;
    let items = reader.by_ref().collect();
    assert_eq!(reader.next(), None, "something behind the end");
    Ok((items, reader.factors()))
}

/// The number of the record that an item is of.
fn record_of(item: &Item) -> Option<u64> {
    match item {
        Ok(found) => Some(found.place.record),
        Err(ReadError::Row(bad)) => Some(bad.place.record),
        Err(ReadError::File(_)) => None,
    }
}

/// The items that are of a record.
fn rows_of(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter(|item| record_of(item).is_some()).collect()
}

/// Places rise, and what ends a file is the last.
fn is_in_order(items: &[Item], length: usize) {
    let mut last: Option<(u64, Option<u64>, u64)> = None;
    for (at, item) in items.iter().enumerate() {
        let place = match item {
            Ok(found) => found.place,
            Err(ReadError::Row(bad)) => bad.place,
            Err(ReadError::File(bad)) => {
                assert_eq!(at + 1, items.len(), "something behind the end");
                assert!(
                    last.is_none_or(|(_, _, offset)| offset <= bad.offset) && bad.offset <= length as u64
                );
                continue;
            }
        };
        let now = (place.record, place.line, place.offset);
        if let Some((record, line, offset)) = last {
            assert!(record < now.0 && (line < now.1 || line.is_none()) && offset < now.2, "{now:?}");
        }
        assert!(place.record > 0 && place.line != Some(0) && place.offset < length as u64, "{now:?}");
        last = Some(now);
    }
}

fn tells_nothing(error: &ReadError) {
    assert!(!error.code().is_empty());
    match error {
        ReadError::Row(bad) if matches!(bad.fault, RowFault::UnknownKey(Some(_))) => {
            assert!(bad.fault.to_string().len() <= LONGEST_SENTENCE);
        }
        other => {
            is_plain(&other.to_string());
            assert!(!format!("{other:?}").contains(MARKER), "{other:?}");
        }
    }
}

/// Whether a sentence is of ordinary letters alone, which hardly any piece of a mutated file is.
fn is_plain(sentence: &str) {
    let plain = sentence.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    assert!(plain && sentence.len() <= LONGEST_SENTENCE && !sentence.contains(MARKER), "{sentence:?}");
}

/// The product of a byte: the one whose name has this sum, so that a corpus means the same when products are
/// added, or any.
fn product_of(byte: u8) -> &'static str {
    let sum = |name: &str| name.bytes().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    let any = usize::from(byte) % products().count();
    products().find(|name| sum(name) == byte).or_else(|| products().nth(any)).unwrap_or_default()
}

/// The options that a byte chooses.
struct Choice {
    product: &'static str,
    /// Two for the format, one each for factors and for columns of the site's own, and three for a table.
    bits: u8,
}

impl Choice {
    fn options(&self, wanted: Wanted, skip: u64) -> Options {
        const PAIRS: &str =
            "email=mail,disabled_until=until,password=pass,password_salt=salt,fields.town=city,role=group";
        const FORMATS: [Option<Format>; 4] =
            [None, Some(Format::Json), Some(Format::JsonLines), Some(Format::Csv)];
        let (is_mapped, table) = (self.bits & 8 != 0, usize::from(self.bits >> 5));
        let mut options = Options {
            format: FORMATS[usize::from(self.bits & 3)],
            factors: self.bits & 4 == 0,
            accounts: (table == 7).then(|| "people.Person".to_owned()),
            table: table.checked_sub(1).and_then(|at| TABLES.get(at)).map(|name| (*name).to_owned()),
            wanted,
            skip,
            ..Options::default()
        };
        if is_mapped {
            let Ok(map) = ColumnMap::parse([PAIRS]) else { panic!("{PAIRS} is no map") };
            (options.map, options.recipe) = (map, Some("nfkc | hex(sha512) | bcrypt".to_owned()));
        }
        // Deriving the key of a factor of Flask-Security takes the time that the file says.
        if self.product != "flask-security" {
            options.secrets.insert("better-auth".to_owned(), Pepper::from("no secret of anybody"));
        }
        options
    }
}

/// Returns a byte at a time, and is interrupted before each.
struct Bytes<'a> {
    rest: &'a [u8],
    interrupted: bool,
}

impl Read for Bytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        let one = out.len().min(1);
        self.rest.read(&mut out[..one])
    }
}
