//! Where backups go and where they are restored.

use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::Path;

use rocket::tokio;
use store::Engine;

use super::{Ran, Site, backed_up, picture_of};
use crate::engines::both_engines;
use crate::program::folder;
use crate::support::{PASSWORD, Visitor};

both_engines!(
    nothing_is_written_over,
    only_an_empty_place_is_restored_into,
    root_restores_nothing_into_the_folder_of_another_user,
    a_key_in_the_settings_is_not_in_the_backup,
    a_picture_that_is_missing_is_told_and_a_link_refused,
);

async fn nothing_is_written_over(engine: Engine) {
    let (site, running, _, file) = backed_up(engine).await;
    let before = fs::read(&file).unwrap();
    let ran = site.run(&["backup", "site.backup"]);
    assert!(ran.refusal().contains("site.backup: there is a file of this name already"), "{ran:?}");
    symlink("nowhere", site.path("link.backup")).unwrap();
    assert!(site.run(&["backup", "link.backup"]).refusal().contains("already"));
    assert!(site.run(&["backup", "no/such/folder.backup"]).refusal().contains("no/such/folder.backup"));
    assert_eq!(fs::read(&file).unwrap(), before);
    // Where it was made, something is there: with the server and without it.
    for running in [Some(running), None] {
        let kept = site.files().len();
        let ran = site.run(&["restore", "site.backup"]);
        assert!(ran.refusal().contains("empty"), "{ran:?}");
        assert_eq!(site.files().len(), kept);
        drop(running);
    }
    let server = site.start();
    assert_eq!(Visitor::new(server.address).log_in("ada", PASSWORD).await.status, 200);
}

async fn root_restores_nothing_into_the_folder_of_another_user(engine: Engine) {
    // Whoever is not root can neither make such a folder nor write to it.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (_site, _running, _, file) = backed_up(engine).await;
    let place = Site::new(engine).await;
    fs::create_dir(place.path("data")).unwrap();
    chown(place.path("data"), Some(65_534), None).unwrap();
    let ran = place.run(&["restore", file.to_str().unwrap()]);
    assert!(ran.refusal().contains("belongs to the user 65534"), "{ran:?}");
    assert_eq!(fs::read_dir(place.path("data")).unwrap().count(), 0);
    chown(place.path("data"), Some(0), None).unwrap();
    place.restore(&file);
}

async fn only_an_empty_place_is_restored_into(engine: Engine) {
    let (_site, _running, _, file) = backed_up(engine).await;
    let file = file.to_str().unwrap();
    let place = Site::new(engine).await;
    let data = place.path("data");
    let has = |name: &str| {
        fs::create_dir_all(data.join(name).parent().unwrap()).unwrap();
        fs::write(data.join(name), "something").unwrap();
        let before = place.files();
        let ran = place.run(&["restore", file]);
        assert!(ran.refusal().contains(name.split('/').next().unwrap()), "{ran:?}");
        assert!(ran.refusal().contains("empty place"), "{ran:?}");
        assert_eq!(place.files(), before);
        fs::remove_file(data.join(name)).unwrap();
    };
    has("secret.key");
    has("pictures/ab/cd/64.png");
    fs::remove_dir_all(data.join("pictures")).unwrap();
    if engine == Engine::Sqlite {
        let database = place.scratch.url.strip_prefix("sqlite:").unwrap();
        for suffix in ["", "-wal", "-journal", ".generation"] {
            let path = format!("{database}{suffix}");
            fs::write(&path, "something").unwrap();
            assert!(place.run(&["restore", file]).refusal().contains(&path));
            fs::remove_file(&path).unwrap();
        }
        // As a start leaves them that fails right away.
        fs::write(database, "").unwrap();
    }
    fs::create_dir_all(data.join("pictures/.removed")).unwrap();
    fs::create_dir_all(data.join("mail")).unwrap();
    place.restore(Path::new(file));
    let server = place.start();
    let ada = Visitor::new(server.address);
    assert_eq!(ada.log_in("ada", PASSWORD).await.status, 200);
    assert_eq!(ada.get(&picture_of(&ada).await).send().await.status, 200);
}

async fn a_key_in_the_settings_is_not_in_the_backup(engine: Engine) {
    let (site, running, ..) = backed_up(engine).await;
    drop(running);
    let text = fs::read_to_string(site.path("data/secret.key")).unwrap();
    let key = text.lines().last().unwrap();
    let with_key = |site: &Site, arguments: &[&str]| {
        let output = site.command(arguments).env("VESTIBULE_SECRET_KEY", key).output().unwrap();
        Ran {
            code: output.status.code(),
            out: output.stdout,
            said: String::from_utf8(output.stderr).unwrap(),
        }
    };
    let made = with_key(&site, &["backup", "--json", "without.backup"]);
    assert_eq!(made.json()["secret_key"], "setting");
    assert!(made.said.contains("keep them yourself"), "{}", made.said);
    let bytes = fs::read(site.path("without.backup")).unwrap();
    assert!(!bytes.windows(key.len()).any(|found| found == key.as_bytes()));
    let place = Site::new(engine).await;
    let file = site.path("without.backup");
    assert_eq!(with_key(&place, &["restore", "--json", file.to_str().unwrap()]).json()["accounts"], 1);
    assert!(!place.path("data/secret.key").exists());
    // A key that others may read is none to keep.
    fs::set_permissions(site.path("data/secret.key"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .unwrap();
    assert!(site.run(&["backup", "open.backup"]).refusal().contains("others may read it (644)"));
    assert!(!site.path("open.backup").exists() && !site.path("open.backup.partial").exists());
}

async fn a_picture_that_is_missing_is_told_and_a_link_refused(engine: Engine) {
    let (site, _running, ada, _) = backed_up(engine).await;
    let address = picture_of(&ada).await;
    let id = address.rsplit('/').find(|part| part.len() == 64).unwrap_or_else(|| panic!("{address}"));
    let its = site.path("data/pictures").join(&id[..2]).join(&id[2..]);
    let moved = site.path("moved");
    fs::rename(&its, &moved).unwrap();
    symlink(&moved, &its).unwrap();
    let ran = site.run(&["backup", "link.backup"]);
    assert!(ran.refusal().contains("is a link"), "{ran:?}");
    fs::remove_file(&its).unwrap();
    let made = site.run(&["backup", "--json", "missing.backup"]);
    let told = made.json();
    assert_eq!((&told["pictures"], &told["missing_pictures"]), (&0.into(), &1.into()));
    assert!(made.said.contains("1 pictures that accounts have are not in it"), "{}", made.said);
    let place = Site::new(engine).await;
    assert_eq!(place.restore(&site.path("missing.backup")), told);
}

#[tokio::test]
async fn a_command_makes_no_place_where_there_is_no_server() {
    let folder = folder("");
    let run = |arguments: &[&str]| {
        let program = Path::new(crate::program::PROGRAM);
        let output = crate::program::command(program, folder.path(), &[]).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (done, said) = run(&["backup", "x.backup"]);
    assert!(!done && said.contains("there is no database"), "{said}");
    let (done, said) = run(&["restore", "x.backup"]);
    assert!(!done && said.contains("x.backup"), "{said}");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["Rocket.toml"]);
    // The usual place: the database in the data folder.
    let (_site, _running, _, file) = backed_up(Engine::Sqlite).await;
    let (done, said) = run(&["restore", file.to_str().unwrap()]);
    assert!(done && said.contains("1 accounts"), "{said}");
    assert!(folder.path().join("data/vestibule.sqlite").exists());
}
