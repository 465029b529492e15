//! The modifiers beside a verb: timeouts, further attempts, changes of the
//! screen, and what goes on after a failure.

use super::*;

const PATCH: Rect = Rect::new(9, 99, 9, 9);

fn opens(after: u64) -> impl FnOnce(MemoryDesktop) -> MemoryDesktop {
    move |d| d.window_after(Duration::from_secs(after), "Late", PATCH)
}

#[tokio::test(start_paused = true)]
async fn a_step_says_at_which_attempt_it_passed() {
    let steps = "  - run: ping\n    retry: { times: 3, pause: 1s }\n  - press: a\n";
    let answers = |d: MemoryDesktop| d.answering("ping", 1, "").answering("ping", 0, "");
    let played = Play::steps(steps).on(answers).played().await;
    assert_eq!(played.notes(), ["passed on attempt 2 of 4"]);
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_passes_at_once_says_nothing_of_its_attempts() {
    let played = Play::steps("  - run: ping\n    retry: 3\n").played().await;
    assert_eq!(played.notes(), Vec::<&str>::new());
    assert_eq!(played.actions(), ["execute ping"]);
}

#[tokio::test(start_paused = true)]
async fn the_pause_is_waited_for_before_each_further_attempt() {
    let play = |retry: &str| {
        let step = format!("  - assert: {{ window: Late }}\n    retry: {retry}\n");
        Play::steps(&step).on(opens(3))
    };
    let paused = play("{ times: 2, pause: 2s }").played().await;
    assert_eq!(paused.steps(), ["passed"]);
    assert_eq!(paused.notes(), ["passed on attempt 3 of 3"]);
    assert_eq!(play("2").played().await.steps(), ["failed"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_not_tried_again() {
    let steps = "  - run: ping\n    retry: 5\n";
    let refuses = |d: MemoryDesktop| d.refusing("ping", "out of memory");
    let played = Play::steps(steps).on(refuses).played().await;
    assert_eq!(played.steps(), ["error"]);
    assert_eq!(played.actions(), ["execute ping"]);
}

#[tokio::test(start_paused = true)]
async fn a_group_is_tried_again_from_its_first_step() {
    let steps = "  - group: twice\n    steps:\n      - press: a\n      - run: ping\n    retry: 1\n";
    let answers = |d: MemoryDesktop| d.answering("ping", 1, "").answering("ping", 0, "");
    let played = Play::steps(steps).on(answers).played().await;
    assert_eq!(
        played.told(),
        [
            "press a: passed",
            "run ping: failed",
            "press a: passed",
            "run ping: passed",
            "group twice: passed",
        ]
    );
    assert_eq!(played.notes(), ["passed on attempt 2 of 2"]);
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn soft_forgives_a_failure_and_never_an_error() {
    let steps = "  - launch: nowhere\n    soft: true\n  - press: a\n";
    let without = |d: MemoryDesktop| d.without_program("nowhere");
    let played = Play::steps(steps).on(without).played().await;
    assert_eq!(played.steps(), ["error", "skipped"]);
}

#[tokio::test(start_paused = true)]
async fn an_optional_check_that_does_not_hold_is_noted_and_nothing_fails() {
    let steps = "  - assert: { window: Nowhere }\n    optional: true\n    retry: 1\n  - wait: { window: \
                 Nowhere }\n    optional: true\n    timeout: 1s\n  - press: a\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(played.steps(), ["noted", "noted", "passed"]);
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(played.actions(), ["press a"]);
    let noted = played.events.iter().find_map(|event| match &event.kind {
        EventKind::StepFinished {
            outcome: Outcome::Noted(failure),
            ..
        } => Some(failure),
        _ => None,
    });
    let noted = noted.unwrap();
    assert_eq!(noted.message, "`window: Nowhere` is not on the screen");
    assert_eq!(noted.place.line, 5);
}

#[tokio::test(start_paused = true)]
async fn an_optional_check_that_holds_is_passed_and_an_error_is_still_one() {
    let steps = "  - assert: { window: Late, gone: true }\n    optional: true\n  - assert: { command: \
                 ping }\n    optional: true\n";
    let refuses = |d: MemoryDesktop| d.refusing("ping", "out of memory");
    let played = Play::steps(steps).on(refuses).played().await;
    assert_eq!(played.steps(), ["passed", "error"]);
}

#[tokio::test(start_paused = true)]
async fn behind_a_soft_block_it_goes_on_though_a_failure_ended_the_block() {
    let steps = "  - group: broken\n    steps:\n      - assert: { window: Nowhere }\n      - press: \
                 a\n    soft: true\n  - press: b\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.told(),
        [
            "assert window: Nowhere: failed",
            "press a: skipped",
            "group broken: failed",
            "press b: passed",
        ]
    );
    assert_eq!(played.failure().verb, "assert");
}

#[tokio::test(start_paused = true)]
async fn a_block_that_is_left_out_is_told_as_one_step_and_says_why() {
    let steps = "  - group: later\n    steps:\n      - press: a\n    if: { window: Nowhere }\n  - \
                 press: b\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(played.told(), ["group later: skipped", "press b: passed"]);
    assert_eq!(played.notes(), ["its `if` is false"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_from_before_the_action_is_not_the_one_that_is_expected() {
    let steps = "  - wait: 1s\n  - press: Tab\n    expect-change: 1s\n";
    let early = |d: MemoryDesktop| d.painted_after(Duration::from_millis(500), PATCH, WHITE);
    let played = Play::steps(steps).on(early).played().await;
    assert_eq!(played.steps(), ["passed", "failed"]);
    assert_eq!(played.message(), "nothing changed within 1 s");
    assert_eq!(played.failure().seen, "the same picture as before");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_comes_during_the_action_counts() {
    let steps = "  - run: make\n    expect-change: 100ms\n";
    let slow = |d: MemoryDesktop| {
        let d = d.taking(Duration::from_secs(2));
        d.painted_after(Duration::from_secs(1), PATCH, WHITE)
    };
    assert_eq!(
        Play::steps(steps).on(slow).played().await.steps(),
        ["passed"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_block_can_be_expected_to_change_the_screen() {
    let play = |verb: &str| {
        let steps = format!("  - group: g\n    steps:\n      - {verb}\n    expect-change: 1s\n");
        Play::steps(&steps)
    };
    let typed = play("type: a").played().await;
    assert_eq!(typed.told(), ["type \"a\": passed", "group g: passed"]);
    let silent = play("press: a").played().await;
    assert_eq!(silent.told(), ["press a: passed", "group g: failed"]);
    assert_eq!(silent.failure().verb, "group");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_its_own_timeout_cuts_off_fails_so_it_may_be_soft() {
    let slow = |d: MemoryDesktop| d.taking(Duration::from_secs(60));
    let launch = "  - launch: editor\n    timeout: 2s\n    soft: true\n  - press: a\n";
    let played = Play::steps(launch).on(slow).played().await;
    let failure = played.failure();
    assert_eq!(failure.message, "`launch` timed out after 2 s");
    assert_eq!(failure.expected, "the step to end within 2 s");
    assert_eq!(played.steps(), ["failed", "passed"]);
    let slowly = "  - type: { text: abcdef, speed: 1s }\n    timeout: 2500ms\n    retry: 1\n";
    let played = Play::steps(slowly).played().await;
    assert_eq!(played.message(), "`type` timed out after 2.5 s");
    assert_eq!(played.actions().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_step_is_no_failure_where_the_desktop_does_not_answer() {
    let dead = |d: MemoryDesktop| {
        d.taking(Duration::from_secs(60))
            .without_after(Duration::from_secs(1), "xvfb")
    };
    let launch = "  - launch: editor\n    timeout: 2s\n    soft: true\n";
    let played = Play::steps(launch).on(dead).played().await;
    assert_eq!(played.steps(), ["error"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_of_which_the_desktop_does_not_tell_is_an_error() {
    let slow = |d: MemoryDesktop| d.taking(Duration::from_secs(60));
    let run = "  - run: make\n    timeout: 2s\n";
    let played = Play::steps(run).on(slow).played().await;
    assert_eq!(
        played.trouble().message,
        "the desktop did not say how the command ended"
    );
}

#[tokio::test(start_paused = true)]
async fn a_block_that_takes_too_long_fails_and_ends_the_step_inside() {
    let steps = "  - group: slow\n    steps:\n      - press: a\n      - wait: { window: Nowhere }\n    \
                 timeout: 3s\n  - press: b\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(played.message(), "the block took longer than 3 s");
    assert_eq!(
        played.told(),
        [
            "press a: passed",
            "wait window: Nowhere: interrupted",
            "group slow: failed",
            "press b: skipped",
        ]
    );
    assert_eq!(played.actions(), ["press a"]);
}
