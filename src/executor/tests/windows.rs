//! What is asked of windows.

use super::*;
use crate::desktop::wire::HiddenBy;

const PLACE: Rect = Rect::new(100, 100, 200, 100);

/// Plays steps on a desktop with the windows `Note` and `Text`.
fn play(steps: &str) -> Play {
    Play::steps(steps).on(|desktop| {
        let desktop = desktop.window_after(Duration::ZERO, "Note", PLACE);
        desktop.window_after(Duration::ZERO, "Text", PLACE)
    })
}

#[tokio::test(start_paused = true)]
async fn a_window_is_asked_for_what_a_step_says() {
    let steps = "  - window: { target: { window: Note }, size: 300x200, position: [-5, 40] }
  - click: { position: [0, 0], in: { window: Note } }
  - window: { target: { window: Note }, state: maximized }
  - assert: { window: Note }
  - window: { target: { window: Note }, position: [10, 20], raise: true }
  - window: { target: { window: Note }, close: true }
  - assert: { window: Note, gone: true }
";
    let played = play(steps).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(
        played.actions(),
        [
            "window Note x -5 y 40 width 300 height 200",
            "click 0,40 left",
            "window Note maximized",
            "window Note x 10 y 20 raise",
            "window Note close",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_that_cannot_be_seen_is_a_right_target() {
    let steps = "  - window: { target: { window: Note }, state: normal }
  - click: { window: Note }
";
    for why in [HiddenBy::Minimized, HiddenBy::Workspace] {
        let hidden = |desktop: MemoryDesktop| desktop.hidden_after(Duration::ZERO, "Note", why);
        let case = Play::steps(steps)
            .on(|desktop| hidden(desktop.window_after(Duration::ZERO, "Note", PLACE)));
        assert_eq!(case.played().await.outcome(), &Outcome::Passed, "{why:?}");
    }
    let minimize = "  - window: { target: { window: Text }, state: minimized }
  - click: { window: Note }
  - assert: { window: Text }
";
    let played = play(minimize).played().await;
    assert_eq!(played.steps(), ["passed", "passed", "failed"]);
    assert!(played.message().contains("it is minimized"));
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_not_there_is_waited_for() {
    let step = "  - window: { target: { window: Late }, raise: true }\n    timeout: 3s\n";
    let late = |after| {
        let after = Duration::from_secs(after);
        Play::steps(step).on(move |desktop| desktop.window_after(after, "Late", PLACE))
    };
    assert_eq!(late(2).played().await.steps(), ["passed"]);
    let played = late(4).played().await;
    assert_eq!(played.message(), "`window: Late` is not on the screen");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_stays_as_it_is_is_told_with_what_it_is() {
    for (step, message, help) in [
        (
            "size: 800x600, position: [10, 20]",
            "the window `Note` was not 800x600 at 10,20 within 2 s",
            "minimum size",
        ),
        (
            "position: [10, 20]",
            "the window `Note` was not at 10,20 within 2 s",
            "space for the frame",
        ),
        (
            "state: maximized",
            "the window `Note` was not maximized within 2 s",
            "does not allow this state",
        ),
        (
            "close: true",
            "the window `Note` did not close within 2 s",
            "longer `timeout`",
        ),
    ] {
        let steps =
            format!("  - window: {{ target: {{ window: Note }}, {step} }}\n    timeout: 2s\n");
        let played = play(&steps)
            .on(|desktop| desktop.stubborn("Note"))
            .played()
            .await;
        let failure = played.failure();
        assert_eq!(failure.message, message);
        assert_eq!(failure.seen, "200x100 at 100,100, normal");
        assert!(failure.help.as_ref().unwrap().contains(help), "{failure:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_a_program_asks_before_it_closes_is_named() {
    let step = "  - window: { target: { window: Note }, close: true }\n    timeout: 2s\n";
    let asks = |desktop: MemoryDesktop| {
        let desktop = desktop.stubborn("Note");
        desktop.window_after(Duration::from_secs(1), "Save?", PLACE)
    };
    let played = play(step).on(asks).played().await;
    let failure = played.failure();
    assert!(
        failure.seen.ends_with("; the window `Save?` has appeared"),
        "{failure:?}"
    );
    assert!(failure.help.as_ref().unwrap().contains("asks a question"));
}

#[tokio::test(start_paused = true)]
async fn a_window_that_closes_late_has_the_whole_time_of_its_step() {
    let step = "  - window: { target: { window: Note }, close: true }\n    timeout: 100s\n";
    let slow = |desktop: MemoryDesktop| {
        let desktop = desktop.stubborn("Note");
        desktop.without_window_after(Duration::from_secs(80), "Note")
    };
    let played = play(step).on(slow).played().await;
    assert_eq!(played.steps(), ["passed"]);
    // Asked twice, a program may ask its question twice.
    assert_eq!(played.actions(), ["window Note close"]);
}
