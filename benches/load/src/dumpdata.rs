//! What `manage.py dumpdata` writes for a site of Django with django-allauth: users with hashes, an address
//! for each, and an authenticator app for one in a thousand.
//!
//! An account is the same in every file, so that a file of fewer accounts is the first part of one with more.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::Outcome;

/// One account in so many has an authenticator app. The first one does.
const WITH_APP: usize = 1_000;

const FIRST_NAMES: [&str; 32] = [
    "Ada",
    "Björn",
    "Chloé",
    "Dmitri",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Ivan",
    "Joana",
    "Kofi",
    "Leïla",
    "Marek",
    "Nadia",
    "Oluwaseun",
    "Priya",
    "Quentin",
    "Rosa",
    "Søren",
    "Thandiwe",
    "Umberto",
    "Violet",
    "Wei",
    "Ximena",
    "Yusuf",
    "Zoë",
    "Alexandra",
    "Bartholomew",
    "Catherine",
    "Dorothea",
    "Emmanuel",
    "Florence",
];
const LAST_NAMES: [&str; 32] = [
    "Almeida",
    "Brøndum",
    "Chatterjee",
    "Dąbrowski",
    "Eriksson",
    "Fischer",
    "García",
    "Hopper",
    "Ivanova",
    "Johnson",
    "Kowalski",
    "Lovelace",
    "Müller",
    "Nakamura",
    "Okafor",
    "Papadopoulos",
    "Quigley",
    "Rossi",
    "Schneider",
    "Tanaka",
    "Usman",
    "Villanueva",
    "Williams",
    "Xu",
    "Yıldız",
    "Zhang",
    "Smith",
    "O'Neil",
    "van der Berg",
    "Fernández",
    "Le",
    "Montgomery",
];
const DOMAINS: [&str; 8] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "uni.example.net",
    "staff.example.com",
    "home.example.org",
];

const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // It comes back as it went: the remainder is smaller than `end`.
        (self.next() % end as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }

    /// 32 bytes in base64: the last letter before the padding says four bits.
    fn digest(&mut self) -> String {
        let last = char::from(BASE64[self.below(16) * 4]);
        format!("{}{last}=", self.text(BASE64, 42))
    }

    fn time(&mut self) -> String {
        let (year, month, day) = (2014 + self.below(12), 1 + self.below(12), 1 + self.below(28));
        let (hour, minute, milliseconds) = (self.below(24), self.below(60), self.below(60_000));
        let (second, thousandth) = (milliseconds / 1_000, milliseconds % 1_000);
        format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{thousandth:03}Z")
    }
}

/// The letters of a name that stand in usernames.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Eight digits that no other number up to a hundred million has.
fn code(number: usize) -> String {
    format!("{:08}", number as u64 * 61_803_399 % 100_000_000)
}

struct Person {
    number: usize,
    first: &'static str,
    last: &'static str,
    username: String,
    email: String,
    dice: Dice,
}

impl Person {
    fn new(number: usize) -> Self {
        let mut dice = Dice::new(number as u64);
        let (first, last) = (dice.one(&FIRST_NAMES), dice.one(&LAST_NAMES));
        let (given, family, code) = (plain(first), plain(last), code(number));
        let username = match dice.below(3) {
            0 => format!("{given}{code}"),
            1 => format!("{given}.{family}{code}"),
            _ => format!("{family}_{code}"),
        };
        let domain = dice.one(&DOMAINS);
        let email = match dice.below(2) {
            0 => format!("{given}.{family}.{code}@{domain}"),
            _ => format!("{family}{code}@{domain}"),
        };
        Self { number, first, last, username, email, dice }
    }

    fn user(mut self, to: &mut impl Write) -> Outcome<()> {
        let Self { number, first, last, username, email, dice } = &mut self;
        let (salt, digest) = (dice.text(ALPHANUMERIC, 22), dice.digest());
        let last_login = if dice.below(3) == 0 { "null".to_owned() } else { format!("\"{}\"", dice.time()) };
        let (is_active, joined) = (dice.below(50) != 0, dice.time());
        write!(
            to,
            "{{\"model\": \"auth.user\", \"pk\": {number}, \"fields\": {{\
             \"password\": \"pbkdf2_sha256$1000000${salt}${digest}\", \"last_login\": {last_login}, \
             \"is_superuser\": false, \"username\": \"{username}\", \"first_name\": \"{first}\", \
             \"last_name\": \"{last}\", \"email\": \"{email}\", \"is_staff\": false, \"is_active\": {is_active}, \
             \"date_joined\": \"{joined}\", \"groups\": [], \"user_permissions\": []}}}}"
        )?;
        Ok(())
    }

    fn address(mut self, to: &mut impl Write) -> Outcome<()> {
        let (number, email, verified) = (self.number, &self.email, self.dice.below(5) != 0);
        write!(
            to,
            "{{\"model\": \"account.emailaddress\", \"pk\": {number}, \"fields\": {{\"user\": {number}, \
             \"email\": \"{email}\", \"verified\": {verified}, \"primary\": true}}}}"
        )?;
        Ok(())
    }

    fn app(mut self, to: &mut impl Write) -> Outcome<()> {
        let (number, secret) = (self.number, self.dice.text(BASE32, 32));
        let (pk, made) = (1 + number / WITH_APP, self.dice.time());
        write!(
            to,
            "{{\"model\": \"mfa.authenticator\", \"pk\": {pk}, \"fields\": {{\"user\": {number}, \
             \"type\": \"totp\", \"data\": {{\"secret\": \"{secret}\"}}, \"created_at\": \"{made}\", \
             \"last_used_at\": null}}}}"
        )?;
        Ok(())
    }
}

/// Writes the file of `accounts`, and returns how many objects are in it.
pub fn write(path: &Path, accounts: usize) -> Outcome<usize> {
    let mut to = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut objects = 0;
    let mut next = |to: &mut BufWriter<File>| {
        objects += 1;
        to.write_all(if objects == 1 { b"[" } else { b", " })
    };
    for number in 1..=accounts {
        next(&mut to)?;
        Person::new(number).user(&mut to)?;
    }
    for number in 1..=accounts {
        next(&mut to)?;
        Person::new(number).address(&mut to)?;
    }
    for number in (1..=accounts).step_by(WITH_APP) {
        next(&mut to)?;
        Person::new(number).app(&mut to)?;
    }
    to.write_all(b"]\n")?;
    to.into_inner()?.sync_all()?;
    Ok(objects)
}
