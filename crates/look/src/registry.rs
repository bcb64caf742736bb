//! Every page and every mail there is. What goes over all of them – tests, the check of a theme, the contract for
//! authors – goes over these two lists.

use tera::Context;
use utoipa::ToSchema;

use super::mail::{
    AddressChangeMail, AddressChangedMail, AddressRequestedMail, AddressTakenMail, InvitationMail,
    NewDeviceMail, PasswordChangedMail, RecoveryMail, TestMail, UsernameChangedMail, VerificationMail,
};
use super::pages::{
    AddressPage, ApiPage, DevMailPage, DevMailsPage, DevicesPage, ErrorPage, ForgotPage, ProfilePage,
    ResetPage, SignInPage, SignUpPage, VerifyPage, VerifyRequestPage,
};
use super::renderer::Envelope;
use super::samples::{MailSamples, Sample, Samples, Words};
use super::shape::{self, Shape, Variable};
use super::{Frame, Locale, Renderer, Site, ViewError, Viewer};

/// A template that is filled for a reader, and all that can be filled into it.
pub(super) struct Entry {
    /// Names of its templates: a page's one, a mail's text and HTML.
    pub templates: &'static [&'static str],
    /// What is around the page or mail.
    frame: fn() -> (Shape, String),
    /// Name of the variable that is its own rather than everybody's, with what its type says about itself.
    pub own: (&'static str, fn() -> (Shape, String)),
    /// Everything that a reader can meet.
    pub samples: fn(Words<'_>) -> Vec<Ready>,
}

/// Every page, in the order in which somebody meets them.
pub(super) static PAGES: [Entry; 13] = [
    page::<SignUpPage>(),
    page::<SignInPage>(),
    page::<ForgotPage>(),
    page::<ResetPage>(),
    page::<VerifyRequestPage>(),
    page::<VerifyPage>(),
    page::<AddressPage>(),
    page::<ProfilePage>(),
    page::<DevicesPage>(),
    page::<ApiPage>(),
    page::<DevMailsPage>(),
    page::<DevMailPage>(),
    page::<ErrorPage>(),
];

/// Every mail.
pub(super) static MAILS: [Entry; 11] = [
    mail::<RecoveryMail>(),
    mail::<InvitationMail>(),
    mail::<VerificationMail>(),
    mail::<AddressChangeMail>(),
    mail::<AddressRequestedMail>(),
    mail::<AddressChangedMail>(),
    mail::<AddressTakenMail>(),
    mail::<PasswordChangedMail>(),
    mail::<UsernameChangedMail>(),
    mail::<NewDeviceMail>(),
    mail::<TestMail>(),
];

/// A sample that is ready to be filled into its templates.
pub(super) struct Ready {
    /// See [`Sample::state`].
    pub state: String,
    /// What the templates may name, or why that cannot be said.
    pub context: Result<Context, ViewError>,
}

impl Entry {
    /// Everything that its templates may name.
    pub fn variables(&self) -> Vec<Variable> {
        let (shape, _) = (self.frame)();
        let (name, own) = self.own;
        let mut variables = shape.variables().to_vec();
        // What is generic in a type is not spelled out in its description.
        for variable in variables.iter_mut().filter(|variable| variable.name == name) {
            variable.shape = own().0;
        }
        variables
    }
}

const fn page<P: Samples + ToSchema + 'static>() -> Entry {
    Entry {
        templates: &[P::TEMPLATE],
        frame: shape::of::<Frame<'static, P>>,
        own: ("page", shape::of::<P>),
        samples: frames::<P>,
    }
}

const fn mail<M: MailSamples + ToSchema + 'static>() -> Entry {
    Entry {
        templates: &[M::TEXT, M::HTML],
        frame: shape::of::<Envelope<'static, M>>,
        own: ("mail", shape::of::<M>),
        samples: envelopes::<M>,
    }
}

fn frames<P: Samples>(words: Words<'_>) -> Vec<Ready> {
    let ready = |sample: Sample<P>| {
        let avatar_url = "/user/picture/letter/7/A.svg";
        let viewer = Viewer { name: &sample.viewer, avatar_url, unverified: sample.unverified };
        let frame = Frame {
            lang: words.locale.as_str(),
            site: Site { name: &words.renderer.facts().site_name },
            viewer: (!sample.viewer.is_empty()).then_some(viewer),
            notice: sample.notice,
            alert: sample.alert,
            page: sample.page,
        };
        Ready { state: sample.state, context: words.renderer.context(frame) }
    };
    P::samples(words).into_iter().map(ready).collect()
}

fn envelopes<M: MailSamples>(words: Words<'_>) -> Vec<Ready> {
    let ready = |(state, mail): (String, M)| {
        let context = words.renderer.envelope(words.locale, &mail).map(|(_, context)| context);
        Ready { state, context }
    };
    M::samples(words).into_iter().map(ready).collect()
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
    let of = |entry: &Entry| {
        let template = entry.templates[0];
        let rendered = |Ready { state, context }: Ready| {
            let html = context.and_then(|context| renderer.fill(template, locale, &context));
            Rendered { template, state, html }
        };
        (entry.samples)(words).into_iter().map(rendered).collect::<Vec<_>>()
    };
    PAGES.iter().flat_map(of).collect()
}
