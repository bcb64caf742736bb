//! The calls of all JSON APIs, to read and to try.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};

/// All calls of all doors, to read and to try.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiPage {
    /// One for each published API.
    pub doors: Vec<DocumentedDoor>,
    /// What every path begins with where the site lies below a path; else empty.
    pub base: String,
}

impl Page for ApiPage {
    const TEMPLATE: &'static str = "pages/api.html";
}

/// A published API.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedDoor {
    /// Name of the API.
    pub name: String,
    /// What it is for, in English.
    pub about: String,
    /// Its calls, in the order of the document.
    pub calls: Vec<DocumentedCall>,
}

/// A call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedCall {
    /// For `id="…"`.
    pub id: String,
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
    /// What it does, in a few words of English.
    pub summary: String,
    /// What else there is to know, in English; may be empty.
    pub about: String,
    /// Ways to say who calls, any one of them; empty: nobody is asked.
    pub credentials: Vec<DocumentedCredential>,
    /// Whether it can be called without any.
    pub open: bool,
    /// Fields of the query or the body.
    pub fields: Vec<DocumentedField>,
    /// Content types of bodies; empty: there is none.
    pub kinds: Vec<String>,
    /// A body as JSON; empty where there is none.
    pub example: String,
    /// Whether it is a form that can be tried in a page.
    pub tryable: bool,
    /// Answers, by status.
    pub answers: Vec<DocumentedAnswer>,
}

/// A way to say who calls.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedCredential {
    /// Name in the document.
    pub name: String,
    /// The header that carries it.
    pub header: String,
    /// What stands before it in the header, such as `Bearer`; may be empty.
    pub scheme: String,
    /// What it is, in English.
    pub about: String,
}

/// A field of a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedField {
    /// Name on the wire.
    pub name: String,
    /// What its value is, such as `string, email`.
    pub kind: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is not to be shown while it is typed.
    pub secret: bool,
    /// Longest value in characters, if there is a bound.
    pub max_length: Option<u64>,
    /// What it is, in English or the operator's words; may be empty.
    pub about: String,
    /// An example.
    pub example: String,
}

/// What can be answered with one status.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedAnswer {
    /// HTTP status.
    pub status: String,
    /// In English.
    pub about: String,
    /// Content type; empty where there is no body.
    pub kind: String,
    /// Names of headers.
    pub headers: Vec<String>,
    /// Bodies.
    pub examples: Vec<DocumentedExample>,
}

/// A body of an answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentedExample {
    /// What is the matter; may be empty.
    pub name: String,
    /// The body.
    pub body: String,
}

impl PageSamples for ApiPage {
    fn samples(_: Words<'_>) -> Vec<Sample<Self>> {
        let page = |words: &str, open| Self { doors: vec![door(words, open)], base: String::new() };
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
            Sample::of("nothing", Self { doors: Vec::new(), base: String::new() }),
            Sample::of("ordinary", page("ordinary", false)),
            Sample::of("for everybody", page("ordinary", true)),
            Sample::of("below a path", Self { base: "/account".to_owned(), ..page("ordinary", true) }),
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
