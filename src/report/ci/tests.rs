use std::time::Duration;

use super::*;
use crate::{
    event::{EventKind, Outcome},
    plain::{plain, styled},
    report::{
        ScenarioLog,
        tests::{failure_at, flaky, folded, scenario},
    },
};

fn groups(system: CiSystem) -> Groups {
    Groups::new(system, Box::new(|file| format!("app/{file}")))
}

fn only(kinds: Vec<EventKind>) -> ScenarioLog {
    folded(kinds).scenarios.remove(0)
}

fn passed() -> ScenarioLog {
    only(scenario(3, "It opens\n::error::x", &Outcome::Passed))
}

fn failed() -> ScenarioLog {
    let message = "`a, b` is missing\n##[error]50%; [x]";
    only(scenario(
        3,
        "It saves, once: now",
        &failure_at("a,b.yaml", 5, message),
    ))
}

/// What stands around a scenario's output, with `…` in place of the output.
fn around(system: CiSystem, log: &ScenarioLog, is_over: bool) -> String {
    let groups = groups(system);
    format!(
        "{}…\n{}",
        groups.open(log, is_over),
        groups.close(log, is_over)
    )
}

/// The same with `TOKEN` for the word that nobody can guess.
fn on_github(log: &ScenarioLog, is_over: bool) -> String {
    let text = around(CiSystem::Github, log, is_over);
    let (_, rest) = text.split_once("::stop-commands::").unwrap();
    let token = rest.lines().next().unwrap().to_owned();
    assert!(
        token.len() == 32 && token.chars().all(|c| c.is_ascii_hexdigit()),
        "{token}"
    );
    text.replace(&token, "TOKEN")
}

const ISSUE: &str = "::error file=app/a%2Cb.yaml,line=5,col=5,title=It saves%2C once%3A now\
                     ::`a, b` is missing%0A# #[error]50%25; [x]%0Aexpected: at most 0 differing \
                     pixels%0Aseen:     16 differing pixels%0A          the largest cluster has \
                     8%0Aalso:     the launched program `foo` ended with exit code 7; the end of \
                     its output:%0A          cannot open display%0Ahelp:     look at \
                     it%0Avideo:    1.2 s into the recording `demo`\n";

#[test]
fn github_folds_each_scenario_and_shows_what_failed_at_its_line() {
    assert_eq!(
        on_github(&passed(), false),
        "::group::It opens : :error::x\n::stop-commands::TOKEN\n…\n::TOKEN::\n::endgroup::\n"
    );
    assert_eq!(
        on_github(&failed(), false),
        format!(
            "::group::It saves, once: now\n::stop-commands::TOKEN\n…\n::TOKEN::\n\
             ::endgroup::\n{ISSUE}"
        )
    );
}

#[test]
fn what_is_known_to_have_failed_is_not_folded() {
    assert_eq!(
        on_github(&failed(), true),
        format!("::stop-commands::TOKEN\n…\n::TOKEN::\n{ISSUE}")
    );
    assert!(around(CiSystem::Azure, &failed(), true).starts_with("…\n##vso["));
    assert!(around(CiSystem::Buildkite, &failed(), true).starts_with("+++ It saves"));
    assert!(!around(CiSystem::Gitlab, &failed(), true).contains("collapsed"));
    assert!(around(CiSystem::Gitlab, &passed(), true).contains("[collapsed=true]"));
}

#[test]
fn no_two_runs_have_the_same_token() {
    let token = || groups(CiSystem::Github).open(&passed(), false);
    assert_ne!(token(), token());
}

#[test]
fn what_passed_only_when_it_was_tried_again_is_a_warning() {
    let text = on_github(&only(flaky()), false);
    let (_, warning) = text.split_once("::endgroup::\n").unwrap();
    assert!(
        warning.starts_with("::warning file=app/a.yaml,line=5,col=5,title=Flaky::it is missing%0A"),
        "{warning}"
    );
    assert!(
        warning.ends_with("%0Ait passed on attempt 2\n"),
        "{warning}"
    );
}

#[test]
fn azure_folds_each_scenario_and_lists_what_failed() {
    assert_eq!(
        around(CiSystem::Azure, &passed(), false),
        "##[group]It opens : :error::x\n…\n##[endgroup]\n"
    );
    let text = around(CiSystem::Azure, &failed(), false);
    let (_, issue) = text.split_once("##[endgroup]\n").unwrap();
    assert!(
        issue.starts_with(
            "##vso[task.logissue type=error;sourcepath=app/a,b.yaml;linenumber=5;\
             columnnumber=5;]It saves, once: now: `a, b` is missing%0A# #[error%5D50%AZP25%3B \
             [x%5D%0Aexpected: "
        ),
        "{issue}"
    );
    assert_eq!(issue.lines().count(), 1, "{issue}");
    assert_eq!(
        CiSystem::Azure.upload_summary("/a;b/summary.md").unwrap(),
        "##vso[task.uploadsummary]/a%3Bb/summary.md\n"
    );
}

#[test]
fn gitlab_has_a_section_for_each_scenario_with_its_times() {
    let mut log = passed();
    log.took = Some(Duration::from_secs(9));
    assert_eq!(
        around(CiSystem::Gitlab, &log, false),
        "\x1b[0Ksection_start:1772720400:deskhand-1772720400250-3\r\x1b[0KIt opens : :error::x\n\
         …\n\x1b[0Ksection_end:1772720409:deskhand-1772720400250-3\r\x1b[0K\n"
    );
}

#[test]
fn buildkite_opens_the_group_of_what_failed() {
    let text = around(CiSystem::Buildkite, &passed(), false);
    assert_eq!(text, "--- It opens : :error::x\n…\n");
    let text = around(CiSystem::Buildkite, &failed(), false);
    assert_eq!(text, "--- It saves, once: now\n…\n^^^ +++\n");
    assert_eq!(groups(CiSystem::Buildkite).result(), "+++ Result\n");
}

/// Everything that a system is told, line by line.
fn told(system: CiSystem) -> Vec<String> {
    let mut all = String::new();
    for log in [passed(), failed(), only(flaky())] {
        all += &around(system, &log, false);
        all += &around(system, &log, true);
    }
    all += groups(system).result();
    all += &system.upload_summary("/a/summary.md").unwrap_or_default();
    let lines = all.split('\n').filter(|line| !["", "…"].contains(line));
    lines.map(str::to_owned).collect()
}

#[test]
fn what_a_system_obeys_it_does_not_obey_from_a_tested_program() {
    for system in CiSystem::ALL {
        let commands = system.commands();
        let told = told(*system);
        assert!(!told.is_empty(), "{system:?}");
        for command in told {
            assert!(commands.obeys(&command), "{system:?}: {command:?}");
            for text in [
                command.clone(),
                format!("  {command}"),
                format!("said {command}"),
                format!("one\n{command}\r\nthree"),
            ] {
                let coloured = format!("\x1b[1m{text}\x1b[0m");
                for shown in [plain(&text), plain(&coloured), styled(&coloured)] {
                    let obeyed = shown.split('\n').find(|line| commands.obeys(line));
                    assert_eq!(obeyed, None, "{system:?}: {text:?}");
                }
            }
        }
    }
}
