//! Which request the present task works at, for whoever writes a line of the log, and who answers it.

use std::cell::Cell;

use super::request_ids::RequestIds;

/// What is said of a request that nobody has said more of.
pub(super) const NOBODY: AnsweredBy = AnsweredBy { door: "none", route: "none" };

/// Who answers a request. Both are from fixed sets, so that they may stand in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredBy {
    /// The part of the site whose request it is.
    pub door: &'static str,
    /// The pattern of the route, or what stands for none.
    pub route: &'static str,
}

struct Present {
    ids: RequestIds,
    by: Cell<AnsweredBy>,
}

tokio::task_local! {
    static PRESENT: Present;
}

/// Runs `work` for the request of these names. Returns who has answered it.
pub(super) async fn at_work<T>(ids: RequestIds, work: impl Future<Output = T>) -> (T, AnsweredBy) {
    let scope = PRESENT.scope(Present { ids, by: Cell::new(NOBODY) }, async {
        let done = work.await;
        (done, PRESENT.with(|present| present.by.get()))
    });
    scope.await
}

/// Says who answers the present request, for the access log. A fairing may call it. Without effect under
/// another listener.
pub fn answered_by(by: AnsweredBy) {
    let _ = PRESENT.try_with(|present| present.by.set(by));
}

/// Calls `read` with the names of the request that the present task works at; `None` where it works at none.
pub fn with_present_request<T>(read: impl FnOnce(&RequestIds) -> T) -> Option<T> {
    PRESENT.try_with(|present| read(&present.ids)).ok()
}
