//! The documentation of plug-ins quotes this example.

use std::path::Path;

#[test]
fn every_line_of_code_in_the_documentation_is_a_line_of_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let example: String = ["lib", "main", "api", "page", "store"]
        .map(|module| read(&format!("src/{module}.rs")))
        .into_iter()
        .chain([read("templates/notes/page.html")])
        .collect();
    let lines: Vec<&str> = example.lines().collect();
    let document = read("../../docs/plugins.md");
    let mut shown = 0;
    for block in document.split("\n```").skip(1).step_by(2) {
        let (kind, code) = block.split_once('\n').unwrap();
        if kind == "rust" || kind == "html" {
            for line in code.lines().filter(|line| !line.is_empty()) {
                assert!(lines.contains(&line), "the example has no line `{line}`");
                shown += 1;
            }
        }
    }
    assert!(shown > 30, "only {shown} lines were found");
}
