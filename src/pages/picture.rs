//! `/user/modify/pp`, and the routes of the pictures.

use domain::{AccountError, Field, FieldCode, InternalError};
use listener::FileBody;
use requests::Fields;
use rocket::data::{Data, FromData, Outcome};
use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Success};
use rocket::response::{self, Redirect, Responder, Response};
use rocket::{Request, State, get, post};

use super::profile::{changed, refused};
use crate::flows::{CropRequest, Flows, letter_picture};
use crate::urls::PROFILE;
use crate::web::{Form, Refusal, Reply, SpooledUpload, UploadRules, Visit, check_origin, note};
use pictures::Served;

/// An upload by a signed-in account. The guard checks the session and the upload limit before it reads the
/// body.
pub struct PictureUpload<'r> {
    visit: Visit<'r>,
    /// The upload, or the error to show at the field.
    upload: Result<SpooledUpload, AccountError>,
}

#[rocket::async_trait]
impl<'r> FromData<'r> for PictureUpload<'r> {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        match receive(request, data).await {
            Ok(form) => Success(form),
            Err(refusal) => Error((note(request, refusal), ())),
        }
    }
}

async fn receive<'r>(request: &'r Request<'_>, data: Data<'r>) -> Result<PictureUpload<'r>, Refusal> {
    let Success(visit) = request.guard::<Visit<'r>>().await else {
        // The guard has noted its own reason, and the first reason counts.
        return Err(AccountError::Unauthenticated.into());
    };
    check_origin(request)?;
    let Some(rules) = request.rocket().state::<UploadRules>() else {
        return Err(AccountError::Internal(InternalError::new("the upload rules are not attached")).into());
    };
    let upload = match visit.flows.pictures.admit(visit.require()?, &visit.client()) {
        Ok(()) => match SpooledUpload::receive(request, data, rules).await {
            Err(Refusal::Account(error @ AccountError::Invalid(_))) => Err(error),
            received => Ok(received?),
        },
        Err(error) => Err(error),
    };
    Ok(PictureUpload { visit, upload })
}

#[post("/user/modify/pp", data = "<form>")]
pub async fn change(form: PictureUpload<'_>) -> Result<Reply, Refusal> {
    let PictureUpload { visit, upload } = form;
    let who = match &upload {
        Ok(SpooledUpload { fields, .. }) => visit.require_own(fields)?,
        Err(_) => visit.require()?,
    };
    let done = match upload {
        Ok(SpooledUpload { file: Some(file), fields }) => {
            let done = visit.flows.pictures.change(who, &visit.client(), file, crop(&fields)).await;
            done.map(|()| fields)
        }
        Ok(SpooledUpload { file: None, .. }) => {
            Err(AccountError::field(Field::Picture, FieldCode::PictureMissing))
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(fields) => changed(&visit, who, "picture_changed", &fields, Reply::again(PROFILE)).await,
        Err(error) => refused(&visit, who, error, "picture", &[]).await,
    }
}

/// The square to crop to, which the page's script sends. If one of its numbers is missing, sent twice or not
/// a number, the picture is cropped to its centre. An error would not help: no field of the page shows these
/// numbers.
fn crop(fields: &Fields) -> Option<CropRequest> {
    let number = |name: &str| fields.text(name).ok().flatten()?.trim().parse().ok();
    Some(CropRequest { x: number("crop_x")?, y: number("crop_y")?, size: number("crop_size")? })
}

#[post("/user/modify/pp/remove", data = "<form>")]
pub async fn remove(visit: Visit<'_>, form: Form) -> Result<Reply, Refusal> {
    let who = visit.require_own(&form.0)?;
    visit.flows.pictures.remove(who, &visit.client()).await?;
    changed(&visit, who, "picture_removed", &form.0, Reply::see_other(PROFILE)).await
}

/// A picture that caches may keep for ever: its URL is the hash of its content.
pub struct Image {
    content_type: &'static str,
    content: Content,
}

enum Content {
    Bytes(Vec<u8>),
    File(FileBody),
}

/// A rendition, or a redirect to the storage that serves it.
pub enum Rendition {
    Here(Image),
    Elsewhere(Box<Redirect>),
}

/// `file` is `SIZE.EXTENSION`; `id` is the hash of the content.
#[get("/user/picture/<id>/<file>", rank = 2)]
pub async fn rendition(flows: &State<Flows>, id: &str, file: &str) -> Result<Rendition, Refusal> {
    let (size, extension) = file.split_once('.').ok_or(Refusal::NotFound)?;
    let size = size.parse().map_err(|_| Refusal::NotFound)?;
    match flows.pictures.serve(id, size).await?.ok_or(Refusal::NotFound)? {
        Served::Bytes(format, content) if format.extension() == extension => {
            Ok(Rendition::Here(Image { content_type: format.media_type(), content: Content::Bytes(content) }))
        }
        Served::File(format, path, length) if format.extension() == extension => {
            let content = Content::File(FileBody::new(path, length));
            Ok(Rendition::Here(Image { content_type: format.media_type(), content }))
        }
        Served::Bytes(..) | Served::File(..) => Err(Refusal::NotFound),
        Served::Redirect(url) => Ok(Rendition::Elsewhere(Box::new(Redirect::temporary(url)))),
    }
}

/// The initial picture of an account without an uploaded one, in the account's colour.
#[get("/user/picture/letter/<hue>/<letter>", rank = 1)]
pub fn letter(hue: u16, letter: &str) -> Result<Image, Refusal> {
    let letter = letter.strip_suffix(".svg").ok_or(Refusal::NotFound)?;
    let content = letter_picture(letter, hue).ok_or(Refusal::NotFound)?;
    Ok(Image { content_type: "image/svg+xml", content: Content::Bytes(content.into_bytes()) })
}

impl<'r> Responder<'r, 'static> for Rendition {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Self::Here(image) => image.respond_to(request),
            Self::Elsewhere(redirect) => redirect.respond_to(request),
        }
    }
}

impl<'r> Responder<'r, 'static> for Image {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = Response::new();
        answer.set_raw_header("Content-Type", self.content_type);
        answer.set_raw_header("Cache-Control", "public, max-age=31536000, immutable");
        // Other sites and apps of the operator show it too, through `avatar_url`.
        answer.set_raw_header("Cross-Origin-Resource-Policy", "cross-origin");
        // A picture opened by itself can load and run nothing, and nobody frames it.
        let policy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        answer.set_raw_header("Content-Security-Policy", policy);
        match self.content {
            Content::Bytes(bytes) => answer.set_sized_body(bytes.len(), std::io::Cursor::new(bytes)),
            // It fails under another listener than ours alone, and only if the file has just gone.
            Content::File(file) => file.answer(&mut answer).map_err(|_| Status::NotFound)?,
        }
        Ok(answer)
    }
}
