//! One of the values that another product made, with what its columns are.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use vestibule_recipes::{Bounds, Columns, ForeignHash, Pepper, Recipe, Refusal, Terms, Typed, recipe_of};
use zeroize::Zeroizing;

const FIXTURES: &str = include_str!("../fixtures.json");

/// Bounds for this test alone.
pub const LARGE: Bounds = Bounds::new(1 << 20, Duration::from_secs(60));

pub const STRICT: Terms = Terms { allow_weak: false, bounds: Bounds::DEFAULT };
pub const WITH_WEAK: Terms = Terms { allow_weak: true, bounds: Bounds::DEFAULT };
pub const WITHOUT_BOUNDS: Terms = Terms { allow_weak: true, bounds: LARGE };

pub struct Fixture {
    /// Its place in the file.
    pub place: usize,
    pub value: Value,
}

impl Fixture {
    pub fn all() -> Vec<Self> {
        let all: Vec<Value> = serde_json::from_str(FIXTURES).unwrap();
        (0..).zip(all).map(|(place, value)| Self { place, value }).collect()
    }

    pub fn text(&self, name: &str) -> &str {
        self.value[name].as_str().unwrap_or_default()
    }

    pub fn extra(&self, name: &str) -> Option<&str> {
        self.value["extra"][name].as_str()
    }

    /// The name of the product's recipe.
    pub fn recipe(&self) -> &'static str {
        let product = self.text("product");
        match (product, self.extra("form").unwrap()) {
            ("Django" | "Django + django-allauth" | "django-allauth", _) => "django",
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

    pub fn columns(&self) -> Columns<'_> {
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

    pub fn peppers(&self) -> BTreeMap<String, Pepper> {
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

    pub fn read(&self, terms: Terms) -> Result<ForeignHash, Refusal> {
        let recipe: Recipe = recipe_of(self.recipe()).unwrap_or_else(|| panic!("{}", self.recipe()));
        ForeignHash::read(&recipe, &self.columns(), &terms, &self.peppers())
    }

    /// The password with its first letter changed: what is cut off at the end would change nothing.
    pub fn wrong(&self) -> String {
        let mut letters = self.text("password").chars();
        let first = letters.next().unwrap();
        [if first == 'z' { 'y' } else { 'z' }].into_iter().chain(letters).collect()
    }

    pub fn verify(&self, hash: &ForeignHash) {
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
