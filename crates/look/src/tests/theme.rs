//! A theme that fails while pages are served.

use crate::pages::ErrorPage;
use crate::{Facts, Look, PageFrame, Renderer};

fn error_page(renderer: &Renderer, look: Look, incident: &str) -> String {
    let page = ErrorPage {
        status: 500,
        code: "internal".to_owned(),
        title: "Title".to_owned(),
        message: "Message".to_owned(),
        incident: incident.to_owned(),
        back: String::new(),
    };
    let locale = renderer.catalog().fallback();
    let site = renderer.site();
    let (viewer, notice, alert, refused) = (None, None, None, false);
    let frame = PageFrame {
        lang: locale.as_str(),
        languages: Vec::new(),
        site,
        viewer,
        notice,
        alert,
        refused,
        wait: 0,
        page,
    };
    renderer.render_in(look, locale, &frame).unwrap()
}

#[test]
fn a_page_that_fails_is_the_built_in_one_and_so_is_one_that_is_asked_for() {
    let theme = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(theme.path().join("templates/pages")).unwrap();
    let template = "<p>theirs</p>{% if page.incident %}{{ page.nonsense }}{% endif %}";
    std::fs::write(theme.path().join("templates/pages/error.html"), template).unwrap();
    let renderer = Renderer::load(Some(theme.path()), "en", Facts::default()).unwrap();
    assert_eq!(error_page(&renderer, Look::Themed, ""), "<p>theirs</p>");
    for ours in
        [error_page(&renderer, Look::Themed, "0f3a9c12de45"), error_page(&renderer, Look::Builtin, "")]
    {
        assert!(ours.contains("<main") && !ours.contains("theirs"), "{ours}");
    }
}

#[test]
fn what_stands_in_for_a_page_that_fails_is_in_the_themes_layout_unless_that_fails() {
    let theme = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(theme.path().join("templates/pages")).unwrap();
    let write =
        |name: &str, text: &str| std::fs::write(theme.path().join("templates").join(name), text).unwrap();
    let layout = |more: &str| {
        format!(
            "{{% extends \"builtin/layout.html\" %}}{{% block footer %}}<p>Hand-made</p>{more}{{% endblock footer %}}"
        )
    };
    write(
        "pages/error.html",
        "{% extends \"layout.html\" %}{% block main %}{{ page.nonsense }}{% endblock main %}",
    );
    for (more, themed) in [("", true), ("{{ page.nonsense }}", false)] {
        write("layout.html", &layout(more));
        let renderer = Renderer::load(Some(theme.path()), "en", Facts::default()).unwrap();
        let html = error_page(&renderer, Look::Themed, "");
        assert!(html.contains("<h1>"), "{html}");
        assert_eq!(html.contains("Hand-made"), themed, "{html}");
    }
}
