//! A backup and a restore that are killed in the middle.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use store::Engine;

use super::{Site, backed_up, picture_of};
use crate::engines::both_engines;
use crate::program::complaint_in;
use crate::support::{PASSWORD, Visitor};

both_engines!(
    a_backup_that_is_killed_leaves_nothing_in_the_way,
    a_restore_that_is_killed_leaves_nothing_in_the_way,
    half_of_a_backup_is_not_served,
);

/// Runs the command again and again, and kills it a little later each time, until it ends by itself. It took
/// `whole` when nobody killed it. When it was killed after its last step, the next one finds everything
/// `done`, and says so.
fn until_it_ends(site: &Site, arguments: &[&str], whole: Duration, done: &str) -> u32 {
    for round in 0..500 {
        let mut child = site.command(arguments).spawn().unwrap();
        std::thread::sleep(whole * round / 16);
        if child.try_wait().unwrap().is_some() {
            let ended = child.wait_with_output().unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert!(ended.status.success() || said.contains(done), "{said}");
            return round;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    panic!("it never ends");
}

fn timed(site: &Site, arguments: &[&str]) -> Duration {
    let begun = Instant::now();
    assert_eq!(site.run(arguments).code, Some(0));
    begun.elapsed()
}

async fn a_backup_that_is_killed_leaves_nothing_in_the_way(engine: Engine) {
    let (site, _running, ..) = backed_up(engine).await;
    let whole = timed(&site, &["backup", "whole.backup"]);
    assert!(until_it_ends(&site, &["backup", "killed.backup"], whole, "of this name already") > 2);
    let left = |name: &&String| name.starts_with("killed.backup");
    let names: Vec<_> = fs::read_dir(site.scratch.folder()).unwrap().collect();
    let names: Vec<_> =
        names.into_iter().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.iter().filter(left).count(), 1, "{names:?}");
    Site::new(engine).await.restore(&site.path("killed.backup"));
}

async fn a_restore_that_is_killed_leaves_nothing_in_the_way(engine: Engine) {
    let (_site, _running, _, file) = backed_up(engine).await;
    let restore = ["restore", file.to_str().unwrap()];
    let whole = timed(&Site::new(engine).await, &restore);
    let place = Site::new(engine).await;
    assert!(until_it_ends(&place, &restore, whole, "empty") > 2);
    let server = place.start();
    let ada = Visitor::new(server.address);
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(ada.get(&picture_of(&ada).await).send().await.status, 200);
    assert!(!place.path("data/restoring").exists());
    assert!(!place.files().keys().any(|path| path.to_string_lossy().contains("restoring")));
}

/// Takes the database away, so that the place is as if the restore had been killed right before its end.
async fn take_database(place: &Site) {
    match place.scratch.engine {
        Engine::Sqlite => fs::remove_file(place.scratch.url.strip_prefix("sqlite:").unwrap()).unwrap(),
        Engine::Postgres => {
            let pool = sqlx::PgPool::connect(&place.scratch.url).await.unwrap();
            sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

async fn half_of_a_backup_is_not_served(engine: Engine) {
    let (_site, _running, _, file) = backed_up(engine).await;
    let place = Site::new(engine).await;
    place.restore(&file);
    take_database(&place).await;
    let data = place.path("data");
    fs::create_dir(data.join("restoring")).unwrap();
    let line = |name: &str| {
        let found = fs::metadata(data.join(name)).unwrap();
        format!("{} {} {name}\n", found.dev(), found.ino())
    };
    let note = line("pictures") + &line("secret.key");
    fs::write(data.join("restoring/named"), &note).unwrap();
    let said = complaint_in(place.scratch.folder(), &place.environment());
    assert!(said.contains("a restore was interrupted") && said.contains("data_dir"), "{said}");
    // What the restore has not put there is not taken away.
    fs::copy(data.join("secret.key"), data.join("kept.key")).unwrap();
    fs::rename(data.join("kept.key"), data.join("secret.key")).unwrap();
    let ran = place.run(&["restore", file.to_str().unwrap()]);
    assert!(ran.refusal().contains("secret.key is there already"), "{ran:?}");
    fs::remove_file(data.join("secret.key")).unwrap();
    place.restore(&file);
    // A note of one that came to its end stops nobody.
    fs::create_dir(data.join("restoring")).unwrap();
    fs::write(data.join("restoring/named"), line("pictures")).unwrap();
    let server = place.start();
    let ada = Visitor::new(server.address);
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(ada.get(&picture_of(&ada).await).send().await.status, 200);
    assert!(!data.join("restoring").exists());
}
