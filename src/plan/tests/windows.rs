//! What is asked of a window.

use super::*;
use crate::{geometry::WindowState, plan::Window};

/// The one step of a scenario.
fn window(step: &str) -> Window {
    let steps = format!("  - window: {{ target: {{ window: Note }}, {step} }}\n");
    match Case::steps(&steps).actions().remove(0) {
        Action::Window(window) => *window,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_left_out_stays_as_it_is() {
    let moved = window("position: [-5, 80]");
    assert_eq!(moved.position, Some(Point::new(-5, 80)));
    assert_eq!((moved.size, moved.state), (None, None));
    assert!(!moved.raise && !moved.close);
    let restored = window("state: normal, size: 40x30, raise: true");
    assert_eq!(restored.state, Some(WindowState::Normal));
    assert_eq!(restored.size, Some(Size::new(40, 30)));
    assert!(restored.raise);
}

#[test]
fn the_title_says_what_is_asked_for() {
    let steps = "  - window: { target: { window: Note }, size: 800x600, position: [10, 20] }
  - window: { target: { window: Note }, size: 800x600 }
  - window: { target: { window: Note }, state: normal, position: [10, 20], raise: true }
  - window: { target: { window: Note }, close: true }
";
    assert_eq!(
        Case::steps(steps).titles(),
        [
            "window window: Note: 800x600 at 10,20",
            "window window: Note: 800x600",
            "window window: Note: at 10,20, normal, raised",
            "window window: Note: closed",
        ]
    );
}

#[test]
fn every_target_that_is_a_window_is_taken() {
    let targets =
        "targets:\n  note: { window: Note }\n  either: { any: [note, { window: Text }] }\n";
    for target in ["note", "either", "{ window: { class: Note }, nth: 2 }"] {
        let steps = format!("{targets}steps:\n  - window: {{ target: {target}, raise: true }}\n");
        let case = Case::text(&steps);
        assert_eq!(case.plan().steps.len(), 1, "{target}");
    }
}
