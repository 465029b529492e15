//! Baselines: their variants, the environment that each was made in, and what a
//! run leaves to be accepted.

use super::{
    screenshots::{ASSERT, REGION},
    *,
};
use crate::{event::Candidate, executor::environment::SCRIPT};

fn white() -> Frame {
    Frame::filled(REGION.size(), WHITE)
}

/// The screen is white where the tests look.
fn painted(desktop: MemoryDesktop) -> MemoryDesktop {
    desktop.painted_after(Duration::ZERO, REGION, WHITE)
}

/// A desktop whose machine says this about itself.
fn telling(told: &str) -> impl FnOnce(MemoryDesktop) -> MemoryDesktop {
    move |desktop| desktop.answering(SCRIPT, 0, told)
}

fn candidate(played: &Played) -> Candidate {
    let kept = played.events.iter().find_map(|event| match &event.kind {
        EventKind::StepFinished { artifacts, .. } => artifacts
            .iter()
            .find_map(|artifact| artifact.candidate.clone()),
        _ => None,
    });
    *kept.expect("a picture that can become a baseline")
}

#[tokio::test(start_paused = true)]
async fn what_looks_like_a_variant_is_right() {
    let other = Frame::filled(REGION.size(), [9; 3]);
    let play = Play::text(ASSERT).on(painted);
    let play = play
        .baseline("seen", &other)
        .baseline("seen@here", &white());
    assert_eq!(play.played().await.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn the_baseline_of_another_name_is_no_variant() {
    let other = Frame::filled(REGION.size(), [9; 3]);
    let play = Play::text(ASSERT).on(painted);
    let play = play
        .baseline("seen", &other)
        .baseline("seen-here", &white());
    assert_eq!(play.played().await.steps(), ["failed"]);
}

#[tokio::test(start_paused = true)]
async fn the_screen_is_held_against_the_variant_of_its_environment() {
    let [near, far] = [[250; 3], [9; 3]].map(|colour| Frame::filled(REGION.size(), colour));
    let play = Play::text(ASSERT).on(|d| d.painted_after(Duration::ZERO, REGION, [200; 3]));
    let play = play.baseline("seen", &near).baseline("seen@here", &far);
    let play = play.file("baselines/play/seen@here.yaml", "fonts: \"2\"\n");
    let played = play.on(telling("fonts: 2\n")).played().await;
    assert!(candidate(&played).baseline.ends_with("play/seen@here.png"));
}

#[tokio::test(start_paused = true)]
async fn another_environment_is_told_before_anything_else() {
    let play = Play::text(ASSERT).baseline("seen", &white());
    let play = play.file("baselines/play/seen.yaml", "fonts: \"1\"\ngtk: \"3.24\"\n");
    let told = "fonts: 2\ngtk: 3.24\n";
    let played = play.on(telling(told)).played().await;
    let failure = played.failure();
    assert_eq!(
        failure.message,
        "the screen differs from the baseline `seen`, which was made in a different environment"
    );
    assert!(
        failure
            .seen
            .starts_with("different environment: fonts: 1, now 2\n"),
        "{}",
        failure.seen
    );
    assert!(failure.help.as_ref().unwrap().contains("--variant"));
}

#[tokio::test(start_paused = true)]
async fn a_written_baseline_has_its_environment_beside_it() {
    let play = Play::text(ASSERT).updating(UpdateBaselines::Missing);
    let played = play.on(telling("gtk: 3.24\n")).played().await;
    let folder = played.folder.path().join("baselines/play");
    let about = std::fs::read_to_string(folder.join("seen.yaml")).unwrap();
    assert!(about.ends_with("gtk: '3.24'\n"), "{about}");
}

#[tokio::test(start_paused = true)]
async fn what_differs_or_is_missing_can_be_accepted() {
    for baseline in [Some(white()), None] {
        let mut play = Play::text(ASSERT).on(telling("gtk: 3.24\n"));
        if let Some(frame) = &baseline {
            play = play.baseline("seen", frame);
        }
        let candidate = candidate(&play.played().await);
        assert!(candidate.baseline.ends_with("baselines/play/seen.png"));
        assert_eq!(candidate.environment["gtk"], "3.24");
    }
}

#[tokio::test(start_paused = true)]
async fn all_is_written_anew_only_where_a_pixel_changed() {
    for (before, outcome) in [
        (white(), "passed"),
        (Frame::filled(REGION.size(), [254; 3]), "failed"),
    ] {
        let play = Play::text(ASSERT).on(painted).baseline("seen", &before);
        let played = play.updating(UpdateBaselines::All).played().await;
        assert_eq!(played.steps(), [outcome]);
    }
}
