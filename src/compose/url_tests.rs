//! Compares `urls.rs` with the routes, the templates, the scripts and the samples.

use std::path::{Path, PathBuf};

use crate::urls::{self, PATHS};
use crate::{api, pages, web};

/// Whether `path` matches the pattern `known`.
fn is(known: &str, path: &str) -> bool {
    let (mut known, mut path) = (known.split('/'), path.split('/'));
    loop {
        match (known.next(), path.next()) {
            (None, None) => return true,
            (Some(known), Some(_)) if known.ends_with("..>") => return true,
            (Some(known), Some(part)) if known == part || known.starts_with('<') => {}
            _ => return false,
        }
    }
}

#[test]
fn every_route_has_one_of_our_paths_and_every_path_has_a_route() {
    let routes = pages::routes()
        .into_iter()
        .chain(pages::admin_routes())
        .chain(pages::dev_mail_routes())
        .chain(api::doors().flat_map(|door| (door.routes)()))
        .chain(api::description_routes())
        .chain(web::asset_routes());
    let mut routed: Vec<String> = routes.map(|route| route.uri.path().to_string()).collect();
    routed.sort();
    routed.dedup();
    let mut known: Vec<&str> = PATHS.to_vec();
    known.sort_unstable();
    assert_eq!(routed, known);
}

#[test]
fn every_path_has_its_normalized_spelling() {
    for path in PATHS {
        assert!(path.starts_with('/') && (*path == "/" || !path.ends_with('/')), "{path}");
    }
}

#[test]
fn every_dialect_has_its_paths_below_its_base() {
    for door in api::doors() {
        for route in (door.routes)() {
            assert!(route.uri.path().starts_with(door.dialect.base), "{}", route.uri);
        }
    }
}

#[test]
fn paths_with_parts_are_those_of_their_routes() {
    for (path, made) in [
        (urls::RESET, urls::reset("t")),
        (urls::VERIFY, urls::verify("t")),
        (urls::CONFIRM_ADDRESS, urls::confirm_address("t")),
        (urls::SIGN_IN, urls::sign_in_then(urls::PROFILE)),
        (urls::AUTOLOGIN, urls::autologin("ada@example.org", "t")),
        (urls::PROVIDER_CALLBACK, urls::provider_callback("google")),
        (urls::PICTURE, urls::picture("0f", 64, "jpg")),
        (urls::INITIAL_PICTURE, urls::initial_picture(7, "A")),
    ] {
        assert!(is(path, made.split('?').next().unwrap_or_default()), "{path} {made}");
    }
    assert_eq!(urls::autologin("a b@c", "t"), "/admin/api_account/autologin?email=a+b%40c&token=t");
}

/// All files below a folder of the repository whose names have one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder}");
    found
}

/// What every path of more than one part begins with, such as `/user/`, each once.
fn first_segments() -> Vec<&'static str> {
    let ends = |path: &'static str| path[1..].find('/').map(|end| &path[..end + 2]);
    let mut segments: Vec<_> = PATHS.iter().copied().filter_map(ends).collect();
    segments.sort_unstable();
    segments.dedup();
    assert!(segments.contains(&"/user/") && segments.contains(&"/static/"), "{segments:?}");
    segments
}

/// A template with some text in place of each `{{ value }}`, whose spaces would end a path. A value that may
/// contain a path itself stays.
fn without_values(template: &str) -> String {
    let mut parts = template.split("{{");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('x');
        let value = part.split_once("}}").filter(|(value, _)| !value.contains('/'));
        text.push_str(value.map_or(part, |(_, rest)| rest));
    }
    text
}

#[test]
fn templates_scripts_and_samples_name_no_other_path() {
    let folders: [(&str, &[&str]); 4] = [
        ("templates", &["html", "txt"]),
        ("themes", &["html", "txt", "js"]),
        ("static", &["js"]),
        ("crates/look/src", &["rs"]),
    ];
    let mut seen = 0;
    for (path, text) in folders.into_iter().flat_map(|(folder, endings)| files(folder, endings)) {
        let code = path.extension().is_some_and(|ending| ending == "rs");
        let text = if code { text } else { without_values(&text) };
        for segment in first_segments() {
            for (start, _) in text.match_indices(segment) {
                // Another first segment than that of the pages can be part of a file's name or a longer path.
                let quoted = text[..start].ends_with(['"', '\'', '`', '(', '=']);
                if !quoted && segment != "/user/" {
                    continue;
                }
                let rest = &text[start..];
                let end = rest.find(|c: char| c.is_whitespace() || "\"'`:?#\\)&".contains(c));
                let named = &rest[..end.unwrap_or(rest.len())];
                // Code asks for what all paths of a folder begin with, and comments name the folder.
                let folder = code && named == segment;
                let known = folder || PATHS.iter().any(|known| is(known, named));
                assert!(known, "{}: {named}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn only_route_attributes_and_this_list_write_paths_out() {
    for (path, text) in files("src", &["rs"]) {
        let listed = path.ends_with("src/urls.rs") || path.ends_with("compose/url_tests.rs");
        // Unit tests ask for paths as strangers do.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|_| !listed) {
            let attribute = line.trim_start().starts_with("#[") || line.trim_start().starts_with("path = ");
            let written = first_segments().into_iter().any(|segment| line.contains(&format!("\"{segment}")));
            assert!(attribute || !written, "{}: {line}", path.display());
        }
    }
}
