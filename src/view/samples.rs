//! Every page in every state that a reader can meet, for tests and for checking themes: what is rendered here
//! without a fault and escaped as it should be is so for everybody.

mod api;
mod dev_mail;
mod devices;
mod recovery;

use super::pages::{
    AccountView, ApiPage, AvatarView, ChoiceView, CustomFieldView, DevicesPage, ErrorPage, FieldView,
    ForgotPage, OptionView, PasswordForm, PictureForm, ProfileForm, ProfileForms, ProfilePage, ResetPage,
    SecretView, SessionView, SignInForm, SignInPage, SignUpForm, SignUpPage, UsernameForm,
};
use super::{Frame, Locale, Notice, Page, Problem, Renderer, Site, ViewError, Viewer};
use crate::domain::{FieldCode, FieldKind, Millis};

/// What nobody is called, and what somebody will try to be called. Nothing of it may reach a page as it is.
pub const HOSTILE: &str = "<script>alert('x')</script>\" onfocus=\"alert(1) &amp; {{ site }} {% raw %}";

/// Statuses that an error page has words of its own for.
const STATUSES: [u16; 13] = [400, 401, 403, 404, 405, 408, 410, 413, 415, 422, 429, 500, 503];

/// What a form can say above itself, by its key.
const ALERTS: [&str; 3] = ["invalid_credentials", "busy", "session_ended_sign_in_again"];

/// What the profile page can say after a redirect, by its key.
pub(super) const NOTICES: [&str; 8] = [
    "welcome",
    "password_changed",
    "picture_changed",
    "picture_removed",
    "username_changed",
    "profile_changed",
    "session_ended",
    "sessions_ended",
];

/// A page in one state.
pub struct Sample<P> {
    /// What is the matter with it, for whoever reads a report.
    pub state: String,
    /// Who is signed in; empty: nobody.
    pub viewer: String,
    /// What was just done.
    pub notice: Option<Notice>,
    /// What is wrong.
    pub alert: Option<Notice>,
    /// The page.
    pub page: P,
}

impl<P> Sample<P> {
    fn of(state: impl Into<String>, page: P) -> Self {
        Self { state: state.into(), viewer: String::new(), notice: None, alert: None, page }
    }

    fn seen_by(self, viewer: &str) -> Self {
        Self { viewer: viewer.to_owned(), ..self }
    }

    fn with_alert(self, alert: Notice) -> Self {
        Self { alert: Some(alert), ..self }
    }
}

/// A page that shows all its states.
pub trait Samples: Page + Sized {
    /// One of each, with the sentences of `words`.
    fn samples(words: Words<'_>) -> Vec<Sample<Self>>;
}

/// A rendered sample.
pub struct Rendered {
    /// Name of the template.
    pub template: &'static str,
    /// See [`Sample::state`].
    pub state: String,
    /// The page, or why there is none.
    pub html: Result<String, ViewError>,
}

/// Renders every sample of every page in one language.
pub fn render_all(renderer: &Renderer, locale: &Locale) -> Vec<Rendered> {
    let words = Words { renderer, locale };
    let mut all = render::<SignUpPage>(words);
    all.extend(render::<SignInPage>(words));
    all.extend(render::<ForgotPage>(words));
    all.extend(render::<ResetPage>(words));
    all.extend(render::<ProfilePage>(words));
    all.extend(render::<DevicesPage>(words));
    all.extend(render::<ApiPage>(words));
    all.extend(dev_mail::render_both(words));
    all.into_iter().chain(render::<ErrorPage>(words)).collect()
}

fn render<P: Samples>(words: Words<'_>) -> Vec<Rendered> {
    let rendered = |sample: Sample<P>| {
        let viewer = Viewer { name: &sample.viewer, avatar_url: "/user/picture/letter/7/A.svg" };
        let frame = Frame {
            lang: words.locale.as_str(),
            site: Site { name: &words.renderer.facts().site_name },
            viewer: (!sample.viewer.is_empty()).then_some(viewer),
            notice: sample.notice,
            alert: sample.alert,
            page: sample.page,
        };
        let html = words.renderer.render(words.locale, &frame);
        Rendered { template: P::TEMPLATE, state: sample.state, html }
    };
    P::samples(words).into_iter().map(rendered).collect()
}

/// The sentences of one language.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    renderer: &'a Renderer,
    locale: &'a Locale,
}

impl Words<'_> {
    fn sentence(self, key: &str) -> String {
        self.renderer.catalog().text(self.locale, key, &[])
    }

    fn alert(self, code: &str) -> Notice {
        self.renderer.notice(self.locale, "alert", code)
    }

    fn counted(self, code: &str, name: &str, number: u64) -> Notice {
        let key = format!("alert-{}", code.replace('_', "-"));
        let message = self.renderer.counted(self.locale, &key, name, number);
        Notice { code: code.to_owned(), message }
    }

    /// Everything that can be wrong with a field, at once.
    fn every_problem(self) -> Vec<Problem> {
        FieldCode::samples().iter().map(|code| self.renderer.problem(self.locale, code)).collect()
    }

    fn wrong(self, value: &str) -> FieldView {
        FieldView { value: value.to_owned(), errors: self.every_problem() }
    }

    fn wrong_secret(self) -> SecretView {
        SecretView { errors: self.every_problem() }
    }

    /// The operator's fields, one of each kind.
    fn custom_fields(self, value: &str, label: &str, wrong: bool) -> Vec<CustomFieldView> {
        use FieldKind::{Boolean, Date, Email, Number, Text, Url};
        let kinds = [Text, Email, Url, Number, Date, Boolean];
        let field = |(number, kind): (usize, FieldKind)| CustomFieldView {
            name: format!("custom_{}", kind.as_str()),
            label: if label.is_empty() { format!("Field {number}") } else { label.to_owned() },
            kind: kind.as_str(),
            value: value.to_owned(),
            checked: !value.is_empty(),
            required: number % 2 == 0,
            max_length: 200,
            errors: if wrong { self.every_problem() } else { Vec::new() },
        };
        kinds.into_iter().enumerate().map(field).collect()
    }
}

fn typed(value: &str) -> FieldView {
    FieldView { value: value.to_owned(), errors: Vec::new() }
}

fn long(words: &str) -> String {
    words.repeat(40)
}

impl Samples for SignUpPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |form| Self { form, password_min: 8 };
        let filled = |email: &str, username: &str, fields| SignUpForm {
            email: typed(email),
            username: typed(username),
            password: SecretView::default(),
            fields,
        };
        let everything_wrong = SignUpForm {
            email: words.wrong("ada"),
            username: words.wrong("a b"),
            password: words.wrong_secret(),
            fields: words.custom_fields("x", "", true),
        };
        vec![
            Sample::of("empty", page(SignUpForm::default())),
            Sample::of("one character is enough", Self { form: SignUpForm::default(), password_min: 1 }),
            Sample::of("custom fields", page(filled("", "", words.custom_fields("", "", false)))),
            Sample::of("errors everywhere", page(everything_wrong)).with_alert(words.counted(
                "fix_the_fields",
                "count",
                9,
            )),
            Sample::of(
                "hostile",
                page(filled(HOSTILE, HOSTILE, words.custom_fields(HOSTILE, HOSTILE, true))),
            )
            .with_alert(words.counted("fix_the_fields", "count", 1)),
            Sample::of(
                "long",
                page(filled(
                    &long("ada"),
                    &long("W"),
                    words.custom_fields(&long("x"), &long("word "), false),
                )),
            ),
            Sample::of("too many tries", page(filled("ada@example.org", "", Vec::new())))
                .with_alert(words.counted("throttled_minutes", "minutes", 12)),
            Sample::of("too much to do", page(filled("ada@example.org", "ada", Vec::new())))
                .with_alert(words.alert("busy")),
        ]
    }
}

impl Samples for SignInPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |email: &str, next: &str| Self {
            form: SignInForm { email: typed(email), password: SecretView::default() },
            next: next.to_owned(),
            recovery: true,
            registration: true,
        };
        let wrong = SignInForm { email: words.wrong(HOSTILE), password: words.wrong_secret() };
        let mut samples = vec![
            Sample::of("empty", page("", "")),
            Sample::of(
                "neither recovery nor registration",
                Self { recovery: false, registration: false, ..page("", "") },
            ),
            Sample::of("on the way elsewhere", page("", "/user/devices?x=1&y=\"2\"")),
            Sample::of("errors everywhere", Self { form: wrong, ..page("", HOSTILE) })
                .with_alert(words.counted("fix_the_fields", "count", 2)),
            Sample::of("hostile", page(HOSTILE, HOSTILE)).with_alert(words.alert("invalid_credentials")),
            Sample::of("long", page(&long("ada@example.org"), &long("/user"))),
            Sample::of("too many tries", page("ada", "")).with_alert(words.counted(
                "throttled",
                "seconds",
                1,
            )),
        ];
        samples.extend(
            ALERTS.map(|code| {
                Sample::of(format!("alert {code}"), page("ada", "")).with_alert(words.alert(code))
            }),
        );
        samples.extend(["signed_out", "password_reset"].map(|code| {
            let notice = Some(words.renderer.notice(words.locale, "notice", code));
            Sample { notice, ..Sample::of(format!("notice {code}"), page("", "")) }
        }));
        samples
    }
}

impl Samples for ProfilePage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let ada = || profile(words, "ada", "Ada Lovelace", false);
        let show = |state: &str, page: Self| {
            let viewer = page.account.display_name.clone();
            Sample::of(state, page).seen_by(&viewer)
        };
        let mut newcomer = profile(words, "", "newcomer", false);
        newcomer.account.name.clear();
        newcomer.account.avatar = letter();
        newcomer.forms.profile.name.value.clear();
        let mut fields = ada();
        fields.forms.profile.fields = words.custom_fields("", "", false);
        let mut filled_fields = ada();
        filled_fields.forms.profile.fields = words.custom_fields("2024-05-31", "", false);
        let mut crowded = ada();
        crowded.sessions = (1..=50).map(|number| session(number, "Firefox · Linux", number == 1)).collect();
        let mut stranger = ada();
        stranger.sessions = vec![session(1, "", true), session(2, "", false), session(3, HOSTILE, false)];
        for session in &mut stranger.sessions {
            session.address = if session.current { String::new() } else { HOSTILE.to_owned() };
        }
        let mut hostile = profile(words, HOSTILE, HOSTILE, true);
        hostile.forms.profile.fields = words.custom_fields(HOSTILE, HOSTILE, true);
        let endless = profile(words, &"W".repeat(40), &long("Adalovelace"), false);
        let mut samples = vec![
            show("ordinary", ada()),
            show("new, without username, name and picture", newcomer),
            show("custom fields", fields),
            show("custom fields, filled", filled_fields),
            show("many sessions", crowded),
            show("unknown devices", stranger),
            show("errors everywhere", profile(words, "a b", "Ada", true)).with_alert(words.counted(
                "fix_the_fields",
                "count",
                8,
            )),
            show("hostile", hostile).with_alert(words.counted("fix_the_fields", "count", 1)),
            show("long", endless),
            show("too many tries", ada()).with_alert(words.counted("throttled", "seconds", 90)),
            show("too much to do", ada()).with_alert(words.alert("busy")),
        ];
        samples.extend(NOTICES.map(|code| Sample {
            notice: Some(words.renderer.notice(words.locale, "notice", code)),
            ..show(&format!("notice {code}"), ada())
        }));
        samples
    }
}

impl Samples for ErrorPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let page = |status: u16, key: String, incident: &str| Self {
            status,
            code: "code".to_owned(),
            title: words.sentence(&format!("error-page-{key}-title")),
            message: words.sentence(&format!("error-page-{key}-message")),
            incident: incident.to_owned(),
        };
        let mut samples: Vec<_> = STATUSES
            .map(|status| {
                let incident = if status < 500 { "" } else { "0f3a9c12de45" };
                Sample::of(status.to_string(), page(status, status.to_string(), incident))
            })
            .into();
        samples.push(Sample::of("another status", page(418, "other".to_owned(), "")));
        let hostile = || HOSTILE.to_owned();
        let page =
            Self { status: 500, code: hostile(), title: hostile(), message: hostile(), incident: hostile() };
        samples.push(Sample::of("hostile", page));
        samples
    }
}

fn letter() -> AvatarView {
    let address = || "/user/picture/letter/7/N.svg".to_owned();
    AvatarView { small: address(), medium: address(), large: address(), full: address(), uploaded: false }
}

fn picture() -> AvatarView {
    let address = |size: u32| format!("/user/picture/{}/{size}.jpg", "0f".repeat(32));
    AvatarView {
        small: address(64),
        medium: address(128),
        large: address(256),
        full: address(512),
        uploaded: true,
    }
}

fn session(number: i64, device: &str, current: bool) -> SessionView {
    SessionView {
        id: number,
        current,
        device: device.to_owned(),
        address: "2001:db8::1".to_owned(),
        created_at: Millis(1_717_100_000_000).into(),
        seen_at: Millis(1_717_200_000_000).into(),
    }
}

fn profile(words: Words<'_>, username: &str, name: &str, wrong: bool) -> ProfilePage {
    let line = |value: &str| if wrong { words.wrong(value) } else { typed(value) };
    let secret = || if wrong { words.wrong_secret() } else { SecretView::default() };
    let option =
        |value: &str, label: String| OptionView { value: value.to_owned(), label, selected: value == "fr" };
    let catalog = words.renderer.catalog();
    let named =
        catalog.locales().map(|locale| option(locale.as_str(), catalog.text(locale, "locale-name", &[])));
    let automatic = option("", words.sentence("locale-automatic"));
    let locale = ChoiceView {
        value: "fr".to_owned(),
        options: std::iter::once(automatic).chain(named).collect(),
        errors: secret().errors,
    };
    ProfilePage {
        account: AccountView {
            id: 7,
            email: if wrong { HOSTILE.to_owned() } else { "ada@example.org".to_owned() },
            username: username.to_owned(),
            name: name.to_owned(),
            display_name: name.to_owned(),
            avatar: picture(),
            created_at: Millis(1_717_100_000_000).into(),
        },
        forms: ProfileForms {
            profile: ProfileForm {
                name: line(name),
                firstname: line(name),
                lastname: line(name),
                locale,
                fields: Vec::new(),
            },
            username: UsernameForm { username: line(username) },
            password: PasswordForm { apassword: secret(), npassword: secret() },
            picture: PictureForm { file: secret() },
        },
        sessions: vec![session(1, "Firefox · Linux", true), session(2, "Safari · iPhone", false)],
        password_min: 8,
        picture_max_mib: 10,
        picture_max_bytes: 10 << 20,
    }
}
