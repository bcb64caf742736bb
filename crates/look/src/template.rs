//! The variables of templates: the page or mail, whose types are elsewhere, and the frame around it.

use serde::Serialize;
use utoipa::ToSchema;

/// A page: its template and the values that the template may name as `page`.
pub trait Page: Serialize {
    /// Name of the template below `templates/`.
    const TEMPLATE: &'static str;
}

/// What every page shows around itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageFrame<'a, P> {
    /// Language of the page.
    pub lang: &'a str,
    /// The site.
    pub site: SiteView<'a>,
    /// Who is signed in, if anybody.
    pub viewer: Option<Viewer<'a>>,
    /// What was just done, after a redirect.
    pub notice: Option<Notice>,
    /// What is wrong with the page as a whole.
    pub alert: Option<Notice>,
    /// The page.
    pub page: P,
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
}

/// The signed-in person, as templates see them.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Viewer<'a> {
    /// What to call them.
    pub name: &'a str,
    /// URL of their picture at 64 px.
    pub avatar_url: &'a str,
    /// Whether they are still to prove their address.
    pub unverified: bool,
}

/// A message to the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notice {
    /// Stable code.
    pub code: String,
    /// The sentence, in the page's language.
    pub message: String,
}

/// What is wrong with a field; the same shape as a [`Notice`].
pub type Problem = Notice;

/// A mail: its sentences and templates.
pub trait MailTemplate: Serialize {
    /// Key of the subject, which names the site as `$site`.
    const SUBJECT: &'static str;
    /// Name of the template of its text below `templates/`.
    const TEXT: &'static str;
    /// Name of the template of its HTML below `templates/`.
    const HTML: &'static str;
}

/// A mail in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// Subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}
