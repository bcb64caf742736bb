//! Rendering a page inside the site's frame, for the sender of a request.

use domain::{AccountError, InternalError};
use look::{Look, Notice, Page, PageFrame, SiteView, Viewer};
use rocket::http::Status;

use super::cookies;
use super::guards::{Visit, wanted_look};
use super::refusal::Refusal;
use super::reply::Reply;

impl Visit<'_> {
    /// Renders `page` in the language of the visit, with the notice that a redirect left in the cookie.
    ///
    /// # Errors
    /// `Internal` when the template fails to render.
    pub fn page<P: Page>(&self, status: Status, page: P, alert: Option<Notice>) -> Result<Reply, Refusal> {
        let carried = cookies::read(self.request, self.cookies.notice_name());
        let notice = carried.filter(|_| status == Status::Ok).and_then(|code| self.notice(code));
        let viewer = self.who.as_ref().map(|who| Viewer {
            name: &who.state.display_name,
            avatar_url: &who.state.avatar.small,
            unverified: self.flows.awaits_proof(who.account()),
        });
        let site = SiteView { name: &self.view.facts().site_name };
        let locale = self.locale();
        let frame = PageFrame { lang: locale.as_str(), site, viewer, notice, alert, page };
        let html = self
            .view
            .render_in(self.look(), locale, &frame)
            .map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        let reply = Reply::page(status, html);
        Ok(if carried.is_some() { reply.cookie(self.cookies.no_notice()) } else { reply })
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
        let site = SiteView { name: &self.view.facts().site_name };
        let locale = self.locale();
        let frame = PageFrame { lang: locale.as_str(), site, viewer: None, notice: None, alert: None, page };
        let html = self.view.render_in(self.look(), locale, &frame);
        html.map_err(|error| AccountError::Internal(InternalError::new(error)).into())
    }

    /// The notice that a redirect left. A code in the cookie counts only if the catalogue has a sentence
    /// `notice-…` for it.
    fn notice(&self, code: &str) -> Option<Notice> {
        let named = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let key = format!("notice-{}", code.replace('_', "-"));
        let written = named && self.view.catalog().lookup(self.locale(), &key, &[]).is_some();
        written.then(|| self.view.notice(self.locale(), "notice", code))
    }
}
