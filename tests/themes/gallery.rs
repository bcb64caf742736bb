//! `vestibule theme gallery`: what it shows, and where it writes.

use std::path::Path;

use crate::support::{Theme, name, text, vestibule};

#[test]
fn a_gallery_shows_every_page_in_every_language_without_a_server() {
    let (theme, out) = (Theme::new(), tempfile::tempdir().unwrap());
    let made = vestibule(&["gallery", name(&theme.path()), "--out", name(out.path())]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let read = |file: &str| std::fs::read_to_string(out.path().join(file)).unwrap();
    let index = read("index.html");
    assert!(!index.contains("<iframe"), "the index loads nothing");
    let templates: Vec<_> =
        index.split("<li><a href=\"").skip(1).filter_map(|part| part.split_once('"')).collect();
    assert!(templates.len() > 30, "{}", templates.len());
    let mut pages = 0;
    for (template, _) in templates {
        let frames = read(template);
        let all: Vec<_> =
            frames.split(" src=\"pages/").skip(1).filter_map(|part| part.split_once('"')).collect();
        assert_eq!(all.len(), frames.matches("<iframe loading=\"lazy\"").count(), "{template}");
        pages += all.len();
        for (page, _) in all {
            let html = read(&format!("pages/{page}"));
            assert!(!html.contains("=\"/static/") && !html.contains("src=\"/user/picture"), "{page}");
        }
        for filter in ["page", "state", "language", "width", "scheme"] {
            assert!(frames.contains(&format!("<select name=\"{filter}\"")), "{template}: {filter}");
        }
    }
    assert!(pages > 300, "{pages}");
    assert!(out.path().join("static/vestibule.css").is_file());
}

/// All files below `folder`, with their content.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_gallery_is_never_written_into_a_theme_or_over_files_of_somebody_else() {
    let place = tempfile::tempdir().unwrap();
    let at = |path: &str| place.path().join(path);
    let write = |path: &str, text: &str| {
        std::fs::create_dir_all(at(path).parent().unwrap()).unwrap();
        std::fs::write(at(path), text).unwrap();
    };
    write("theme/theme.toml", crate::support::MANIFEST);
    write("theme/static/theme.css", "p { color: red }");
    write("bare/static/theme.css", "p { color: blue }");
    write("others/deep/theme/theme.toml", crate::support::MANIFEST);
    write("work/notes.txt", "mine");
    write("work/index.html", "mine too");
    std::os::unix::fs::symlink(at("theme"), at("link")).unwrap();
    let before = files(place.path());
    for (theme, out, why) in [
        ("theme", "theme", "it is a theme"),
        ("theme", "link", "it is a theme"),
        ("theme", "link/gallery", "lies in the theme"),
        ("theme", "theme/static", "lies in the theme"),
        ("theme", "theme/new/gallery", "lies in the theme"),
        ("theme", "", "lies in it"),
        ("theme", "others", "lies in it"),
        ("bare", "bare", "it is a theme"),
        ("theme", "work", "no gallery"),
        ("theme", "work/notes.txt", "no folder"),
    ] {
        let made = vestibule(&["gallery", name(&at(theme)), "--out", name(&at(out))]);
        assert_eq!(made.status.code(), Some(2), "{theme} to {out}");
        assert!(text(&made.stderr).contains(why), "{theme} to {out}: {}", text(&made.stderr));
    }
    assert_eq!(files(place.path()), before);
}

#[test]
fn a_gallery_replaces_a_gallery_and_leaves_other_files_beside_it() {
    let (theme, out) = (Theme::new(), tempfile::tempdir().unwrap());
    let folder = out.path().join("new/gallery");
    let with_font =
        theme.with("static/hand.woff2", "x").with("static/theme.css", "a { src: url(hand.woff2) }");
    let gallery = || vestibule(&["gallery", name(&with_font.path()), "--out", name(&folder)]);
    assert!(gallery().status.success());
    assert!(folder.join("static/hand.woff2").is_file());
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    std::fs::remove_file(with_font.path().join("static/hand.woff2")).unwrap();
    std::fs::remove_file(with_font.path().join("static/theme.css")).unwrap();
    let again = gallery();
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert!(!folder.join("static/hand.woff2").exists() && folder.join("notes.txt").is_file());
}
