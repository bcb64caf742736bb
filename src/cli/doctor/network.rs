//! The address that people open, what a proxy in front of the server sends, and the mail server.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use domain::{OsRandom, SystemClock};
use serde::Deserialize;
use tokio::time::timeout;

use super::Diagnosis;
use crate::compose;
use crate::config::Config;
use crate::urls::SEEN;

/// The longest time for the mail server to greet, to begin TLS and to take the password.
const MAIL_PATIENCE: Duration = Duration::from_secs(15);

/// What the server answers about a request that has come to it by `public_url`.
#[derive(Deserialize)]
struct SeenRequest {
    /// Whom it took for the client.
    client: String,
    /// Headers by which proxies say whom they ask for, in small letters.
    headers: Vec<(String, String)>,
}

impl SeenRequest {
    fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// Asks the server by the address that people open, and looks at what has arrived there.
pub async fn address(config: &Config) -> Vec<Diagnosis> {
    let url = &config.public_url;
    let about = "address";
    if config.settings.public_url.is_none() {
        let said = "`public_url` is not set: links in mail lead to this machine; set it for a site";
        return vec![Diagnosis::warning(about, said)];
    }
    let proof = match compose::doctors_proof(config, &SystemClock, &OsRandom) {
        Ok(proof) => proof,
        Err(error) => return vec![Diagnosis::warning(about, error.to_string())],
    };
    let mut wanted = url.clone();
    wanted.set_path(&format!("{}{SEEN}", url.path().trim_end_matches('/')));
    let asked = match compose::outbound(&config.settings) {
        Ok(outbound) => outbound.get(&wanted, Some(&proof)).await,
        Err(error) => return vec![Diagnosis::error(about, error.to_string())],
    };
    let answer = match asked {
        Ok(answer) => answer,
        Err(error) => {
            let said = format!("nothing answers at {url}: {error}; {}", advice(&error.to_string()));
            return vec![Diagnosis::error(about, said)];
        }
    };
    let seen =
        answer.is_success().then(|| serde_json::from_slice::<SeenRequest>(&answer.body).ok()).flatten();
    let Some(seen) = seen else {
        let said = format!(
            "{url} answers with {}, and not as this server does: does it lead to it, and has that the same secret key?",
            answer.status
        );
        return vec![Diagnosis::error(about, said)];
    };
    let header: Option<String> = config.figment.extract_inner("ip_header").ok();
    let mut found =
        judge(&seen, header.as_deref(), !config.settings.trusted_proxies.is_empty(), url.scheme());
    if found.is_empty() {
        found.push(Diagnosis::ok(
            about,
            format!("{url} leads here, and this machine is {} there", seen.client),
        ));
    }
    found
}

/// What to do about an address that nothing answers at.
fn advice(why: &str) -> &'static str {
    if why.contains("certificate") {
        "if the proxy's certificate is of an authority of your own, name that in `outbound.ca_file`"
    } else if why.contains("dns error") || why.contains("lookup address") {
        "this machine does not know the name: see its DNS or /etc/hosts"
    } else {
        "start the server, and its proxy"
    }
}

/// Headers that proxies send by themselves.
const OF_PROXIES: [&str; 2] = ["x-real-ip", "x-forwarded-for"];

/// What is wrong with what a proxy sends, where `header` is believed.
fn judge(seen: &SeenRequest, header: Option<&str>, proxies_are_named: bool, scheme: &str) -> Vec<Diagnosis> {
    let about = "address";
    let mut found = Vec::new();
    match header.map(str::to_lowercase) {
        Some(name) => {
            let values = seen.all(&name);
            let listed = values.len() > 1 || values.iter().any(|value| value.contains(','));
            if values.is_empty() {
                let said = format!(
                    "the proxy sends no `{name}`, which `ip_header` names: all visitors count as one; let it send that"
                );
                found.push(Diagnosis::error(about, said));
            } else if listed && !proxies_are_named {
                let said = format!(
                    "`{name}` lists several addresses ({}): name your proxies in `trusted_proxies`, or let the proxy \
                     send the last one alone",
                    values.join(", ")
                );
                found.push(Diagnosis::error(about, said));
            }
            for value in values.iter().flat_map(|value| value.split(',')).map(str::trim) {
                if value.parse::<IpAddr>().is_ok() {
                    continue;
                }
                let with_port = value.parse::<SocketAddr>().is_ok();
                found.push(if with_port {
                    let said = format!(
                        "`{name}` has a port ({value}), which is left out; let the proxy send the IP"
                    );
                    Diagnosis::warning(about, said)
                } else {
                    Diagnosis::error(about, format!("`{name}` is no IP: {value}; let the proxy send that"))
                });
            }
        }
        None => {
            if let Some(sent) = OF_PROXIES.into_iter().find(|name| !seen.all(name).is_empty()) {
                let said = format!(
                    "a proxy sends `{sent}`, and `ip_header` is not set: all visitors count as the proxy; set it"
                );
                found.push(Diagnosis::error(about, said));
            }
        }
    }
    if let [proto] = seen.all("x-forwarded-proto")[..]
        && proto != scheme
    {
        let said =
            format!("people come by {proto}, and `public_url` begins with {scheme}: one of them is wrong");
        found.push(Diagnosis::warning(about, said));
    }
    found
}

/// Greets the mail server, with TLS and the password, and sends nothing.
pub async fn mail(config: &Config) -> Diagnosis {
    let Some(url) = &config.settings.smtp.url else {
        let said = "there is no mail server (`smtp.url`): mail becomes files, and nobody outside gets any";
        return Diagnosis::warning("mail", said);
    };
    let server = match mailer::server_of(url.reveal()) {
        Ok(server) => server,
        Err(error) => return Diagnosis::error("mail", error),
    };
    let parts = match compose::mail_parts(config) {
        Ok(parts) => parts,
        Err(error) => return Diagnosis::error("mail", error.to_string()),
    };
    let asked = timeout(MAIL_PATIENCE, parts.mailer.ready()).await;
    let found = match asked {
        Ok(Ok(())) => Diagnosis::ok("mail", format!("{server} takes mail from here")),
        Ok(Err(error)) => {
            Diagnosis::error("mail", format!("{server}: {error}; see `smtp.*`, and `vestibule mail test`"))
        }
        Err(_) => {
            let seconds = MAIL_PATIENCE.as_secs();
            Diagnosis::error("mail", format!("{server} has not answered within {seconds} seconds"))
        }
    };
    parts.mailer.close().await;
    found
}

#[cfg(test)]
mod tests {
    use super::super::DoctorsVerdict;
    use super::*;

    #[test]
    fn what_a_proxy_sends_is_judged_by_what_is_believed() {
        let with = |headers: &[(&str, &str)]| SeenRequest {
            client: "192.0.2.7".to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let worst = |headers: &[(&str, &str)], header, named| {
            let found = judge(&with(headers), header, named, "https");
            found.first().map(|first| (first.verdict, first.said.clone()))
        };
        let real = Some("X-Real-IP");
        assert_eq!(worst(&[("x-real-ip", "192.0.2.7")], real, false), None);
        assert_eq!(worst(&[("x-real-ip", "2001:db8::7")], real, true), None);
        assert_eq!(worst(&[], None, false), None);
        let list = [("x-forwarded-for", "192.0.2.7, 10.0.0.1")];
        assert_eq!(worst(&list, Some("x-forwarded-for"), true), None);
        for (headers, header, words) in [
            (&[][..], real, "sends no `x-real-ip`"),
            (&list, Some("X-Forwarded-For"), "lists several addresses"),
            (&[("x-real-ip", "192.0.2.7"), ("x-real-ip", "192.0.2.8")], real, "lists several addresses"),
            (&[("x-real-ip", "unknown")], real, "is no IP: unknown"),
            (&[("x-real-ip", "192.0.2.7")], None, "`ip_header` is not set"),
        ] {
            let (verdict, said) = worst(headers, header, false).unwrap();
            assert!(verdict == DoctorsVerdict::Error && said.contains(words), "{headers:?}: {said}");
        }
        for value in ["192.0.2.7:4000", "[2001:db8::7]:443"] {
            let (verdict, said) = worst(&[("x-real-ip", value)], real, false).unwrap();
            assert!(verdict == DoctorsVerdict::Warning && said.contains("has a port"), "{said}");
        }
        let (verdict, said) = worst(&[("x-forwarded-proto", "http")], None, false).unwrap();
        assert!(verdict == DoctorsVerdict::Warning && said.contains("people come by http"), "{said}");
    }
}
