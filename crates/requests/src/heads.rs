//! Where a head ends in a client's bytes, and where the next begins. A listener can so hand its HTTP library
//! one head at a time and nothing behind it, and sees each head as it was written: hyper accepts lines that
//! end with a bare LF, and drops a `Content-Length` beside a `Transfer-Encoding`. Proxies read both
//! differently, which lets a client smuggle a second request past them.

/// The size of the body behind a head, as the HTTP library understood it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodySize {
    /// This many bytes, as `Content-Length` says; 0 without a body.
    Bytes(u64),
    /// Chunks, the last of which ends the body.
    Chunks,
}

/// The place in a client's bytes up to which they were passed on: within a head, behind one, or within its
/// body. It keeps no bytes.
#[derive(Debug)]
pub struct Heads {
    at: At,
    flawed: bool,
    /// Whether the last byte between chunks was a CR.
    after_cr: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Head(Head),
    /// Behind a head. Nothing is passed on before [`Heads::follow`].
    Behind,
    Body(u64),
    Chunk(Chunk),
}

/// The place within a head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Head {
    /// Whether the request line has begun. Empty lines before it are ignored (RFC 9112, section 2.2).
    begun: bool,
    /// Bytes of the present line, without its end.
    line: usize,
    after_cr: bool,
    /// The beginning of the line up to its colon, in lower case.
    name: Name,
    sized: bool,
    coded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chunk {
    Size(u64),
    Extension(u64),
    Data(u64),
    DataEnd,
    /// A line behind the last chunk, with its length so far.
    Trailer(usize),
}

const LONGEST_NAME: usize = "transfer-encoding".len();

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Name {
    bytes: [u8; LONGEST_NAME],
    length: usize,
    complete: bool,
}

impl Default for Heads {
    fn default() -> Heads {
        Heads::new()
    }
}

impl Heads {
    /// The place before the first head of a connection.
    pub fn new() -> Heads {
        Heads { at: At::Head(Head::default()), flawed: false, after_cr: false }
    }

    /// How many of `bytes` may be passed on: up to the end of the head or body that they continue. 0 behind a
    /// head, and for no bytes. `None` when a line between chunks ends with a bare LF: whoever takes that for
    /// an end sees the next request elsewhere, so the connection must close.
    pub fn pass(&mut self, bytes: &[u8]) -> Option<usize> {
        Some(match &mut self.at {
            At::Behind => 0,
            At::Head(head) => {
                let mut passed = 0;
                while let Some(byte) = bytes.get(passed) {
                    passed += match head.skips(&bytes[passed..]) {
                        0 => {
                            if head.step(*byte, &mut self.flawed) {
                                self.flawed |= head.sized && head.coded;
                                self.at = At::Behind;
                                return Some(passed + 1);
                            }
                            1
                        }
                        skipped => skipped,
                    };
                }
                passed
            }
            At::Body(left) => {
                let passed = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= passed as u64;
                if *left == 0 {
                    *self = Heads::new();
                }
                passed
            }
            At::Chunk(chunk) => {
                let mut passed = 0;
                while let Some(byte) = bytes.get(passed) {
                    if let Chunk::Data(left) = chunk {
                        let some = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len() - passed);
                        *left -= some as u64;
                        passed += some;
                        if *left == 0 {
                            *chunk = Chunk::DataEnd;
                        }
                        continue;
                    }
                    passed += 1;
                    let after_cr = std::mem::replace(&mut self.after_cr, *byte == b'\r');
                    if *byte == b'\n' && !after_cr {
                        return None;
                    }
                    if chunk.step(*byte) {
                        *self = Heads::new();
                        break;
                    }
                }
                passed
            }
        })
    }

    /// Whether no byte of the next head was passed on, and nothing is missing before it.
    pub fn is_between(&self) -> bool {
        self.at == At::Head(Head::default())
    }

    /// Whether a head is complete, and nobody has said what follows.
    pub fn is_behind_head(&self) -> bool {
        self.at == At::Behind
    }

    /// Whether the next bytes belong to a head.
    pub fn is_in_head(&self) -> bool {
        matches!(self.at, At::Head(_))
    }

    /// Says what follows the head. Returns whether the head was as RFC 9112 wants it: each line ended with
    /// CRLF, and the body's size was stated in one way.
    pub fn follow(&mut self, body: BodySize) -> bool {
        let sound = !self.flawed;
        *self = match body {
            BodySize::Bytes(0) => Heads::new(),
            BodySize::Bytes(length) => Heads { at: At::Body(length), ..Heads::new() },
            BodySize::Chunks => Heads { at: At::Chunk(Chunk::Size(0)), ..Heads::new() },
        };
        sound
    }
}

impl Head {
    /// How many of `bytes` belong to a value, which says nothing here. A value may have 30 KB.
    fn skips(&mut self, bytes: &[u8]) -> usize {
        if !self.name.complete || self.after_cr {
            return 0;
        }
        let value = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
        self.line += value;
        value
    }

    /// Takes the next byte. Returns whether it ends the head.
    fn step(&mut self, byte: u8, flawed: &mut bool) -> bool {
        let after_cr = std::mem::replace(&mut self.after_cr, byte == b'\r');
        match byte {
            b'\n' => {
                *flawed |= !after_cr;
                let empty = self.line == 0;
                (self.line, self.name) = (0, Name::default());
                empty && self.begun
            }
            b'\r' => false,
            _ => {
                self.begun = true;
                self.line += 1;
                if self.name.step(byte) {
                    self.sized |= self.name.is(b"content-length");
                    self.coded |= self.name.is(b"transfer-encoding");
                }
                false
            }
        }
    }
}

impl Name {
    /// Takes the next byte of the line. Returns whether it ends the name.
    fn step(&mut self, byte: u8) -> bool {
        if self.complete {
            return false;
        }
        if byte == b':' {
            self.complete = true;
            return true;
        }
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte.to_ascii_lowercase();
        }
        self.length += 1;
        false
    }

    fn is(&self, name: &[u8]) -> bool {
        self.bytes.get(..self.length) == Some(name)
    }
}

impl Chunk {
    /// Takes the next byte outside of a chunk's data. Returns whether it ends the body. Malformed chunks are
    /// the HTTP library's to refuse; then the connection closes.
    fn step(&mut self, byte: u8) -> bool {
        *self = match (*self, byte) {
            (Chunk::Size(0) | Chunk::Extension(0), b'\n') => Chunk::Trailer(0),
            (Chunk::Size(size) | Chunk::Extension(size), b'\n') => Chunk::Data(size),
            (Chunk::Size(size), _) => match char::from(byte).to_digit(16) {
                Some(digit) => Chunk::Size(size.saturating_mul(16).saturating_add(u64::from(digit))),
                None => Chunk::Extension(size),
            },
            (Chunk::DataEnd, b'\n') => Chunk::Size(0),
            (Chunk::Trailer(0), b'\n') => return true,
            (Chunk::Trailer(_), b'\n') => Chunk::Trailer(0),
            (Chunk::Trailer(length), byte) => Chunk::Trailer(length + usize::from(byte != b'\r')),
            (other, _) => other,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes `bytes` in pieces of `size` bytes. Returns the heads, and which of them were sound.
    fn heads(bytes: &[u8], bodies: &[BodySize], size: usize) -> Vec<(String, bool)> {
        let (mut heads, mut bodies) = (Heads::new(), bodies.iter());
        let (mut found, mut head) = (Vec::new(), Vec::new());
        for mut piece in bytes.chunks(size) {
            while !piece.is_empty() {
                let in_head = matches!(heads.at, At::Head(_));
                let Some(passed) = heads.pass(piece) else { return found };
                if in_head {
                    head.extend_from_slice(&piece[..passed]);
                }
                piece = &piece[passed..];
                if heads.at == At::Behind {
                    assert_eq!(heads.pass(b"GET"), Some(0));
                    let text = String::from_utf8(std::mem::take(&mut head)).unwrap();
                    found.push((text, heads.follow(*bodies.next().unwrap())));
                } else {
                    assert!(passed > 0);
                }
            }
        }
        found
    }

    #[test]
    fn each_head_is_passed_on_alone_however_the_bytes_arrive() {
        let first = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
        let second = "\r\nPOST /b HTTP/1.1\r\nContent-Length: 9\r\n\r\n";
        let third = "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunks = "5;x=\"y\"\r\na\n\n\nb\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        let bytes = [first, second, "\n\nGET /\n\n", third, chunks, first].concat();
        let bodies = [BodySize::Bytes(0), BodySize::Bytes(9), BodySize::Chunks, BodySize::Bytes(0)];
        let wanted: Vec<_> = [first, second, third, first].map(|head| (head.to_owned(), true)).into();
        for size in 1..=bytes.len() {
            assert_eq!(heads(bytes.as_bytes(), &bodies, size), wanted, "{size}");
        }
    }

    #[test]
    fn a_bare_line_feed_and_two_sizes_are_flaws_of_their_head_alone() {
        for flawed in [
            "GET /a HTTP/1.1\nHost: a\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: a\n\r\n",
            "GET /a HTTP/1.1\r\nHost: a\r\n\n",
            "\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /a HTTP/1.1\r\ncontent-length: 1\r\nTRANSFER-ENCODING: chunked\r\n\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding:chunked\r\nContent-Length:1\r\n\r\n",
        ] {
            let bytes = [flawed, "GET / HTTP/1.1\r\n\r\n"].concat();
            for size in 1..=bytes.len() {
                let found = heads(bytes.as_bytes(), &[BodySize::Bytes(0); 2], size);
                let wanted = [(flawed.to_owned(), false), ("GET / HTTP/1.1\r\n\r\n".to_owned(), true)];
                assert_eq!(found, wanted, "{size}");
            }
        }
    }

    #[test]
    fn names_that_only_resemble_a_size_are_none() {
        let head = "POST /content-length: HTTP/1.1\r\nX-Content-Length: 1\r\nContent-Length-X: 2\r\n\
                    X: transfer-encoding: y\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(heads(head.as_bytes(), &[BodySize::Bytes(0)], 7), [(head.to_owned(), true)]);
    }

    #[test]
    fn a_line_between_chunks_that_ends_with_a_bare_line_feed_is_the_end() {
        for chunks in
            ["5\n", "5;x\n", "5\r\nhello\n", "0\r\n\n", "0\r\nX: y\n", "0\r\nX: y\r\n\n", "0\r\r\n\n"]
        {
            for size in 1..=chunks.len() {
                let mut heads = Heads::new();
                assert_eq!(heads.pass(b"GET / HTTP/1.1\r\n\r\n"), Some(18));
                assert!(heads.follow(BodySize::Chunks));
                let refused = chunks.as_bytes().chunks(size).any(|piece| heads.pass(piece).is_none());
                assert!(refused, "{chunks:?} in pieces of {size}");
            }
        }
    }

    /// Whatever bytes come in whatever pieces: never more is passed than came, and the pieces do not matter.
    #[test]
    fn pieces_never_matter() {
        let mut number = 7_u64;
        let mut next = |below: usize| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(number >> 33).unwrap() % below
        };
        let alphabet = b"\r\n\r\n\r\n:a0F;5";
        for _ in 0..2_000 {
            let length = 1 + next(60);
            let bytes: Vec<u8> = (0..length).map(|_| alphabet[next(alphabet.len())]).collect();
            let body = [BodySize::Bytes(0), BodySize::Bytes(3), BodySize::Chunks][next(3)];
            let bodies = vec![body; bytes.len()];
            let whole = heads(&bytes, &bodies, bytes.len());
            assert_eq!(heads(&bytes, &bodies, 1 + next(5)), whole, "{:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
