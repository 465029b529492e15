//! Commands on a machine whose disk is full.

use std::{fs, process::Command, time::Duration};

use crate::{place::Place, skipped};

/// Fills the disk, and then wants to see whole outputs.
const SCENARIO: &str = r#"version: 1
name: Full
desktop: { profile: bare }
steps:
  - wait-ready
  - run:
      command: dd if=/dev/zero of=$TMPDIR/fill bs=4k
      exit-code: 1
      stderr: { contains: No space }
  - run: { command: ls /proc/self, stdout: { contains: environ } }
  - run: { command: seq 20000, stdout: { contains: "19999" } }
"#;

/// Fills the disk of the reports for a while, in which steps end that have to be told of.
const FULL_FOR_A_WHILE: &str = "version: 1
name: Full for a while
desktop: { profile: bare }
steps:
  - wait-ready
  - run: { command: dd if=/dev/zero of=artifacts/fill bs=1, exit-code: 1, stderr: { contains: No space } }
    timeout: 60s
  - run: echo told later
  - run: rm artifacts/fill
";

#[test]
fn events_that_found_no_room_are_written_once_there_is_some() {
    let place = Place::new();
    fs::write(place.path().join("play.yaml"), FULL_FOR_A_WHILE).unwrap();
    fs::create_dir(place.path().join("artifacts")).unwrap();
    let mount = "mount -t tmpfs -o size=256k tmpfs artifacts";
    if !has_passed(
        &place,
        mount,
        "run play.yaml && cp artifacts/events.jsonl .",
    ) {
        return;
    }
    let events = fs::read_to_string(place.path().join("events.jsonl")).unwrap();
    for told in [
        "echo told later",
        "\"scenario-finished\"",
        "\"run-finished\"",
    ] {
        assert!(events.contains(told), "{told} is missing in {events}");
    }
    place.assert_nothing_is_left(Duration::ZERO);
}

/// Plays on a disk that is mounted for that; false where nobody may mount one.
fn has_passed(place: &Place, mount: &str, arguments: &str) -> bool {
    let mounted = unshare(place, mount).status();
    if !mounted.is_ok_and(|status| status.success()) {
        skipped::for_lack_of("a mount of its own, which nobody may make here");
        return false;
    }
    let deskhand = env!("CARGO_BIN_EXE_deskhand");
    let script = format!("{mount} && {deskhand} {arguments}");
    let played = unshare(place, &script).output().unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert_eq!(played.status.code(), Some(0), "{said}");
    true
}

/// Only in a namespace of its own can a test have a small disk of its own.
fn unshare(place: &Place, script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", script]);
    let temporary = place.temporary();
    command.env("TMPDIR", temporary).current_dir(place.path());
    command
}

#[test]
fn the_output_of_a_command_needs_no_room_on_the_disk() {
    let place = Place::new();
    fs::write(place.path().join("play.yaml"), SCENARIO).unwrap();
    let mount = "mount -t tmpfs -o size=8m tmpfs \"$TMPDIR\"";
    if !has_passed(&place, mount, "run play.yaml") {
        return;
    }
    place.assert_nothing_is_left(Duration::ZERO);
}
