//! From what a product stores to a check that needs no product any more. One file for each family of forms.

mod bare;
mod columns_apart;
mod crypt;
mod django;
mod identity;
mod ldap;
mod mediawiki;
mod near_phc;
mod parts;
mod passlib;
mod pbkdf2_forms;
mod phc;
mod php;
mod phpass;

use super::check::Check;
use super::columns::Columns;
use super::refusal::Refusal;
use super::step::Step;

pub(crate) use bare::{DigestShape, Pbkdf2Shape, SaltPlace, ScryptShape, TextForm};
pub(crate) use columns_apart::{FirebaseShape, firebase};
pub(crate) use phc::argon2;

/// What a reader makes of the columns: steps that this very value wants, behind those of its recipe, and the
/// check.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) check: Check,
}

impl From<Check> for Plan {
    fn from(check: Check) -> Self {
        Self { steps: Vec::new(), check }
    }
}

/// Reads one product's form.
pub(crate) type Reader = fn(&Columns<'_>) -> Result<Plan, Refusal>;

/// Reads what stands behind the prefix of a form.
type RestReader = fn(&str) -> Result<Check, Refusal>;

/// The forms that need no arguments, by their names in recipes.
pub(crate) const FORMS: [(&str, Reader); 27] = [
    ("adonis", near_phc::adonis),
    ("aspnet", identity::aspnet),
    ("bcrypt", crypt::bcrypt),
    ("crypt", crypt::read),
    ("discourse", columns_apart::discourse),
    ("django", django::read),
    ("dokuwiki", php::dokuwiki),
    ("drupal", php::drupal),
    ("gitea", columns_apart::gitea),
    ("htpasswd", ldap::htpasswd),
    ("joomla", php::joomla),
    ("keycloak", identity::keycloak),
    ("kratos", near_phc::kratos),
    ("ldap", ldap::read),
    ("mediawiki", mediawiki::read),
    ("mysql", bare::mysql),
    ("nextcloud", php::nextcloud),
    ("passlib", passlib::read),
    ("payload", columns_apart::payload),
    ("php", php::read),
    ("phpbb", php::phpbb),
    ("phpass", phpass::read),
    ("postgres", bare::postgres),
    ("supabase", columns_apart::supabase),
    ("werkzeug", django::werkzeug),
    ("wordpress", php::wordpress),
    ("wordpress-application", php::wordpress_application),
];
