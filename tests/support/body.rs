//! Request bodies of the three content types, and malformed ones.

use serde_json::{Map, Value};

#[derive(Clone, Debug)]
pub struct Body {
    pub content_type: String,
    pub content: Vec<u8>,
}

const BOUNDARY: &str = "a-boundary-of-the-tests";

impl Body {
    pub fn new(content_type: &str, content: impl Into<Vec<u8>>) -> Self {
        Self { content_type: content_type.to_owned(), content: content.into() }
    }

    pub fn form(fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self::new("application/x-www-form-urlencoded", text)
    }

    pub fn json(fields: &[(&str, &str)]) -> Self {
        let object: Map<String, Value> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        Self::new("application/json", Value::Object(object).to_string())
    }

    pub fn multipart(fields: &[(&str, &str)]) -> Self {
        Self::parts(fields, None)
    }

    /// A multipart form with a picture.
    pub fn upload(file: &[u8], fields: &[(&str, &str)]) -> Self {
        Self::parts(fields, Some(file))
    }

    fn parts(fields: &[(&str, &str)], file: Option<&[u8]>) -> Self {
        let mut content = Vec::new();
        let mut part = |headers: &str, value: &[u8]| {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {headers}\r\n\r\n");
            content.extend_from_slice(head.as_bytes());
            content.extend_from_slice(value);
            content.extend_from_slice(b"\r\n");
        };
        for (name, value) in fields {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        if let Some(file) = file {
            // The server ignores the file's name and declared type.
            part("name=\"file\"; filename=\"../../me.php\"\r\nContent-Type: application/x-php", file);
        }
        content.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        Self::new(&format!("multipart/form-data; boundary={BOUNDARY}"), content)
    }

    /// The same fields in all three content types.
    pub fn kinds(fields: &[(&str, &str)]) -> [Self; 3] {
        [Self::form(fields), Self::multipart(fields), Self::json(fields)]
    }
}
