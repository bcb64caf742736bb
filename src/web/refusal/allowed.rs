//! The allowed methods of a path.

use rocket::request::Request;

/// The methods of the routes that match the path of `request`, for `Allow`; empty if no route matches.
pub fn methods_at(request: &Request<'_>) -> String {
    let path: Vec<&str> = segments(request.uri().path().as_str()).collect();
    let mut methods: Vec<&str> = Vec::new();
    // The listener's route for `TRACE` only refuses requests before their handlers run, so it is not counted.
    let ours = |route: &&rocket::Route| route.method != rocket::http::Method::Trace;
    for route in request.rocket().routes().filter(ours).filter(|route| covers(route.uri.path(), &path)) {
        let also = if route.method == rocket::http::Method::Get { &["GET", "HEAD"][..] } else { &[] };
        for method in also.iter().copied().chain([route.method.as_str()]) {
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
    }
    methods.join(", ")
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

fn covers(route: &str, path: &[&str]) -> bool {
    let mut given = path.iter();
    for wanted in segments(route) {
        if wanted.starts_with('<') && wanted.ends_with("..>") {
            return true;
        }
        match given.next() {
            Some(part) if wanted.starts_with('<') || *part == wanted => {}
            _ => return false,
        }
    }
    given.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_pattern_covers_the_paths_it_would_match() {
        let path = |text: &'static str| segments(text).collect::<Vec<_>>();
        assert!(covers("/picture/<id>/<file>", &path("/picture/ab/64.jpg")));
        assert!(!covers("/picture/<id>/<file>", &path("/picture/ab")));
        assert!(covers("/static/<path..>", &path("/static/a/b/c")));
        assert!(!covers("/a", &path("/a/b")));
    }
}
