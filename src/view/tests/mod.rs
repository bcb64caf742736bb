//! Every page in every state and language, and every sentence that one of them says.

mod html;
mod keys;
mod pages;

use super::Renderer;

fn renderer() -> Renderer {
    Renderer::load(None, "en", "A <site> & \"friends\"").unwrap()
}
