//! The real program, with its limits on.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use store::Engine;

use crate::engines::Scratch;

/// The program while it serves. Dropping it kills the process.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    _scratch: Scratch,
}

impl Program {
    pub async fn start(engine: Engine) -> Self {
        let scratch = Scratch::migrated(engine).await;
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .current_dir(scratch.folder())
            .env_clear()
            .env("ROCKET_PORT", "0")
            .env("VESTIBULE_DATABASE_URL", &scratch.url)
            // A few connections, so that the tests of all cores fit into PostgreSQL's default of a hundred.
            .env("VESTIBULE_DATABASE__CONNECTIONS", "4")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let (_, rest) = said.split_once("http://").unwrap_or_else(|| panic!("{said:?}"));
        let address = rest.trim().trim_end_matches('/').parse().unwrap();
        Self { child, address, _scratch: scratch }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
