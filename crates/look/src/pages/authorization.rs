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
    /// `consent`: the person permits it or not; `sign_out`: they are asked whether they want to leave;
    /// `onward`: the browser goes back to the client by itself; `refused`: there is no way back.
    pub step: &'static str,
    /// The name of the client; empty at the steps `onward` and `refused`, and where it is not known.
    pub client: String,
    /// The host that the browser goes back to; empty at the step `refused`, and where it stays here.
    pub host: String,
    /// What the client would learn besides who it is.
    pub scopes: Vec<ScopeView>,
    /// The form of the steps `consent` and `sign_out`.
    pub form: AuthorizationForm,
    /// Where the browser goes back to, at the step `onward`.
    pub target: String,
    /// What the form sends that goes there; without any it is a link.
    pub fields: Vec<KeptField>,
}

/// The form that permits it or does not, by the value of its button `decision`: `allow` or `deny`; or that
/// signs out, which has no such value.
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

impl AuthorizationPage {
    /// The page at `step`, with nothing else yet.
    pub fn of(step: &'static str) -> Self {
        Self {
            step,
            client: String::new(),
            host: String::new(),
            scopes: Vec::new(),
            form: AuthorizationForm::default(),
            target: String::new(),
            fields: Vec::new(),
        }
    }
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
        let consent = |client: &str, host: &str| Self {
            client: client.to_owned(),
            host: host.to_owned(),
            scopes: scopes(words),
            form: AuthorizationForm { request: "client_id=5nR2xWq8LrT0yVbZk3mP1a&scope=openid".into() },
            ..Self::of("consent")
        };
        let target = "https://shop.example.org/callback";
        let onward = |fields: &[(&str, &str)]| Self {
            host: "shop.example.org".into(),
            target: target.into(),
            fields: fields
                .iter()
                .map(|(name, value)| KeptField { name: (*name).into(), value: (*value).into() })
                .collect(),
            ..Self::of("onward")
        };
        let leaving = |client: &str, host: &str| Self {
            client: client.to_owned(),
            host: host.to_owned(),
            form: AuthorizationForm { request: "client_id=5nR2xWq8LrT0yVbZk3mP1a".into() },
            ..Self::of("sign_out")
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
            Sample::of("sign out", leaving("Shop", "shop.example.org")),
            Sample::of("sign out, of nobody known", leaving("", "")),
            Sample::of("sign out, hostile", leaving(HOSTILE, HOSTILE)),
            Sample::of("onward, by a link", onward(&[])),
            Sample::of("onward, by a form", onward(&[("code", "Zm9v"), ("state", HOSTILE)])),
        ];
        let seen = samples.into_iter().map(|sample| sample.seen_by("Ada Lovelace"));
        let refused =
            |why| Sample::of(format!("refused, {why}"), Self::of("refused")).with_alert(words.alert(why));
        seen.chain([refused("client_unknown"), refused("request_over")]).collect()
    }
}
