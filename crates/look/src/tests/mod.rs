//! Every page in every state and language, and every sentence that they show.

mod docs;
mod html;
mod keys;
mod mails;
mod pages;
mod refused;
mod spaces;
mod theme;

use super::{Facts, Renderer};

fn renderer() -> Renderer {
    let facts = Facts { site_name: "A <site> & \"friends\"".into(), ..Facts::default() };
    Renderer::load(None, "en", facts).unwrap()
}
