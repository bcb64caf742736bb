//! Rendering a page inside the site's frame, for the sender of a request.

use std::time::Duration;

use domain::{AccountError, InternalError, Role};
use look::pages::TimeView;
use look::{Carried, Look, Notice, Page, PageFrame, Viewer};
use rocket::http::Status;

use super::PublicOrigin;
use super::cookies;
use super::guards::{HasAdministration, Visit, wanted_look};
use super::language;
use super::refusal::{Refusal, whole_seconds};
use super::reply::Reply;
use crate::urls;

/// The alerts that a redirect may leave in the cookie, by code. Any other code there is a notice.
const CARRIED_ALERTS: [&str; 2] = ["other_account", "second_step_closed"];

/// What stands around a page.
#[derive(Debug, Default)]
pub struct Around<'a> {
    /// What is wrong with the page as a whole.
    pub alert: Option<Notice>,
    /// The path that somebody wanted to go to, which links and forms keep; may be empty.
    pub next: &'a str,
    /// When the form may be sent again.
    pub wait: Option<Duration>,
    /// Whether the page is about a link of somebody else than who is signed in. It does not show who that is.
    pub of_somebody_else: bool,
}

impl Visit<'_> {
    /// Renders `page` in the language of the visit, with the notice that a redirect left in the cookie.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn page<P: Page>(&self, status: Status, page: P, alert: Option<Notice>) -> Result<Reply, Refusal> {
        self.page_in(status, page, Around { alert, ..Around::default() })
    }

    /// As [`page`](Self::page), with what stands around it.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub fn page_in<P: Page>(&self, status: Status, page: P, around: Around<'_>) -> Result<Reply, Refusal> {
        let carried = cookies::read(self.request, self.cookies.notice_name()).next();
        let code = carried.filter(|_| status == Status::Ok);
        let left = |prefix, as_alert: bool| {
            code.filter(|code| CARRIED_ALERTS.contains(code) == as_alert)
                .and_then(|code| self.said(prefix, code))
        };
        let notice = left("notice", false);
        let alert = around.alert.or_else(|| left("alert", true));
        let who = self.who.as_ref().filter(|_| !around.of_somebody_else);
        let due = who.and_then(|who| who.account().factor_recovery_due_at);
        let recovery_until = due.map(|due| TimeView::minute(due, self.dates()).text).unwrap_or_default();
        let viewer = who.map(|who| Viewer {
            name: &who.state.display_name,
            avatar_url: &who.state.avatar.small,
            email: who.account().email.as_str(),
            unverified: self.flows.awaits_proof(who.account()),
            administers: who.account().role == Role::ADMINISTRATOR && self.has_administration(),
            recovery_until: &recovery_until,
        });
        let site = self.view.site();
        let locale = self.view.language_of(self.look(), &[P::TEMPLATE], self.locale());
        let refused = status.code >= Status::BadRequest.code || alert.is_some();
        let panels = self.view.panels::<P>(self.look());
        let within = |said: Option<Notice>| said.map(|said| said.within(panels));
        let (notice, alert) = (within(notice), within(alert));
        let wait = around.wait.map_or(0, whole_seconds);
        // What the account says counts, and is changed there.
        let languages = match self.accounts_locale() {
            Some(_) => Vec::new(),
            None => language::choices(self.view, self.request, locale, around.next),
        };
        let frame =
            PageFrame { lang: locale.as_str(), languages, site, viewer, notice, alert, refused, wait, page };
        let html = self
            .view
            .render_in(self.look(), locale, &frame)
            .map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        let account = who.map(|who| who.account().id.0);
        let html = Carried { account, next: around.next, ways: &urls::WAYS }.into_page(html);
        let reply = Reply::page(status, self.below_base(html));
        Ok(if carried.is_some() { reply.cookie(self.cookies.no_notice()) } else { reply })
    }

    fn has_administration(&self) -> bool {
        self.request.rocket().state::<HasAdministration>().is_some()
    }

    /// The templates that this reader's pages are made of.
    pub fn look(&self) -> Look {
        wanted_look(self.request, self.view)
    }

    /// Renders `page` in the language of the visit as anybody sees it who is not signed in.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn page_for_everybody<P: Page>(&self, page: P) -> Result<String, Refusal> {
        let site = self.view.site();
        let locale = self.view.language_of(self.look(), &[P::TEMPLATE], self.locale());
        let (viewer, notice, alert, refused, wait) = (None, None, None, false, 0);
        // It is filled once for all, and the choices lead back to one address.
        let languages = Vec::new();
        let frame =
            PageFrame { lang: locale.as_str(), languages, site, viewer, notice, alert, refused, wait, page };
        let html = self.view.render_in(self.look(), locale, &frame);
        let html = html.map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        Ok(self.below_base(html))
    }

    /// The page with its own paths as browsers see them.
    fn below_base(&self, html: String) -> String {
        look::below(PublicOrigin::base_of(self.request), html)
    }

    /// The notice or alert that a redirect left. A code in the cookie counts only if the catalogue has a
    /// sentence for it.
    fn said(&self, prefix: &str, code: &str) -> Option<Notice> {
        let named = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let key = format!("{prefix}-{}", code.replace('_', "-"));
        let written = named && self.view.catalog().lookup(self.locale(), &key, &[]).is_some();
        written.then(|| self.view.notice(self.locale(), prefix, code))
    }
}
