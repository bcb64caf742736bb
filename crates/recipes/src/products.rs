//! The recipes of products, each by the name under which an operator asks for it.

use super::recipe::Recipe;

/// The name of a product's recipe, and the recipe. A change here changes what is imported from then on, and
/// no account that was imported before: its stored text names the steps.
pub const PRODUCTS: &[(&str, &str)] = &[
    ("adonis", "adonis"),
    ("aspnet", "aspnet"),
    ("auth0", "bcrypt"),
    ("better-auth", "nfkc | scrypt(n=16384,r=16,p=1,salt=text,digest=hex)"),
    ("crypt", "crypt"),
    ("devise", "bcrypt"),
    ("devise-peppered", "append(pepper=devise) | bcrypt"),
    ("directus", "argon2"),
    ("directus-secret", "argon2(secret=directus)"),
    ("discourse", "discourse"),
    ("django", "django"),
    ("django-allauth", "django"),
    ("dokuwiki", "dokuwiki"),
    ("dovecot", "ldap"),
    ("drupal", "drupal"),
    ("fastapi-users", "php"),
    ("fastsite", "digest(md5,place=none,salt=text,digest=hex)"),
    ("firebase", "firebase(mem-cost=14,rounds=8,separator=Bw,pepper=firebase)"),
    ("flask-security", "nfkd | base64(hmac-sha512,pepper=flask-security) | php"),
    ("forgejo", "gitea"),
    ("ghost", "bcrypt"),
    ("gitea", "gitea"),
    ("htpasswd", "htpasswd"),
    ("joomla", "joomla"),
    ("keycloak", "keycloak"),
    ("keystone", "bcrypt"),
    ("kratos", "kratos"),
    ("laravel", "php"),
    ("ldap", "ldap"),
    ("lucia", "nfkc | scrypt(n=16384,r=16,p=1,salt=text,digest=hex)"),
    ("mediawiki", "nfc | mediawiki"),
    ("mysql", "mysql"),
    ("n8n", "bcrypt"),
    ("nextcloud", "nextcloud"),
    ("nodebb", "hex(sha512) | bcrypt"),
    ("nodebb-unwrapped", "bcrypt"),
    ("npm-argon2", "argon2"),
    ("npm-argon2-secret", "argon2(secret=argon2)"),
    ("npm-bcrypt", "bcrypt"),
    ("oslo-argon2", "nfkc | argon2"),
    ("oslo-bcrypt", "nfkc | bcrypt"),
    ("parse", "bcrypt"),
    ("passlib", "passlib"),
    ("payload", "payload"),
    ("php", "php"),
    ("phpass", "phpass"),
    ("phpbb", "phpbb"),
    ("postgres", "postgres"),
    ("pwdlib", "php"),
    ("redmine", "hex(sha1) | digest(sha1,place=before,salt=text,digest=hex)"),
    ("shadow", "crypt"),
    ("siberian", "digest(sha1,place=none,salt=text,digest=hex)"),
    ("strapi", "bcrypt"),
    ("supabase", "supabase"),
    ("symfony", "php"),
    ("werkzeug", "werkzeug"),
    ("wikijs", "bcrypt"),
    ("wordpress", "slashes | trim | wordpress"),
    ("wordpress-application", "wordpress-application"),
];

/// The recipe of a product.
#[must_use]
pub fn recipe_of(product: &str) -> Option<Recipe> {
    let (_, text) = PRODUCTS.iter().find(|(name, _)| *name == product)?;
    text.parse().ok()
}
