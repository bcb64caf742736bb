//! The variables of templates: the frame around a page or mail. The types of the pages and mails are in
//! `pages` and `mails`.

use serde::Serialize;
use utoipa::ToSchema;

/// A page: its template, and the values that the template sees as `page`.
pub trait Page: Serialize {
    /// The name of the template below `templates/`.
    const TEMPLATE: &'static str;
    /// The panels of the page that say themselves what was done or refused in them, by their id.
    const PANELS: &'static [&'static str] = &[];
}

/// What every page shows around itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageFrame<'a, P> {
    /// Language of the page.
    pub lang: &'a str,
    /// The languages that the reader can choose on this page; empty where there is one alone, or the account
    /// says it.
    pub languages: Vec<LanguageView<'a>>,
    /// The site.
    pub site: SiteView<'a>,
    /// Who is signed in, if anybody.
    pub viewer: Option<Viewer<'a>>,
    /// What was just done, after a redirect.
    pub notice: Option<Notice>,
    /// What is wrong with the page as a whole.
    pub alert: Option<Notice>,
    /// Whether the page answers a form or link that was refused.
    pub refused: bool,
    /// In how many seconds the refused form may be sent again; 0 if that is not known. `vestibule.js` counts
    /// them down in the button where an element says them as `data-wait`.
    pub wait: u64,
    /// The page.
    pub page: P,
}

/// A language that the reader can choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LanguageView<'a> {
    /// Its code, for `lang="…"` and `hreflang="…"`.
    pub code: &'a str,
    /// What its speakers call it.
    pub name: &'a str,
    /// The address of this page in that language.
    pub url: String,
    /// Whether it is the language of the page.
    pub current: bool,
}

/// What every mail shows around itself.
#[derive(Serialize, ToSchema)]
pub(super) struct Envelope<'a, M> {
    /// Language of the mail.
    pub lang: &'a str,
    /// Subject of the mail.
    pub subject: &'a str,
    /// The site.
    pub site: SiteView<'a>,
    /// The mail.
    pub mail: M,
}

/// The site, as templates see it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SiteView<'a> {
    /// Name of the site.
    pub name: &'a str,
    /// Where the name leads: the operator's `site.url`, else the first page. Whole in mails, like the other
    /// addresses.
    pub url: &'a str,
    /// Address of the operator's logo; empty if there is none. In mails also for an SVG, and for a site
    /// without `https`: mail readers would not show it.
    pub logo_url: &'a str,
    /// Colour of links and buttons on a light ground, as `#rrggbb`: the operator's, with enough contrast,
    /// else that of the built-in look.
    pub accent: &'a str,
    /// Colour of text on it.
    pub on_accent: &'a str,
    /// The same on a dark ground.
    pub accent_dark: &'a str,
    /// Colour of text on it.
    pub on_accent_dark: &'a str,
    /// Address of the operator's imprint; may be empty.
    pub imprint: &'a str,
    /// Address of the operator's privacy policy; may be empty.
    pub privacy: &'a str,
    /// Address where help is to be had; may be empty.
    pub help: &'a str,
}

/// The signed-in person, as templates see them.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Viewer<'a> {
    /// What to call them.
    pub name: &'a str,
    /// URL of their picture at 64 px.
    pub avatar_url: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Whether they are still to prove their address.
    pub unverified: bool,
    /// Whether they administer the site.
    pub administers: bool,
    /// When their second factors are taken off, in the language of the page, because somebody has asked for
    /// it; else empty.
    pub recovery_until: &'a str,
}

/// A message to the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notice {
    /// Stable code.
    pub code: String,
    /// The sentence, in the page's language.
    pub message: String,
    /// The panel of the page that says it, by its id; empty: the page says it at its top.
    pub place: &'static str,
}

impl Notice {
    /// The same, said by the panel `place` where the page has it.
    #[must_use]
    pub fn at(self, place: &'static str) -> Self {
        Self { place, ..self }
    }

    /// The same, said at the top of a page without that panel.
    #[must_use]
    pub fn within(self, panels: &[&str]) -> Self {
        if panels.contains(&self.place) { self } else { self.at("") }
    }
}

/// The panel in which something was done, by the code of its notice; empty where it is none. What a mailed
/// link has done is said at the top: the reader comes from elsewhere.
pub(super) fn place_of(code: &str) -> &'static str {
    match code {
        "picture_changed" | "picture_removed" => "picture",
        "profile_changed" => "profile",
        "username_changed" => "username",
        "address_requested" | "address_sent_again" | "address_cancelled" => "email",
        "password_changed" => "password",
        "app_password_revoked" => "app-passwords",
        "totp_added" | "totp_removed" => "totp",
        "data_asked" => "data",
        "opening_ended" | "openings_ended" | "device_paired" | "device_removed" => "openings",
        _ => "",
    }
}

/// A problem of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Stable code.
    pub code: String,
    /// The sentence, in the page's language.
    pub message: String,
}

impl From<Problem> for Notice {
    fn from(Problem { code, message }: Problem) -> Self {
        Self { code, message, place: "" }
    }
}

/// A mail: its sentences, its templates, and the values that the templates see as `mail`.
pub trait MailTemplate: Serialize {
    /// The key of the subject's sentence, which contains the site's name as `$site`.
    const SUBJECT: &'static str;
    /// The name of the text template below `templates/`.
    const TEXT: &'static str;
    /// The name of the HTML template below `templates/`.
    const HTML: &'static str;
}

/// A rendered mail in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// The subject, on one line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// The code of its language, such as `fr`.
    pub language: String,
}
