//! Verbs that ask the desktop's machine or its screen: commands, processes,
//! programs, and waits for all of it.

use super::*;

const PLACE: Rect = Rect::new(9, 99, 90, 90);

#[tokio::test(start_paused = true)]
async fn a_command_runs_in_its_folder_with_its_variables() {
    let steps = "  - run: { command: make, folder: /src, environment: { MODE: fast, V: \"1\" } }\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        ["execute make in /src with MODE=fast with V=1"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_part_of_what_a_command_wrote_can_be_captured() {
    let play = |capture: &str| {
        let steps = format!(
            "  - run: {{ command: build, exit-code: any }}\n    capture: {{ name: part, {capture} \
             }}\n  - type: <${{captured.part}}>\n"
        );
        let ends = |d: MemoryDesktop| d.ending("build", 3, ("done\n", "warning: old\n"));
        Play::steps(&steps).on(ends)
    };
    for (capture, typed) in [
        ("from: stdout", "type <done>"),
        ("from: stderr", "type <warning: old>"),
        ("from: exit-code", "type <3>"),
        ("from: stderr, matching: \"/warning: (.*)/\"", "type <old>"),
        ("matching: /o.e/", "type <one>"),
    ] {
        let played = play(capture).played().await;
        assert_eq!(played.actions()[1], typed, "{capture}");
    }
    let played = play("matching: /error/").played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "there is nothing to capture as `part`");
    assert_eq!(failure.expected, "a match of `/error/`");
    assert_eq!(failure.seen, "done");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_killed_at_its_timeout_fails_whatever_is_expected_of_it() {
    let killed = |d: MemoryDesktop| d.answering("make", 124, "").taking(Duration::from_secs(10));
    for expected in ["0", "124", "any"] {
        let step = format!("  - run: {{ command: make, exit-code: {expected} }}\n");
        let played = Play::steps(&step).on(killed).played().await;
        let failure = played.failure();
        assert_eq!(failure.message, "`make` was killed after 10 s");
        assert_eq!(failure.expected, "an end within 10 s");
    }
    // A command may also end like that on its own.
    let ends = |d: MemoryDesktop| d.answering("make", 124, "");
    let step = "  - run: { command: make, exit-code: 124 }\n";
    let played = Play::steps(step).on(ends).played().await;
    assert_eq!(*played.outcome(), Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_failure_shows_the_end_of_what_a_command_wrote() {
    let lines: Vec<String> = (1..=40).map(|n| format!("line {n}\n")).collect();
    let ends = |d: MemoryDesktop| d.ending("make", 2, (&lines.concat(), "no rule\n"));
    let played = Play::steps("  - run: make\n").on(ends).played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "`make` ended with 2");
    assert_eq!(failure.expected, "status 0");
    assert!(failure.seen.contains("stdout:\nline 29\n"), "{failure:?}");
    assert!(!failure.seen.contains("line 28\n"), "{failure:?}");
    assert!(failure.seen.ends_with("stderr:\nno rule"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_cannot_be_run_is_an_error_in_the_desktops_words() {
    let refuses = |d: MemoryDesktop| d.refusing("make", "out of memory");
    let played = Play::steps("  - run: make\n").on(refuses).played().await;
    let message = &played.trouble().message;
    assert_eq!(message, "500 POST /api/execute: out of memory");
}

#[tokio::test(start_paused = true)]
async fn an_assert_of_a_command_holds_its_output_against_the_step() {
    let play = |wanted: &str| {
        let step = format!("  - assert: {{ command: count, stdout: {wanted} }}\n");
        Play::steps(&step).on(|d| d.answering("count", 0, "3\n"))
    };
    assert_eq!(play("\"3\"").played().await.steps(), ["passed"]);
    let played = play("\"4\"").played().await;
    let failure = played.failure();
    assert_eq!(failure.verb, "assert");
    assert_eq!(failure.message, "`count` wrote unexpected text to stdout");
    assert!(failure.expected.contains("`4`"), "{failure:?}");
    assert!(failure.seen.contains("stdout:\n3"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn an_assert_knows_whether_a_process_of_the_desktop_runs() {
    let play = |gone: &str| {
        let step = format!("  - assert: {{ process: x11vnc{gone} }}\n");
        Play::steps(&step).on(|d| d.without_after(Duration::ZERO, "x11vnc"))
    };
    let there = Play::steps("  - assert: { process: x11vnc }\n");
    assert_eq!(there.played().await.steps(), ["passed"]);
    assert_eq!(play(", gone: true").played().await.steps(), ["passed"]);
    let played = play("").played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "`x11vnc` does not run");
    assert_eq!(failure.expected, "that `x11vnc` runs");
    assert_eq!(failure.seen, "it does not run");
}

#[tokio::test(start_paused = true)]
async fn an_assert_looks_for_a_program_on_the_desktops_machine() {
    let look = &crate::executor::verb::run::looking_for("editor");
    let play = |status: i32| {
        Play::steps("  - assert: { process: editor }\n")
            .on(|d| d.ending(look, status, ("", "pgrep: no")))
    };
    assert_eq!(play(0).played().await.steps(), ["passed"]);
    assert_eq!(play(1).played().await.message(), "`editor` does not run");
    let played = play(127).played().await;
    let trouble = played.trouble();
    assert_eq!(
        trouble.message,
        "cannot look for `editor` on the desktop's machine"
    );
    assert_eq!(trouble.detail.as_deref(), Some("pgrep: no"));
}

#[tokio::test(start_paused = true)]
async fn an_assert_looks_once_and_does_not_wait() {
    let late = |d: MemoryDesktop| d.window_after(Duration::from_secs(1), "Late", PLACE);
    let played = Play::steps("  - assert: { window: Late }\n")
        .on(late)
        .played();
    assert_eq!(
        played.await.message(),
        "`window: Late` is not on the screen"
    );
    let gone = "  - assert: { window: Late, gone: true }\n  - wait: 2s\n  - assert: { window: Late, \
                gone: true }\n";
    let played = Play::steps(gone).on(late).played().await;
    assert_eq!(played.steps(), ["passed", "passed", "failed"]);
    assert_eq!(played.message(), "`window: Late` still exists");
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_window_and_stillness_waits_for_both() {
    let steps = "  - wait: { window: Late, stable: 1s }\n  - assert: { window: After }\n";
    let busy = |d: MemoryDesktop| {
        let d = d.window_after(Duration::from_secs(2), "Late", PLACE);
        let d = d.painted_after(Duration::from_millis(2500), PLACE, WHITE);
        d.window_after(Duration::from_secs(3), "After", PLACE)
    };
    let played = Play::steps(steps).on(busy).played().await;
    assert_eq!(played.steps(), ["passed", "passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_does_not_settle_is_not_ready() {
    let step = "  - wait-ready:\n    timeout: 2s\n";
    let flickers = |mut d: MemoryDesktop| {
        for tick in 0..40_u8 {
            let time = Duration::from_millis(100 * u64::from(tick));
            d = d.painted_after(time, PLACE, [tick, 0, 0]);
        }
        d
    };
    let played = Play::steps(step).on(flickers).played().await;
    let trouble = played.trouble();
    assert_eq!(trouble.message, "the desktop was not ready within 2 s");
    assert_eq!(trouble.detail.as_deref(), Some("its picture kept changing"));
}

#[tokio::test(start_paused = true)]
async fn a_launched_program_is_left_to_itself() {
    let played = Play::steps("  - launch: editor 'a b'\n").played().await;
    let actions = played.desktop.actions();
    let script = &actions[0];
    assert!(script.contains("command -v 'editor'"), "{script}");
    assert!(
        script.contains(r"DESKHAND_LAUNCHED='editor '\''a b'\'''"),
        "{script}"
    );
}

#[tokio::test(start_paused = true)]
async fn typed_text_is_selected_and_compared_where_it_is_to_be_verified() {
    let play = |step: &str| Play::steps(&format!("  - type: {{ text: abc, {step} }}\n"));
    let played = play("verify: true").played().await;
    let back = "hotkey Shift_L+Left";
    assert_eq!(
        played.actions(),
        ["type abc", back, back, back, "press Right"]
    );
    let slowly = play("verify: true, speed: 30ms").played().await;
    assert_eq!(slowly.steps(), ["passed"]);
    let garbled = play("verify: true").on(|d| d.losing('b')).played().await;
    let failure = garbled.failure();
    assert_eq!(
        failure.message,
        "the typed text did not arrive correctly: it differs at character 2"
    );
    assert_eq!((&*failure.expected, &*failure.seen), ("\"abc\"", "\"ac\""));
}

#[tokio::test(start_paused = true)]
async fn a_screenshot_can_be_of_a_part_of_the_screen() {
    let steps =
        "  - screenshot: { picture: part, region: { x: 10, y: 10, width: 40, height: 30 } }\n";
    let played = Play::steps(steps).played().await;
    let kept = &played.artifacts(ArtifactKind::Screenshot)[0];
    let frame = Frame::decode_png(&std::fs::read(kept).unwrap()).unwrap();
    assert_eq!(frame.size(), Size::new(40, 30));
}

#[tokio::test(start_paused = true)]
async fn a_command_that_asks_for_rights_in_vain_is_told_where_to_get_them() {
    let words = "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as \
                 root.\n";
    let ends = |d: MemoryDesktop| d.ending("sudo make install", 1, ("", words));
    let play = Play::steps("  - run: sudo make install\n").on(ends);
    let help = play.played().await.failure().help.clone().unwrap();
    assert!(help.contains("run Deskhand as root"), "{help}");
}

/// A step that waits for a fact, after the desktop was made ready.
fn waiting(step: &str) -> Play {
    Play::steps(&format!("  - wait: {step}\n    timeout: 5s\n"))
}

#[tokio::test(start_paused = true)]
async fn a_wait_runs_a_command_again_until_it_ends_as_expected() {
    let fails = |d: MemoryDesktop| d.answering("ready", 1, "not yet\n");
    let played = waiting("{ command: ready }").on(fails).played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "`ready` ended with 1 (waited 5 s)");
    assert_eq!(failure.expected, "status 0");
    assert!(failure.seen.contains("not yet"), "{failure:?}");
    assert!(played.actions().len() > 10, "{:?}", played.actions());
    let played = waiting("{ command: ready, exit-code: 1 }").on(fails);
    assert_eq!(played.played().await.actions(), ["execute ready"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_waited_for_has_as_long_as_the_step() {
    let hangs = |d: MemoryDesktop| d.answering("ready", 124, "").taking(Duration::from_secs(5));
    let played = waiting("{ command: ready }").on(hangs).played().await;
    let message = played.message();
    assert_eq!(message, "`ready` was killed after 5 s (waited 5 s)");
}

#[tokio::test(start_paused = true)]
async fn a_wait_captures_what_its_command_wrote() {
    let steps = "  - wait: { command: count }\n    capture: n\n  - type: ${captured.n}\n";
    let played = Play::steps(steps).on(|d| d.answering("count", 0, "3\n"));
    assert_eq!(played.played().await.actions()[1], "type 3");
}

#[tokio::test(start_paused = true)]
async fn a_wait_knows_when_a_process_has_gone() {
    let gone = |d: MemoryDesktop| d.without_after(Duration::from_secs(2), "x11vnc");
    let played = waiting("{ process: x11vnc, gone: true }").on(gone).played();
    assert_eq!(played.await.steps(), ["passed"]);
    let played = waiting("{ process: x11vnc, gone: true }").played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "`x11vnc` runs (waited 5 s)");
    assert_eq!(failure.expected, "that `x11vnc` does not run");
}

#[tokio::test(start_paused = true)]
async fn a_file_exists_has_a_text_and_can_be_captured() {
    let file = |d: MemoryDesktop| d.with_file("out.csv", b"name,sum\nAnn,7\n");
    let play = |step: &str| Play::steps(&format!("  - assert: {step}\n")).on(file);
    for step in [
        "{ file: out.csv }",
        "{ file: out.csv, contains: \"Ann,7\", lacks: Bob }",
        "{ file: out.csv, matches: \"/^name/\" }",
        "{ file: other.csv, gone: true }",
    ] {
        assert_eq!(play(step).played().await.steps(), ["passed"], "{step}");
    }
    for (step, message, seen) in [
        (
            "{ file: other.csv }",
            "there is no file `other.csv` on the desktop's machine",
            "no such file",
        ),
        (
            "{ file: out.csv, gone: true }",
            "the file `out.csv` exists",
            "a file of 15 bytes",
        ),
        (
            "{ file: out.csv, contains: Bob }",
            "the text of `out.csv` is not as expected",
            "name,sum\nAnn,7\n",
        ),
    ] {
        let played = play(step).played().await;
        let failure = played.failure();
        assert_eq!((&*failure.message, &*failure.seen), (message, seen));
    }
    let steps = "  - wait: { file: out.csv }
    capture: { name: sum, matching: \"/Ann,(.*)/\" }
  - type: ${captured.sum}
";
    let played = Play::steps(steps).on(file).played().await;
    assert_eq!(played.actions().last().unwrap(), "type 7");
}

#[tokio::test(start_paused = true)]
async fn a_clipboard_without_the_text_is_told_with_what_is_on_it() {
    let assert = "  - assert: { clipboard: { contains: Bye } }\n";
    for (before, seen, help) in [
        ("  - clipboard: Hello\n", "Hello", None),
        ("  - clipboard: \"\"\n", "an empty text", None),
        (
            "",
            "nothing",
            Some("no program that is still running has copied anything"),
        ),
    ] {
        let played = Play::steps(&format!("{before}{assert}")).played().await;
        let failure = played.failure();
        assert_eq!(
            failure.message,
            "the clipboard does not contain the expected text"
        );
        assert_eq!(failure.expected, "a text that contains `Bye`");
        assert_eq!((&*failure.seen, failure.help.as_deref()), (seen, help));
    }
}
