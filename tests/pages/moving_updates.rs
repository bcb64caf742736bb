//! `--on-conflict update`: accounts that are here already get what the file says of them now.

use serde_json::{Value, json};
use store::Engine;

use crate::engines::both_engines;
use crate::moving::{Came, Site};
use crate::support::{PASSWORD, Visitor};

both_engines!(
    accounts_that_came_before_get_what_a_newer_file_says,
    what_its_owner_has_used_here_stays_the_owners,
    an_account_here_is_the_same_persons_if_both_addresses_are_proven,
);

/// Of the words `old password` and `new password`.
const HASHES: [&str; 2] = [
    "$2b$04$abcdefghijklmnopqrstuuFkqCYl1sZhFcdBXBznR1I2LdekaY3XO",
    "$2b$04$abcdefghijklmnopqrstuuWguXQMav/U6A0G4BMx.6VdU6lg4b.5G",
];
const FIELDS: &str = "[default.fields.phone]\nlabel = { en = 'Phone' }\n";

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

fn import(site: &Site, rows: &[Value], more: &[&str]) -> Came {
    let file = site.write("rows.jsonl", &lines(rows));
    let options = ["--recipe", "bcrypt", "--map", "fields.phone=phone", "--role", "boss=editor"];
    site.import(&file, "declared", &[&options, more].concat())
}

fn row(id: u32, name: &str, more: &Value) -> Value {
    let mut row = json!({ "id": id, "email": format!("{name}@example.org"), "email_verified": true });
    for (key, value) in more.as_object().unwrap() {
        row[key] = value.clone();
    }
    row
}

fn of(site: &Site, name: &str) -> Value {
    let accounts = site.export(&["--with-hashes"]);
    accounts.into_iter().find(|account| account["email"] == format!("{name}@example.org")).unwrap()
}

const UPDATE: [&str; 2] = ["--on-conflict", "update"];

/// What an import without `--dry-run` says of those it met.
fn sums(came: &Came) -> [u64; 4] {
    let last = came.last();
    ["made", "known", "updated", "conflicts"].map(|key| last[key].as_u64().unwrap())
}

async fn accounts_that_came_before_get_what_a_newer_file_says(engine: Engine) {
    let site = Site::open(engine, FIELDS).await;
    let old = [
        row(1, "ada", &json!({ "name": "Ada", "phone": "1", "password": HASHES[0] })),
        row(2, "bob", &json!({ "name": "Bob", "email_verified": false })),
    ];
    assert_eq!(sums(&import(&site, &old, &[])), [2, 0, 0, 0]);
    let new = [
        row(1, "ada", &json!({ "name": "Ada King", "phone": "2", "locale": "fr", "password": HASHES[1] })),
        row(2, "bob", &json!({ "firstname": "Robert", "disabled": true })),
        row(3, "cid", &json!({})),
    ];
    // Without the word nothing is changed, and a dry run changes nothing either.
    let before = (of(&site, "ada"), of(&site, "bob"));
    assert_eq!(sums(&import(&site, &new[..2], &[])), [0, 2, 0, 0]);
    assert_eq!(sums(&import(&site, &new[..2], &["--on-conflict", "update", "--dry-run"])), [0, 0, 2, 0]);
    assert_eq!((of(&site, "ada"), of(&site, "bob")), before);

    assert_eq!(sums(&import(&site, &new, &UPDATE)), [1, 0, 2, 0]);
    let (ada, bob) = (of(&site, "ada"), of(&site, "bob"));
    assert_eq!(
        (&ada["name"], &ada["fields"]["phone"], &ada["locale"]),
        (&"Ada King".into(), &"2".into(), &"fr".into())
    );
    assert_eq!((&bob["name"], &bob["firstname"]), (&"Bob".into(), &"Robert".into()));
    assert!(bob["email_verified_at"].is_i64() && bob["disabled_at"].is_i64(), "{bob}");
    assert!(!site.signs_in("ada@example.org", "old password").await);
    assert!(site.signs_in("ada@example.org", "new password").await);
    // The same file twice changes nothing.
    let before = (of(&site, "ada"), of(&site, "bob"));
    assert_eq!(sums(&import(&site, &new, &UPDATE)), [0, 3, 0, 0]);
    assert_eq!((of(&site, "ada"), of(&site, "bob")), before);
    let log = site.run(&["audit", "--kind", "profile_changed"]);
    assert_eq!(log.out.matches("imported from declared").count(), 2, "{}", log.out);
}

async fn what_its_owner_has_used_here_stays_the_owners(engine: Engine) {
    let site = Site::open(engine, FIELDS).await;
    let ada = |hash: &str| [row(1, "ada", &json!({ "password": hash, "role": "boss" }))];
    assert_eq!(sums(&import(&site, &ada(HASHES[0]), &[])), [1, 0, 0, 0]);
    assert!(site.signs_in("ada@example.org", "old password").await);
    assert_eq!(site.run(&["account", "set-role", "ada@example.org", "member"]).code, Some(0));
    let before = of(&site, "ada");
    assert_eq!(sums(&import(&site, &ada(HASHES[1]), &UPDATE)), [0, 1, 0, 0]);
    assert_eq!(of(&site, "ada"), before);
    assert!(site.signs_in("ada@example.org", "old password").await);
    // Nor does a deleted account come back.
    assert_eq!(site.run(&["account", "delete", "ada@example.org"]).code, Some(0));
    assert_eq!(sums(&import(&site, &ada(HASHES[1]), &UPDATE)), [0, 1, 0, 0]);
    assert!(site.export(&[]).is_empty());
}

async fn an_account_here_is_the_same_persons_if_both_addresses_are_proven(engine: Engine) {
    let site = Site::open(engine, FIELDS).await;
    for name in ["ada", "bob", "cid"] {
        let email = format!("{name}@example.org");
        let form = [("email", email.as_str()), ("username", name), ("password", PASSWORD)];
        let visitor = Visitor::new(site.running.address);
        assert_eq!(visitor.post("/user/create").wants_json().form(&form).send().await.status, 201);
    }
    for proven in ["ada", "cid"] {
        assert_eq!(site.run(&["account", "verify", proven]).code, Some(0));
    }
    let more = json!({ "name": "From there", "role": "boss", "password": HASHES[0] });
    let rows = [
        row(1, "ada", &more),
        // Whoever signed up here has not proven the address.
        row(2, "bob", &more),
        // Whoever signed up there has not.
        row(3, "cid", &{
            let mut more = more.clone();
            more["email_verified"] = false.into();
            more
        }),
    ];
    let done = import(&site, &rows, &UPDATE);
    assert_eq!(sums(&done), [0, 0, 1, 2]);
    assert_eq!((done.code, done.codes()), (Some(0), vec!["email_taken".to_owned(); 2]), "{}", done.out);
    assert!(done.out.contains("\"left_alone\":\"line 2\"") && done.out.contains("one of both is not proven"));
    let (ada, bob, cid) = (of(&site, "ada"), of(&site, "bob"), of(&site, "cid"));
    assert_eq!((&ada["name"], &ada["role"]), (&"From there".into(), &"editor".into()));
    for other in [bob, cid] {
        assert_eq!((&other["name"], &other["role"]), (&"".into(), &"member".into()), "{other}");
    }
    // What signs in here stays what it is.
    for name in ["ada", "bob", "cid"] {
        assert!(site.signs_in(name, PASSWORD).await && !site.signs_in(name, "old password").await, "{name}");
    }
    // From now on it is known by its number there.
    assert_eq!(sums(&import(&site, &rows, &[])), [0, 1, 0, 2]);
}
