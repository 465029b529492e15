//! What becomes of launched programs, as the failures after them tell it.

use std::{fs, path::Path, process::Command, time::Duration};

use crate::{
    eventually::eventually,
    place::Place,
    program::shell,
    run::{Ended, Run},
    started::Started,
};

/// A scenario on a small desktop.
fn scenario(steps: &str) -> String {
    format!("version: 1\nname: Launched\ndesktop: {{ profile: bare }}\n{steps}")
}

/// What the failures tell beside what they expected, in the order of the steps.
fn circumstances(ended: &Ended) -> Vec<Vec<String>> {
    let events = ended.file("events.jsonl");
    let events = events
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let failed = events
        .filter(|event| event["event"] == "step-finished" && event["outcome"]["is"] == "failed");
    failed
        .map(|event| {
            let texts = event["outcome"]["circumstances"].as_array();
            let texts = texts.into_iter().flatten();
            texts
                .map(|text| text.as_str().unwrap().to_owned())
                .collect()
        })
        .collect()
}

#[test]
fn a_launched_program_that_ended_is_named_by_every_later_failure() {
    let steps = "steps:
  - launch: sh -c 'echo \"cannot open display foo\" >&2; exit 7'
  - launch: sleep 600
  - launch: kill -9 $$
  - wait: { window: /Foo/ }
    timeout: 2s
    soft: true
  - assert: { window: Bar }
";
    let ended = Run::text(&scenario(steps)).ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let told = circumstances(&ended);
    assert_eq!(told.len(), 2, "{told:?}");
    for failure in told {
        let [keyboard, first, second] = &failure[..] else {
            panic!("two programs ended: {failure:?}")
        };
        assert_eq!(keyboard, "no window is focused");
        let exited = "the launched program `sh -c 'echo \"cannot open display foo\" >&2; exit 7'` \
                      ended with exit code 7";
        assert!(first.starts_with(exited), "{first}");
        assert!(first.ends_with("\ncannot open display foo"), "{first}");
        let killed = "the launched program `kill -9 $$` was killed by signal 9 (SIGKILL)";
        assert!(second.starts_with(killed), "{second}");
    }
    for report in [&ended.said, &ended.file("junit.xml")] {
        assert!(
            report.contains("also:     the launched program"),
            "{report}"
        );
        assert!(report.contains("cannot open display foo"), "{report}");
    }
    assert!(ended.file("report.html").contains("<h4>Also</h4>"));
    let log = ended.file("play/launched.log");
    assert!(log.contains("cannot open display foo"), "{log}");
    ended.assert_nothing_is_left();
}

#[test]
fn what_a_launched_program_wrote_is_told_without_secrets() {
    let text = scenario(
        "secrets: [TOKEN]\nsteps:\n  - launch: { command: 'echo \"my $T\"; exit 3', environment: \
         { T: \"${secrets.TOKEN}\" } }\n  - run: sleep 0.2\n  - assert: { window: Foo }\n",
    );
    let ended = Run::text(&text)
        .variable("TOKEN", "hunter2-hunter2")
        .ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let told = circumstances(&ended).concat().concat();
    assert!(told.ends_with("\nmy ***"), "{told}");
    ended.assert_nothing_is_left();
}

#[test]
fn a_program_that_is_not_there_fails_where_it_is_launched() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--profile", "bare"], &[]);
    fs::write(place.path().join("notes.txt"), "").unwrap();
    let notes = place.path().join("notes.txt").display().to_string();
    let absent = place.path().join("absent").display().to_string();
    for (command, words) in [
        (
            "LANG=de_DE.UTF-8 nonsuch --x",
            "there is no program `nonsuch`",
        ),
        (absent.as_str(), "there is no program `/"),
        (notes.as_str(), "is not executable"),
        (
            "/usr/bin",
            "`/usr/bin` on the desktop's machine is not executable",
        ),
    ] {
        let steps = format!("steps:\n  - launch: {command}\n  - wait: {{ window: Foo }}\n");
        let (status, said) = play_at(&place, &desktop, &steps);
        assert_eq!(status, 4, "{command}: {said}");
        assert!(said.contains(words), "{command}: {said}");
        assert!(said.contains("! launch"), "{command}: {said}");
    }
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

/// Plays steps on a desktop that stays.
fn play_at(place: &Place, desktop: &Started, steps: &str) -> (i32, String) {
    let file = place.path().join("play.yaml");
    let text = format!("version: 1\nname: Launched\n{steps}");
    fs::write(&file, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_deskhand"))
        .args(["run", "--target", desktop.said("url"), "--artifacts"])
        .arg(place.path().join("artifacts"))
        .arg(file)
        .env("DESKHAND_TOKEN", desktop.said("token"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_runs_on_after_its_scenario_and_nothing_of_ours_stays() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--profile", "bare"], &[]);
    let (go, gone) = (place.path().join("go"), place.path().join("gone"));
    // It writes more than a pipe holds after nobody keeps it any more.
    let program = format!(
        "echo begun; until [ -e {} ]; do sleep 0.05; done; head -c 300000 /dev/zero | tr \"\\\\0\" \
         x; echo last words; echo well > {}",
        go.display(),
        gone.display()
    );
    let steps = format!("steps:\n  - launch: |\n      {program}\n  - assert: {{ window: Foo }}\n");
    let (status, said) = play_at(&place, &desktop, &steps);
    assert_eq!(status, 1, "{said}");
    assert!(!said.contains("the launched program"), "it runs: {said}");
    let client = desktop.client();
    assert_eq!(shell(&client, "ls \"$TMPDIR\"").await, "");
    fs::write(go, "").unwrap();
    assert_eq!(written(&gone).await.trim(), "well");
    let log = shell(&client, "tail -c 20 \"$DESKHAND_LAUNCH_LOG\"").await;
    assert!(log.ends_with("last words\n"), "{log}");
    assert_eq!(shell(&client, "ls \"$TMPDIR\"").await, "");
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}

/// What a file holds, once it is there.
async fn written(file: &Path) -> String {
    let read = async || fs::read_to_string(file).unwrap_or_default();
    let text = eventually(read, |text| text.ends_with('\n')).await;
    assert!(text.ends_with('\n'), "{} was not written", file.display());
    text
}
