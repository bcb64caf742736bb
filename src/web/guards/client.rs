//! The sender of a request: IP address, browser label, language.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use domain::Token;
use look::Renderer;
use rocket::Request;

use crate::flows::Client;
use crate::web::accept::wanted_locale;
use crate::web::credentials::bearer;
use crate::web::language::chosen_locale;

/// The sender of `request`, as an untrusted client.
pub fn client_of(request: &Request<'_>) -> Client {
    let agent = request.headers().get_one("user-agent").unwrap_or_default();
    let view = request.rocket().state::<Arc<Renderer>>();
    let wanted = view.and_then(|view| chosen_locale(view, request).or_else(|| wanted_locale(view, request)));
    Client {
        ip: client_ip(request),
        browser_label: browser_label(agent),
        trusted: false,
        locale: wanted.map(|locale| locale.as_str().to_owned()),
        // fastsite's apps send their `user_hash` in a header of its own.
        bearer: request.headers().get_one("User-Hash").or_else(|| bearer(request)).and_then(Token::parse),
    }
}

/// The IP of the sender of `request`.
pub fn client_ip(request: &Request<'_>) -> IpAddr {
    request.client_ip().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical()
}

/// Browser and system of a `User-Agent`, such as `Firefox · Android`. These are proper names and not
/// translated. Empty when neither is known.
fn browser_label(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 12] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Vivaldi", "Vivaldi"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("HeadlessChrome", "Chrome"),
        ("Chromium", "Chromium"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
        ("BSD", "BSD"),
    ];
    let named = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::browser_label;

    #[test]
    fn a_browser_is_called_what_its_owner_calls_it() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge · Windows",
            ),
            ("something else", ""),
        ];
        for (agent, label) in cases {
            assert_eq!(browser_label(agent), label);
        }
    }
}
