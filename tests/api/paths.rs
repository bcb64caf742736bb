//! Other spellings of a path, such as a doubled slash between a base and a path.

use store::Engine;

use crate::engines::run;
use crate::support::TestApp;

#[test]
fn another_spelling_of_a_path_is_answered_by_the_same_door_in_its_words() {
    run(Engine::Sqlite, async |engine| {
        let app = TestApp::new(engine).await;
        for path in ["//auth/register", "/auth//register", "/auth/register//", "/%61uth/regi%73ter/"] {
            let answer = app.visitor().post(path).form(&[("email", "x")]).send().await;
            assert_eq!(answer.status, 401, "{path}: {}", answer.text());
            assert_eq!(answer.json()["message"], "Registration failed; Invalid email or password.");
        }
        for path in ["//api/v1/personal/nothing", "/api//v1/personal/auth", "/api/v1/%70ersonal"] {
            let answer = app.visitor().get(path).send().await;
            assert!([404, 405].contains(&answer.status), "{path}: {}", answer.status);
            assert_eq!(answer.json()["success"], 0, "{path}");
        }
    });
}
