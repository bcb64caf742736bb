//! Products whose account APIs Vestibule speaks.

use vestibule_readers::{Addition, Fact, Identity, Options};

use super::{opens, parts, secrets, some};

#[test]
fn the_tables_of_products_whose_apis_are_spoken_are_read() {
    let file = br#"{"admin":[{"admin_id":7,"role_id":2,"email":"ann@example.org","password":"5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8",
        "firstname":"Ann","lastname":"O","city":"Ulm","created_at":"2016-04-28 10:00:00"}]}"#;
    let (records, _) = parts("siberian", file, Options::default());
    let ann = &records[0];
    assert_eq!(
        (ann.id.as_str(), &ann.email, &ann.firstname, &ann.roles),
        ("7", &some("ann@example.org"), &some("Ann"), &vec!["2".to_owned()])
    );
    assert_eq!((ann.created_at, ann.email_verified), (Some(1_461_837_600_000), Fact::Unsaid));
    assert_eq!(ann.fields.get("city").map(String::as_str), Some("Ulm"));
    assert!(
        opens(&ann.password, "password", &secrets(&[])) && !opens(&ann.password, "Password", &secrets(&[]))
    );

    let file = br#"{"users":[{"id":0,"login":"nobody","name":"nobody","disabled":1},
        {"id":"5","login":"ann","name":"Ann","password":"5f4dcc3b5aa765d61d8327deb882cf99","email":"ann@example.org","date_reg":"2016-04-28 10:00:00",
         "disabled":0,"phone":"1"}],
        "users_groups_membership":[{"user_id":5,"group_id":-1}],"users_external":[{"user_id":5,"external_type":1,"external_id":"77"}]}"#;
    let (records, beside) = parts("fastsite", file, Options::default());
    assert_eq!(records.len(), 1);
    let ann = &records[0];
    assert_eq!((ann.id.as_str(), &ann.username, ann.disabled), ("5", &some("ann"), Fact::No));
    assert!(
        opens(&ann.password, "password", &secrets(&[])) && !opens(&ann.password, "Password", &secrets(&[]))
    );
    let identity = Identity { provider: "1".to_owned(), subject: "77".to_owned() };
    let said: Vec<_> = beside.iter().flat_map(|one| one.additions.clone()).collect();
    assert_eq!(said, [Addition::Roles(vec!["-1".to_owned()]), Addition::Identity(identity)]);
}
