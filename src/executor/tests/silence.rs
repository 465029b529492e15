//! A desktop that exists but no longer says anything. Nobody waits for it for ever.

use super::*;

/// A scenario that asks the desktop for something all along, up to its end.
const ASKS: &str = "steps:\n  - record: demo\n  - wait: 3s\n  - screenshot: late\n\
                    teardown:\n  - screenshot: last\n";

fn falls_silent(desktop: MemoryDesktop) -> MemoryDesktop {
    desktop.silent_after(Duration::from_secs(2))
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_falls_silent_is_lost_and_the_scenario_ends() {
    let played = Play::text(ASKS).on(falls_silent).played().await;
    assert_eq!(played.message(), "the desktop no longer answers");
    let detail = played.trouble().detail.as_deref();
    assert_eq!(detail, Some("it has said nothing for 11 s"));
    // The teardown is tried, and fails without waiting.
    assert_eq!(played.steps(), ["passed", "passed", "error", "error"]);
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_does_not_wait_for_a_desktop_that_is_silent() {
    let begun = tokio::time::Instant::now();
    let play = Play::text(ASKS).on(falls_silent);
    // The third step has begun: what the second one's programs wrote is looked for first.
    let interrupted = Duration::from_millis(4500);
    let played = play.stopped_after(interrupted).played().await;
    assert!(matches!(played.outcome(), Outcome::Interrupted));
    assert_eq!(played.steps(), ["passed", "passed", "interrupted", "error"]);
    let ended = begun.elapsed();
    assert!(ended < interrupted + Duration::from_secs(5), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_is_silent_from_its_start_on_is_lost() {
    let silent = |desktop: MemoryDesktop| desktop.silent_after(Duration::ZERO);
    let played = Play::text(ASKS).on(silent).played().await;
    assert_eq!(played.message(), "the desktop no longer answers");
}
