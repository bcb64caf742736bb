//! `/user/modify/pp` and the pictures themselves.

use rocket::data::{Data, FromData, Outcome};
use rocket::outcome::Outcome::{Error, Success};
use rocket::response::{self, Redirect, Responder, Response};
use rocket::{Request, State, get, post};

use super::PROFILE;
use super::settings::{done, refused};
use crate::domain::{AccountError, Field, FieldCode, InternalError};
use crate::flows::{CropRequest, Flows, letter_picture};
use crate::infra::picture::Served;
use crate::web::{Form, Refusal, Reply, Upload, UploadRules, Visit, check_origin, note};

/// An upload of somebody who is signed in and may send one now: asked before the body is read.
pub struct PictureForm(Result<Upload, AccountError>);

#[rocket::async_trait]
impl<'r> FromData<'r> for PictureForm {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        match receive(request, data).await {
            Ok(form) => Success(form),
            Err(refusal) => Error((note(request, refusal), ())),
        }
    }
}

async fn receive<'r>(request: &'r Request<'_>, data: Data<'r>) -> Result<PictureForm, Refusal> {
    check_origin(request)?;
    let Success(visit) = request.guard::<Visit<'r>>().await else {
        return Err(AccountError::Unauthenticated.into());
    };
    if let Err(error) = visit.flows.admit_picture(visit.require()?) {
        return Ok(PictureForm(Err(error)));
    }
    let Some(rules) = request.rocket().state::<UploadRules>() else {
        return Err(AccountError::Internal(InternalError::new("the upload rules are not attached")).into());
    };
    match Upload::receive(request, data, rules).await {
        Ok(upload) => Ok(PictureForm(Ok(upload))),
        // Too large is said at the field, on the page, like everything else about the picture.
        Err(Refusal::TooLarge) => {
            let code = FieldCode::PictureTooLarge { max_mib: visit.flows.policy().picture_max_mib };
            Ok(PictureForm(Err(AccountError::field(Field::Picture, code))))
        }
        Err(refusal) => Err(refusal),
    }
}

#[post("/user/modify/pp", data = "<form>")]
pub async fn change(visit: Visit<'_>, form: PictureForm) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    let changed = match form.0 {
        Ok(Upload { file: Some(file), fields }) => {
            let part =
                |name: &str| fields.text(name).ok().flatten().and_then(|text| text.trim().parse().ok());
            let crop = match (part("crop_x"), part("crop_y"), part("crop_size")) {
                (Some(x), Some(y), Some(size)) => Some(CropRequest { x, y, size }),
                _ => None,
            };
            visit.flows.change_picture(who, file, crop).await
        }
        Ok(Upload { file: None, .. }) => Err(AccountError::field(Field::Picture, FieldCode::PictureMissing)),
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => done(&visit, who, "picture_changed", Reply::again(PROFILE)).await,
        Err(error) => refused(&visit, who, error, Vec::new()),
    }
}

#[post("/user/modify/pp/remove", data = "<_form>")]
pub async fn remove(visit: Visit<'_>, _form: Form) -> Result<Reply, Refusal> {
    let who = visit.require()?;
    visit.flows.remove_picture(who).await?;
    done(&visit, who, "picture_removed", Reply::see_other(PROFILE)).await
}

/// A picture that never changes: its URL is the hash of its content.
pub struct Image {
    content_type: &'static str,
    content: Vec<u8>,
}

/// A rendition, or where the storage serves it.
pub enum Rendition {
    Here(Image),
    Elsewhere(Box<Redirect>),
}

/// `SIZE.EXTENSION` below the hash of the content.
#[get("/user/picture/<id>/<file>", rank = 2)]
pub async fn rendition(flows: &State<Flows>, id: &str, file: &str) -> Result<Rendition, Refusal> {
    let (size, extension) = file.split_once('.').ok_or(Refusal::NotFound)?;
    let size = size.parse().map_err(|_| Refusal::NotFound)?;
    match flows.serve_picture(id, size).await?.ok_or(Refusal::NotFound)? {
        Served::Bytes(format, content) if format.extension() == extension => {
            Ok(Rendition::Here(Image { content_type: format.media_type(), content }))
        }
        Served::Bytes(..) => Err(Refusal::NotFound),
        Served::Redirect(url) => Ok(Rendition::Elsewhere(Box::new(Redirect::temporary(url)))),
    }
}

/// The letter of somebody without a picture, in the colour of the account.
#[get("/user/picture/letter/<hue>/<letter>", rank = 1)]
pub fn letter(hue: u16, letter: &str) -> Result<Image, Refusal> {
    let letter = letter.strip_suffix(".svg").ok_or(Refusal::NotFound)?;
    let content = letter_picture(letter, hue).ok_or(Refusal::NotFound)?;
    Ok(Image { content_type: "image/svg+xml", content: content.into_bytes() })
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
        // The site's other pages and apps show it too: that is what `avatar_url` is for.
        answer.set_raw_header("Cross-Origin-Resource-Policy", "cross-origin");
        // Opened by itself, a picture may do nothing at all.
        answer.set_raw_header("Content-Security-Policy", "default-src 'none'; sandbox");
        answer.set_sized_body(self.content.len(), std::io::Cursor::new(self.content));
        Ok(answer)
    }
}
