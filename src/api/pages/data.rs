//! The calls for a file with what an account has, and what they answer.
#![expect(
    dead_code,
    reason = "the pages' handlers serve the paths; these functions carry their descriptions"
)]

use serde::Serialize;
use utoipa::ToSchema;

/// What became of the file that the owner asked for.
#[derive(Serialize, ToSchema)]
pub struct DataExport {
    /// `none`, `making`, `ready` or `failed`.
    #[schema(pattern = "^(none|making|ready|failed)$", example = "ready")]
    pub state: String,
    /// `null` where none was asked for.
    #[schema(example = "2026-11-28T10:00:00Z")]
    pub asked_at: Option<String>,
    /// Where the ZIP file is fetched, by a session that was proven lately; `null` while it is not ready.
    #[schema(example = "/user/data/file")]
    pub file: Option<String>,
    /// Its length; `null` while it is not ready.
    #[schema(example = 37204)]
    pub bytes: Option<u64>,
    /// Until when it can be fetched; `null` while it is not ready.
    #[schema(example = "2026-12-05T10:00:02Z")]
    pub until: Option<String>,
    /// From when another one can be asked for; `null` where it can be now.
    #[schema(example = "2026-11-29T10:00:00Z")]
    pub again_at: Option<String>,
}

/// Look at the file with what the account has
#[utoipa::path(
    get,
    path = "/user/data",
    responses((status = 200, description = "What became of it.", body = DataExport)),
    security(("session" = []))
)]
fn data_export() {}

/// Ask for a file with what the account has
///
/// It is made in the background, once a day at most. A message says when it is there, if the address was
/// proven. Asked too soon, the answer is 429 with `again_at`.
#[utoipa::path(
    post,
    path = "/user/data",
    responses((status = 202, description = "It is going to be made.", body = DataExport)),
    security(("session" = []))
)]
fn ask_data_export() {}
