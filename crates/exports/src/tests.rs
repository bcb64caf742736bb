//! Files in a folder.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use super::ExportFolder;

#[tokio::test]
async fn a_name_leads_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let exports = ExportFolder::at(folder.path().join("exports"));
    for name in ["", ".", "..", "../up", "a/b", "a.b", "a b", "é", "a\0"] {
        assert!(exports.begin(name, 0).await.is_err(), "{name:?}");
        assert!(exports.find(name).await.is_err() && exports.remove(name).await.is_err(), "{name:?}");
    }
    assert!(exports.names().await.unwrap().is_empty());
    assert_eq!(exports.find("not-there").await.unwrap(), None);
    exports.remove("not-there").await.unwrap();
}

#[tokio::test]
async fn files_of_ours_are_listed_and_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let exports = ExportFolder::at(folder.path());
    for file in ["one.zip", "two.part", "README", "three.txt", "four.zip.old", ".zip"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    let mut names = exports.names().await.unwrap();
    names.sort();
    assert_eq!(names, ["one", "two"]);
    for name in names {
        exports.remove(&name).await.unwrap();
    }
    assert!(exports.names().await.unwrap().is_empty());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn read(path: &Path, name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut content = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut content).unwrap();
    content
}

#[tokio::test]
async fn a_file_is_there_once_it_is_whole_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let (root, picture) = (folder.path().join("data/exports"), folder.path().join("64.png"));
    fs::write(&picture, [7; 70_000]).unwrap();
    let exports = ExportFolder::at(&root);
    // 1 January 2026, 12:34:56
    let mut file = exports.begin("a-name_1", 1_767_270_896_789).await.unwrap();
    file.begin("account.json").await.unwrap();
    file.write(b"{\"name\":".to_vec()).await.unwrap();
    file.write(b"\"Ada\"}".to_vec()).await.unwrap();
    file.copy("pictures/64.png", picture).await.unwrap();
    assert_eq!(exports.find("a-name_1").await.unwrap(), None);
    assert_eq!(names(&root), ["a-name_1.part"]);
    let finished = file.finish().await.unwrap();
    assert_eq!(exports.find("a-name_1").await.unwrap(), Some(finished.clone()));
    assert_eq!(finished.length, fs::metadata(&finished.path).unwrap().len());
    assert_eq!(read(&finished.path, "account.json"), b"{\"name\":\"Ada\"}");
    assert_eq!(read(&finished.path, "pictures/64.png"), [7; 70_000]);
    let mut zip = zip::ZipArchive::new(File::open(&finished.path).unwrap()).unwrap();
    let dated = zip.by_name("account.json").unwrap().last_modified().unwrap();
    assert_eq!((dated.year(), dated.hour(), dated.minute(), dated.second()), (2026, 12, 34, 56));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&finished.path)), (0o700, 0o600));
    }
    exports.remove("a-name_1").await.unwrap();
    assert!(names(&root).is_empty());
}

#[tokio::test]
async fn what_is_dropped_or_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let exports = ExportFolder::at(folder.path());
    let mut dropped = exports.begin("dropped", 0).await.unwrap();
    dropped.begin("log.json").await.unwrap();
    dropped.write(vec![1; 1_000_000]).await.unwrap();
    drop(dropped);
    while !names(folder.path()).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut failing = exports.begin("failing", 0).await.unwrap();
    failing.copy("pictures/64.png", folder.path().join("not-there")).await.unwrap();
    assert_eq!(failing.finish().await.unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(names(folder.path()).is_empty());
}

#[tokio::test]
async fn two_do_not_write_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let exports = ExportFolder::at(folder.path());
    let _first = exports.begin("same", 0).await.unwrap();
    assert!(exports.begin("same", 0).await.is_err());
}
