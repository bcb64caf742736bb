//! PgBouncer between the program and PostgreSQL.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rocket::tokio::net::TcpStream;
use store::Engine;

use crate::engines::Scratch;
use crate::program::{PROGRAM, Running, complaint_in};
use crate::support::{PASSWORD, Visitor, until};

/// A PgBouncer with its default settings and this mode. Dropping it ends it.
struct Pooler {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Pooler {
    /// `None` when the tests are told to do without it.
    async fn start(url: &url::Url, mode: &str) -> Option<Self> {
        let program =
            ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| Path::new(path).exists());
        let Some(program) = program else {
            let waived = std::env::var_os("VESTIBULE_TEST_WITHOUT_PGBOUNCER").is_some_and(|set| set == "1");
            assert!(
                waived,
                "PgBouncer is not there; `make test` installs it (VESTIBULE_TEST_WITHOUT_PGBOUNCER=1 leaves its tests out)"
            );
            let _ = writeln!(std::io::stderr(), "left out, because there is no PgBouncer");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = folder.path().join("pgbouncer.ini");
        fs::write(
            &settings,
            format!(
                "[databases]\n* = host={} port={} user={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                 unix_socket_dir =\nauth_type = any\npool_mode = {mode}\n",
                url.host_str().unwrap(),
                url.port().unwrap_or(5432),
                url.username(),
            ),
        )
        .unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new(program);
        if rustix::process::geteuid().is_root() {
            // It does not run as root.
            command.args(["-u", "nobody"]);
        }
        let child = command.arg(&settings).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let pooler = Self { child: child.spawn().unwrap(), port, _folder: folder };
        until(Duration::from_secs(10), async || TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        Some(pooler)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The database, and its URL by way of the pooler.
async fn by_way_of(mode: &str) -> Option<(Scratch, Pooler, String)> {
    let scratch = Scratch::migrated(Engine::Postgres).await;
    fs::write(scratch.folder().join("Rocket.toml"), "").unwrap();
    let mut url = url::Url::parse(&scratch.url).unwrap();
    let pooler = Pooler::start(&url, mode).await?;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(pooler.port)).unwrap();
    Some((scratch, pooler, url.into()))
}

#[rocket::async_test]
async fn sessions_of_a_pooler_do_without_any_setting_of_its() {
    let Some((scratch, _pooler, url)) = by_way_of("session").await else { return };
    let environment = [("VESTIBULE_DATABASE_URL", url.as_str()), ("VESTIBULE_DATABASE__CONNECTIONS", "4")];
    let one = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
    let other = Running::start(Path::new(PROGRAM), scratch.folder(), &environment);
    let visitor = Visitor::new(one.address);
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    visitor.post("/user/create").form(&form).follow().await;
    // News go from one instance to the other: a session that ends here ends there.
    let there = Visitor::new(other.address);
    there.set_cookie("vestibule", &visitor.cookie("vestibule").unwrap());
    assert!(there.is_signed_in().await);
    visitor.post("/user/logout").send().await;
    until(Duration::from_secs(2), async || !there.is_signed_in().await).await;
}

#[rocket::async_test]
async fn a_pooler_that_changes_connections_is_refused_at_the_start() {
    for mode in ["transaction", "statement"] {
        let Some((scratch, _pooler, url)) = by_way_of(mode).await else { return };
        let said = complaint_in(scratch.folder(), &[("VESTIBULE_DATABASE_URL", &url)]);
        assert!(said.contains("`database_url`") && said.contains("pool_mode = session"), "{said}");
    }
}
