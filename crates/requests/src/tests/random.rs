//! Random bytes: no parser may panic, or parse the same body differently twice.

use super::super::{Fields, MAX_BODY_BYTES, UploadLimits, parse, read_upload};
use super::bodies::{FORM, JSON, MULTIPART, in_every_kind};

/// A small generator (xorshift) with a fixed seed, so that a failure is reproducible.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// Pieces of all three syntaxes in random order.
    fn pieces(&mut self) -> Vec<u8> {
        const PIECES: [&str; 24] = [
            "--b",
            "--",
            "\r\n",
            "\r",
            "\n",
            "Content-Disposition: form-data; name=\"a\"",
            "\"",
            "filename=",
            ";",
            "a",
            "=",
            "&",
            "%",
            "%c3",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\\ud800",
            "1e9",
            "null",
            "\u{feff}é",
        ];
        let count = self.below(40);
        let piece = |_| PIECES[self.below(PIECES.len())].bytes();
        (0..count).flat_map(piece).collect()
    }

    /// The same body with a few bytes changed, inserted or removed.
    fn damaged(&mut self, body: &str) -> Vec<u8> {
        let mut bytes = body.as_bytes().to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes[at] = self.next().to_le_bytes()[0],
                1 => bytes.insert(at, self.next().to_le_bytes()[0]),
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        bytes
    }
}

/// Calls every accessor of the fields, if the body has any.
fn ask(kind: &str, body: &[u8]) {
    let Ok(fields) = parse(Some(kind), body, MAX_BODY_BYTES) else {
        return;
    };
    let look = |fields: &Fields| {
        ["a", "b", ""].map(|name| {
            let text = fields.text(name).map(|text| text.map(str::to_owned));
            (text, fields.integer(name), fields.boolean(name), fields.contains(name))
        })
    };
    let again = parse(Some(kind), body, MAX_BODY_BYTES).unwrap();
    assert_eq!(look(&fields), look(&again));
}

#[test]
fn random_bytes_never_panic_as_any_kind_of_body() {
    let mut random = Random(0x5eed_cafe_f00d_0001);
    for _ in 0..3_000 {
        let length = random.below(200);
        for body in [random.bytes(length), random.pieces()] {
            for kind in [FORM, JSON, MULTIPART] {
                ask(kind, &body);
            }
        }
    }
}

#[test]
fn damaged_bodies_never_panic() {
    let mut random = Random(0x5eed_cafe_f00d_0002);
    for (kind, body) in in_every_kind(&[("a", "1 é"), ("b", "\"x\""), ("a", "")]) {
        for _ in 0..3_000 {
            ask(kind, &random.damaged(&body));
        }
    }
}

#[test]
fn any_text_comes_back_as_it_was_sent_in_every_kind() {
    let mut random = Random(0x5eed_cafe_f00d_0003);
    for _ in 0..500 {
        let length = random.below(60);
        let text: String = (0..length)
            .filter_map(|_| {
                let code = u32::try_from(random.below(0x11_0000)).unwrap();
                char::from_u32(code >> random.below(17))
            })
            .collect();
        for (kind, body) in in_every_kind(&[("a", &text)]) {
            let fields = parse(Some(kind), body.as_bytes(), MAX_BODY_BYTES).unwrap();
            assert_eq!(fields.text("a"), Ok(Some(text.as_str())), "{kind}");
        }
    }
}

#[tokio::test]
async fn an_upload_is_read_as_the_same_body_in_memory_would_be() {
    let mut random = Random(0x5eed_cafe_f00d_0004);
    let limits = UploadLimits::for_file(1_000);
    for (kind, body) in in_every_kind(&[("a", "1\r\n--"), ("b", "\r\n")]) {
        for _ in 0..2_000 {
            let bytes = random.damaged(&body);
            let streamed = read_upload(bytes.as_slice(), Some(kind), limits, Vec::new()).await;
            let parsed = parse(Some(kind), &bytes, MAX_BODY_BYTES);
            if kind == MULTIPART {
                let names = |fields: &Fields| format!("{fields:?}");
                let streamed = streamed.map(|upload| names(&upload.fields));
                assert_eq!(streamed, parsed.map(|fields| names(&fields)));
            }
        }
    }
}
