//! A backup that is made while people come, change their pictures and go.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rocket::tokio;
use rocket::tokio::task::JoinSet;
use store::Engine;

use super::{Site, backed_up, picture_of, show_picture, sign_up};
use crate::engines::both_engines;
use crate::support::{PASSWORD, Visitor};

both_engines!(
    what_is_restored_is_one_moment_of_a_busy_site,
    everything_is_there_again_and_works,
    a_backup_goes_through_pipes,
);

async fn what_is_restored_is_one_moment_of_a_busy_site(engine: Engine) {
    let site = Site::new(engine).await;
    let running = site.start();
    let (stop, came) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut busy = JoinSet::new();
    for client in 0..4_u8 {
        let (address, stop, came) = (running.address, stop.clone(), came.clone());
        busy.spawn(async move {
            for number in 0..u8::MAX {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let visitor = Visitor::new(address);
                sign_up(&visitor, &format!("client-{client}-{number}")).await;
                came.fetch_add(1, Ordering::SeqCst);
                // Pictures come, are replaced and shared.
                show_picture(&visitor, [client, number, 0]).await;
                show_picture(&visitor, [7, 7, 7]).await;
                show_picture(&visitor, [client, number, 255]).await;
            }
        });
    }
    while came.load(Ordering::SeqCst) < 8 {
        tokio::task::yield_now().await;
    }
    let mut backups = Vec::new();
    let site = Arc::new(site);
    for number in 0..3 {
        let before = came.load(Ordering::SeqCst) as u64;
        let (making, name) = (site.clone(), format!("{number}.backup"));
        let made = tokio::task::spawn_blocking(move || making.run(&["backup", "--json", &name]).json()).await;
        // Those that are being answered may be in it already.
        backups.push((
            site.path(&format!("{number}.backup")),
            made.unwrap(),
            before,
            came.load(Ordering::SeqCst) as u64 + 4,
        ));
    }
    stop.store(true, Ordering::SeqCst);
    while let Some(done) = busy.join_next().await {
        done.unwrap();
    }
    drop(running);
    for (file, made, before, after) in backups {
        let accounts = made["accounts"].as_u64().unwrap();
        assert!(before <= accounts && accounts <= after, "{before} {made} {after}");
        assert_eq!(made["missing_pictures"], 0, "{made}");
        let place = Site::new(engine).await;
        assert_eq!(place.restore(&file), made);
        let server = place.start();
        let mut found = 0;
        for client in 0..4_u8 {
            for number in 0..u8::MAX {
                let visitor = Visitor::new(server.address);
                if visitor.log_in(&format!("client-{client}-{number}"), PASSWORD).await.status != 200 {
                    break;
                }
                found += 1;
                let picture = visitor.get(&picture_of(&visitor).await).send().await;
                assert_eq!(picture.status, 200, "the picture of client-{client}-{number}");
            }
        }
        assert_eq!(found, accounts);
    }
}

async fn everything_is_there_again_and_works(engine: Engine) {
    let (site, mut running, ada, file) = backed_up(engine).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!site.files().keys().any(|path| path.to_string_lossy().contains("partial")));
    let shown = ada.get(&picture_of(&ada).await).send().await.content;
    // The backup outlives its site.
    let place = Site::new(engine).await;
    let moved = place.path("moved.backup");
    fs::rename(&file, &moved).unwrap();
    let key = fs::read(site.path("data/secret.key")).unwrap();
    running.stop();
    drop((running, site));
    let said = place.run(&["restore", "moved.backup"]);
    assert_eq!(said.code, Some(0), "{}", said.said);
    assert!(said.said.contains("1 accounts, 1 pictures") && said.said.contains("/data"), "{}", said.said);
    assert!(said.out.is_empty());
    assert_eq!(fs::read(place.path("data/secret.key")).unwrap(), key);
    assert!(!place.path("data/restoring").exists());
    let open = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert!(
        place.files().keys().filter(|path| path.starts_with(place.path("data"))).all(|path| open(path) == 0)
    );
    let server = place.start();
    let visitor = Visitor::new(server.address);
    visitor.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    assert!(visitor.is_signed_in().await, "the session goes on");
    let picture = visitor.get(&picture_of(&visitor).await).send().await;
    assert_eq!((picture.status, picture.content), (200, shown));
    let other = Visitor::new(server.address);
    assert_eq!(other.log_in("ada", PASSWORD).await.status, 200);
    // It goes on counting, and can be backed up again.
    sign_up(&Visitor::new(server.address), "bob").await;
    assert_eq!(place.run(&["backup", "--json", "next.backup"]).json()["accounts"], 2);
}

async fn a_backup_goes_through_pipes(engine: Engine) {
    let (site, _running, ada, _) = backed_up(engine).await;
    let made = site.run(&["backup", "-"]);
    assert_eq!(made.code, Some(0), "{}", made.said);
    assert!(made.said.contains("1 accounts"), "{}", made.said);
    let place = Site::new(engine).await;
    let input = place.path("input");
    fs::write(&input, &made.out).unwrap();
    let mut restore = place.command(&["restore", "-"]);
    let restored = restore.stdin(fs::File::open(&input).unwrap()).output().unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8(restored.stderr).unwrap());
    let server = place.start();
    let visitor = Visitor::new(server.address);
    visitor.set_cookie("vestibule", &ada.cookie("vestibule").unwrap());
    assert!(visitor.is_signed_in().await, "the session goes on");
    // What comes through a pipe in part is refused, and says so.
    let other = Site::new(engine).await;
    fs::write(&input, &made.out[..made.out.len() / 2]).unwrap();
    let cut = other.command(&["restore", "-"]).stdin(fs::File::open(&input).unwrap()).output().unwrap();
    let said = String::from_utf8(cut.stderr).unwrap();
    assert!(!cut.status.success() && said.contains("cut short"), "{said}");
    // With standard output closed it ends in silence.
    let mut child = site.command(&["backup", "-"]).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(
        !ended.status.success() && ended.stderr.is_empty(),
        "{}",
        String::from_utf8(ended.stderr).unwrap()
    );
    assert!(!site.files().keys().any(|path| path.to_string_lossy().contains(".backup-")));
}
