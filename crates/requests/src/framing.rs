//! Checks the beginning and the end of a multipart body. RFC 2046 allows any text before the first boundary
//! and after the last one. Clients do not send such text, and two parsers may read it differently, so it is
//! refused. The check works on chunks of any size and keeps none of them.

use super::BodyError;

const AFTER_CLOSING: &[u8] = b"\r\n";

/// The state of the check of one multipart body.
pub(super) struct Framing {
    /// A line break, the boundary, and the two hyphens that mark the last boundary.
    closing: Vec<u8>,
    /// The number of bytes of `closing` that the last bytes of the body match.
    matched: usize,
    place: Place,
}

enum Place {
    FirstBoundary,
    Parts,
    /// This many bytes after the last boundary.
    Closed(usize),
}

impl Framing {
    pub(super) fn new(boundary: &str) -> Self {
        Self { closing: format!("\r\n--{boundary}--").into_bytes(), matched: 0, place: Place::FirstBoundary }
    }

    /// Checks the next bytes.
    ///
    /// # Errors
    /// [`BodyError::Malformed`] as soon as text stands before or after the parts.
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
        // At the very start, the line break before the boundary may be missing.
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
            // A boundary contains no line break, so another match can only begin here.
            self.matched = usize::from(byte == b'\r');
        }
    }

    /// Ends the check at the end of the body.
    ///
    /// # Errors
    /// [`BodyError::Malformed`] if the last boundary or the end of its line is missing.
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
