//! A proxy in front of the server that speaks TLS, with a certificate of its own.

use std::process::{Command, Stdio};
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A port for the proxy, which the server's settings name before it starts.
pub struct TlsPort(TcpListener);

/// The proxy. Dropping it ends it.
pub struct TlsProxy(JoinHandle<()>);

impl TlsPort {
    pub async fn bind() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub fn number(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Passes every connection on to the port `server`, as the host `name`.
    pub fn pass_on(self, name: &str, server: u16) -> TlsProxy {
        let acceptor = TlsAcceptor::from(Arc::new(identity(name)));
        TlsProxy(tokio::spawn(async move {
            while let Ok((stream, _)) = self.0.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut inside = acceptor.accept(stream).await?;
                    let mut server = TcpStream::connect(("127.0.0.1", server)).await?;
                    copy_bidirectional(&mut inside, &mut server).await
                });
            }
        }))
    }
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A key with a certificate for `name` that nobody signed.
fn identity(name: &str) -> ServerConfig {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-nodes",
            "-days",
            "2",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", &format!("subjectAltName=DNS:{name}")])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success(), "openssl makes no certificate");
    let certificate = CertificateDer::from_pem_file(folder.path().join("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.path().join("key.pem")).unwrap();
    ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap()
}
