//! Second factors of Supabase, Flask-Security and Directus: whoever has one there has one afterwards.

use vestibule_readers::{Addition, Fact, FactorsSaid, Options, Reader, Record};
use vestibule_readers::{products, reads_factors, wants_factors_table};

use super::{codes, parts, secrets};

const FLASK: &str = include_str!("../samples/flask-security.rows.json");

fn said(product: &str, file: &str) -> FactorsSaid {
    let mut reader = Reader::open(product, file.as_bytes(), Options::default()).unwrap();
    while reader.next().is_some() {}
    reader.factors()
}

fn without() -> Options {
    Options { factors: false, ..Options::default() }
}

#[test]
fn products_whose_factors_are_read_are_these() {
    let (read, left): (Vec<_>, Vec<_>) = products().partition(|product| reads_factors(product));
    assert_eq!(
        read,
        [
            "vestibule",
            "django",
            "django-allauth",
            "better-auth",
            "supabase",
            "keycloak",
            "flask-security",
            "aspnet",
            "gitea",
            "forgejo",
            "discourse",
            "kratos",
            "directus"
        ]
    );
    // Their accounts say nothing of it.
    let beside: Vec<_> = products().filter(|product| wants_factors_table(product)).collect();
    let expected =
        ["django", "django-allauth", "supabase", "flask-security", "gitea", "forgejo", "discourse"];
    assert_eq!(beside, expected);
    assert!(beside.iter().all(|product| read.contains(product)));
    assert!(left.contains(&"wordpress"));
}

#[test]
fn a_realm_may_have_policies_that_sound_like_factors() {
    let users = r#""users":[{"id":"1","username":"ann","credentials":[]}]"#;
    let realm = format!(
        r#"{{"otpPolicyType":"totp","otpSupportedApplications":["x"],"webAuthnPolicySignatureAlgorithms":["ES256"],{users}}}"#
    );
    assert_eq!(said("keycloak", &realm), FactorsSaid::Nothing);
}

#[test]
fn a_table_that_sounds_like_factors_is_told_of_behind_any_number_of_others() {
    let others: String = (0..500).map(|number| format!(r#""t{number}":[],"#)).collect();
    for name in ["user_security_keys_old", "MultiFactor", "secondFactors", "otp_devices"] {
        let file = format!(r#"{{{others}"{name}":[],"otp_setting":true,"user":[{{"id":1}}]}}"#);
        let FactorsSaid::Unread(why) = said("better-auth", &file) else { panic!("{name}") };
        assert!(why.contains(name), "{why}");
    }
    let file = format!(r#"{{{others}"otp_setting":true,"user":[{{"id":1}}]}}"#);
    assert_eq!(said("better-auth", &file), FactorsSaid::Nothing);
    // Also where accounts say themselves who has one.
    let file = r#"{"directus_users":[],"directus_passkeys":[]}"#;
    assert!(matches!(said("directus", file), FactorsSaid::Unread(_)));
}

/// What becomes of one row: a secret, a loss, or nothing.
fn kind(product: &str, table: &str, row: &str) -> &'static str {
    let file = format!(r#"{{"{table}":[{{"id":"f",{row}}}]}}"#);
    assert!(parts(product, file.as_bytes(), without()).1.is_empty(), "{row}");
    let (_, supplements) = parts(product, file.as_bytes(), Options::default());
    match supplements.iter().map(|one| &one.additions[..]).collect::<Vec<_>>()[..] {
        [] => "nothing",
        [[Addition::Totp(_)]] => "secret",
        [[Addition::FactorLost(_)]] => "lost",
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn factors_of_supabase() {
    let of = |row: &str| {
        let row = format!(
            r#""user_id":"6b1f","friendly_name":"App","created_at":"2026-11-28 01:05:32+00",
              "updated_at":"2026-11-28 01:05:32+00","last_challenged_at":null,"web_authn_credential":null,
              "web_authn_aaguid":null,"last_webauthn_challenge_data":null,{row}"#
        );
        kind("supabase", "auth.mfa_factors", &row)
    };
    const SECRET: &str = r#""secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","phone":null"#;
    assert_eq!(of(&format!(r#""factor_type":"totp","status":"verified",{SECRET}"#)), "secret");
    assert_eq!(of(&format!(r#""factor_type":"totp","status":"unverified",{SECRET}"#)), "nothing");
    // One that is encrypted, and states and kinds that nobody here knows.
    let sealed =
        r#""secret":"{\"id\":\"f\",\"alg\":\"aes-gcm-hkdf\",\"data\":\"AA\",\"nonce\":\"AA\"}","phone":null"#;
    assert_eq!(of(&format!(r#""factor_type":"totp","status":"verified",{sealed}"#)), "lost");
    assert_eq!(
        of(r#""factor_type":"phone","status":"verified","secret":null,"phone":"15555550100""#),
        "lost"
    );
    assert_eq!(of(r#""factor_type":"phone","status":"unverified","secret":null,"phone":"1555""#), "nothing");
    assert_eq!(of(r#""factor_type":"webauthn","status":"verified","secret":null,"phone":null"#), "lost");
    assert_eq!(of(r#""factor_type":"new","status":"other","secret":null"#), "lost");
    assert_eq!(of(r#""factor_type":"new","secret":null"#), "lost");
    let broken =
        br#"{"mfa_factors":[{"user_id":"a","factor_type":"totp","status":"verified","secret":null}]}"#;
    assert_eq!(codes("supabase", broken, Options::default()), ["missing"]);
}

#[test]
fn a_file_of_supabase_has_a_table_of_factors() {
    let whole = r#"{"auth.users":[],"auth.mfa_factors":[],"auth.mfa_challenges":[{"id":"c","factor_id":"f"}],
        "auth.mfa_amr_claims":[{"session_id":"s"}],"webauthn_challenges":[],"webauthn_credentials":[{"id":"k"}]}"#;
    assert_eq!(said("supabase", whole), FactorsSaid::All);
    assert!(parts("supabase", whole.as_bytes(), Options::default()).1.is_empty());
    assert_eq!(said("supabase", r#"{"auth.users":[],"auth.mfa_amr_claims":[]}"#), FactorsSaid::Nothing);
    assert_eq!(said("supabase", "id,encrypted_password\n1,x\n"), FactorsSaid::Nothing);
    let unknown = said("supabase", r#"{"auth.users":[],"auth.mfa_factors":[],"auth.mfa_devices":[]}"#);
    assert_eq!(unknown, FactorsSaid::Unread("`auth.mfa_devices` may have second factors".to_owned()));
    let broken = r#"{"auth.users":[],"auth.mfa_factors":[7]}"#;
    assert!(matches!(said("supabase", broken), FactorsSaid::Unread(_)));
}

/// The first account of the sample with these columns instead.
fn flask(change: &[(&str, serde_json::Value)]) -> String {
    let file: serde_json::Value = serde_json::from_str(FLASK).unwrap();
    let mut row = file["user"][0].clone();
    assert_eq!(row["tf_primary_method"], "authenticator");
    for (key, value) in change {
        assert!(row.get(key).is_some(), "{key}");
        row[key] = value.clone();
    }
    serde_json::json!({ "user": [row] }).to_string()
}

fn flask_record(change: &[(&str, serde_json::Value)]) -> Record {
    let secrets = secrets(&[("1", "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B")]);
    let options = Options { secrets, ..Options::default() };
    parts("flask-security", flask(change).as_bytes(), options).0.remove(0)
}

#[test]
fn factors_of_flask_security() {
    let app = flask_record(&[]);
    assert_eq!((app.totp.is_some(), app.factor_lost, app.recovery_codes.is_some()), (true, false, true));
    for method in ["email", "mail", "sms", "voice"] {
        let sent = flask_record(&[("tf_primary_method", method.into())]);
        assert_eq!((sent.totp.is_some(), sent.factor_lost), (false, true), "{method}");
    }
    for stored in ["{}", "no JSON"] {
        let broken = flask_record(&[("tf_totp_secret", stored.into())]);
        assert_eq!((broken.totp.is_some(), broken.factor_lost), (false, true), "{stored}");
    }
    let half = flask_record(&[("tf_totp_secret", None::<&str>.into())]);
    assert!(half.factor_lost);
    // Without a method the product asks for no code.
    let none = flask_record(&[("tf_primary_method", None::<&str>.into())]);
    assert_eq!((none.totp.is_some(), none.factor_lost, none.recovery_codes), (false, false, None));
    // Codes that are encrypted are left out, and so is anything else that is none.
    let token = format!("gAAAAA{}", "B".repeat(94));
    let sealed = flask_record(&[("mf_recovery_codes", format!("{token},{token}").into())]);
    assert_eq!((sealed.totp.is_some(), sealed.recovery_codes), (true, None));
    let long = flask_record(&[("mf_recovery_codes", "x".repeat(101).into())]);
    assert_eq!((long.totp.is_some(), long.recovery_codes), (true, None));
}

#[test]
fn an_account_of_flask_security_without_the_columns_is_refused() {
    for column in ["tf_primary_method", "tf_totp_secret"] {
        let file = FLASK.replace(&format!("\"{column}\""), "\"other\"");
        assert_eq!(codes("flask-security", file.as_bytes(), Options::default()), ["missing", "missing"]);
        assert!(codes("flask-security", file.as_bytes(), without()).is_empty());
    }
}

#[test]
fn keys_of_flask_security() {
    let of = |table: &str, usage: &str| {
        let row = format!(
            r#""credential_id":"AA","public_key":"AA","sign_count":1,"transports":"usb","backup_state":0,
              "device_type":"single_device","extensions":null,"create_datetime":"2026-11-28 01:05:32",
              "lastuse_datetime":"2026-11-28 01:05:32","name":"Key","usage":"{usage}","user_id":1"#
        );
        kind("flask-security", table, &row)
    };
    for table in ["webauthn", "web_authn"] {
        assert_eq!(
            (of(table, "secondary"), of(table, "first"), of(table, "new")),
            ("lost", "nothing", "lost")
        );
    }
    assert_eq!(said("flask-security", FLASK), FactorsSaid::Nothing);
    assert_eq!(said("flask-security", r#"{"user":[],"webauthn":[]}"#), FactorsSaid::All);
    assert_eq!(said("flask-security", r#"{"user":[],"web_authn":[]}"#), FactorsSaid::All);
}

#[test]
fn factors_of_directus() {
    let row = |secret: &str, status: &str| {
        format!(
            r#"[{{"id":"d","first_name":"Ann","last_name":"O","email":"ann@example.org",
              "password":"$argon2id$x","location":null,"title":null,"description":null,"tags":null,
              "avatar":null,"language":null,"status":"{status}","role":"r","token":null,"last_access":null,
              "last_page":null,"provider":"default","external_identifier":null,"auth_data":null,
              "email_notifications":true{secret}}}]"#
        )
    };
    let record = |secret: &str| {
        let file = row(secret, "active");
        parts("directus", file.as_bytes(), Options::default()).0.remove(0)
    };
    let app = record(r#","tfa_secret":"GEZDGNBVGY3TQOJQ""#);
    assert_eq!((app.totp.as_ref().unwrap().key(), app.factor_lost), (&b"1234567890"[..], false));
    let none = record(r#","tfa_secret":null"#);
    assert_eq!((none.totp, none.factor_lost, none.disabled), (None, false, Fact::No));
    // What the product's interface shows instead of the secret.
    let concealed = record(r#","tfa_secret":"**********""#);
    assert_eq!((concealed.totp, concealed.factor_lost), (None, true));
    assert_eq!(codes("directus", row("", "active").as_bytes(), Options::default()), ["missing"]);
    let (records, _) = parts("directus", row("", "active").as_bytes(), without());
    assert_eq!((records.len(), records[0].factor_lost), (1, false));
    for (status, disabled) in [
        ("draft", Fact::Yes),
        ("suspended", Fact::Yes),
        ("archived", Fact::Yes),
        ("invited", Fact::No),
        ("unverified", Fact::No),
    ] {
        let (records, _) = parts("directus", row("", status).as_bytes(), without());
        assert_eq!(records[0].disabled, disabled, "{status}");
    }
}
