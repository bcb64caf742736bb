//! What `deploy/` and the package's metadata say fits the program and the files that there are.

use std::process::{Command, Output};

use toml_edit::DocumentMut;

use super::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Whether `pattern`, with one `*` at most and that in the file's name, fits a file.
fn fits_a_file(pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return root().join(pattern).is_file() };
    let (folder, beginning) = before.rsplit_once('/').unwrap_or(("", before));
    std::fs::read_dir(root().join(folder)).unwrap().any(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.starts_with(beginning) && name.ends_with(after)
    })
}

#[test]
fn the_package_contains_files_that_there_are() {
    let manifest: DocumentMut = read("Cargo.toml").parse().unwrap();
    let package = &manifest["package"]["metadata"]["deb"];
    let assets = package["assets"].as_array().unwrap();
    let sources: Vec<&str> =
        assets.iter().map(|asset| asset.as_array().unwrap().get(0).unwrap().as_str().unwrap()).collect();
    let makefile = read("Makefile");
    for source in &sources {
        let made = source.starts_with("target/deb/") && makefile.contains(&format!("> {source}"));
        assert!(made || *source == "target/release/vestibule" || fits_a_file(source), "{source}");
    }
    // Whatever else is in deploy/ is a proxy's file, an example for its operator.
    let elsewhere = ["Dockerfile", "debian", "vestibule.service", "vestibule.socket"];
    for entry in std::fs::read_dir(root().join("deploy")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let packed = sources.iter().any(|source| {
            let (before, after) = source.split_once('*').unwrap_or((source, ""));
            let path = format!("deploy/{name}");
            path.starts_with(before) && path.ends_with(after)
        });
        assert!(packed || elsewhere.contains(&&*name), "deploy/{name} is not in the package");
    }
    let scripts = package["maintainer-scripts"].as_str().unwrap();
    assert!(read(&format!("{scripts}postinst")).contains("#DEBHELPER#"), "the units' part goes there");
}

#[test]
fn the_container_is_built_with_a_compiler_that_is_new_enough() {
    let manifest: DocumentMut = read("Cargo.toml").parse().unwrap();
    let wanted = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    let dockerfile = read("deploy/Dockerfile");
    assert!(dockerfile.contains(&format!("FROM rust:{wanted}-")), "rust-version is {wanted}");
    assert!(read("Makefile").contains("\ndist:\n") && dockerfile.contains("\nRUN make dist\n"));
    let ignored = read(".dockerignore");
    for large in ["/target", "/data", "/.git"] {
        assert!(ignored.lines().any(|line| line == large), "{large}");
    }
}

#[test]
fn the_settings_to_start_from_are_all_known() {
    let folder = tempfile::tempdir().unwrap();
    let sample = read("deploy/Rocket.toml");
    let folder_of_data = "data_dir = \"/var/lib/vestibule\"";
    assert!(sample.contains(folder_of_data));
    // With everything that an operator may take the mark of a comment from.
    let lines = sample.lines().map(|line| match line.strip_prefix("# ") {
        Some(setting) if setting.starts_with('[') || setting.contains(" = ") => setting,
        _ => line,
    });
    let all = lines.collect::<Vec<_>>().join("\n").replace(folder_of_data, "data_dir = \"data\"");
    assert!(all.contains("\npublic_url = ") && all.contains("\n[default.smtp]\n"));
    let password = ("VESTIBULE_SMTP__PASSWORD", "as in /etc/vestibule/secrets");
    for (text, secrets) in
        [(sample.replace(folder_of_data, "data_dir = \"data\""), None), (all, Some(password))]
    {
        let path = folder.path().join("Rocket.toml");
        std::fs::write(&path, text).unwrap();
        let checked = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(["config", "check"])
            .current_dir(folder.path())
            .env_clear()
            .env("ROCKET_CONFIG", &path)
            .envs(secrets)
            .output()
            .unwrap();
        assert!(checked.status.success(), "{}", said(&checked));
    }
}

#[test]
fn systemd_understands_the_units() {
    if std::env::var_os("VESTIBULE_TEST_WITHOUT_SYSTEMD").is_some_and(|set| set == "1") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = read("deploy/vestibule.service");
    assert!(service.contains("\nExecStart=vestibule\n"));
    let service = service.replace("\nExecStart=vestibule\n", "\nExecStart=/bin/true\n");
    let (service_path, socket_path) =
        (folder.path().join("vestibule.service"), folder.path().join("vestibule.socket"));
    std::fs::write(&service_path, service).unwrap();
    std::fs::write(&socket_path, read("deploy/vestibule.socket")).unwrap();
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args([service_path, socket_path])
        .output()
        .expect("systemd-analyze is missing (VESTIBULE_TEST_WITHOUT_SYSTEMD=1 leaves this test out)");
    assert!(verified.status.success() && said(&verified).is_empty(), "{}", said(&verified));
}
