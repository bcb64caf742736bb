//! The page to read: the same as the documents, in the words of its reader.

use domain::{
    CustomField, CustomFields, FieldKind, Millis, OidcScope, OidcScopes, OpeningKind, SecurityEvent,
};
use look::pages::TimeView;
use look::{Argument, DataPaper, Locale, PaperCell, PaperRow, PaperTable, Renderer};
use store::mail_log::{LoggedMail, MailOutcome};

use super::own_data::{Newest, OwnData};
use crate::flows::openings::words;
use crate::flows::security_log::told;

/// What the page is made of.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) view: &'a Renderer,
    pub(super) locale: &'a Locale,
    pub(super) fields: &'a CustomFields,
    pub(super) data: &'a OwnData,
}

impl Reading<'_> {
    /// The page. `picture` is the name of the picture beside it.
    pub(super) fn paper(
        self,
        events: &Newest<SecurityEvent>,
        mails: &Newest<LoggedMail>,
        picture: String,
        now: Millis,
    ) -> DataPaper {
        DataPaper {
            email: self.data.found.account.email.as_str().to_owned(),
            made_at: self.time(now),
            picture,
            tables: vec![
                self.account(),
                self.sessions(),
                self.devices(),
                self.factors(),
                self.applications(),
                self.log(events),
                self.mails(mails),
            ],
        }
    }

    fn account(self) -> PaperTable {
        let account = &self.data.found.account;
        let mut rows = Vec::new();
        let mut text = |key: &str, value: &str| {
            if !value.is_empty() {
                rows.push(row(self.text(key), [value.to_owned().into()]));
            }
        };
        text("paper-number", &account.id.to_string());
        text("label-email", account.email.as_str());
        text("paper-address-wanted", self.data.address_wanted.as_ref().map_or("", |wanted| wanted.as_str()));
        text("label-username", account.username.as_ref().map_or("", |name| name.as_str()));
        text("label-name", &account.name);
        text("label-firstname", &account.firstname);
        text("label-lastname", &account.lastname);
        text("label-locale", account.locale.as_deref().unwrap_or_default());
        let number = account.role.0.to_string();
        text("admin-fact-role", self.data.role.as_deref().unwrap_or(&number));
        text("admin-fact-terms", account.terms.as_deref().unwrap_or_default());
        for field in self.fields.iter() {
            let Some(value) = account.fields.get(&field.name).filter(|value| !value.is_empty()) else {
                continue;
            };
            rows.push(row(field.label(self.locale.as_str()).to_owned(), [self.value(field, value).into()]));
        }
        let times = [
            ("admin-fact-created", Some(account.created_at)),
            ("admin-fact-changed", Some(account.updated_at)),
            ("admin-fact-verified", account.verified_at),
            ("admin-fact-waiting", account.approval_wanted_at),
            ("paper-terms-at", self.data.terms_at),
        ];
        for (key, at) in times {
            rows.extend(at.map(|at| row(self.text(key), [self.time(at).into()])));
        }
        for former in &self.data.former_usernames {
            let label = self.text("admin-fact-former-username");
            rows.push(row(label, [former.username.as_str().to_owned().into()]));
        }
        for (product, id) in &self.data.sources {
            let product = Argument::Text(product.as_str().into());
            rows.push(row(self.said("paper-imported", "product", product), [id.clone().into()]));
        }
        self.table("account", "account.json", ["paper-what", "paper-value"], rows)
    }

    /// What a field of the operator's holds, as people read it.
    fn value(self, field: &CustomField, value: &str) -> String {
        match (field.kind, value) {
            (FieldKind::Boolean, "true") => self.text("admin-fact-yes"),
            (FieldKind::Boolean, _) => self.text("admin-fact-no"),
            _ => value.to_owned(),
        }
    }

    fn sessions(self) -> PaperTable {
        let catalog = self.view.catalog();
        let rows = self.data.sessions.iter().map(|session| {
            let label = if session.browser_label.is_empty() {
                self.text("session-unknown-device")
            } else {
                words::named_browser(catalog, self.locale, &session.browser_label)
            };
            row(
                label,
                [
                    session.place.clone().into(),
                    self.time(session.created_at).into(),
                    self.time(session.seen_at).into(),
                    told::factors(catalog, self.locale, session.factors).into(),
                ],
            )
        });
        let columns = ["paper-browser", "paper-network", "paper-since", "paper-last-used", "paper-proven"];
        self.table("sessions", "sessions.json", columns, rows.collect())
    }

    fn devices(self) -> PaperTable {
        let catalog = self.view.catalog();
        let openings = self.data.openings.iter().map(|opening| {
            let name = match opening.id.kind {
                // What it is says it all.
                OpeningKind::Redirection => String::new(),
                _ => words::name(catalog, self.locale, opening),
            };
            row(
                words::what(catalog, self.locale, opening),
                [
                    name.into(),
                    opening.place.clone().into(),
                    self.time(opening.created_at).into(),
                    self.time_or_none(opening.used.then_some(opening.seen_at)),
                ],
            )
        });
        let apps = self.data.apps.iter().map(|(_, seen)| {
            let none = PaperCell::default;
            row(self.text("paper-known-app"), [none(), none(), none(), self.time(*seen).into()])
        });
        let places = self.data.places.iter().map(|known| {
            let door = Argument::Text(known.door.as_str().into());
            row(
                self.said("paper-known-place", "door", door),
                [
                    PaperCell::default(),
                    known.place.clone().into(),
                    self.time(known.created_at).into(),
                    self.time(known.seen_at).into(),
                ],
            )
        });
        let columns = ["paper-what", "paper-name", "paper-network", "paper-since", "paper-last-used"];
        self.table("devices", "devices.json", columns, openings.chain(apps).chain(places).collect())
    }

    fn factors(self) -> PaperTable {
        let (data, none) = (self.data, PaperCell::default);
        let mut rows = Vec::new();
        if data.found.password_hash.is_some() {
            let changed = self.time_or_none(data.found.password_changed_at);
            rows.push(row(self.text("paper-password"), [none(), none(), changed, none()]));
        }
        if let Some(since) = data.codes.totp_since {
            rows.push(row(self.text("paper-totp"), [none(), none(), self.time(since).into(), none()]));
        }
        if let Some(made) = data.codes.codes_made_at {
            let left = u64::try_from(data.codes.codes_left).unwrap_or_default();
            let left = self.view.counted(self.locale, "paper-codes-left", "count", left);
            rows.push(row(self.text("paper-codes"), [left.into(), none(), self.time(made).into(), none()]));
        }
        rows.extend(data.passkeys.iter().map(|passkey| {
            row(
                self.text("paper-passkey"),
                [
                    passkey.name.clone().into(),
                    passkey.place.clone().into(),
                    self.time(passkey.created_at).into(),
                    self.time_or_none(passkey.seen_at),
                ],
            )
        }));
        rows.extend(data.app_passwords.iter().map(|made| {
            let door = Argument::Text(made.door.as_str().into());
            row(
                self.said("opening-app-password", "door", door),
                [
                    made.name.clone().into(),
                    made.place.clone().into(),
                    self.time(made.created_at).into(),
                    self.time_or_none(made.seen_at),
                ],
            )
        }));
        let columns = ["paper-what", "paper-name", "paper-network", "paper-since", "paper-last-used"];
        self.table("factors", "factors.json", columns, rows)
    }

    fn applications(self) -> PaperTable {
        let grants = self.data.grants.iter().map(|grant| {
            row(
                self.text("paper-application"),
                [
                    grant.name.clone().into(),
                    self.scopes(grant.scopes).into(),
                    self.time(grant.created_at).into(),
                    self.time(grant.used_at).into(),
                ],
            )
        });
        let identities = self.data.identities.iter().map(|(identity, _)| {
            row(
                self.text("paper-identity"),
                [
                    identity.handle.clone().into(),
                    identity.issuer.clone().into(),
                    self.time(identity.created_at).into(),
                    self.time_or_none(identity.seen_at),
                ],
            )
        });
        let columns = ["paper-what", "paper-name", "paper-details", "paper-since", "paper-last-used"];
        self.table("applications", "applications.json", columns, grants.chain(identities).collect())
    }

    fn scopes(self, scopes: OidcScopes) -> String {
        let named = scopes.iter().map(|scope| {
            self.text(match scope {
                OidcScope::OpenId => "scope-openid",
                OidcScope::Profile => "scope-profile",
                OidcScope::Email => "scope-email",
                OidcScope::OfflineAccess => "scope-offline",
            })
        });
        named.collect::<Vec<_>>().join("; ")
    }

    fn log(self, events: &Newest<SecurityEvent>) -> PaperTable {
        let catalog = self.view.catalog();
        let rows = events.shown.iter().map(|event| {
            let by = told::by(catalog, self.locale, &event.actor);
            let factors = told::factors(catalog, self.locale, event.factors);
            row(
                told::what(catalog, self.locale, event),
                [
                    self.time(event.at).into(),
                    by.into(),
                    factors.into(),
                    words::named_browser(catalog, self.locale, &event.label).into(),
                    event.place.clone().into(),
                ],
            )
        });
        let columns =
            ["paper-what", "paper-when", "paper-by", "paper-proven", "paper-browser", "paper-network"];
        PaperTable { more: events.more, ..self.table("log", "log.json", columns, rows.collect()) }
    }

    fn mails(self, mails: &Newest<LoggedMail>) -> PaperTable {
        let waiting = self.data.waiting.iter().map(|mail| {
            let state = if mail.failed_at.is_some() { "mail-failed" } else { "mail-waiting" };
            self.mail(&mail.kind, &mail.recipient, mail.created_at, state)
        });
        let left = mails.shown.iter().map(|mail| {
            let state = match mail.outcome {
                MailOutcome::Sent => "mail-sent",
                MailOutcome::HeldBack => "mail-held-back",
                MailOutcome::Withdrawn => "mail-withdrawn",
            };
            self.mail(&mail.kind, &mail.recipient, mail.created_at, state)
        });
        let columns = ["paper-what", "paper-recipient", "paper-when", "paper-state"];
        let rows = waiting.chain(left).collect();
        PaperTable { more: mails.more, ..self.table("mails", "mails.json", columns, rows) }
    }

    /// A message, by its subject.
    fn mail(self, kind: &str, recipient: &str, written: Millis, state: &str) -> PaperRow {
        let key = format!("mail-{}-subject", kind.replace('_', "-"));
        let site = [("site", Argument::Text(self.view.site().name.into()))];
        // Another version may have written another kind.
        let subject = self.view.catalog().lookup(self.locale, &key, &site);
        let subject = subject.unwrap_or_else(|| kind.to_owned());
        row(subject, [recipient.to_owned().into(), self.time(written).into(), self.text(state).into()])
    }

    /// A table whose heading and caption have its id in their keys.
    fn table<const COLUMNS: usize>(
        self,
        id: &'static str,
        file: &'static str,
        columns: [&str; COLUMNS],
        rows: Vec<PaperRow>,
    ) -> PaperTable {
        let (title, caption) = match id {
            "account" => ("paper-account", "paper-account-about"),
            "sessions" => ("paper-sessions", "paper-sessions-about"),
            "devices" => ("paper-devices", "paper-devices-about"),
            "factors" => ("paper-factors", "paper-factors-about"),
            "applications" => ("paper-applications", "paper-applications-about"),
            "log" => ("paper-log", "paper-log-about"),
            _ => ("paper-mails", "paper-mails-about"),
        };
        PaperTable {
            id,
            title: self.text(title),
            caption: self.text(caption),
            file,
            columns: columns.map(|key| self.text(key)).to_vec(),
            rows,
            more: 0,
        }
    }

    fn text(self, key: &str) -> String {
        self.view.catalog().text(self.locale, key, &[])
    }

    fn said(self, key: &str, name: &str, value: Argument<'_>) -> String {
        self.view.catalog().text(self.locale, key, &[(name, value)])
    }

    fn time(self, at: Millis) -> TimeView {
        TimeView::minute(at, self.view.catalog().dates(self.locale))
    }

    fn time_or_none(self, at: Option<Millis>) -> PaperCell {
        at.map(|at| self.time(at).into()).unwrap_or_default()
    }
}

fn row<const CELLS: usize>(head: String, cells: [PaperCell; CELLS]) -> PaperRow {
    PaperRow { head, cells: cells.to_vec() }
}
