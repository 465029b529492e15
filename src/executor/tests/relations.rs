//! Targets that are known by where they lie, and targets that are there together.

use super::{targets::Reads, *};
use crate::{
    desktop::wire::Widget,
    widget::{Role, States},
};

const NOW: Duration = Duration::ZERO;

/// A table: two people, each with a button and a sum.
fn table() -> Reads {
    Reads(vec![
        ("Person", Rect::new(50, 50, 60, 16)),
        ("Sum", Rect::new(200, 50, 40, 16)),
        ("Ann", Rect::new(50, 100, 40, 16)),
        ("7", Rect::new(200, 100, 12, 16)),
        ("Edit", Rect::new(300, 98, 40, 20)),
        ("Bob", Rect::new(50, 150, 40, 16)),
        ("9", Rect::new(200, 150, 12, 16)),
        ("Edit", Rect::new(300, 148, 40, 20)),
        ("Edit", Rect::new(500, 148, 40, 20)),
    ])
}

async fn clicking(targets: &[&str]) -> Played {
    let steps = targets
        .iter()
        .map(|target| format!("  - click: {target}\n    timeout: 1s\n"));
    let steps: String = steps.collect();
    Play::steps(&steps).reading(table()).played().await
}

#[tokio::test(start_paused = true)]
async fn the_nearest_match_on_a_side_is_meant() {
    let played = clicking(&[
        "{ text: Edit, right-of: { text: Ann } }",
        "{ text: Edit, right-of: { text: Bob } }",
        "{ text: Edit, right-of: { text: Bob }, nth: 2 }",
        "{ text: /^\\d$/, left-of: { text: Edit, nth: 2 } }",
        "{ text: /^\\d$/, below: { text: Sum }, right-of: { text: Bob } }",
        "{ text: Edit, above: { text: Edit, nth: 2 }, offset: [1, 2] }",
        "{ any: [{ text: Delete }, { text: Edit }], right-of: { text: Bob } }",
    ])
    .await;
    assert_eq!(
        played.actions(),
        [
            "click 320,108 left",
            "click 320,158 left",
            "click 520,158 left",
            "click 206,158 left",
            "click 206,158 left",
            "click 321,110 left",
            "click 320,158 left",
        ],
        "{}",
        played.message()
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_farther_away_than_the_distance_is_not_meant() {
    let near = clicking(&["{ text: Edit, right-of: { text: Ann }, distance: 210 }"]).await;
    assert_eq!(near.actions(), ["click 320,108 left"]);
    let far = clicking(&["{ text: Edit, right-of: { text: Ann }, distance: 209 }"]).await;
    let failure = far.failure();
    assert_eq!(
        failure.message,
        "`text: Edit right of text: Ann within 209 pixels` is not on the screen"
    );
    assert_eq!(
        failure.expected,
        "the text `Edit` right of `text: Ann` within 209 pixels"
    );
    assert_eq!(
        failure.seen.lines().next(),
        Some(
            "3 matches, but none of them is right of `text: Ann` (40x16 at 50,100) within 209 pixels"
        )
    );
    assert!(
        failure.seen.contains("\n1. number 1 of 3, 40x20 at 300,98"),
        "{}",
        failure.seen
    );
}

#[tokio::test(start_paused = true)]
async fn the_part_that_is_missing_is_named() {
    let played = clicking(&["{ text: Edit, right-of: { text: Zoe } }"]).await;
    let seen = &played.failure().seen;
    assert!(seen.starts_with("`text: Zoe` was not found"), "{seen}");
    let played = clicking(&["{ text: Delete, right-of: { text: Ann } }"]).await;
    let seen = &played.failure().seen;
    assert!(!seen.contains("was not found"), "{seen}");
    let steps = "  - wait: { text: Edit, right-of: { text: Zoe }, gone: true }\n  - assert: { text: \
                 Edit, left-of: { text: Ann }, gone: true }\n";
    let played = Play::steps(steps).reading(table()).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed, "{}", played.message());
}

fn widget(role: Role, name: &str, area: Rect) -> Widget {
    Widget {
        id: format!("{role} {name} {}", area.corner()),
        role,
        name: name.to_owned(),
        states: States {
            enabled: Some(true),
            ..States::default()
        },
        visible: true,
        area: Some(area),
        program: "form".to_owned(),
        window: Some("0x00000003".to_owned()),
        ..Widget::default()
    }
}

#[tokio::test(start_paused = true)]
async fn widgets_and_windows_are_known_by_their_neighbours_within_a_window() {
    let field = |y| widget(Role::Textbox, "", Rect::new(200, y, 100, 24));
    let form = |desktop: MemoryDesktop| {
        desktop
            .window_after(NOW, "Other", Rect::new(0, 0, 90, 90))
            .window_after(NOW, "Form", Rect::new(100, 100, 400, 300))
            .widgets_after(
                NOW,
                vec![Widget {
                    children: vec![
                        field(150),
                        widget(Role::Label, "Name", Rect::new(120, 154, 40, 16)),
                        field(200),
                        widget(Role::Label, "Town", Rect::new(120, 204, 40, 16)),
                    ],
                    ..widget(Role::Window, "Form", Rect::new(100, 100, 400, 300))
                }],
            )
    };
    let steps = "  - move: { role: textbox, right-of: { role: label, name: Town } }\n  - move: { role: \
                 textbox, below: { role: label, name: Name }, in: { window: Form } }\n    timeout: \
                 1s\n    soft: true\n  - move: { role: label, left-of: { role: textbox } }\n    \
                 timeout: 1s\n";
    let played = Play::steps(steps).on(form).played().await;
    assert_eq!(played.actions(), ["move 250,212"], "{}", played.message());
    let failure = played.failure();
    assert_eq!(
        failure.seen.lines().next(),
        Some("2 matches, but none of them is below `label \"Name\"` (40x16 at 120,154)")
    );
    let last = played
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.kind {
            EventKind::StepFinished {
                outcome: Outcome::Failed(failure),
                ..
            } => Some(&failure.message),
            _ => None,
        });
    assert_eq!(
        last.unwrap(),
        "`textbox` matches 2 widgets, and the target does not say which one"
    );
}

#[tokio::test(start_paused = true)]
async fn all_of_several_targets_are_one_rectangle_around_them() {
    let played = clicking(&[
        "{ all: [{ text: Bob }, { text: Edit }] }",
        "{ all: [{ text: Edit }, { text: Bob }], distance: 300 }",
        "{ all: [{ text: Ann }, { text: \"7\", at: [150, 2] }] }",
    ])
    .await;
    // From 50,148 to 340,168; the nearest `Edit` of `Bob` is the one in its row.
    assert_eq!(
        played.actions(),
        [
            "click 195,158 left",
            "click 195,132 left",
            "click 131,108 left"
        ],
        "{}",
        played.message()
    );
}

#[tokio::test(start_paused = true)]
async fn targets_that_are_not_together_are_told_by_the_one_that_is_missing() {
    let played = clicking(&["{ all: [{ text: Ann }, { text: Zoe }] }"]).await;
    let failure = played.failure();
    assert_eq!(
        failure.message,
        "`text: Ann with text: Zoe` is not on the screen"
    );
    assert!(
        failure.seen.starts_with("`text: Zoe` was not found"),
        "{}",
        failure.seen
    );
    for target in [
        "{ all: [{ text: Ann }, { text: Edit }], distance: 100 }",
        "{ all: [{ text: Ann }, { text: Edit, at: [250, 9] }] }",
    ] {
        let played = clicking(&[target]).await;
        let seen = &played.failure().seen;
        assert!(
            seen.starts_with("`text: Edit` is not where it has to be"),
            "{seen}"
        );
    }
}
