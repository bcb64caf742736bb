//! The states of the page about the JSON APIs.

use super::{HOSTILE, Sample, Samples, Words, long};
use crate::pages::{
    ApiPage, DocumentedAnswer, DocumentedCall, DocumentedCredential, DocumentedDoor, DocumentedExample,
    DocumentedField,
};

impl Samples for ApiPage {
    fn samples(_: Words<'_>) -> Vec<Sample<Self>> {
        let page = |words: &str, open| Self { doors: vec![door(words, open)] };
        let mut bare = page("one", true);
        for call in bare.doors.iter_mut().flat_map(|door| &mut door.calls) {
            call.about.clear();
            call.example.clear();
            call.credentials.clear();
            call.fields.clear();
            call.kinds.clear();
            call.tryable = false;
        }
        vec![
            Sample::of("nothing", Self { doors: Vec::new() }),
            Sample::of("ordinary", page("ordinary", false)),
            Sample::of("for everybody", page("ordinary", true)),
            Sample::of("a call with nothing to it", bare),
            Sample::of("hostile", page(HOSTILE, false)),
            Sample::of("long", page(&long("word "), true)),
        ]
    }
}

fn door(words: &str, open: bool) -> DocumentedDoor {
    let words = || words.to_owned();
    let field = |name: &str, required, secret, max_length| DocumentedField {
        name: name.to_owned(),
        kind: words(),
        required,
        secret,
        max_length,
        about: words(),
        example: words(),
    };
    let credential = |name: &str, scheme: &str| DocumentedCredential {
        name: name.to_owned(),
        header: words(),
        scheme: scheme.to_owned(),
        about: words(),
    };
    let example = |name: String| DocumentedExample { name, body: words() };
    let answer = |kind, headers, examples| DocumentedAnswer {
        status: "200".to_owned(),
        about: words(),
        kind,
        headers,
        examples,
    };
    let call = DocumentedCall {
        id: "a_call".to_owned(),
        method: "POST".to_owned(),
        path: words(),
        summary: words(),
        about: words(),
        credentials: vec![credential("api_key", "Bearer"), credential("user_hash", "")],
        open,
        fields: vec![field("email", true, false, Some(254)), field("password", false, true, None)],
        kinds: vec![words(), words()],
        example: words(),
        tryable: true,
        answers: vec![
            answer(words(), vec![words()], vec![example(String::new()), example(words())]),
            answer(String::new(), Vec::new(), Vec::new()),
        ],
    };
    DocumentedDoor { name: "door".to_owned(), about: words(), calls: vec![call] }
}
