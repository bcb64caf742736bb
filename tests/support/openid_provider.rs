//! A certified provider of OpenID Connect of another maker, npm's oidc-provider
//! (`oidc_provider/provider.mjs`), for signing in with others. `make test` fetches it.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// How this server is registered there.
pub const CLIENT: &str = "vestibule here";
pub const SECRET: &str = "hush & keep=it";

const PROVIDER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/target/oidc-provider/node_modules/oidc-provider/lib/index.js");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/oidc_provider/provider.mjs");

/// Whether the provider can run. Without it the test fails, unless it may be left out.
pub fn is_there() -> bool {
    if Path::new(PROVIDER).exists() {
        return true;
    }
    let why = "oidc-provider is not there; `make test` fetches it with npm";
    let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_OIDC_PROVIDER").is_some_and(|set| set == "1");
    assert!(waived, "{why} (VESTIBULE_TEST_WITHOUT_OIDC_PROVIDER=1 leaves such tests out)");
    // Written to standard error directly, because the test runner hides what passing tests print.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    false
}

/// A running provider, which ends with this.
pub struct OpenIdProvider {
    child: Child,
    pub issuer: String,
    says: Lines<BufReader<ChildStdout>>,
    told: ChildStdin,
}

impl OpenIdProvider {
    pub fn start() -> Self {
        let command = Command::new("node")
            .args([SCRIPT, PROVIDER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = command.unwrap();
        let (told, says) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut says = BufReader::new(says).lines();
        let issuer = says.next().unwrap().unwrap();
        Self { child, issuer, says, told }
    }

    /// Serves the client whose answers go to `callback`, and signs by `algorithm`.
    pub fn serves(&mut self, callback: &str, algorithm: &str) {
        writeln!(self.told, "{callback} {algorithm}").unwrap();
        assert_eq!(self.says.next().unwrap().unwrap(), "ready");
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
