//! Rendering a page in the site's frame, for the visitor of a request.

use domain::{AccountError, InternalError};
use look::{Notice, Page, PageFrame, SiteView, Viewer};
use rocket::http::Status;

use super::cookies;
use super::guards::{Visit, wanted_look};
use super::refusal::Refusal;
use super::reply::Reply;

impl Visit<'_> {
    /// The answer that shows `page` in this visitor's language, with the message that a redirect left for it.
    ///
    /// # Errors
    /// When its template cannot be filled.
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
            .render_in(wanted_look(self.request, self.view), locale, &frame)
            .map_err(|error| AccountError::Internal(InternalError::new(error)))?;
        let reply = Reply::page(status, html);
        Ok(if carried.is_some() { reply.cookie(self.cookies.no_notice()) } else { reply })
    }

    /// The message that a redirect left. The cookie's code is shown only if the catalogue has its `notice-…`.
    fn notice(&self, code: &str) -> Option<Notice> {
        let named = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let key = format!("notice-{}", code.replace('_', "-"));
        let written = named && self.view.catalog().lookup(self.locale(), &key, &[]).is_some();
        written.then(|| self.view.notice(self.locale(), "notice", code))
    }
}
