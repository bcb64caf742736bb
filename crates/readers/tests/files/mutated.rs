//! Whatever becomes of a file, reading it ends. A file that was cut yields nothing that the whole does not.

use vestibule_readers::{Found, Options, Part, Reader, Wanted, products};

use super::secrets;

const DUMPDATA: &[u8] = include_bytes!("../samples/django-allauth.dumpdata.json");
const SAMPLES: [(&str, &[u8]); 9] = [
    ("django", DUMPDATA),
    ("django", include_bytes!("../samples/django-allauth.sqlite-rows.json")),
    ("better-auth", include_bytes!("../samples/better-auth.rows.json")),
    ("firebase", include_bytes!("../samples/firebase-export.json")),
    ("keycloak", include_bytes!("../samples/keycloak-realm.json")),
    ("flask-security", include_bytes!("../samples/flask-security.rows.json")),
    ("mediawiki", include_bytes!("../samples/mediawiki.rows.json")),
    ("payload", include_bytes!("../samples/payload.rows.json")),
    ("wordpress", include_bytes!("../samples/wordpress.rows.json")),
];
const LINES: &[u8] = b"{\"id\":7,\"email\":\"ann@example.org\",\"created_at\":1600000000000}\r\n\
    {\"id\":8,\"email\":\"bob@example.org\",\"fields\":{\"town\":\"Ulm\"},\"totp\":\"GEZDGNBVGY3TQOJQ\"}\n{\"id\":9}";
const SHEET: &[u8] =
    b"id,email,encrypted_password,confirmed_at\n7,ann@example.org,\"x\"\"y\",2026-11-28 01:05:32\n\
    8,\"bob\n@example.org\",,\r\n9,c@example.org,$2a$10$x,\n";

fn options(product: &str) -> Options {
    // Deriving the key of Flask-Security's factor would take most of the time.
    Options { factors: product != "flask-security", ..Options::default() }
}

fn found(product: &str, file: &[u8]) -> Vec<Found> {
    match Reader::open(product, file, options(product)) {
        Ok(reader) => reader.filter_map(Result::ok).collect(),
        Err(_) => Vec::new(),
    }
}

#[test]
fn a_file_that_was_cut_yields_nothing_new() {
    for (product, file) in SAMPLES.into_iter().chain([("vestibule", LINES), ("devise", SHEET)]) {
        // A line that ends without the blank behind it is as whole, and shorter.
        let any_length = |found: Found| Found { length: 0, ..found };
        let whole: Vec<Found> = found(product, file).into_iter().map(any_length).collect();
        assert!(!whole.is_empty(), "{product}");
        // Every byte of the short ones; the others are the same reader.
        let step = if file.len() < 3000 { 1 } else { 7 };
        for end in (0..file.len()).step_by(step) {
            let items: Vec<_> = match Reader::open(product, &file[..end], options(product)) {
                Ok(reader) => reader.collect(),
                Err(_) => continue,
            };
            let noticed = items.last().is_none_or(Result::is_err);
            let cut: Vec<Found> = items.into_iter().filter_map(Result::ok).map(any_length).collect();
            assert!(whole.starts_with(&cut), "{product}, {end} bytes");
            let is_document = !matches!(product, "vestibule" | "devise");
            assert!(noticed || !is_document || file[end..].trim_ascii().is_empty(), "{product}, {end} bytes");
        }
    }
}

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Bytes that mean something in one of the formats.
const TELLING: &[u8] = b"{}[]\",:\\\n\r\t 01ef-.tn\x00\xff\xc3\xef";

fn mutated(file: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..=numbers.below(4) {
        if file.len() < 2 {
            break;
        }
        let at = numbers.below(file.len());
        let byte = TELLING[numbers.below(TELLING.len())];
        match numbers.below(5) {
            0 => file[at] = byte,
            1 => file.insert(at, byte),
            2 => drop(file.remove(at)),
            3 => {
                let end = (at + numbers.below(60)).min(file.len());
                let piece = file[at..end].to_vec();
                let to = numbers.below(file.len());
                file.splice(to..to, piece);
            }
            _ => file.truncate(at.max(1)),
        }
    }
    file
}

#[test]
fn nothing_that_happens_to_a_file_breaks_the_reader() {
    let mut numbers = Numbers(2026);
    for (product, file) in SAMPLES.into_iter().chain([("vestibule", LINES), ("devise", SHEET)]) {
        for _ in 0..500 {
            let file = mutated(file, &mut numbers);
            let records = file.len();
            assert!(found(product, &file).len() <= records);
        }
    }
}

/// Every product meets every other's file: it ends, and whatever is refused has a place and a sentence.
#[test]
fn the_files_of_other_products_are_refused_or_read() {
    for product in products() {
        for (_, file) in SAMPLES.into_iter().chain([("vestibule", LINES), ("devise", SHEET)]) {
            let options = Options { secrets: secrets(&[("x", "y")]), factors: false, ..Options::default() };
            let Ok(reader) = Reader::open(product, file, options) else { continue };
            for item in reader {
                match item {
                    Ok(Found { part: Part::Account(record), .. }) => assert!(!record.id.is_empty()),
                    Ok(_) => {}
                    Err(error) => {
                        let sentence = error.to_string();
                        assert!(!sentence.contains("example.org") && !sentence.contains("$2"), "{sentence}");
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_printed_has_a_secret() {
    for (product, file) in SAMPLES {
        let options = Options {
            wanted: Wanted::All,
            secrets: secrets(&[
                ("better-auth", "0123456789abcdef0123456789abcdef"),
                ("1", "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"),
            ]),
            ..Options::default()
        };
        let printed = format!("{:?}", Reader::open(product, file, options).unwrap().collect::<Vec<_>>());
        for secret in
            ["$argon2", "pbkdf2", "$wp$", "c39abbc4", "N3PXQ", "56951917", "U6UI1", "m8FMj", "7537-0990"]
        {
            assert!(!printed.contains(secret), "{product}: {secret}");
        }
    }
}
