//! Actions of a person on the public pages.

use super::{Browser, eventually};

pub const EMAIL: &str = "ada@example.org";
pub const USERNAME: &str = "ada";
pub const PASSWORD: &str = "a lamp above the old door";
pub const CITY: &str = "Lyon";

/// The page's reaction to a chosen file: the preview, the error, or empty before either.
const REACTION: &str = r"
const shows = (part) => document.querySelector(`[data-${part}]`).checkVisibility();
if (shows('crop-box')) return document.querySelector('[data-crop-image]').src;
return ['too-large', 'unreadable'].find(shows) || '';";

impl Browser {
    pub async fn sign_up(&self, email: &str, username: &str, password: &str) {
        self.go("/user/create").await;
        self.fill("email", email).await;
        self.fill("username", username).await;
        self.fill("password", password).await;
        self.fill("city", CITY).await;
        self.send("/user/create").await;
        assert_eq!(self.path().await, "/user/profil");
    }

    /// Fills in the sign-in form and submits it, with any outcome.
    pub async fn try_sign_in(&self, identifier: &str, password: &str) {
        self.go("/user/login").await;
        self.fill("email", identifier).await;
        self.fill("password", password).await;
        self.send("/user/login").await;
    }

    pub async fn sign_in(&self, identifier: &str, password: &str) {
        self.try_sign_in(identifier, password).await;
        assert_eq!(self.path().await, "/user/profil", "{}", self.read("#alert").await);
    }

    pub async fn sign_out(&self) {
        self.send("/user/logout").await;
        assert_eq!(self.path().await, "/user/login");
    }

    /// Chooses a picture. Where scripts run, waits for its preview or its error, because both move the
    /// button.
    pub async fn choose(&self, file: &std::path::Path) {
        let before = self.text_of(REACTION).await;
        self.find("#f-file").await.send_keys(file.to_str().unwrap()).await.unwrap();
        if self.script {
            let reacted = async || ![String::new(), before.clone()].contains(&self.text_of(REACTION).await);
            eventually("a preview or a warning", reacted).await;
        }
    }

    /// Sends the form of the picture without one. Its button is hidden until a picture is chosen.
    pub async fn send_no_picture(&self) {
        self.js("document.querySelector('.upload .actions').style.display = 'flex'").await;
        self.send("/user/modify/pp").await;
    }

    /// URL of the picture on the profile page.
    pub async fn picture(&self) -> String {
        self.text_of("return new URL(document.querySelector('main .avatar').src).pathname").await
    }

    /// The picture of the profile page, downloaded.
    pub async fn served_picture(&self) -> image::RgbImage {
        let answer = reqwest::get(format!("{}{}", self.origin, self.picture().await)).await.unwrap();
        assert_eq!(answer.status(), 200);
        image::load_from_memory(&answer.bytes().await.unwrap()).unwrap().to_rgb8()
    }
}
