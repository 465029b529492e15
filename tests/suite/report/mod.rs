//! `deskhand report` on the events of runs that are over.

mod formats;
mod older;
mod telling;

use std::{fs, path::Path};

use deskhand::{geometry::Point, vision::Frame};

use self::telling::{Telling, of_suite};
use crate::program::{Ended, deskhand};

fn report(folder: &Path, arguments: &[&str]) -> Ended {
    deskhand(folder, &[&["report"], arguments].concat())
}

fn read(folder: &Path, path: &str) -> String {
    let path = folder.join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_whole(folder: &Path, file: &str) {
    let text = read(folder, file);
    let events: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events[0]["event"], "run-started");
    assert_eq!(events.last().unwrap()["event"], "run-finished");
}

#[test]
fn one_run_gets_its_reports_again() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut run = Telling::new(None);
    run.passed(0);
    run.failed(1);
    run.end(&here.join("artifacts"));
    for named in ["artifacts", "artifacts/events.jsonl"] {
        let ended = report(here, &[named]);
        assert_eq!(ended.status, 1, "{}", ended.said);
        assert!(
            ended
                .said
                .contains("✗ s1.yaml:4  scenario 1\n1 passed, 1 failed in "),
            "{}",
            ended.said
        );
        assert!(read(here, "artifacts/junit.xml").contains("tests=\"2\" failures=\"1\""));
        assert!(read(here, "artifacts/report.html").contains("1 of 2 scenarios passed"));
        for report in ["artifacts/junit.xml", "artifacts/report.html"] {
            fs::remove_file(here.join(report)).unwrap();
        }
    }
    assert!(!here.join("artifacts/merged").exists());
    // Where somebody else wants it, in the dialect that the project has.
    fs::write(
        here.join("deskhand.yaml"),
        "version: 1\nrun: { junit-dialect: xunit }\n",
    )
    .unwrap();
    let ended = report(here, &["artifacts", "--junit", "other/report.xml"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(!read(here, "other/report.xml").contains(" line="));
}

#[test]
fn shards_become_one_run_with_all_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for index in 1..=3 {
        of_suite(index, 3).end(&here.join(format!("shard-{index}")));
    }
    let ended = report(here, &["shard-1", "shard-2", "shard-3"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("4 passed, 2 failed in "),
        "{}",
        ended.said
    );
    let xml = read(here, "artifacts/merged/junit.xml");
    assert!(
        xml.contains("tests=\"6\" failures=\"2\" errors=\"0\""),
        "{xml}"
    );
    // Scenario 1 and scenario 4 are of other shards, and used the same folder.
    for number in [1, 4] {
        let picture = "[[ATTACHMENT|artifacts/merged/same";
        let at = xml.find(&format!("name=\"scenario {number}\"")).unwrap();
        let path = xml[at..].split(picture).nth(1).unwrap();
        let path = path.split(']').next().unwrap();
        let text = read(here, &format!("artifacts/merged/same{path}"));
        assert_eq!(text, format!("the picture of scenario {number}"));
    }
    is_whole(here, "artifacts/merged/events.jsonl");
    let page = read(here, "artifacts/merged/report.html");
    assert!(page.contains("Merged from 3 runs"), "{page}");

    // The result is a run like any other, and is replaced by the next one.
    let again = report(here, &["artifacts/merged"]);
    assert_eq!(again.status, 1, "{}", again.said);
    assert_eq!(read(here, "artifacts/merged/junit.xml"), xml);
    let again = report(
        here,
        &["shard-3", "shard-2", "shard-1", "shard-2/events.jsonl"],
    );
    assert_eq!(again.status, 1, "{}", again.said);
    assert_eq!(read(here, "artifacts/merged/junit.xml"), xml);
}

#[test]
fn a_missing_shard_is_named_and_its_scenarios_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    of_suite(1, 3).end(&here.join("shard-1"));
    // One alone is missing the others too.
    let ended = report(here, &["shard-1"]);
    assert_eq!(ended.status, 4, "{}", ended.said);
    for missing in [
        "deskhand: shard 2 of 3 is missing",
        "deskhand: shard 3 of 3 is missing",
    ] {
        assert!(ended.said.contains(missing), "{}", ended.said);
    }
    let xml = read(here, "artifacts/merged/junit.xml");
    assert_eq!(
        xml.matches("<error message=\"shard 3 of 3 is missing\"")
            .count(),
        2,
        "{xml}"
    );
    let page = read(here, "artifacts/merged/report.html");
    assert!(
        page.contains("Shard 2 of 3 is missing. Shard 3 of 3 is missing."),
        "{page}"
    );

    // What came out can be completed, elsewhere.
    for index in 2..=3 {
        of_suite(index, 3).end(&here.join(format!("shard-{index}")));
    }
    let all = ["artifacts/merged", "shard-2", "shard-3"];
    let ended = report(here, &all);
    assert_eq!(ended.status, 2, "{}", ended.said);
    assert!(
        ended
            .said
            .contains("contains the run artifacts/merged, which must not be changed"),
        "{}",
        ended.said
    );
    let ended = report(here, &[&all[..], &["--artifacts", "whole"]].concat());
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("4 passed, 2 failed in "),
        "{}",
        ended.said
    );
}

#[test]
fn a_run_that_was_cut_off_is_made_up_for_by_one_that_played_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for index in [1, 3] {
        of_suite(index, 3).end(&here.join(format!("shard-{index}")));
    }
    of_suite(2, 3).cut(&here.join("killed"), 6);
    let killed = ["shard-1", "killed", "shard-3"];
    let ended = report(here, &killed);
    assert_eq!(ended.status, 4, "{}", ended.said);
    let xml = read(here, "artifacts/merged/junit.xml");
    assert!(
        xml.contains("shard 2 of 3 ended before it played this scenario"),
        "{xml}"
    );

    of_suite(2, 3).end(&here.join("again"));
    let ended = report(here, &[&killed[..], &["again"]].concat());
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended.said.contains("4 passed, 2 failed in "),
        "{}",
        ended.said
    );
}

#[test]
fn a_pass_after_a_failure_is_flaky_and_may_be_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let mut first = Telling::new(None);
    first.failed(0);
    first.end(&here.join("first"));
    let mut second = Telling::later(100);
    second.passed(0);
    second.end(&here.join("second"));
    let ended = report(here, &["second", "first"]);
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(
        ended.said.contains("0 passed, 1 flaky in "),
        "{}",
        ended.said
    );
    let xml = read(here, "artifacts/merged/junit.xml");
    assert!(
        xml.contains("failures=\"0\"") && xml.contains("<flakyFailure "),
        "{xml}"
    );
    let refused = report(here, &["first", "second", "--fail-on-flaky"]);
    assert_eq!(refused.status, 6, "{}", refused.said);
    fs::write(
        here.join("deskhand.yaml"),
        "version: 1\nrun: { fail-on-flaky: true }\n",
    )
    .unwrap();
    assert_eq!(report(here, &["first", "second"]).status, 6);
}

#[test]
fn nothing_is_overwritten_but_an_earlier_result() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for index in 1..=3 {
        of_suite(index, 3).end(&here.join(format!("runs/shard-{index}")));
    }
    fs::create_dir(here.join("mine")).unwrap();
    fs::write(here.join("mine/notes.txt"), "precious").unwrap();
    for (to, words) in [
        (
            "runs/shard-1",
            "runs/shard-1 contains the run runs/shard-1, which must not be changed",
        ),
        (
            "runs",
            "runs contains the run runs/shard-1, which must not be changed",
        ),
        (
            "mine",
            "mine contains something other than the result of an earlier `deskhand report`",
        ),
        ("mine/notes.txt", "cannot write to mine/notes.txt"),
    ] {
        let ended = report(here, &["runs/shard-1", "runs/shard-2", "--artifacts", to]);
        assert_eq!(ended.status, 2, "{to}: {}", ended.said);
        assert!(ended.said.contains(words), "{to}: {}", ended.said);
        assert!(ended.said.contains("`--artifacts`"), "{to}: {}", ended.said);
    }
    // A run of its own is no result.
    let other = [
        "runs/shard-1",
        "runs/shard-2",
        "--artifacts",
        "runs/shard-3",
    ];
    assert_eq!(report(here, &other).status, 2);
    assert_eq!(read(here, "mine/notes.txt"), "precious");
    assert!(!here.join("runs/shard-3/junit.xml").exists());
}

#[test]
fn what_is_no_run_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    of_suite(1, 3).end(&here.join("good"));
    let good = read(here, "good/events.jsonl");
    let (first, rest) = good.split_once('\n').unwrap();
    for (name, text) in [
        ("empty", ""),
        ("other", "{\"type\":\"suite\",\"event\":\"started\"}\n"),
        ("late", rest),
        ("text", &*format!("{first}\nPASS: a test\n")),
        (
            "newer",
            &*good
                .replace("\"is\":\"passed\"", "\"is\":\"levitated\"")
                .replace(env!("CARGO_PKG_VERSION"), "99.0.0"),
        ),
    ] {
        fs::create_dir(here.join(name)).unwrap();
        fs::write(here.join(name).join("events.jsonl"), text).unwrap();
    }
    for (name, words) in [
        (
            "nowhere",
            "there is no run in nowhere: name the folder of a run's artifacts",
        ),
        (".", "there is no run in .: name the folder"),
        (
            "empty",
            "empty has no event: its run was cut off before it began",
        ),
        ("other", "other/events.jsonl: line 1 is not an event: "),
        (
            "late",
            "late/events.jsonl is not the file of a run: its first event is not the start",
        ),
        (
            "text",
            "text/events.jsonl: line 2 is not an event: expected value",
        ),
        (
            "newer",
            "knows: version 99.0.0 wrote the file, so read it with that one: unknown variant `levitated`",
        ),
    ] {
        let ended = report(here, &[name]);
        assert_eq!(ended.status, 2, "{name}: {}", ended.said);
        assert!(ended.said.contains(words), "{name}: {}", ended.said);
    }
    // All that is wrong is told at once.
    let ended = report(here, &["good", "text", "nowhere"]);
    assert_eq!(
        ended.said.matches("deskhand: ").count(),
        2,
        "{}",
        ended.said
    );
    // Half a line is what a killed process leaves, and a newer version may tell more.
    let half = format!(
        "{good}{{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"moon-rose\"}}\n{{\"time\":\"20"
    );
    fs::write(here.join("good/events.jsonl"), half).unwrap();
    let ended = report(here, &["good", "empty"]);
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(ended.said.contains("so it is left out"), "{}", ended.said);
}

#[test]
fn runs_of_different_suites_are_refused_if_they_are_shards() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    of_suite(1, 3).end(&here.join("one"));
    of_suite(1, 4).end(&here.join("four"));
    let mut other = Telling::new(None);
    other.name = "another";
    other.passed(0);
    other.end(&here.join("other"));
    for (second, words) in [
        (
            "four",
            "four is one of 4 shards and one is one of 3: give only runs of one division",
        ),
        (
            "other",
            "are not shards of one suite: scenario 1 is `scenario 0` in s0.yaml in the one and `another 0` in s0.yaml in the other",
        ),
    ] {
        let ended = report(here, &["one", second]);
        assert_eq!(ended.status, 2, "{}", ended.said);
        assert!(ended.said.contains(words), "{}", ended.said);
        assert!(!here.join("artifacts").exists());
    }
}

#[test]
fn files_that_are_not_there_or_outside_are_named_and_the_rest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("precious"), "secret").unwrap();
    for index in 1..=3 {
        of_suite(index, 3).end(&here.join(format!("shard-{index}")));
    }
    fs::remove_file(here.join("shard-2/same/picture.png")).unwrap();
    std::os::unix::fs::symlink("../../precious", here.join("shard-2/same/picture.png")).unwrap();
    let ended = report(here, &["shard-1", "shard-2", "shard-3"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    assert!(
        ended
            .said
            .contains("shard-2 lacks files that its events name: same/picture.png"),
        "{}",
        ended.said
    );
    let leaked = fs::read_dir(here.join("artifacts/merged"))
        .unwrap()
        .any(|entry| {
            let file = entry.unwrap().path().join("picture.png");
            fs::read_to_string(file).is_ok_and(|text| text == "secret")
        });
    assert!(!leaked);
}

#[test]
fn pictures_of_what_was_put_together_can_be_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for index in 1..=3 {
        of_suite(index, 3)
            .with_candidates()
            .end(&here.join(format!("shard-{index}")));
    }
    let ended = report(here, &["shard-1", "shard-2", "shard-3"]);
    assert_eq!(ended.status, 1, "{}", ended.said);
    let accepted = deskhand(here, &["accept", "artifacts/merged"]);
    assert_eq!(accepted.status, 0, "{}", accepted.said);
    for number in [1, 4] {
        let baseline = format!("baselines/s{number}/seen.png");
        let picture = Frame::decode_png(&fs::read(here.join(baseline)).unwrap()).unwrap();
        let colour = picture.pixel(Point::new(0, 0)).unwrap();
        assert_eq!(colour, [number, 0, 0]);
    }
}
