//! A site, an app or a program wants to know who somebody is.

use serde::Serialize;
use utoipa::ToSchema;

use super::prove::KeptField;
use crate::Page;
use crate::samples::{HOSTILE, PageSamples, Sample, Words, long};
use crate::values::TimeView;

/// One step of letting a client know who somebody is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorizationPage {
    /// `consent`: the person permits it or not; `onward`: the browser goes back to the client by itself;
    /// `refused`: the client is not known, so there is no way back.
    pub step: &'static str,
    /// The name of the client; empty at the other steps than `consent`.
    pub client: String,
    /// The host that the browser goes back to; empty at the step `refused`.
    pub host: String,
    /// What the client would learn besides who it is.
    pub scopes: Vec<ScopeView>,
    /// The form of the step `consent`.
    pub form: AuthorizationForm,
    /// Where the browser goes back to, at the step `onward`.
    pub target: String,
    /// What the form sends that goes there; without any it is a link.
    pub fields: Vec<KeptField>,
}

/// The form that permits it or does not, by the value of its button `decision`: `allow` or `deny`.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct AuthorizationForm {
    /// `request`, what the client asks for.
    pub request: String,
}

/// Something that a client learns.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScopeView {
    /// The word of the scope.
    pub word: &'static str,
    /// What it means, in the language of the page.
    pub label: String,
}

/// A client that the account's owner permits to know who they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    /// Its number, by which a form ends it.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it learns.
    pub scopes: Vec<ScopeView>,
    /// Since when.
    pub created_at: TimeView,
    /// When it last asked.
    pub used_at: TimeView,
}

impl Page for AuthorizationPage {
    const TEMPLATE: &'static str = "pages/authorization.html";
}

/// Scopes as the samples show them.
pub(super) fn scopes(words: Words<'_>) -> Vec<ScopeView> {
    [("profile", "scope-profile"), ("email", "scope-email"), ("offline_access", "scope-offline")]
        .map(|(word, sentence)| ScopeView { word, label: words.sentence(sentence) })
        .to_vec()
}

impl PageSamples for AuthorizationPage {
    fn samples(words: Words<'_>) -> Vec<Sample<Self>> {
        let empty = |step| Self {
            step,
            client: String::new(),
            host: String::new(),
            scopes: Vec::new(),
            form: AuthorizationForm::default(),
            target: String::new(),
            fields: Vec::new(),
        };
        let consent = |client: &str, host: &str| Self {
            client: client.to_owned(),
            host: host.to_owned(),
            scopes: scopes(words),
            form: AuthorizationForm { request: "client_id=5nR2xWq8LrT0yVbZk3mP1a&scope=openid".into() },
            ..empty("consent")
        };
        let target = "https://shop.example.org/callback";
        let onward = |fields: &[(&str, &str)]| Self {
            host: "shop.example.org".into(),
            target: target.into(),
            fields: fields
                .iter()
                .map(|(name, value)| KeptField { name: (*name).into(), value: (*value).into() })
                .collect(),
            ..empty("onward")
        };
        let nothing = Self { scopes: Vec::new(), ..consent("Shop", "shop.example.org") };
        let hostile = Self {
            scopes: vec![ScopeView { word: "profile", label: HOSTILE.to_owned() }],
            form: AuthorizationForm { request: HOSTILE.to_owned() },
            ..consent(HOSTILE, HOSTILE)
        };
        let samples = vec![
            Sample::of("consent", consent("Shop", "shop.example.org")),
            Sample::of("consent, who it is alone", nothing),
            Sample::of("consent, hostile", hostile),
            Sample::of("consent, long", consent(&long("Shop "), &long("shop.example.org"))),
            Sample::of("consent, too many tries", consent("Shop", "shop.example.org"))
                .with_alert(words.counted("throttled", "seconds", 30)),
            Sample::of("onward, by a link", onward(&[])),
            Sample::of("onward, by a form", onward(&[("code", "Zm9v"), ("state", HOSTILE)])),
        ];
        let seen = samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace"));
        seen.chain([Sample::of("refused", empty("refused")).with_alert(words.alert("client_unknown"))])
            .collect()
    }
}
