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

#[test]
fn the_output_of_a_command_needs_no_room_on_the_disk() {
    let place = Place::new();
    fs::write(place.path().join("play.yaml"), SCENARIO).unwrap();
    let temporary = place.temporary();
    // Only in a namespace of its own can a test have a small disk of its own.
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user", "sh", "-c", script]);
        command.env("TMPDIR", &temporary).current_dir(place.path());
        command
    };
    let mount = "mount -t tmpfs -o size=8m tmpfs \"$TMPDIR\"";
    if !unshare(mount).status().is_ok_and(|status| status.success()) {
        skipped::for_lack_of("a mount of its own, which nobody may make here");
        return;
    }
    let deskhand = env!("CARGO_BIN_EXE_deskhand");
    let played = unshare(&format!("{mount} && exec {deskhand} run play.yaml"))
        .output()
        .unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert_eq!(played.status.code(), Some(0), "{said}");
    place.assert_nothing_is_left(Duration::ZERO);
}
