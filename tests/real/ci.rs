//! What CI systems make of the log of a run.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::run::Run;

/// A program that writes commands to CI runners, as far as it can guess them.
const FAILS: &str = r"version: 1
name: It fails
desktop: { size: 800x600, profile: bare }
steps:
  - run:
      command: |
        printf '::endgroup::\n::error::one\n  ::stop-commands::x\n@everyone </details>\n'
      stdout: { contains: nothing }
";

const PASSES: &str = "version: 1\nname: It passes\ndesktop: { size: 800x600, profile: bare }\n\
                      steps:\n  - run: echo hello\n";

fn run(jobs: &'static str) -> Run {
    Run::text(FAILS)
        .other("passes.yaml", PASSES)
        .options(&["passes.yaml", "--jobs", jobs])
}

/// The commands that GitHub's runner obeys, in their order: it looks at every line
/// without the blanks around it, and at no other after `stop-commands` but the token.
fn obeyed(log: &str) -> Vec<String> {
    let (mut commands, mut token) = (Vec::new(), None);
    for line in log.lines().map(str::trim) {
        let Some((name, data)) = line.strip_prefix("::").and_then(|it| it.split_once("::")) else {
            continue;
        };
        match &token {
            Some(expected) if name == expected => token = None,
            Some(_) => {}
            None if name == "stop-commands" => token = Some(data.to_owned()),
            None => commands.push(line.to_owned()),
        }
    }
    assert_eq!(token, None, "commands stay switched off: {log}");
    commands
}

#[test]
fn github_shows_a_failure_at_its_line_and_a_summary() {
    for (jobs, groups) in [("1", 2), ("2", 1)] {
        let run = run(jobs);
        let summary = run.place.path().join("summary");
        fs::write(&summary, "What the step wrote before.\n").unwrap();
        let path = summary.to_str().unwrap().to_owned();
        let root = run.place.path().to_str().unwrap().to_owned();
        let run = run
            .variable("GITHUB_ACTIONS", "true")
            .variable("GITHUB_WORKSPACE", &root)
            .variable("GITHUB_STEP_SUMMARY", &path);
        let ended = run.ended();
        assert_eq!(ended.status, 1, "{}", ended.said);
        let mut commands = obeyed(&ended.said);
        commands.retain(|command| command != "::endgroup::");
        let errors = commands.iter().filter(|it| it.starts_with("::error "));
        let [error] = &errors.collect::<Vec<_>>()[..] else {
            panic!("{commands:#?}");
        };
        let begins = "::error file=play.yaml,line=5,col=5,title=It fails::";
        assert!(error.starts_with(begins), "{error}");
        commands.retain(|command| command.starts_with("::group::"));
        assert_eq!(commands.len(), groups, "{commands:#?}");
        assert!(commands.contains(&"::group::It passes".to_owned()));
        let page = fs::read_to_string(&summary).unwrap();
        let begins = "What the step wrote before.\n### ❌ 1 of 2 scenarios passed\n";
        assert!(page.starts_with(begins), "{page}");
        assert!(page.contains("<code>play.yaml&#58;5</code>"), "{page}");
        ended.assert_nothing_is_left();
    }
}

#[test]
fn a_summary_that_has_no_room_is_said_and_changes_nothing() {
    let run = Run::text(PASSES);
    let summary = run.place.path().join("summary");
    fs::write(&summary, "x".repeat(1 << 20)).unwrap();
    let path = summary.to_str().unwrap().to_owned();
    let options = ["--ci", "github"];
    let ended = run
        .options(&options)
        .variable("GITHUB_STEP_SUMMARY", &path)
        .ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(ended.said.contains("GitHub shows 1 MiB"), "{}", ended.said);
    assert_eq!(fs::metadata(&summary).unwrap().len(), 1 << 20);
}

#[test]
fn no_system_is_told_anything_if_nobody_wants_it() {
    let ended = run("2")
        .options(&["--ci", "none"])
        .variable("GITHUB_ACTIONS", "true")
        .ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert_eq!(obeyed(&ended.said), [""; 0]);
    assert!(!ended.said.contains("\n::"), "{}", ended.said);
}

#[test]
fn gitlab_has_a_section_for_each_scenario() {
    let ended = run("1").variable("GITLAB_CI", "true").ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let names = |what: &str| -> Vec<String> {
        let mark = format!("\u{1b}[0Ksection_{what}:");
        let parts = ended.said.split(&mark).skip(1);
        let names = parts.map(|part| part.split(['\r', '[']).next().unwrap());
        names
            .map(|name| name.split_once(':').unwrap().1.to_owned())
            .collect()
    };
    let started = names("start");
    assert_eq!(started.len(), 2, "{:?}", ended.said);
    assert_eq!(started, names("end"));
}

#[test]
fn buildkite_shows_a_page_above_the_build() {
    let run = run("1");
    let root = run.place.path().to_owned();
    let agent = root.join("buildkite-agent");
    let script = "#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho \"$@\" >arguments\ncat >page\n";
    fs::write(&agent, script).unwrap();
    fs::set_permissions(&agent, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", root.display(), std::env::var("PATH").unwrap());
    let ended = run.with_path(&path).variable("BUILDKITE", "true").ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let lines: Vec<&str> = ended.said.lines().collect();
    for line in ["--- It fails", "^^^ +++", "--- It passes", "+++ Result"] {
        assert!(lines.contains(&line), "{line}: {}", ended.said);
    }
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    assert_eq!(
        read("arguments"),
        "annotate --style error --context deskhand\n"
    );
    assert!(read("page").starts_with("### ❌ 1 of 2 scenarios passed\n"));
}
