//! Several scenarios in one run: side by side, again, and on one desktop.

use std::time::Duration;

use crate::run::{Run, send};

/// A scenario on a `bare` desktop with these steps.
fn bare(name: &str, keys: &str, steps: &str) -> String {
    format!(
        "version: 1\nname: {name}\ndesktop: {{ size: 640x480, profile: bare{keys} }}\n\
         steps:\n  - wait-ready\n{steps}"
    )
}

#[test]
fn many_scenarios_are_played_at_once_and_nothing_of_them_is_left() {
    let steps = "  - launch: xterm\n  - wait: { window: { class: XTerm } }\n";
    let ended = Run::text(&bare("opens a terminal", "", steps))
        .options(&["--jobs", "4", "--repeat", "6"])
        .ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(ended.said.contains("6 passed"), "{}", ended.said);
    ended.assert_nothing_is_left();
}

#[test]
fn a_program_of_another_desktop_does_not_count() {
    let shows = "  - run: cp \"$(command -v sleep)\" lonely\n  \
                 - run: ./lonely 60 >/dev/null 2>&1 &\n  \
                 - assert: { process: lonely }\n  \
                 - run: touch shown; until [ -e seen ]; do sleep 0.05; done\n";
    let looks = "  - run: until [ -e shown ]; do sleep 0.05; done\n  \
                 - assert: { process: lonely, gone: true }\n  \
                 - run: touch seen\n";
    let ended = Run::text(&bare("shows", "", shows))
        .other("looks.yaml", &bare("looks", "", looks))
        .options(&["looks.yaml", "--jobs", "2"])
        .ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
}

#[test]
fn what_passes_only_when_it_is_tried_again_is_flaky() {
    let fails_once = "  - run: \"[ -e tried ] || { touch tried; exit 1; }\"\n";
    let run = |options| Run::text(&bare("fails once", "", fails_once)).options(options);
    let ended = run(&["--retries", "2"]).ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(ended.said.contains("1 flaky"), "{}", ended.said);
    assert!(ended.file("junit.xml").contains("<flakyFailure "));
    let ended = run(&["--retries", "2", "--fail-on-flaky"]).ended();
    assert_eq!(ended.status, 6, "{}", ended.said);
    ended.assert_nothing_is_left();
}

#[test]
fn a_desktop_is_used_again_only_by_those_that_say_so() {
    let leaves = "  - run: touch ~/left\n";
    let finds = "  - run: test -e ~/left\n";
    let misses = "  - run: test ! -e ~/left\n";
    let ended = Run::text(&bare("leaves", ", reuse: true", leaves))
        .other("finds.yaml", &bare("finds", ", reuse: true", finds))
        .other("misses.yaml", &bare("misses", "", misses))
        .options(&["finds.yaml", "misses.yaml", "--jobs", "1"])
        .ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_nothing_is_left();
}

#[test]
fn an_interrupt_ends_every_scenario_and_plays_every_teardown() {
    let steps = "  - run: echo playing\n    name: playing\n  - wait: 1m\n\
                 teardown:\n  - run: touch torn-down\n";
    let other = steps.replace("torn-down", "torn-down-too");
    let run = Run::text(&bare("one", "", steps))
        .other("two.yaml", &bare("two", "", &other))
        .options(&["two.yaml", "--jobs", "2", "--retries", "3"]);
    let child = run.started();
    run.has_told_times(r#""title":"playing""#, 2);
    send("-INT", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    for file in ["torn-down", "torn-down-too"] {
        assert!(ended.place.path().join(file).exists(), "{file}");
    }
    ended.place.assert_nothing_is_left(Duration::ZERO);
}
