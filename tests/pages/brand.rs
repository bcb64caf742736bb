//! What the operator says of the site: its address, a logo, a colour, and links in the footer.

use store::Engine;

use crate::engines::both_engines;
use crate::support::TestApp;

both_engines!(
    pages_have_the_operators_logo_colour_and_links,
    a_site_of_which_nothing_is_said_has_the_looks_own,
    below_a_path_the_operators_paths_are_those_of_the_host,
);

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";

/// The value of `attribute` in the first tag after `mark`, without escapes.
fn attribute(page: &str, mark: &str, attribute: &str) -> String {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("no {mark}: {page}"));
    let (_, rest) = rest.split_once(&format!("{attribute}=\"")).unwrap();
    rest.split('"').next().unwrap().replace("&#x2F;", "/")
}

async fn pages_have_the_operators_logo_colour_and_links(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo");
    std::fs::write(&logo, SVG).unwrap();
    let settings = format!(
        "site.logo = '{}'\nsite.accent = '#fe8'\nsite.url = 'https://www.example.org'\nsite.imprint = '/imprint'\n\
         site.privacy = 'https://www.example.org/privacy'\nsite.help = 'mailto:help@example.org'",
        logo.display()
    );
    let app = TestApp::with(engine, &settings).await;
    let visitor = app.visitor();
    let page = visitor.get("/user/login").send().await.text();
    assert_eq!(attribute(&page, "<a class=\"brand\"", "href"), "https://www.example.org");
    for link in ["/imprint", "https://www.example.org/privacy", "mailto:help@example.org"] {
        let written = format!("href=\"{}\"", link.replace('/', "&#x2F;"));
        assert!(page.contains(&written), "{link}: {page}");
    }

    let logo = visitor.get(&attribute(&page, "<img class=\"logo\"", "src")).send().await;
    assert_eq!((logo.status, logo.text().as_str()), (200, SVG));
    assert_eq!(logo.header("content-type"), Some("image/svg+xml"));
    assert_eq!(logo.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert!(logo.header("cache-control").unwrap().contains("immutable"));
    let policy = logo.header("content-security-policy").unwrap();
    for rule in ["default-src 'none'", "sandbox"] {
        assert!(policy.split("; ").any(|known| known == rule), "{policy}");
    }

    let styles = attribute(&page, "vestibule.css", "href");
    assert!(styles.ends_with("/theme.css"), "{styles}");
    let styles = visitor.get(&styles).send().await.text();
    // As it was chosen on dark pages, and darker on light ones.
    assert!(styles.contains("--site-accent: #ffee88;"), "{styles}");
    assert_eq!(styles.matches("--site-accent:").count(), 2);
    let broken = visitor.get("/nowhere").send().await.text();
    assert!(broken.contains("class=\"button wide\" href=\"https:&#x2F;&#x2F;www.example.org\""), "{broken}");
}

async fn a_site_of_which_nothing_is_said_has_the_looks_own(engine: Engine) {
    let app = TestApp::new(engine).await;
    let page = app.visitor().get("/user/login").send().await.text();
    assert_eq!(attribute(&page, "<a class=\"brand\"", "href"), "/");
    assert!(page.contains("class=\"mark\"") && !page.contains("theme.css"), "{page}");
}

async fn below_a_path_the_operators_paths_are_those_of_the_host(engine: Engine) {
    let settings = "public_url = 'http://localhost/account'\nsite.imprint = '/imprint'";
    let app = TestApp::with(engine, settings).await;
    let page = app.visitor().get("/account/user/login").send().await.text();
    assert_eq!(attribute(&page, "<a class=\"brand\"", "href"), "/account/");
    assert!(page.contains("href=\"http:&#x2F;&#x2F;localhost&#x2F;imprint\""), "{page}");
}
