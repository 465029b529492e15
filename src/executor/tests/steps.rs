//! Verbs, what they do to the desktop, and the modifiers beside them.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_pointer_goes_where_a_step_says() {
    let steps = "  - click: [10, 20]
  - click: 50%,25%
  - double-click: [1, 2]
  - right-click
  - click: { target: [5, 6], button: middle, count: 2, modifiers: [shift, ctrl] }
  - move: [30, 40]
  - drag: { from: [1, 1], to: [9, 9] }
  - drag: { to: [7, 7], modifiers: [alt] }
  - scroll: { target: [100, 100], direction: up, amount: 3 }
";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        [
            "click 10,20 left",
            "click 320,120 left",
            "click 1,2 left",
            "click 1,2 left",
            "click 1,2 right",
            "click 5,6 middle with Shift_L+Control_L",
            "click 5,6 middle with Shift_L+Control_L",
            "move 30,40",
            "drag 1,1 9,9 left",
            "drag 9,9 7,7 left with Alt_L",
            "move 100,100",
            "scroll up 3",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_keyboard_does_what_a_step_says() {
    let steps = "  - type: 007
  - press: { key: Tab, times: 2 }
  - hotkey: ctrl+s
  - hotkey: [shift, F10]
  - type: { text: ab, speed: 60ms }
";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        [
            "type 007",
            "press Tab",
            "press Tab",
            "hotkey Control_L+s",
            "hotkey Shift_L+F10",
            "type a",
            "type b",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn files_go_to_the_desktop_and_come_back_as_artifacts() {
    let steps = "  - upload: { from: notes.txt, to: ~/a.txt }\n  - download: { from: ~/a.txt, to: \
                 back.txt }\n  - download: ~/nothing.txt\n";
    let played = Play::steps(steps)
        .file("notes.txt", "milk\n")
        .played()
        .await;
    assert_eq!(played.steps(), ["passed", "passed", "failed"]);
    let kept = played.artifacts(ArtifactKind::File);
    assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), "milk\n");
    let failure = played.failure();
    assert_eq!(
        failure.message,
        "there is no file `~/nothing.txt` on the desktop's machine"
    );
    assert_eq!(failure.expected, "the file `~/nothing.txt`");
    assert_eq!(failure.seen, "no such file");
}

#[tokio::test(start_paused = true)]
async fn a_commands_status_and_output_are_held_against_the_step() {
    let play = |step: &str| {
        let answers = |desktop: MemoryDesktop| desktop.answering("greet", 3, "Hello, world\n");
        Play::steps(&format!("  - run: {{ command: greet, {step} }}\n")).on(answers)
    };
    for right in [
        "exit-code: 3",
        "exit-code: any, stdout: { contains: world }",
        "exit-code: 3, stdout: \"Hello, world\"",
        "exit-code: 3, stdout: { matches: ^Hello, lacks: bye }",
    ] {
        assert_eq!(play(right).played().await.steps(), ["passed"], "{right}");
    }
    for (wrong, expected, seen) in [
        ("exit-code: 0", "status 0", "status 3"),
        (
            "exit-code: 3, stdout: { contains: moon }",
            "contains",
            "Hello, world",
        ),
    ] {
        let played = play(wrong).played().await;
        let failure = played.failure();
        assert!(failure.expected.contains(expected), "{failure:?}");
        assert!(failure.seen.contains(seen), "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_step_captures_is_used_by_those_behind_it() {
    let steps = "  - run: date\n    capture: today\n  - type: it is ${captured.today}\n";
    let played = Play::steps(steps)
        .on(|desktop| desktop.answering("date", 0, "Monday\n"))
        .played()
        .await;
    assert_eq!(played.actions(), ["execute date", "type it is Monday"]);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_never_captured_is_an_error_with_its_mend() {
    let steps = "  - if: { window: Nowhere }\n    then:\n      - run: date\n        capture: \
                 today\n  - type: ${captured.today}\n";
    let played = Play::steps(steps).played().await;
    let Outcome::Error(trouble) = played.outcome() else {
        panic!("{:?}", played.outcome())
    };
    assert_eq!(trouble.message, "no step has captured `today`");
    assert!(
        trouble
            .help
            .as_ref()
            .unwrap()
            .contains("${captured.today:-")
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_retried_passes_on_a_later_attempt() {
    let steps = "  - run: { command: ping }\n    retry: { times: 3, pause: 1s }\n";
    let answers = |d: MemoryDesktop| d.answering("ping", 1, "").answering("ping", 0, "");
    let played = Play::steps(steps).on(answers).played().await;
    assert_eq!(played.steps(), ["passed"]);
    assert_eq!(played.actions(), ["execute ping", "execute ping"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_fails_in_all_attempts_fails_with_the_last() {
    let steps = "  - run: { command: ping }\n    retry: 2\n";
    let answers = |d: MemoryDesktop| d.answering("ping", 1, "").answering("ping", 2, "");
    let played = Play::steps(steps).on(answers).played().await;
    assert_eq!(played.actions().len(), 3);
    assert!(played.failure().seen.contains("status 2"));
}

#[tokio::test(start_paused = true)]
async fn a_screenshot_is_kept_under_its_name() {
    let played = Play::steps("  - screenshot: menu\n").played().await;
    let kept = played.artifacts(ArtifactKind::Screenshot);
    assert!(kept[0].ends_with("artifacts/play/menu.png"));
    let frame = Frame::decode_png(&std::fs::read(&kept[0]).unwrap()).unwrap();
    assert_eq!(frame.size(), SIZE);
}

#[tokio::test(start_paused = true)]
async fn the_desktop_itself_can_be_changed() {
    let steps = "  - resize: 800x600\n  - click: 100%,100%\n  - restart: x11vnc\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        ["resize 800x600", "click 799,599 left", "restart x11vnc"]
    );
}
