//! The files for CI systems by the schemas that editors have for them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use super::{FILES, init, read, repository};
use crate::skipped;

/// `check-jsonschema`, which has the schemas in it; `None` where pip reaches nobody.
fn validator() -> Option<&'static Path> {
    static VALIDATOR: LazyLock<Option<PathBuf>> = LazyLock::new(install);
    let validator = VALIDATOR.as_deref();
    if validator.is_none() {
        skipped::for_lack_of("PyPI, which cannot be reached");
    }
    validator
}

fn install() -> Option<PathBuf> {
    let python = skipped::python_with("tests/suite/kit/requirements.txt", "check-jsonschema")?;
    Some(python.join("bin/check-jsonschema"))
}

fn ours(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What is wrong with a text by the schema of a CI system; nothing, if nothing is.
fn wrong(validator: &Path, schema: &str, text: &str) -> String {
    let mut file = tempfile::Builder::new().suffix(".yml").tempfile().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    let mut command = Command::new(validator);
    command.args(["--builtin-schema", &format!("vendor.{schema}")]);
    if schema == "gitlab-ci" {
        command.args(["--data-transform", "gitlab-ci"]);
    }
    let done = command
        .arg(file.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    if done.status.success() {
        return String::new();
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// The schema of each system's files.
fn schema(system: &str) -> &'static str {
    match system {
        "github" => "github-workflows",
        "gitlab" => "gitlab-ci",
        "azure" => "azure-pipelines",
        "buildkite" => "buildkite",
        _ => unreachable!("{system} has no file"),
    }
}

#[test]
fn every_file_of_the_kit_is_valid() {
    let Some(validator) = validator() else {
        return;
    };
    for (file, schema) in [
        ("deploy/github/action.yml", "github-actions"),
        ("deploy/github/workflow.yml", "github-workflows"),
        ("deploy/buildkite/pipeline.yml", "buildkite"),
        ("deploy/azure/azure-pipelines.yml", "azure-pipelines"),
    ] {
        let text = fs::read_to_string(ours(file)).unwrap();
        assert_eq!(wrong(validator, schema, &text), "", "{file}");
    }
    // A component has what it can be told in a document of its own.
    let component = fs::read_to_string(ours("deploy/gitlab/desktop-tests.yml")).unwrap();
    let (inputs, _) = component.split_once("\n---\n").unwrap();
    assert_eq!(wrong(validator, "gitlab-ci", &format!("{inputs}\n")), "");
}

#[test]
fn what_init_writes_is_valid() {
    let Some(validator) = validator() else {
        return;
    };
    for (system, _, file) in FILES {
        let folder = repository("");
        let ended = init(folder.path(), &["--ci", system]);
        assert_eq!(ended.status, 0, "{}", ended.said);
        let text = read(folder.path(), file);
        assert_eq!(wrong(validator, schema(system), &text), "", "{file}");
    }
}

#[test]
fn a_file_with_a_mistake_is_not() {
    let Some(validator) = validator() else {
        return;
    };
    for (file, schema, right, mistake) in [
        (
            "github/action.yml",
            "github-actions",
            "using: composite",
            "using: compost",
        ),
        (
            "github/workflow.yml",
            "github-workflows",
            "runs-on:",
            "runs-at:",
        ),
        (
            "buildkite/pipeline.yml",
            "buildkite",
            "parallelism: 2",
            "parallelism: two",
        ),
        (
            "azure/azure-pipelines.yml",
            "azure-pipelines",
            "steps:",
            "stepz:",
        ),
        (
            "gitlab/desktop-tests.yml",
            "gitlab-ci",
            "when: always",
            "when: ever",
        ),
    ] {
        let text = fs::read_to_string(ours("deploy").join(file)).unwrap();
        let text = text.split_once("\n---\n").map_or(&*text, |(_, jobs)| jobs);
        let text = text.replace("$[[ inputs.shards ]]", "2");
        assert!(text.contains(right), "{file}");
        let said = wrong(validator, schema, &text.replacen(right, mistake, 1));
        assert!(said.contains("validation errors"), "{file}: {said}");
    }
}
