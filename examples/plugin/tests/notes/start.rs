//! The plug-in for an operator: settings, tables, a theme, and conflicts.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use rocket::{Route, routes};
use rust_embed::RustEmbed;
use vestibule::plugin::{ClockAndRandom, DbPool, Dialect, Engine, Fate, Plugin, sized};

use crate::app::{self, App, NOTES, Visitor, config};
use crate::engines::{Scratch, both_engines};

both_engines!(its_table_is_made_once_and_recorded_apart, a_migration_that_was_changed_stops_the_start);

async fn its_table_is_made_once_and_recorded_apart(engine: Engine) {
    let app = App::new(engine).await;
    app::prepare(&app.scratch).await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM _plugin_notes_migrations").await, 1);
    // The plug-in's tables and settings do not disturb the program without the plug-in.
    let config = config(&app.scratch, "[plugins.notes]\nmax_length = 5");
    vestibule::plugin::prepare(&config).await.unwrap();
    let ours = "SELECT COUNT(*) FROM _sqlx_migrations WHERE description = 'create notes'";
    assert_eq!(app.count(ours).await, 0);
}

async fn a_migration_that_was_changed_stops_the_start(engine: Engine) {
    let scratch = Scratch::new(engine).await;
    app::prepare(&scratch).await.unwrap();
    let change = "UPDATE _plugin_notes_migrations \
                  SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1)";
    let changed = match DbPool::connect(&scratch.url, 1, std::time::Duration::from_secs(2)).await.unwrap() {
        DbPool::Sqlite(pool) => sqlx::query(change).execute(&pool).await.unwrap().rows_affected(),
        DbPool::Postgres(pool) => sqlx::query(change).execute(&pool).await.unwrap().rows_affected(),
    };
    assert_eq!(changed, 1);
    let said = app::prepare(&scratch).await.unwrap_err().to_string();
    assert!(said.contains("plug-in `notes`") && said.contains("migration 1"), "{said}");
}

#[rocket::async_test]
async fn a_theme_goes_before_the_plug_in() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let theme = scratch.folder().join("theme");
    let manifest = "name = \"Jottings\"\nversion = \"1\"\nauthor = \"Ada\"\ncontract = 1\n";
    for (name, text) in [
        ("theme.toml", manifest),
        (
            "templates/notes/page.html",
            "{% extends \"builtin/notes/page.html\" %}{% block heading %}<h1>Jottings</h1>{% endblock heading %}",
        ),
        ("locales/en.ftl", "notes-button = Jot it down"),
        ("static/notes.css", ".notes { color: red }"),
    ] {
        let file = theme.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let app = App::with(Engine::Sqlite, &format!("theme = {:?}", theme.display().to_string())).await;
    let ada = app.signed_up("ada").await;
    let page = ada.get(NOTES, &[]).await.text;
    assert!(page.contains("<h1>Jottings</h1>") && page.contains("Jot it down"), "{page}");
    assert!(page.contains("There are no notes yet."), "the rest is the plug-in's: {page}");
    let (_, after) = page.split_once("<link rel=\"stylesheet\" href=\"/static/").unwrap();
    assert!(after.contains("/notes.css"), "{page}");
    let style = page.split("href=\"").find_map(|part| part.split_once("notes.css").map(|(before, _)| before));
    let style = ada.get(&format!("{}notes.css", style.unwrap()), &[]).await;
    assert_eq!((style.status, style.text.as_str()), (200, ".notes { color: red }"));
    // If a theme's template fails, the plug-in's own is rendered.
    std::fs::write(theme.join("templates/notes/page.html"), "{{ page.nonsense.at_all }}").unwrap();
    let app = App::with(Engine::Sqlite, &format!("theme = {:?}", theme.display().to_string())).await;
    let page = app.signed_up("ben").await.get(NOTES, &[]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<h1>Your notes</h1>"), "{}", page.text);
}

/// The program, in a folder of its own with these settings.
fn program(folder: &Path, settings: &str) -> Command {
    std::fs::write(folder.join("Rocket.toml"), settings).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-notes"));
    command.current_dir(folder).env_clear().env("ROCKET_PORT", "0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() {
    for (name, settings) in [
        ("plugins.notes.max_length", "[default.plugins.notes]\nmax_length = 0"),
        ("plugins.notes.max_length", "[default.plugins.notes]\nmax_length = 'long'"),
        ("plugins.notes.per_account", "[default.plugins.notes]\nper_account = -1"),
        ("plugins.notes.nonsense", "[default.plugins.notes]\nnonsense = 1"),
        ("plugins.notes", "[default.plugins]\nnotes = 5"),
        ("plugins.note", "[default.plugins.note]\nmax_length = 5"),
        ("password.min_length", "[default.password]\nmin_length = 1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = program(folder.path(), settings).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        if !said.is_empty() {
            child.kill().unwrap();
            panic!("it starts with {settings}: {said}");
        }
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{said}");
        assert!(said.contains(&format!("`{name}`")), "{name} is not named: {said}");
    }
}

#[rocket::async_test]
async fn the_program_has_settings_data_and_listener_of_vestibule() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), "[default.site]\nname = 'Elsewhere'");
    let mut child = command.env("VESTIBULE_PLUGINS__NOTES__MAX_LENGTH", "7").spawn().unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let address =
        said.split_once("http://").and_then(|(_, rest)| rest.split_once('/')).map(|(address, _)| address);
    let visitor = Visitor::new(address.unwrap_or_else(|| panic!("{said}")).parse().unwrap());
    let page = visitor.get("/user/login", &[]).await;
    let sent = visitor.get(NOTES, &[]).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(page.text.contains("Elsewhere"), "{}", page.text);
    assert_eq!((sent.status, sent.location.as_str()), (303, "/user/login?next=/plugin/notes"));
    assert!(folder.path().join("data/vestibule.sqlite").is_file());
}

#[derive(RustEmbed)]
#[folder = "tests/clashes/templates/"]
struct ClashingTemplates;

#[derive(RustEmbed)]
#[folder = "tests/clashes/locales/"]
struct ClashingSentences;

#[derive(RustEmbed)]
#[folder = "tests/clashes/static/"]
struct ClashingStyles;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct SameTemplates;

#[derive(RustEmbed)]
#[folder = "migrations/sqlite/"]
struct Ours;

#[derive(RustEmbed)]
#[folder = "migrations/postgres/"]
struct OursOnPostgres;

#[derive(RustEmbed)]
#[folder = "../../migrations/postgres/"]
struct Theirs;

#[rocket::get("/login")]
fn sign_in() -> &'static str {
    "not ours"
}

#[rocket::get("/<_path..>", rank = 50)]
fn everything(_path: std::path::PathBuf) -> &'static str {
    "not ours"
}

fn shape(base: &'static str) -> Dialect {
    Dialect {
        name: "other",
        base,
        refuse: |refusal, _, _| sized(refusal.status(), "text/plain", String::new()),
    }
}

#[rocket::async_test]
async fn what_does_not_go_together_is_refused_and_both_are_named() {
    let scratch = Scratch::new(Engine::Sqlite).await;
    let config = config(&scratch, "");
    let other = || Plugin::new("other");
    let mut before_ours = routes![sign_in];
    before_ours[0].rank = -50;
    let cases: [(Plugin, &[&str]); 11] = [
        (other().templates::<ClashingTemplates>(), &["`other`", "templates/layout.html", "the program"]),
        (other().templates::<SameTemplates>(), &["`other`", "templates/notes/page.html", "`notes`"]),
        (other().locales::<ClashingSentences>(), &["`other`", "locales/en.ftl", "sign-out"]),
        (other().statics::<ClashingStyles>(), &["`other`", "static/vestibule.css", "the program"]),
        (other().mount("/user", before_ours), &["`other`", "GET /user/login", "pages::form"]),
        (other().mount("/", routes![everything]), &["`other`", "GET /"]),
        (other().mount("/other/", Vec::<Route>::new()), &["`other`", "`/other/`"]),
        (other().dialect(shape("/user")), &["`other`", "`/user`", "pages::"]),
        (other().dialect(shape("/plugin/notes")), &["`other`", "`/plugin/notes`", "notes::"]),
        (Plugin::new("notes"), &["`notes`", "two of this name"]),
        (Plugin::new("No-Name"), &["`No-Name`", "a-z"]),
    ];
    for (plugin, named) in cases {
        let plugins = vec![vestibule_notes::plugin(&config).unwrap(), plugin];
        let built = vestibule::plugin::rocket_with(&config, ClockAndRandom::default(), plugins);
        let said = built.err().map(|error| error.to_string()).unwrap_or_default();
        for name in named {
            assert!(said.contains(name), "{name} in {said}");
        }
    }
    let uneven = Plugin::new("other").migrations::<Ours, Theirs>();
    let said = vestibule::plugin::prepare_with(&config, &[uneven]).await.unwrap_err().to_string();
    assert!(said.contains("`other`") && said.contains("PostgreSQL"), "{said}");
    // What becomes of its rows when an account is erased is said for each table.
    let silent = || Plugin::new("other").migrations::<Ours, OursOnPostgres>();
    for plugin in
        [silent(), silent().erases(&[("note", Fate::Gone)]), silent().erases(&[("notes", Fate::Removed)])]
    {
        let said = vestibule::plugin::prepare_with(&config, &[plugin]).await.unwrap_err().to_string();
        assert!(said.contains("`other`") && said.contains("`notes`") && said.contains("erases"), "{said}");
    }
}

#[test]
fn every_language_has_the_same_sentences() {
    let keys = |language: &str| -> BTreeSet<String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.ftl"));
        let text = std::fs::read_to_string(file).unwrap();
        let starts = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        starts.map(|line| line.split_once('=').unwrap().0.trim().to_owned()).collect()
    };
    let english = keys("en");
    assert_eq!(english.len(), 10);
    for language in ["fr", "ru"] {
        assert_eq!(keys(language), english, "{language}");
    }
}
