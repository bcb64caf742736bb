//! The mail server's address. Nothing is sent yet; a wrong address must stop the start all the same.

use lettre::{AsyncSmtpTransport, Tokio1Executor};

/// Checks an address such as `smtps://user:password@mail.example.org`.
///
/// # Errors
/// What is wrong with it; never the address itself, which holds a password.
pub fn check_address(address: &str) -> Result<(), String> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(address).map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::check_address;

    #[test]
    fn only_addresses_of_mail_servers_are_accepted() {
        for good in [
            "smtp://localhost:2525",
            "smtps://user:secret@mail.example.org",
            "smtp://mail.example.org?tls=required",
        ] {
            assert_eq!(check_address(good), Ok(()), "{good}");
        }
        for bad in ["mail.example.org", "http://mail.example.org", "smtp://", ""] {
            assert!(check_address(bad).is_err(), "{bad}");
        }
    }
}
