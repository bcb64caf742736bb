//! The renderer alone: the profile page in the built-in look and in a theme, the check of a theme, and the
//! same account as JSON.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use domain::Millis;
use look::pages::{
    AccountView, AvatarView, ChoiceView, EmailForm, FieldView, OptionView, PasswordForm, PictureUploadForm,
    ProfileForm, ProfileForms, ProfilePage, TimeView, UsernameForm,
};
use look::theme::check;
use look::{Dates, Facts, PageFrame, Renderer, Viewer};
use serde_json::json;

const AVATAR: &str = "/user/picture/letter/137/S.svg";

fn line(value: &str) -> FieldView {
    FieldView { value: value.to_owned(), errors: Vec::new() }
}

/// The view of an account that the handler gives to the renderer.
fn profile(dates: &Dates) -> ProfilePage {
    let address = || AVATAR.to_owned();
    let option = |value: &str, label: &str| OptionView {
        value: value.to_owned(),
        label: label.to_owned(),
        selected: value.is_empty(),
    };
    let now = Millis(1_700_000_000_000);
    ProfilePage {
        here: "profile",
        account: AccountView {
            id: 1,
            email: "some.body@example.org".into(),
            verified: true,
            has_password: true,
            unverified: false,
            username: "some_body".into(),
            name: "Some Body".into(),
            display_name: "Some Body".into(),
            avatar: AvatarView {
                small: address(),
                medium: address(),
                large: address(),
                full: address(),
                uploaded: false,
            },
            created_at: TimeView::day(now, dates),
        },
        pending_email: String::new(),
        former_usernames: Vec::new(),
        username_change: TimeView::default(),
        username_change_days: 30,
        forms: ProfileForms {
            profile: ProfileForm {
                name: line("Some Body"),
                firstname: line("Some"),
                lastname: line("Body"),
                locale: ChoiceView {
                    value: String::new(),
                    options: vec![
                        option("", "Use my browser’s language"),
                        option("en", "English"),
                        option("fr", "Français"),
                        option("ru", "Русский"),
                    ],
                    errors: Vec::new(),
                },
                fields: Vec::new(),
            },
            username: UsernameForm { username: line("some_body") },
            email: EmailForm::default(),
            password: PasswordForm::default(),
            picture: PictureUploadForm::default(),
        },
        password_min: 8,
        picture_max_mib: 10,
        picture_max_bytes: 10 << 20,
        picture_webp_megapixels: 11,
    }
}

/// A theme that extends every template of the profile page.
fn theme() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    let files = [
        (
            "theme.toml",
            "name = \"Bench\"\nversion = \"1\"\nauthor = \"Nobody\"\ncontract = 2\n[settings]\naccent = \"#123456\"\n\
             words = \"Hello\"\nwide = true\n",
        ),
        ("static/theme.css", ":root { --accent: var(--theme-accent) }"),
        (
            "templates/layout.html",
            "{% extends \"builtin/layout.html\" %}{% block footer %}{% if theme.wide %}<p>{{ theme.words }}</p>{% endif %}\
             {{ super() }}{% endblock footer %}",
        ),
        (
            "templates/pages/profile.html",
            "{% extends \"builtin/pages/profile.html\" %}{% block heading %}<p>{{ theme.words }}</p>{{ super() }}\
             {% endblock heading %}",
        ),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        std::fs::write(path, text).expect("file");
    }
    folder
}

fn page_rendering(criterion: &mut Criterion) {
    let facts = Facts::default;
    let theme = theme();
    let mut group = criterion.benchmark_group("profile");
    // The rounds alternate, so that other load on the machine affects all of them.
    for round in 1..=3 {
        let renderer = Renderer::load(None, "en", facts()).expect("templates");
        page(&mut group, &format!("page, round {round}"), &renderer);
        let renderer = Renderer::load(Some(theme.path()), "en", facts()).expect("theme");
        page(&mut group, &format!("page in a theme, round {round}"), &renderer);
    }
    json_account(&mut group);
    group.finish();
    let mut group = criterion.benchmark_group("theme");
    group.sample_size(20);
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            let checked = check(theme.path(), &[], "en", facts(), &BTreeMap::new());
            assert!(checked.report.passes(), "{}", checked.report);
        });
    });
    group.bench_function("reading", |bencher| {
        bencher.iter(|| Renderer::load(Some(theme.path()), "en", facts()).expect("theme"));
    });
    group.finish();
}

fn page(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, renderer: &Renderer) {
    let locale = renderer.catalog().fallback().clone();
    let render = || {
        let frame = PageFrame {
            lang: locale.as_str(),
            languages: Vec::new(),
            site: renderer.site(),
            viewer: Some(Viewer {
                name: "Some Body",
                avatar_url: AVATAR,
                email: "some.body@example.org",
                unverified: false,
                administers: false,
                recovery_until: "",
            }),
            notice: None,
            alert: None,
            refused: false,
            wait: 0,
            page: profile(renderer.catalog().dates(&locale)),
        };
        renderer.render(&locale, &frame).expect("page")
    };
    group.throughput(Throughput::Bytes(render().len() as u64));
    group.bench_function(name, |bencher| bencher.iter(render));
}

fn json_account(group: &mut BenchmarkGroup<'_, WallTime>) {
    let (name, avatar) = (black_box("Some Body"), black_box(AVATAR));
    let json = || {
        let account = json!({
            "id": 1,
            "email": "some.body@example.org",
            "verified": false,
            "username": "some_body",
            "name": name,
            "firstname": "Some",
            "lastname": "Body",
            "locale": null,
            "avatar_url": format!("http://127.0.0.1:8000{avatar}"),
            "fields": {},
        });
        account.to_string()
    };
    group.throughput(Throughput::Bytes(json().len() as u64));
    group.bench_function("JSON", |bencher| bencher.iter(json));
}

criterion_group!(benches, page_rendering);
criterion_main!(benches);
