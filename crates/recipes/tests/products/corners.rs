//! What goes wrong where somebody guesses: quotes, normal forms, long passwords, secrets and bounds.

use std::collections::BTreeMap;
use std::time::Duration;

use vestibule_recipes::{
    Bounds, Columns, Cost, ForeignHash, NoPeppers, PRODUCTS, Pepper, Recipe, Refusal, Terms, TimeClass,
    Typed, VerifyError, recipe_of,
};

use super::fixture::{Fixture, STRICT, WITH_WEAK};

fn product(place: usize) -> (Fixture, ForeignHash) {
    let fixture = Fixture::all().swap_remove(place);
    assert_eq!(fixture.place, place);
    let hash = fixture.read(WITH_WEAK).unwrap();
    (fixture, hash)
}

fn is(hash: &ForeignHash, password: &str) -> bool {
    hash.verify(&Typed::from(password), &NoPeppers).unwrap()
}

fn refusal(product: &str, columns: Columns<'_>) -> &'static str {
    let recipe = recipe_of(product).unwrap();
    ForeignHash::read(&recipe, &columns, &STRICT, &NoPeppers).unwrap_err().code()
}

#[test]
fn every_product_has_a_recipe_that_reads_and_prints() {
    for (name, text) in PRODUCTS {
        let recipe: Recipe = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(recipe.to_string(), *text, "{name}");
        assert_eq!(recipe_of(name).unwrap().to_string(), *text);
        assert_eq!(refusal(name, Columns::of("")), "no_password", "{name}");
    }
    assert!(PRODUCTS.is_sorted(), "sorted, so that a name is found once");
    assert!(recipe_of("wordpres").is_none());
}

#[test]
fn wordpress_hashes_quotes_with_a_backslash_before_them() {
    let (_, hash) = product(34);
    assert!(is(&hash, "O'Neil \"x\" pass"));
    assert!(!is(&hash, "O\"Neil 'x' pass"));
    // It takes off blanks at the ends, when it hashes and when it verifies.
    let (fixture, hash) = product(31);
    assert!(is(&hash, "correct horse battery"));
    assert!(is(&hash, fixture.extra("typed_at_creation").unwrap()));
    assert!(!is(&hash, "correct  horse battery"));
    // The stored text says it, whatever the table of products says later.
    assert!(
        hash.to_text()
            .starts_with("foreign/1|slashes|trim|base64(hmac-sha384,key=d3Atc2hhMzg0)|bcrypt($2y$10$")
    );
}

#[test]
fn normal_forms_are_those_of_the_product() {
    // MediaWiki: NFC.
    let (_, hash) = product(46);
    assert!(is(&hash, "cafe\u{301}-Straße ﬁn") && !is(&hash, "café-Straße fin"));
    // better-auth: NFKC.
    let (_, hash) = product(1);
    assert!(is(&hash, "cafe\u{301}-Straße fin"));
    // Django: bytes as they came.
    let (_, hash) = product(223);
    assert!(is(&hash, "correct horse é") && !is(&hash, "correct horse e\u{301}"));
}

#[test]
fn bcrypt_reads_72_bytes_and_a_nul_is_one_of_them() {
    // 73 letters were hashed: more or fewer behind the 72nd are the same password, as they were there.
    let (_, hash) = product(58);
    assert!(is(&hash, &"a".repeat(72)) && is(&hash, &"a".repeat(90)) && !is(&hash, &"a".repeat(71)));
    // 71 letters were hashed.
    let (_, hash) = product(56);
    assert!(is(&hash, &"a".repeat(71)) && !is(&hash, &"a".repeat(72)));
    let (_, hash) = product(59);
    assert!(is(&hash, "ab\0cd") && !is(&hash, "ab") && !is(&hash, "ab\0ce"));
}

#[test]
fn a_password_that_no_product_takes_is_wrong_and_costs_nothing() {
    let (_, hash) = product(151);
    assert!(!is(&hash, &"x".repeat(513)));
    let (_, hash) = product(0);
    assert!(!is(&hash, &"x".repeat(4097)));
}

#[test]
fn secrets_are_wanted_at_import_and_missed_at_sign_in() {
    let fixture = Fixture::all().swap_remove(48);
    let recipe = recipe_of("devise-peppered").unwrap();
    let refused = ForeignHash::read(&recipe, &fixture.columns(), &STRICT, &NoPeppers);
    assert_eq!(refused, Err(Refusal::SecretMissing("devise".to_owned())));
    let hash = fixture.read(STRICT).unwrap();
    let text = hash.to_text();
    assert!(!text.contains(fixture.extra("pepper").unwrap()) && text.contains("append(pepper=devise)"));
    let missing = hash.verify(&Typed::from("correct horse é"), &NoPeppers);
    assert_eq!(missing, Err(VerifyError::SecretMissing("devise".to_owned())));
    let another = BTreeMap::from([("devise".to_owned(), Pepper::from("another"))]);
    assert_eq!(hash.verify(&Typed::from("correct horse é"), &another), Ok(false));
    // A long password leaves no room for the pepper, in Devise as here.
    for place in [24, 77, 93] {
        let fixture = Fixture::all().swap_remove(place);
        let hash = fixture.read(STRICT).unwrap();
        let missing = hash.verify(&Typed::from(fixture.text("password")), &NoPeppers).unwrap_err();
        assert_eq!(missing.code(), "secret_missing");
    }
}

#[test]
fn costs_are_bounded_and_known() {
    let argon2 =
        |memory: u32| format!("$argon2id$v=19$m={memory},t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA");
    assert_eq!(refusal("directus", Columns::of(&argon2(65_537))), "too_much_memory");
    let slow = "pbkdf2_sha256$20000000$salt$2kFWvtRPwb5NBJbgKGAwwmeXBqTXe1DQR9wYwmeLqhU=";
    assert_eq!(refusal("django", Columns::of(slow)), "too_slow");
    let huge = format!("$2b$31${}", &"$2b$12$ABxDOKpfU9Esv3QXBOpu0uN5Fv0tSekI59OUnhAMdjwZccfTaCmQi"[7..]);
    assert_eq!(refusal("ghost", Columns::of(&huge)), "too_slow");

    let (_, hash) = product(0);
    assert_eq!(hash.cost().memory_kib, 32 * 1024);
    assert_eq!(hash.cost().class(), TimeClass::Slow);
    let (_, hash) = product(108);
    assert!(hash.is_weak() && hash.cost().class() == TimeClass::Quick);
    let (_, hash) = product(60);
    assert!(!hash.is_weak(), "bcrypt is none, at whatever cost");
    let bounds = Bounds::new(1, Duration::from_micros(1));
    let terms = Terms { allow_weak: true, bounds };
    let Err(Refusal::TooSlow { .. }) = Fixture::all()[60].read(terms) else { panic!("one microsecond") };
    let _: Cost = hash.cost();
}

#[test]
fn what_no_crate_computes_well_is_refused_with_its_name() {
    for (product, value, code) in [
        ("ghost", "$2x$10$8UJ3BBWWeUe8jMJ4Zs/gfeMf0J1XZr8p5zxYEFJf9iRZ1YVk0nQmW", "unknown_scheme"),
        ("ghost", "$2b$10$8UJ3BBWWeUe8jMJ4Zs/gfeMf0J1XZr8p5zxYEFJf9iRZ1YVk0nQm", "malformed"),
        ("ghost", "$2b$03$8UJ3BBWWeUe8jMJ4Zs/gfeMf0J1XZr8p5zxYEFJf9iRZ1YVk0nQmW", "malformed"),
        ("shadow", "!", "no_password"),
        ("shadow", "*", "no_password"),
        ("shadow", "$gy$j9T$PNQksc83YqybmAvTpp2RT1$XA20lZnyMs9jcaf9", "unknown_scheme"),
        ("wordpress", "*", "no_password"),
        ("mediawiki", "b108e0ee5a51bf87f3627136d8339d84", "malformed"),
        ("django", "!40I84BJJws6GvsiHNeDO0WWKXQCtKwra4qySWMUy", "no_password"),
        ("django", "crypt$$ab1Hv2Lg7ltQo", "unknown_scheme"),
        ("dovecot", "{plain}x", "password_in_clear"),
        ("dovecot", "{SSHA}!", "malformed"),
        ("postgres", "md5a67e375fb94b7108973e470ea642b76c", "malformed"),
        ("redmine", "24a8455aefae07f5539dc2f5faa3ae748cbdb022", "malformed"),
        ("nextcloud", "4|$argon2id$", "unknown_scheme"),
        ("auth0", "hunter2", "malformed"),
    ] {
        assert_eq!(refusal(product, Columns::of(value)), code, "{product} {value}");
    }
    let (_, hash) = product(43);
    assert_eq!(format!("{hash:?}"), "ForeignHash { scheme: \"pbkdf2\", .. }");
}

#[test]
fn argon2_without_a_version_is_the_older_one() {
    let (_, hash) = product(79);
    let text = hash.to_text();
    assert!(text.starts_with("foreign/1|argon2d(v=16,"), "{text}");
    let fixture = Fixture::all().swap_remove(79);
    let without = fixture.text("stored").replace("v=16$", "");
    let recipe = recipe_of("npm-argon2").unwrap();
    let read = ForeignHash::read(&recipe, &Columns::of(&without), &STRICT, &NoPeppers).unwrap();
    assert!(read == hash);
}

#[test]
fn an_operator_declares_a_recipe() {
    // What fixture 188 is, Redmine's, in columns of a table of one's own.
    let recipe: Recipe = "hex(sha1) | digest(sha1,place=before)".parse().unwrap();
    let value = "abcdef0123456789abcdef0123456789:24a8455aefae07f5539dc2f5faa3ae748cbdb022";
    let hash = ForeignHash::read(&recipe, &Columns::of(value), &WITH_WEAK, &NoPeppers).unwrap();
    assert!(is(&hash, "correct horse é"));
    // Fixture 187, Discourse's, by its parameters.
    let recipe: Recipe = "pbkdf2(sha256,rounds=600000)".parse().unwrap();
    let columns = Columns::of("54261c1cadcaf72aef6b0b2f809eb954bd97903f69c71bcb4da2c4441a4a682d");
    let columns = columns.with_salt("0123456789abcdef0123456789abcdef");
    let hash = ForeignHash::read(&recipe, &columns, &STRICT, &NoPeppers).unwrap();
    assert!(is(&hash, "correct horse é"));
}

#[test]
fn what_supabase_took_over_from_firebase_is_verified() {
    let firebase = Fixture::all().swap_remove(93);
    let part = |name: &str| firebase.extra(name).unwrap().to_owned();
    let (separator, key, salt) = (part("salt_separator"), part("signer_key"), part("salt"));
    let digest = firebase.text("stored");
    let value = format!("$fbscrypt$v=1,n=14,r=8,p=1,ss={separator},sk={key}${salt}${digest}");
    let recipe = recipe_of("supabase").unwrap();
    let hash = ForeignHash::read(&recipe, &Columns::of(&value), &STRICT, &NoPeppers).unwrap();
    assert!(is(&hash, "correct horse é") && !is(&hash, "correct horse e"));
}

/// What Werkzeug 2.2.3 wrote with `method="sha256"` and so on.
#[test]
fn werkzeugs_hmacs_of_before_2_3_are_verified_with_leave() {
    let recipe = recipe_of("werkzeug").unwrap();
    for value in [
        "sha256$Bf3TjQVA03XP3apO$42ec8f188a65e5ad6fbf2939e49fd4eeba6ae2f2bf550d265c16e0a949190567",
        "md5$3BbxobLsfdn946Dn$cae1fb66b5683db08354242992ec20cc",
        "sha1$SKj69AbyfzzTI5Gj$a307e0d00bd111b727af93aeb9bc11dfd55979c9",
    ] {
        assert_eq!(refusal("werkzeug", Columns::of(value)), "weak");
        let hash = ForeignHash::read(&recipe, &Columns::of(value), &WITH_WEAK, &NoPeppers).unwrap();
        assert!(is(&hash, "correct horse é") && !is(&hash, "correct horse e"), "{value}");
        assert!(ForeignHash::from_text(&hash.to_text(), &Bounds::DEFAULT).unwrap() == hash);
    }
    assert_eq!(refusal("werkzeug", Columns::of("plain$$correct horse é")), "password_in_clear");
}

#[test]
fn what_is_taken_can_be_stored_and_read_again() {
    // The library of yescrypt takes anything behind its parameters, once a letter says that none follow.
    let (shadow, _) = product(128);
    let value = |params: &str| shadow.text("stored").replacen("$j9T$", &format!("${params}$"), 1);
    for params in ["j9TD", "j9TD..", "j9TD)|(", "j9TD=", "j9TD ", "j9TD,salt=", "jkCT", "j9zzzzzz"] {
        let value = value(params);
        assert_eq!(refusal("shadow", Columns::of(&value)), "malformed", "{value}");
    }
    // A salt in a step is as long as its column.
    let (wrapped, _) = product(43);
    let value = wrapped.text("stored").replace("bb726002", &"x".repeat(7000));
    assert_eq!(refusal("mediawiki", Columns::of(&value)), "malformed");
}

#[test]
fn what_each_round_reads_counts_as_time() {
    let digest = "_Aivu_3OaTl1BqPqDzVbRlwoTQk";
    let text = |after: usize| {
        let after = "QUFB".repeat(after / 3);
        format!("foreign/1|digest(sha1,rounds=14000000,after={after},digest={digest})")
    };
    assert!(ForeignHash::from_text(&text(30), &Bounds::DEFAULT).is_ok());
    let refused = ForeignHash::from_text(&text(900), &Bounds::DEFAULT).unwrap_err();
    assert_eq!(refused.code(), "too_slow");
}
