//! How the operator wants the site to be seen, beside its name: addresses, a logo and a colour.

use super::accent::Accent;

/// What the operator says of the site. Every address is whole, or a path as browsers see it, or empty where
/// there is none.
#[derive(Clone, Debug)]
pub struct Brand {
    /// Scheme, host and port of the site, without a slash at the end.
    pub origin: String,
    /// The path below which the program lies, without a slash at the end; empty where it has the host.
    pub base: String,
    /// Where the site's name in the header leads; empty for the program's own first page.
    pub url: String,
    /// The picture in the header.
    pub logo: Option<Logo>,
    /// The colour of links and buttons; `None` for that of the look.
    pub accent: Option<Accent>,
    /// The page that says who runs the site.
    pub imprint: String,
    /// The page that says what becomes of people's data.
    pub privacy: String,
    /// Where help is to be had.
    pub help: String,
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            origin: "http://127.0.0.1:8000".to_owned(),
            base: String::new(),
            url: String::new(),
            logo: None,
            accent: None,
            imprint: String::new(),
            privacy: String::new(),
            help: String::new(),
        }
    }
}

impl Brand {
    /// The whole address of one that may be a path of the host.
    pub(super) fn whole(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() }
    }
}

/// The format of a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LogoFormat {
    /// Drawn by lines.
    Svg,
    /// Made of pixels: the ending of its file, such as `png`.
    Pixels(&'static str),
}

/// The operator's logo.
#[derive(Clone, Debug)]
pub struct Logo {
    format: LogoFormat,
    content: Vec<u8>,
}

/// The beginning of the name of the logo below `/static/`; its format is the ending.
const LOGO: &str = "site-logo";

impl Logo {
    /// Longest file, in bytes.
    pub const MAX: usize = 256 * 1024;

    /// A picture whose format is read from its first bytes, whatever its file is called.
    ///
    /// # Errors
    /// A sentence that says what a logo may be.
    pub fn read(content: Vec<u8>) -> Result<Self, String> {
        if content.len() > Self::MAX {
            return Err(format!("a logo has {} KiB at most", Self::MAX / 1024));
        }
        match format_of(&content) {
            Some(format) => Ok(Self { format, content }),
            None => Err("a logo is an SVG, PNG, WebP, JPEG or GIF".to_owned()),
        }
    }

    /// The name of its file below `/static/`.
    pub(super) fn name(&self) -> String {
        let ending = match self.format {
            LogoFormat::Svg => "svg",
            LogoFormat::Pixels(ending) => ending,
        };
        format!("{LOGO}.{ending}")
    }

    /// Whether mail readers show it.
    pub(super) fn is_for_mails(&self) -> bool {
        self.format != LogoFormat::Svg
    }

    /// The file.
    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Whether a file below `/static/` is the logo, which mail readers on other sites load too.
    pub fn is_at(name: &str) -> bool {
        name.strip_prefix(LOGO).is_some_and(|rest| rest.starts_with('.'))
    }
}

fn format_of(content: &[u8]) -> Option<LogoFormat> {
    let pixels: [(&[u8], &str); 4] =
        [(b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif")];
    if let Some((_, ending)) = pixels.iter().find(|(start, _)| content.starts_with(start)) {
        return Some(LogoFormat::Pixels(ending));
    }
    if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        return Some(LogoFormat::Pixels("webp"));
    }
    let text = std::str::from_utf8(content).ok()?.trim_start_matches('\u{feff}').trim_start();
    (text.starts_with('<') && text.contains("<svg")).then_some(LogoFormat::Svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &[u8] = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest";

    #[test]
    fn a_logo_is_what_its_first_bytes_say() {
        for (content, name) in
            [(SVG, "site-logo.svg"), (PNG, "site-logo.png"), (b"RIFF1234WEBPVP8 ", "site-logo.webp")]
        {
            let logo = Logo::read(content.to_vec()).unwrap();
            assert_eq!(logo.name(), name);
            assert!(Logo::is_at(name));
        }
        for wrong in [&b""[..], b"<html></html>", b"BM", b"\xff\xfe<\0s\0v\0g\0"] {
            assert!(Logo::read(wrong.to_vec()).is_err());
        }
        assert!(Logo::read([PNG, &vec![0; Logo::MAX]].concat()).unwrap_err().contains("256 KiB"));
        assert!(!Logo::is_at("site-logos/x.svg") && !Logo::is_at("logo.svg"));
    }
}
