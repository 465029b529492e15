//! A scenario on a desktop at a URL that offers the protocol and nothing else.

use std::{fs, process::Command, time::Duration};

use crate::{arrive::program, between::Between, place::Place, program::shell, started::Started};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_protocol_does_not_tell_is_not_checked_and_that_is_said_once() {
    let place = Place::new();
    let desktop = Started::new(&place, &["--size", "1280x800"], &[]);
    let form = program("form.py");
    shell(
        &desktop.client(),
        &format!("/usr/bin/python3 {form} >/dev/null 2>&1 &"),
    )
    .await;
    let between = Between::hiding_all(&desktop).await;

    let scenario = place.path().join("plain.yaml");
    let steps = "version: 1\nname: Plain\ndesktop: { size: 1280x800 }\nsteps:
  - wait-ready
  - wait: { window: /Form/, stable: 300ms }
  - click: [890, 160]
  - type: abc
  - hotkey: ctrl+a
  - press: { key: Delete, times: 3 }
  - type: x
  - wait: { window: \"Form: x / 0\" }
  - click: { text: Count }
  - wait: { window: \"Form: x / 1\" }
";
    fs::write(&scenario, steps).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_deskhand"));
    run.args(["run", "--target", &between.url, "--artifacts"])
        .arg(place.path().join("artifacts"))
        .arg(&scenario)
        .env("DESKHAND_TOKEN", desktop.said("token"));
    let played = tokio::task::spawn_blocking(move || run.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8(played.stderr).unwrap();
    assert!(played.status.success(), "{said}");
    let note = "does not report which window is on top";
    assert_eq!(said.matches(note).count(), 1, "{said}");
    drop(between);
    desktop.end();
    place.assert_nothing_is_left(Duration::ZERO);
}
