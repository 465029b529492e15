//! What exists, what can be seen, and what a click reaches.

use std::time::Duration;

use super::{Play, SIZE};
use crate::{
    desktop::{MemoryDesktop, wire::HiddenBy},
    geometry::Rect,
};

const NOW: Duration = Duration::ZERO;
const SOON: Duration = Duration::from_secs(2);

fn note(desktop: MemoryDesktop) -> MemoryDesktop {
    desktop.window_after(NOW, "Note", Rect::new(100, 100, 200, 100))
}

#[tokio::test(start_paused = true)]
async fn a_minimized_window_is_neither_there_nor_gone() {
    let minimized = |d: MemoryDesktop| note(d).hidden_after(NOW, "Note", HiddenBy::Minimized);
    for (step, message) in [
        (
            "wait: { window: Note }",
            "`window: Note` is not visible: the window `Note` exists, but it is minimized",
        ),
        (
            "assert: { window: Note }",
            "`window: Note` is not visible: the window `Note` exists, but it is minimized",
        ),
        (
            "click: { window: Note }",
            "`window: Note` is not visible: the window `Note` exists, but it is minimized",
        ),
        (
            "wait: { window: Note, gone: true }",
            "`window: Note` still exists",
        ),
        (
            "assert: { window: Note, gone: true }",
            "`window: Note` still exists",
        ),
    ] {
        let steps = format!("  - {step}\n");
        let played = Play::steps(&steps).on(minimized).played().await;
        assert_eq!(played.message(), message, "{step}");
        assert!(played.actions().is_empty(), "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_condition_asks_for_what_can_be_seen() {
    let elsewhere = |d: MemoryDesktop| note(d).hidden_after(NOW, "Note", HiddenBy::Workspace);
    let steps = "  - if: { window: Note }\n    then: [press: a]\n    else: [press: b]\n";
    let played = Play::steps(steps).on(elsewhere).played().await;
    assert_eq!(played.actions(), ["press b"]);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_another_one_covers_is_not_there_until_it_is_seen_again() {
    let covered = |d: MemoryDesktop| {
        let d = note(d).window_after(NOW, "Cover", SIZE.to_rect());
        d.without_window_after(SOON, "Cover")
    };
    let step = "  - assert: { window: Note }\n";
    let played = Play::steps(step).on(covered).played().await;
    assert_eq!(
        played.message(),
        "`window: Note` is not visible: the window `Note` exists, but it is covered by the \
         window `Cover`"
    );
    let step = "  - wait: { window: Note }\n    timeout: 5s\n";
    assert_eq!(
        Play::steps(step).on(covered).played().await.message(),
        "passed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_click_waits_until_its_place_belongs_to_its_window() {
    let covered = |d: MemoryDesktop| {
        let d = note(d).window_after(NOW, "Cover", Rect::new(150, 120, 100, 60));
        d.without_window_after(SOON, "Cover")
    };
    let step = "  - click: { window: Note }\n    timeout: 1s\n";
    let played = Play::steps(step).on(covered).played().await;
    assert_eq!(
        played.message(),
        "`window: Note` cannot be reached: 200,150 belongs to the window `Cover`"
    );
    assert!(played.actions().is_empty());
    let beside = "  - click: { window: Note, offset: [-90, 0] }\n    timeout: 1s\n";
    let played = Play::steps(beside).on(covered).played().await;
    assert_eq!(played.actions(), ["click 110,150 left"]);
    let step = "  - click: { window: Note }\n    timeout: 5s\n";
    let played = Play::steps(step).on(covered).played().await;
    assert_eq!(played.actions(), ["click 200,150 left"]);
}

#[tokio::test(start_paused = true)]
async fn a_position_in_a_covered_window_is_not_clicked() {
    let covered = |d: MemoryDesktop| note(d).window_after(NOW, "Cover", Rect::new(0, 0, 150, 150));
    let step = "  - click: { position: [10, 10], in: { window: Note } }\n    timeout: 1s\n";
    let played = Play::steps(step).on(covered).played().await;
    assert!(
        played
            .message()
            .ends_with("110,110 belongs to the window `Cover`"),
        "{}",
        played.message()
    );
}

#[tokio::test(start_paused = true)]
async fn where_a_title_fits_two_windows_a_note_says_which_is_meant() {
    let two = |d: MemoryDesktop| note(d).window_after(NOW, "Note 2", Rect::new(350, 100, 100, 100));
    let steps =
        "  - wait: { window: /Note/ }\n  - click: { position: [1, 1], in: { window: /Note/ } }\n";
    let played = Play::steps(steps).on(two).played().await;
    assert_eq!(
        played.notes(),
        ["`window: /Note/` matches 2 windows; using `Note 2` at 350,100"; 2]
    );
    assert_eq!(played.actions(), ["click 351,101 left"]);
}

#[tokio::test(start_paused = true)]
async fn all_windows_are_told_the_one_with_the_keyboard_first() {
    let many = |d: MemoryDesktop| {
        ["One", "Two", "Three", "Four", "Five"]
            .iter()
            .fold(d, |d, title| {
                d.window_after(NOW, title, Rect::new(10, 40, 50, 50))
            })
    };
    let step = "  - assert: { window: Six }\n";
    let played = Play::steps(step).on(many).played().await;
    assert_eq!(
        played.failure().seen,
        "nothing similar, only\n\
         1. the window `Five`, which is focused, 50x50 at 10,40\n\
         2. the window `Four`, 50x50 at 10,40\n\
         3. the window `Three`, 50x50 at 10,40\n\
         4. the window `Two`, 50x50 at 10,40\n\
         5. the window `One`, 50x50 at 10,40"
    );
}

#[tokio::test(start_paused = true)]
async fn keys_that_would_reach_nobody_are_not_pressed() {
    for verb in ["type: text", "press: a", "hotkey: ctrl+s"] {
        let step = format!("  - {verb}\n");
        let played = Play::steps(&step)
            .on(|d: MemoryDesktop| d.unfocused_after(NOW))
            .played()
            .await;
        assert_eq!(
            played.message(),
            "no window is focused, so no program would receive the keys"
        );
        assert!(played.actions().is_empty(), "{verb}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_desktop_cannot_tell_is_not_checked_and_that_is_said_once() {
    let plain = |d: MemoryDesktop| note(d).plain();
    let steps = "  - click: { window: Note }\n  - type: text\n  - press: Return\n";
    let played = Play::steps(steps).on(plain).played().await;
    assert_eq!(played.steps(), ["passed"; 3]);
    let [note] = &played.notes()[..] else {
        panic!("one note: {:?}", played.notes())
    };
    assert!(
        note.contains("does not report which window is on top"),
        "{note}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_point_outside_the_screen_is_not_clicked() {
    for (step, point) in [
        ("click: { window: Note, offset: [0, 9000] }", "200,9150"),
        ("click: { window: Note, offset: [-300, 0] }", "-100,150"),
        ("move: { window: Note, offset: [9000, 0] }", "9200,150"),
    ] {
        let steps = format!("  - {step}\n    timeout: 1s\n");
        let played = Play::steps(&steps).on(note).played().await;
        let message = played.message();
        let reason = format!("its point {point} is outside the screen, which is {SIZE}");
        assert!(message.contains(&reason), "{step}: {message}");
        assert!(played.actions().is_empty(), "{step}");
    }
}
