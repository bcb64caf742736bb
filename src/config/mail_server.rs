//! What is wrong with the settings of the mail server.

use url::Url;

use super::settings::SmtpSettings;

impl SmtpSettings {
    /// A sentence for each fault in who signs in, and by which URL.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut wrong = |why: &str| problems.push(why.to_owned());
        let apart = self.username.is_some() || self.password.is_some();
        if let Some(url) = &self.url {
            if !["smtp://", "smtps://"].iter().any(|scheme| url.reveal().starts_with(scheme)) {
                wrong("setting `smtp.url` should begin with smtp:// or smtps://");
            } else if let Ok(url) = Url::parse(url.reveal()) {
                if !is_encoded(url.username()) || !is_encoded(url.password().unwrap_or_default()) {
                    wrong("setting `smtp.url`: write %25 for % in a name or password");
                }
                match (url.username().is_empty(), url.password().is_some()) {
                    (true, false) => {}
                    (true, true) => wrong("setting `smtp.url` has a password without a name"),
                    (false, _) if apart => {
                        wrong(
                            "setting `smtp.url` says who signs in, and so do `smtp.username` and `smtp.password`; say it \
                             once: name and password both in the one, or both in the others",
                        );
                        return problems;
                    }
                    (false, false) => wrong(
                        "setting `smtp.url` has a name without a password; write both in it, or both in `smtp.username` and \
                         `smtp.password`",
                    ),
                    (false, true) => {}
                }
            }
        }
        if self.username.is_some() != self.password.is_some() {
            wrong(
                "settings `smtp.username` and `smtp.password`: one is set and the other is not. A command needs the password as the \
                 server does: see VESTIBULE_SMTP__PASSWORD, which may stand in a file of the service's",
            );
        }
        problems
    }
}

/// Whether two hexadecimal digits stand after every `%`.
fn is_encoded(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}
