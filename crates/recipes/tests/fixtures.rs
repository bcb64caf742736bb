//! Every value that another product made: the right password is right, one with a changed letter is wrong, and
//! whatever is refused is refused for the reason that stands here.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use vestibule_recipes::{Bounds, Columns, ForeignHash, Pepper, Recipe, Refusal, Terms, Typed, recipe_of};
use zeroize::Zeroizing;

const FIXTURES: &str = include_str!("fixtures.json");
/// How many there are. One that is left out is a mistake.
const ALL: usize = 271;

/// Those that are refused whatever the terms, by their place in the file.
const REFUSED: &[(usize, &str, &str)] = &[
    (3, "second_factor", "better-auth's TOTP secret"),
    (11, "no_password", "Django's mark of an account without one"),
    (15, "second_factor", "allauth's TOTP secret"),
    (16, "second_factor", "allauth's recovery codes"),
    (25, "second_factor", "Flask-Security's TOTP secret"),
    (98, "password_in_clear", "Dovecot's {PLAIN}"),
    (99, "unknown_scheme", "Dovecot's {HMAC-MD5}"),
    (100, "unknown_scheme", "Dovecot's {OTP}"),
    (103, "unknown_scheme", "Dovecot's {DES-CRYPT}"),
    (111, "password_in_clear", "Dovecot's {CLEAR}"),
    (112, "password_in_clear", "Dovecot's {CLEARTEXT}"),
    (119, "unknown_scheme", "Dovecot's {CRAM-MD5}"),
    (129, "unknown_scheme", "yescrypt with GOST"),
    (135, "unknown_scheme", "Sun's MD5"),
    (138, "unknown_scheme", "DES"),
    (139, "unknown_scheme", "BSDI's DES"),
    (226, "unknown_scheme", "Sun's MD5"),
    (227, "unknown_scheme", "DES"),
    (228, "unknown_scheme", "BSDI's DES"),
    (266, "unknown_scheme", "Sun's MD5"),
    (267, "unknown_scheme", "DES"),
    (268, "unknown_scheme", "BSDI's DES"),
];

/// Those that the bounds refuse. They are verified within larger ones, but for the last two, which take
/// 512 MiB and 1 GiB.
const BEYOND: &[(usize, &str)] = &[
    (6, "too_much_memory"),
    (147, "too_much_memory"),
    (148, "too_much_memory"),
    (184, "too_much_memory"),
    (149, "too_much_memory"),
    (150, "too_much_memory"),
];
/// How many of them, from the end, are not computed.
const TOO_LARGE_HERE: usize = 2;

/// Those that want leave because they are guessed too fast.
const WEAK: usize = 62;

struct Fixture {
    place: usize,
    value: Value,
}

impl Fixture {
    fn all() -> Vec<Self> {
        let all: Vec<Value> = serde_json::from_str(FIXTURES).unwrap();
        (0..).zip(all).map(|(place, value)| Self { place, value }).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.value[name].as_str().unwrap_or_default()
    }

    fn extra(&self, name: &str) -> Option<&str> {
        self.value["extra"][name].as_str()
    }

    /// The name of the product's recipe.
    fn recipe(&self) -> &'static str {
        let product = self.text("product");
        match (product, self.extra("form").unwrap()) {
            ("Django" | "Django + django-allauth", _) => "django",
            ("Lucia (oslo)", "phc") => "oslo-argon2",
            ("Lucia (oslo)", "bcrypt") => "oslo-bcrypt",
            ("Lucia (oslo)", _) => "lucia",
            ("Devise", _) if self.extra("pepper") == Some("") => "devise",
            ("Devise", _) => "devise-peppered",
            ("WordPress", "wp-generic") => "wordpress-application",
            ("npm argon2" | "npm @node-rs/argon2" | "npm hash-wasm", "phc") => {
                if self.extra("secret").is_some() { "npm-argon2-secret" } else { "npm-argon2" }
            }
            ("npm bcryptjs" | "npm bcrypt" | "npm @node-rs/bcrypt" | "npm hash-wasm", _) => "npm-bcrypt",
            _ => {
                let known = [
                    ("better-auth", "better-auth"),
                    ("Werkzeug (Flask)", "werkzeug"),
                    ("fastapi-users", "fastapi-users"),
                    ("pwdlib", "pwdlib"),
                    ("Flask-Security", "flask-security"),
                    ("Payload CMS", "payload"),
                    ("WordPress", "wordpress"),
                    ("MediaWiki", "mediawiki"),
                    ("Ghost", "ghost"),
                    ("Strapi", "strapi"),
                    ("n8n", "n8n"),
                    ("KeystoneJS 6", "keystone"),
                    ("Parse Server", "parse"),
                    ("Directus", "directus"),
                    ("AdonisJS hash", "adonis"),
                    ("NodeBB", "nodebb"),
                    ("Firebase Authentication export", "firebase"),
                    ("Dovecot", "dovecot"),
                    ("Unix shadow (libxcrypt)", "shadow"),
                    ("Apache htpasswd", "htpasswd"),
                    ("Drupal", "drupal"),
                    ("Drupal 7 to 10.0", "drupal"),
                    ("Drupal 6 upgraded to 7", "drupal"),
                    ("PHP password_hash", "php"),
                    ("PHP sodium", "php"),
                    ("Nextcloud", "nextcloud"),
                    ("DokuWiki", "dokuwiki"),
                    ("ASP.NET Core Identity", "aspnet"),
                    ("Keycloak realm export", "keycloak"),
                    ("Gitea / Forgejo", "gitea"),
                    ("Supabase", "supabase"),
                    ("Wiki.js", "wikijs"),
                    ("Discourse", "discourse"),
                    ("Redmine", "redmine"),
                    ("Ory Kratos import", "kratos"),
                    ("passlib family", "passlib"),
                ];
                known.iter().find(|(name, _)| *name == product).unwrap_or_else(|| panic!("{product}")).1
            }
        }
    }

    fn columns(&self) -> Columns<'_> {
        let stored = self.extra("secretData").unwrap_or_else(|| self.text("stored"));
        let algorithms = ["passwd_hash_algo", "password_algorithm", "credentialData"];
        Columns {
            value: stored,
            salt: self.extra("salt"),
            algorithm: algorithms.iter().find_map(|name| self.extra(name)),
            // What passlib's value was made for is not in the file.
            user: self.extra("user").or(Some("user")),
        }
    }

    fn peppers(&self) -> BTreeMap<String, Pepper> {
        let texts = [
            ("devise", self.extra("pepper")),
            ("flask-security", self.extra("password_salt_setting")),
            ("argon2", self.extra("secret")),
        ];
        let known =
            texts.iter().filter_map(|(name, text)| Some(((*name).to_owned(), Pepper::from((*text)?))));
        let signer = self.extra("signer_key").map(|text| STANDARD.decode(text).unwrap());
        let signer = signer.map(|key| ("firebase".to_owned(), Pepper::new(Zeroizing::new(key))));
        known.chain(signer).collect()
    }

    fn read(&self, terms: Terms) -> Result<ForeignHash, Refusal> {
        let recipe: Recipe = recipe_of(self.recipe()).unwrap_or_else(|| panic!("{}", self.recipe()));
        ForeignHash::read(&recipe, &self.columns(), &terms, &self.peppers())
    }

    /// The password with its first letter changed: what is cut off at the end would change nothing.
    fn wrong(&self) -> String {
        let mut letters = self.text("password").chars();
        let first = letters.next().unwrap();
        [if first == 'z' { 'y' } else { 'z' }].into_iter().chain(letters).collect()
    }

    fn verify(&self, hash: &ForeignHash) {
        let about = format!("{} {} {}", self.place, self.text("product"), hash.to_text());
        let peppers = self.peppers();
        let is = |password: &str| hash.verify(&Typed::from(password), &peppers).unwrap();
        assert!(is(self.text("password")), "{about}");
        assert!(!is(&self.wrong()), "{about}: a wrong one");
        if let Some(other) = self.extra("also_accepts") {
            assert!(is(other), "{about}: {other}");
        }
        let text = hash.to_text();
        assert!(ForeignHash::is_text(&text) && !text.starts_with("$argon2"));
        let again = ForeignHash::from_text(&text, &LARGE).unwrap_or_else(|error| panic!("{about}: {error}"));
        assert!(again == *hash, "{about}");
    }
}

/// Bounds for this test alone.
const LARGE: Bounds = Bounds::new(1 << 20, Duration::from_secs(60));

const STRICT: Terms = Terms { allow_weak: false, bounds: Bounds::DEFAULT };
const WITH_WEAK: Terms = Terms { allow_weak: true, bounds: Bounds::DEFAULT };
const WITHOUT_BOUNDS: Terms = Terms { allow_weak: true, bounds: LARGE };

/// What became of the fixtures, by code.
#[derive(Default)]
struct Tally {
    verified: usize,
    weak: usize,
    beyond: BTreeSet<usize>,
    refused: BTreeSet<usize>,
}

fn run(fixture: &Fixture, tally: &mut Tally) {
    let place = fixture.place;
    if let Some((_, code, why)) = REFUSED.iter().find(|(refused, ..)| *refused == place) {
        if *code != "second_factor" {
            let refusal = fixture.read(WITHOUT_BOUNDS).unwrap_err();
            assert_eq!(refusal.code(), *code, "{place} {why}: {refusal}");
            assert_eq!(refusal.is_absence(), *code == "no_password");
        }
        tally.refused.insert(place);
        return;
    }
    if let Some(at) = BEYOND.iter().position(|(beyond, _)| *beyond == place) {
        let refusal = fixture.read(WITH_WEAK).unwrap_err();
        assert_eq!(refusal.code(), BEYOND[at].1, "{place}: {refusal}");
        let hash = fixture.read(WITHOUT_BOUNDS).unwrap();
        assert!(ForeignHash::from_text(&hash.to_text(), &Bounds::DEFAULT).is_err());
        if at + TOO_LARGE_HERE < BEYOND.len() {
            fixture.verify(&hash);
        }
        tally.beyond.insert(place);
        return;
    }
    let about = || format!("{place} {} {}", fixture.text("product"), fixture.text("stored"));
    let hash = fixture.read(WITH_WEAK).unwrap_or_else(|refusal| panic!("{}: {refusal}", about()));
    match fixture.read(STRICT) {
        Ok(_) => {
            assert!(!hash.is_weak());
            tally.verified += 1;
        }
        Err(refusal) => {
            assert_eq!(refusal, Refusal::Weak, "{}", about());
            assert!(hash.is_weak());
            tally.weak += 1;
        }
    }
    fixture.verify(&hash);
}

#[test]
fn every_value_of_another_product_is_verified_or_refused_for_a_reason() {
    let all = Fixture::all();
    assert_eq!(all.len(), ALL);
    let halves: Vec<Vec<&Fixture>> =
        (0..2).map(|half| all.iter().filter(|fixture| fixture.place % 2 == half).collect()).collect();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves
            .iter()
            .map(|half| {
                scope.spawn(|| {
                    let mut tally = Tally::default();
                    half.iter().for_each(|fixture| run(fixture, &mut tally));
                    tally
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let verified: usize = tallies.iter().map(|tally| tally.verified).sum();
    let weak: usize = tallies.iter().map(|tally| tally.weak).sum();
    let refused: usize = tallies.iter().map(|tally| tally.refused.len()).sum();
    let beyond: usize = tallies.iter().map(|tally| tally.beyond.len()).sum();
    assert_eq!((refused, beyond), (REFUSED.len(), BEYOND.len()));
    assert_eq!(weak, WEAK);
    assert_eq!(verified + weak + refused + beyond, ALL, "none is left out");
}
