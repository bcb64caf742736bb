//! The messages of a page or mail to its reader: the alert, the notice, the problems of fields, and every
//! text of a mail.

use tera::Context;

use super::html::plain;

/// What mails have said since themes have been written for contract 1, which are not asked for it.
const LATER: [&str; 2] = ["mail.until.text", "mail.place"];

/// The messages in `context`, each with its name in templates. `own` is `page` or `mail`.
pub(in crate::theme) fn messages(context: &Context, own: &str, mail: bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in ["alert", "notice"] {
        let message = context.get(name).and_then(|value| value["message"].as_str());
        found.extend(message.map(|message| (format!("{name}.message"), message.to_owned())));
    }
    if let Some(value) = context.get(own) {
        collect(value, own, mail, &mut found);
    }
    found
}

/// The names of the messages that `text` contains.
pub(in crate::theme) fn messages_shown(context: &Context, own: &str, mail: bool, text: &str) -> Vec<String> {
    let shown =
        messages(context, own, mail).into_iter().filter(|(_, message)| text.contains(&plain(message)));
    shown.map(|(name, _)| name).collect()
}

/// Collects the messages of fields, and all texts if `all`.
fn collect(value: &serde_json::Value, name: &str, all: bool, said: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(fields) => {
            let message = fields.contains_key("code") && fields.len() == 2;
            for (key, value) in fields {
                collect(value, &format!("{name}.{key}"), all || (message && key == "message"), said);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                collect(item, &format!("{name}[]"), all, said);
            }
        }
        serde_json::Value::String(text)
            if all && !text.is_empty() && !name.ends_with(".code") && !LATER.contains(&name) =>
        {
            said.push((name.to_owned(), text.clone()));
        }
        _ => {}
    }
}
