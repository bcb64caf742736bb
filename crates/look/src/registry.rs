//! A page or mail without its Rust type: its templates, their variables, and its samples. The lists are
//! `pages::PAGES` and `mails::MAILS`.

use tera::Context;
use utoipa::ToSchema;

use crate::samples::{MailSamples, PageSamples, Sample, Words};
use crate::shape::{self, Shape, Variable};
use crate::template::{Envelope, LanguageView, PageFrame, Viewer};
use crate::{Look, ViewError};

/// A page or mail in one of the lists.
pub(crate) struct RegistryEntry {
    /// The names of its templates: one for a page, text and HTML for a mail.
    pub templates: &'static [&'static str],
    /// The type of the frame around the page or mail.
    frame: fn() -> (Shape, String),
    /// The variable of its own, beside those of the frame: the name, and the type with its comment.
    pub own: (&'static str, fn() -> (Shape, String)),
    /// One sample for every state that a reader can meet.
    pub samples: fn(Words<'_>) -> Vec<PreparedSample>,
}

/// A sample that is ready to be rendered.
pub(crate) struct PreparedSample {
    /// See [`Sample::state`].
    pub state: String,
    /// The variables, or why they cannot be made.
    pub context: Result<Context, ViewError>,
}

impl RegistryEntry {
    /// All variables of the templates.
    pub fn variables(&self) -> Vec<Variable> {
        let (shape, _) = (self.frame)();
        let (name, own) = self.own;
        let mut variables = shape.variables().to_vec();
        // utoipa's description of a generic type lacks its parameter.
        for variable in variables.iter_mut().filter(|variable| variable.name == name) {
            variable.shape = own().0;
        }
        variables
    }
}

pub(crate) const fn page<P: PageSamples + ToSchema + 'static>() -> RegistryEntry {
    RegistryEntry {
        templates: &[P::TEMPLATE],
        frame: shape::of::<PageFrame<'static, P>>,
        own: ("page", shape::of::<P>),
        samples: frames::<P>,
    }
}

pub(crate) const fn mail<M: MailSamples + ToSchema + 'static>() -> RegistryEntry {
    RegistryEntry {
        templates: &[M::TEXT, M::HTML],
        frame: shape::of::<Envelope<'static, M>>,
        own: ("mail", shape::of::<M>),
        samples: envelopes::<M>,
    }
}

fn frames<P: PageSamples>(words: Words<'_>) -> Vec<PreparedSample> {
    let panels = words.renderer.panels::<P>(Look::Themed);
    let prepare = |sample: Sample<P>| {
        let avatar_url = "/user/picture/letter/7/A.svg";
        let viewer = Viewer {
            name: &sample.viewer,
            avatar_url,
            email: "ada@example.org",
            unverified: sample.unverified,
            administers: sample.administers,
            recovery_until: &sample.recovery_until,
        };
        let frame = PageFrame {
            lang: words.locale.as_str(),
            languages: if sample.viewer.is_empty() { languages(words) } else { Vec::new() },
            site: words.renderer.site(),
            viewer: (!sample.viewer.is_empty()).then_some(viewer),
            notice: sample.notice.map(|notice| notice.within(panels)),
            alert: sample.alert.map(|alert| alert.within(panels)),
            refused: sample.refused,
            wait: sample.wait,
            page: sample.page,
        };
        PreparedSample { state: sample.state, context: words.renderer.context(frame) }
    };
    P::samples(words).into_iter().map(prepare).collect()
}

fn languages(words: Words<'_>) -> Vec<LanguageView<'_>> {
    let current = words.locale.as_str();
    let named = words.renderer.catalog().choices(words.locale).iter().filter(|(code, _)| !code.is_empty());
    named
        .map(|(code, name)| LanguageView {
            code,
            name,
            url: format!("?lang={code}"),
            current: code == current,
        })
        .collect()
}

fn envelopes<M: MailSamples>(words: Words<'_>) -> Vec<PreparedSample> {
    let prepare = |(state, mail): (String, M)| {
        let context = words.renderer.envelope(words.locale, &mail).map(|(_, context)| context);
        PreparedSample { state, context }
    };
    M::samples(words).into_iter().map(prepare).collect()
}
