//! Whom TLS trusts: the well-known authorities, and the certificates that the operator names.
#![forbid(unsafe_code)]

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

/// The TLS settings of a connection to another server. `authority` holds certificates in PEM that are trusted
/// beside the well-known authorities: of an authority, or the server's own.
///
/// # Errors
/// The fault in the certificates.
pub fn tls_settings(authority: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Verifier::new(authority, provider.clone())?);
    let settings = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Arc::new(settings))
}

/// rustls's usual verifier, which also accepts a certificate that the operator names and that the server has
/// as its own, although it is marked as that of an authority. `openssl req -x509` marks every certificate
/// so, and rustls lets such a certificate sign others, but not be a server's.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl Verifier {
    fn new(authority: Option<&[u8]>, provider: Arc<CryptoProvider>) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let mut named = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(authority.unwrap_or_default()) {
            let certificate = certificate.map_err(|_| "its certificate cannot be read".to_owned())?;
            roots.add(certificate.clone()).map_err(|error| error.to_string())?;
            named.push(certificate);
        }
        if authority.is_some() && named.is_empty() {
            return Err("it holds no certificate".to_owned());
        }
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        Ok(Self { usual: usual.map_err(|error| error.to_string())?, named })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // webpki finds this fault after it has found the certificate valid at this time. Nobody needs to
            // have signed a certificate that the operator named, so what is left to check is the name.
            Err(error) if marked_as_authority(&error) && self.named.contains(end_entity) => {
                rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// Whether the only fault found so far is that the server's certificate is marked as an authority's.
fn marked_as_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(fault))) = error else { return false };
    matches!(fault.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Certificates for `localhost` as `openssl req -x509 -nodes` makes them, marked as an authority's.
    /// `SIGNED` is for `mail.example.org` and signed with the key of `OWN`.
    const OWN: &[u8] = include_bytes!("certificates/own.pem");
    const OTHER: &[u8] = include_bytes!("certificates/other.pem");
    const NAMELESS: &[u8] = include_bytes!("certificates/nameless.pem");
    const SIGNED: &[u8] = include_bytes!("certificates/signed.pem");

    /// 2026-12-01. The certificates are valid from 2026-11-28 to 2026-12-28.
    const VALID: u64 = 1_796_083_200;
    const DAY: u64 = 86_400;

    /// What a program that trusts `trusted` says to a server called `name` that shows `shown` at this time.
    fn verified(trusted: &[u8], shown: &[u8], name: &'static str, at: u64) -> Result<(), String> {
        let verifier = Verifier::new(Some(trusted), Arc::new(ring::default_provider())).unwrap();
        let shown = CertificateDer::from_pem_slice(shown).unwrap();
        let name = ServerName::try_from(name).unwrap();
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at));
        let verified = verifier.verify_server_cert(&shown, &[], &name, &[], at);
        verified.map(drop).map_err(|error| format!("{error:?}"))
    }

    #[test]
    fn the_servers_own_certificate_is_trusted_as_openssl_makes_it() {
        assert_eq!(verified(OWN, OWN, "localhost", VALID), Ok(()));
        assert_eq!(verified(&[OTHER, OWN].concat(), OWN, "localhost", VALID), Ok(()));
        // It still vouches for others.
        assert_eq!(verified(OWN, SIGNED, "mail.example.org", VALID), Ok(()));
    }

    #[test]
    fn a_certificate_is_valid_for_its_time_and_its_name_alone() {
        for (trusted, shown, name, at, fault) in [
            (OWN, OWN, "localhost", VALID + 60 * DAY, "Expired"),
            (OWN, OWN, "localhost", VALID - 60 * DAY, "NotValidYet"),
            (OWN, OWN, "mail.example.org", VALID, "NotValidForName"),
            (OWN, OWN, "127.0.0.1", VALID, "NotValidForName"),
            (NAMELESS, NAMELESS, "localhost", VALID, "NotValidForName"),
            (OWN, OTHER, "localhost", VALID, "CaUsedAsEndEntity"),
            (OTHER, OWN, "localhost", VALID, "CaUsedAsEndEntity"),
            (OTHER, SIGNED, "mail.example.org", VALID, "BadSignature"),
            (OWN, SIGNED, "localhost", VALID, "NotValidForName"),
        ] {
            let said = verified(trusted, shown, name, at).unwrap_err();
            assert!(said.contains(fault), "{name} at {at}: {said}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        for (pem, fault) in [
            (&b""[..], "no certificate"),
            (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no certificate"),
            (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", "cannot be read"),
            (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ""),
        ] {
            let said = tls_settings(Some(pem)).unwrap_err();
            assert!(said.contains(fault), "{said}");
        }
        assert!(tls_settings(None).is_ok() && tls_settings(Some(OWN)).is_ok());
    }
}
