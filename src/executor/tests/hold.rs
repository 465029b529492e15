//! Keys and buttons that are held down: they are let go whatever happens.

use super::*;

#[tokio::test(start_paused = true)]
async fn keys_are_down_while_steps_are_played_and_up_after_them() {
    let steps = "  - hold: ctrl+shift\n    steps:\n      - press: a\n      - hold: { button: left, \
                 target: [10, 20] }\n        steps:\n          - move: [30, 40]\n  - press: b\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        [
            "hold Control_L+Shift_L",
            "press a",
            "hold left at 10,20",
            "move 30,40",
            "let go left",
            "let go Control_L+Shift_L",
            "press b",
        ]
    );
    assert_eq!(
        played.told(),
        [
            "press a: passed",
            "move 30,40: passed",
            "hold left button at 10,20: passed",
            "hold Control_L+Shift_L: passed",
            "press b: passed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_held_is_let_go_after_a_failure_and_before_the_teardown() {
    let text = "steps:\n  - hold: { keys: shift }\n    steps:\n      - assert: { window: Nowhere }\n  - \
                press: b\nteardown:\n  - press: c\n";
    let played = Play::text(text).played().await;
    assert_eq!(
        played.actions(),
        ["hold Shift_L", "let go Shift_L", "press c"]
    );
    assert_eq!(played.message(), "`window: Nowhere` is not on the screen");
}

#[tokio::test(start_paused = true)]
async fn what_is_held_is_let_go_when_its_time_is_over_and_after_an_interrupt() {
    let steps = |timeout: &str| {
        format!(
            "  - hold: shift\n    timeout: {timeout}\n    steps:\n      - wait: {{ window: Nowhere \
             }}\n        timeout: 1m\n"
        )
    };
    let late = Play::steps(&steps("2s")).played().await;
    assert_eq!(late.actions(), ["hold Shift_L", "let go Shift_L"]);
    assert!(matches!(late.outcome(), Outcome::Failed(_)));
    let stopped = Play::steps(&steps("1m"))
        .stopped_after(Duration::from_secs(3))
        .played()
        .await;
    assert_eq!(stopped.actions(), ["hold Shift_L", "let go Shift_L"]);
    assert_eq!(stopped.outcome(), &Outcome::Interrupted);
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_down_where_its_target_is_missing() {
    let steps =
        "  - hold: { button: left, target: { window: Nowhere } }\n    steps:\n      - press: a\n";
    let played = Play::steps(steps).played().await;
    assert!(played.actions().is_empty(), "{:?}", played.actions());
    assert_eq!(played.message(), "`window: Nowhere` is not on the screen");
}

#[tokio::test(start_paused = true)]
async fn a_drag_with_a_way_moves_in_small_steps_and_takes_its_time() {
    let steps = "  - drag: { from: [0, 100], via: [[60, 100]], to: [60, 160], duration: 2s, modifiers: \
                 [alt] }\n";
    let played = Play::steps(steps).played().await;
    let actions = played.actions();
    assert_eq!(actions.first().unwrap(), "hold Alt_L+left at 0,100");
    assert_eq!(actions.last().unwrap(), "let go Alt_L+left");
    let moves = &actions[1..actions.len() - 1];
    assert_eq!(moves.len(), 134);
    assert!(moves.contains(&"move 60,100".to_owned()), "{moves:?}");
    assert_eq!(moves.last().unwrap(), "move 60,160");
    let took = played.events.iter().find_map(|event| match &event.kind {
        EventKind::StepFinished { took, .. } => Some(*took),
        _ => None,
    });
    let took = took.unwrap();
    assert!(took >= Duration::from_secs(2), "{took:?}");
    assert!(took < Duration::from_millis(2500), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_drag_that_is_interrupted_lets_the_button_go() {
    let steps = "  - drag: { from: [0, 100], to: [600, 100], duration: 10s }\n";
    let played = Play::steps(steps)
        .stopped_after(Duration::from_secs(3))
        .played()
        .await;
    let actions = played.actions();
    assert_eq!(actions.last().unwrap(), "let go left");
    assert_eq!(played.outcome(), &Outcome::Interrupted);
    let cut = Play::steps(&format!("{steps}    timeout: 2s\n"))
        .played()
        .await;
    assert_eq!(cut.actions().last().unwrap(), "let go left");
    assert_eq!(cut.message(), "`drag` timed out after 2 s");
}
