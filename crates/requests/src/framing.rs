//! Where a multipart body begins and ends. RFC 2046 lets any text stand before the first
//! boundary and after the last one; no client of ours sends it, and two parsers may read it
//! differently, so it is refused. Works on chunks of any size and keeps none of them.

use super::BodyError;

const AFTER_CLOSING: &[u8] = b"\r\n";

/// Follows the bytes of one multipart body.
pub(super) struct Framing {
    /// A line break, the boundary, and the two hyphens by which the last boundary is known.
    closing: Vec<u8>,
    /// How many bytes of `closing` the last bytes of the body are.
    matched: usize,
    place: Place,
}

enum Place {
    FirstBoundary,
    Parts,
    /// After the last boundary, and so many bytes further.
    Closed(usize),
}

impl Framing {
    pub(super) fn new(boundary: &str) -> Self {
        Self { closing: format!("\r\n--{boundary}--").into_bytes(), matched: 0, place: Place::FirstBoundary }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`BodyError::Malformed`] as soon as something stands before or after the parts.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), BodyError> {
        for &byte in bytes {
            match &mut self.place {
                Place::FirstBoundary => self.push_first(byte)?,
                Place::Parts => self.push_part(byte),
                Place::Closed(further) => {
                    if AFTER_CLOSING.get(*further) != Some(&byte) {
                        return Err(BodyError::Malformed);
                    }
                    *further += 1;
                }
            }
        }
        Ok(())
    }

    fn push_first(&mut self, byte: u8) -> Result<(), BodyError> {
        // The line break before the boundary may be missing at the very start.
        if self.matched == 0 && byte == b'-' {
            self.matched = AFTER_CLOSING.len();
        }
        if self.closing.get(self.matched) != Some(&byte) {
            return Err(BodyError::Malformed);
        }
        self.matched += 1;
        if self.matched + "--".len() == self.closing.len() {
            self.place = Place::Parts;
        }
        Ok(())
    }

    fn push_part(&mut self, byte: u8) {
        if self.closing.get(self.matched) == Some(&byte) {
            self.matched += 1;
            if self.matched == self.closing.len() {
                self.place = Place::Closed(0);
            }
        } else {
            // A boundary has no line break inside, so another attempt can only begin here.
            self.matched = usize::from(byte == b'\r');
        }
    }

    /// Says that the body is over.
    ///
    /// # Errors
    /// [`BodyError::Malformed`] if the last boundary is missing or its line is not ended.
    pub(super) fn finish(&self) -> Result<(), BodyError> {
        match self.place {
            Place::Closed(further) if further == 0 || further == AFTER_CLOSING.len() => Ok(()),
            _ => Err(BodyError::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<(), BodyError> {
        let in_chunks_of = |size| {
            let mut framing = Framing::new("b");
            let mut chunks = body.as_bytes().chunks(size);
            chunks.try_for_each(|chunk| framing.push(chunk))?;
            framing.finish()
        };
        let whole = in_chunks_of(body.len().max(1));
        assert_eq!(in_chunks_of(1), whole, "{body:?}");
        assert_eq!(in_chunks_of(3), whole, "{body:?}");
        whole
    }

    #[test]
    fn a_body_runs_from_its_first_to_its_last_boundary() {
        for body in [
            "--b\r\nx\r\n--b--\r\n",
            "--b\r\nx\r\n--b--",
            "\r\n--b\r\nx\r\n--b--",
            "--b--\r\n",
            "--b\r\n\r\r\n--\r\n--\r\n--b\r\n--b--",
        ] {
            assert_eq!(check(body), Ok(()), "{body:?}");
        }
    }

    #[test]
    fn anything_before_after_or_missing_is_malformed() {
        for body in [
            "",
            "x--b\r\n--b--",
            "\n--b--",
            "\u{feff}--b--",
            "--c\r\n--b--",
            "--b\r\nx",
            "--b\r\nx--b--",
            "--b\r\nx\r\n--b-",
            "--b--\r",
            "--b--\r\n\r\n",
            "--b--x",
            "--b--\r\n--b--",
        ] {
            assert_eq!(check(body), Err(BodyError::Malformed), "{body:?}");
        }
    }
}
