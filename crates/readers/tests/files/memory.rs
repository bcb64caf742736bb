//! A file of any length is read in constant memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use vestibule_readers::{Options, Part, Reader};

/// Makes up users as `dumpdata` writes them, as they are read, and counts its bytes.
struct MadeUp {
    users: u64,
    next: u64,
    waiting: Vec<u8>,
    given: Rc<Cell<u64>>,
}

impl Read for MadeUp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.waiting.is_empty() && self.next <= self.users {
            let (number, comma) = (self.next, if self.next == 0 { "[" } else { "," });
            self.waiting = if self.next == self.users {
                b"]\n".to_vec()
            } else {
                format!(
                    "{comma}\n{{\"model\":\"auth.user\",\"pk\":{number},\"fields\":{{\"username\":\"u{number}\",\
                     \"email\":\"u{number}@example.org\",\"is_active\":true,\"password\":\"!x\"}}}}"
                )
                .into_bytes()
            };
            self.next += 1;
        }
        let length = self.waiting.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.waiting[..length]);
        self.waiting.drain(..length);
        self.given.set(self.given.get() + length as u64);
        Ok(length)
    }
}

/// How many users are read, and the most bytes that were read ahead of the beginning of a record.
fn walk(users: u64) -> (u64, u64) {
    let given = Rc::new(Cell::new(0));
    let source = MadeUp { users, next: 0, waiting: Vec::new(), given: Rc::clone(&given) };
    let (mut count, mut ahead) = (0, 0);
    for found in Reader::open("django", source, Options::default()).unwrap() {
        let found = found.unwrap();
        let Part::Account(record) = found.part else { panic!("no account") };
        assert_eq!(record.id, count.to_string());
        count += 1;
        ahead = ahead.max(given.get() - found.place.offset);
    }
    (count, ahead)
}

#[test]
fn a_hundred_thousand_users_are_read_and_hardly_any_is_held() {
    let (count, ahead) = walk(100_000);
    assert_eq!(count, 100_000);
    assert!(ahead < 128 * 1024, "{ahead} bytes were read ahead");
}

/// The same with as many as large sites have: `cargo test -- --ignored`.
#[test]
#[ignore = "takes ten seconds without optimisation"]
fn a_million_users_are_read_and_hardly_any_is_held() {
    let (count, ahead) = walk(1_000_000);
    assert_eq!(count, 1_000_000);
    assert!(ahead < 128 * 1024, "{ahead} bytes were read ahead");
}

/// A byte again and again.
struct Endless {
    beginning: &'static [u8],
    left: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.beginning.is_empty() {
            return self.beginning.read(buffer);
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap());
        buffer[..length].fill(b'x');
        self.left -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_value_without_end_is_not_held() {
    let left = 3 * 1024 * 1024;
    for (product, beginning, code) in [
        ("firebase", &b"{\"users\":[{\"localId\":\"xxxx"[..], "file_truncated"),
        ("vestibule", b"{\"id\":\"xxxx", "record_too_long"),
        ("devise", b"id,email,encrypted_password\n7,xxxx", "record_too_long"),
    ] {
        let source = Endless { beginning, left };
        let first = Reader::open(product, source, Options::default()).unwrap().next().unwrap();
        let code_found = first.unwrap_err().code();
        let expected = if product == "devise" { ["record_too_long", "no_line_end"] } else { [code, code] };
        assert!(expected.contains(&code_found), "{product}: {code_found}");
    }
}
