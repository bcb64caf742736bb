//! Themes of contract 1 pass the check, and are told what changed.

use std::path::Path;

use look::theme::Severity;

use crate::support::checked;

#[test]
fn a_theme_of_contract_1_passes_and_is_told_which_of_its_templates_changed() {
    for (theme, told) in [("page", 2), ("whole", 12), ("terminal", 3)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/contract_1").join(theme);
        let report = checked(&folder).report;
        assert!(report.passes(), "{theme}: {report}");
        let older: Vec<_> =
            report.findings.iter().filter(|finding| finding.code == "older-contract").collect();
        assert_eq!(older.len(), told, "{theme}: {report}");
        let profile = older.iter().find(|finding| finding.file == "templates/pages/profile.html").unwrap();
        assert!(profile.message.contains("pages/security.html"), "{theme}: {}", profile.message);
        assert!(report.findings.iter().all(|finding| finding.severity == Severity::Warning), "{theme}");
    }
}

#[test]
fn a_page_of_contract_1_is_still_asked_for_the_forms_that_it_had() {
    let page = "{% extends \"layout.html\" %}{% block title %}x{% endblock title %}{% block main %}<h1>x</h1>\
                {% include \"pieces/notice.html\" %}{% include \"pieces/alert.html\" %}{% endblock main %}";
    let manifest = crate::support::MANIFEST.replace("contract = 2", "contract = 1");
    let theme = crate::support::Theme::new();
    let theme = theme.with("theme.toml", manifest).with("templates/pages/profile.html", page);
    let report = theme.check().report.to_string();
    for action in ["/user/modify/pp", "/user/modify/profile", "/user/modify/username", "/user/modify/email"] {
        assert!(report.contains(&format!("action=\"{action}\"")), "{action}: {report}");
    }
    for new in ["/user/modify/email/again", "/user/security", "form-page"] {
        assert!(!report.contains(new), "{new}: {report}");
    }
}
