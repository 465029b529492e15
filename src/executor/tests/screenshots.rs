//! `screenshot-assert` and the baselines that it writes.

use super::*;
use crate::geometry::Point;

/// What the desktop in memory shows in the region that the tests look at.
pub(super) async fn screen(desktop: &MemoryDesktop) -> Frame {
    Frame::decode_png(
        &desktop
            .screenshot(Some(REGION), ImageFormat::Png)
            .await
            .unwrap(),
    )
    .unwrap()
}

pub(super) const REGION: Rect = Rect::new(100, 100, 50, 40);

pub(super) const ASSERT: &str = "\
steps:
  - screenshot-assert: { baseline: seen, region: { x: 100, y: 100, width: 50, height: 40 } }
";

#[tokio::test(start_paused = true)]
async fn an_assert_waits_for_its_match_until_its_timeout() {
    let white = Frame::filled(REGION.size(), WHITE);
    let late =
        |desktop: MemoryDesktop| desktop.painted_after(Duration::from_secs(9), REGION, WHITE);
    let played = Play::text(ASSERT)
        .baseline("seen", &white)
        .on(late)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);

    let too_late = |d: MemoryDesktop| d.painted_after(Duration::from_secs(11), REGION, WHITE);
    let played = Play::text(ASSERT)
        .baseline("seen", &white)
        .on(too_late)
        .played()
        .await;
    assert_eq!(
        played.message(),
        "the screen differs from the baseline `seen`"
    );
}

#[tokio::test(start_paused = true)]
async fn an_assert_passes_on_a_moving_screen_as_soon_as_it_matches() {
    let flicker = |mut desktop: MemoryDesktop| {
        for tick in 0..200_u8 {
            let time = Duration::from_millis(40 * u64::from(tick));
            let colour = if tick == 50 { WHITE } else { [tick, 0, 0] };
            desktop = desktop.painted_after(time, REGION, colour);
        }
        desktop
    };
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::text(ASSERT)
        .baseline("seen", &white)
        .on(flicker)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_assert_leaves_its_pictures_and_says_both_figures() {
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::text(ASSERT).baseline("seen", &white).played().await;
    let Outcome::Failed(failure) = played.outcome() else {
        panic!("{:?}", played.outcome())
    };
    assert!(
        failure
            .seen
            .starts_with("2000 differing pixels, 2000 in the largest cluster (50x40 at 100,100)"),
        "{}",
        failure.seen
    );
    assert_eq!(
        failure.expected,
        "at most 0 differing pixels, at most 0 in one cluster (tolerance 9 %, area tolerance 1.3 %)"
    );
    let told = &failure.changes.told;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].area, Rect::new(100, 100, 50, 40));
    assert_eq!(failure.changes.origin, Point::new(100, 100));
    assert_eq!((failure.place.line, failure.place.column), (5, 5));
    for kind in [
        ArtifactKind::Comparison,
        ArtifactKind::Expected,
        ArtifactKind::Actual,
        ArtifactKind::Diff,
        ArtifactKind::Screenshot,
    ] {
        let [path] = &played.artifacts(kind)[..] else {
            panic!("one {kind:?}")
        };
        Frame::decode_png(&std::fs::read(path).unwrap()).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_mask_is_placed_on_the_screen_not_on_the_region() {
    let steps = "\
steps:
  - screenshot-assert:
      baseline: seen
      region: { x: 100, y: 100, width: 50, height: 40 }
      mask: [{ x: 100, y: 100, width: 50, height: 10 }]
";
    let part = Rect::new(100, 100, 50, 10);
    let black = |desktop: MemoryDesktop| {
        desktop
            .painted_after(Duration::ZERO, REGION, WHITE)
            .painted_after(Duration::ZERO, part, [0; 3])
    };
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::text(steps)
        .baseline("seen", &white)
        .on(black)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_baseline_is_written_once_the_screen_is_still_and_never_passes() {
    let paint =
        |desktop: MemoryDesktop| desktop.painted_after(Duration::from_millis(300), REGION, WHITE);
    let play = Play::text(&format!("{ASSERT}  - type: goes on\n")).on(paint);
    let played = play.updating(UpdateBaselines::Missing).played().await;
    assert_eq!(played.steps(), ["failed", "passed"]);
    assert_eq!(
        played.message(),
        "the baseline `seen` did not exist and was written"
    );
    let written = std::fs::read(played.folder.path().join("baselines/play/seen.png")).unwrap();
    assert_eq!(
        Frame::decode_png(&written).unwrap(),
        Frame::filled(REGION.size(), WHITE)
    );
}

#[tokio::test(start_paused = true)]
async fn without_leave_a_missing_baseline_is_a_failure_and_nothing_is_written() {
    let played = Play::text(ASSERT).played().await;
    assert_eq!(played.message(), "there is no baseline `seen`");
    assert!(!played.folder.path().join("baselines").exists());
}

#[tokio::test(start_paused = true)]
async fn a_baseline_that_changed_is_written_anew_when_asked() {
    let old = Frame::filled(REGION.size(), [9; 3]);
    let play = Play::text(ASSERT)
        .baseline("seen", &old)
        .updating(UpdateBaselines::Changed);
    let now = screen(&play.desktop).await;
    let played = play.played().await;
    assert_eq!(played.steps(), ["failed"]);
    let written = std::fs::read(played.folder.path().join("baselines/play/seen.png")).unwrap();
    assert_eq!(Frame::decode_png(&written).unwrap(), now);
}

#[tokio::test(start_paused = true)]
async fn a_baseline_that_is_no_picture_is_an_error() {
    let play = Play::text(ASSERT);
    let folder = play.folder.path().join("baselines/play");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("seen.png"), "no picture").unwrap();
    let played = play.played().await;
    assert_eq!(played.steps(), ["error"]);
    assert!(
        played.message().contains("seen.png is not a PNG"),
        "{}",
        played.message()
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_named_by_the_artifact_that_has_no_room() {
    let play = Play::steps("  - screenshot: menu\n").file("artifacts/play/other", "");
    let picture = play.folder.path().join("artifacts/play/menu.png");
    std::os::unix::fs::symlink("/dev/full", picture).unwrap();
    let played = play.played().await;
    let message = &played.trouble().message;
    assert!(
        message.starts_with("the disk is full: cannot write "),
        "{message}"
    );
    assert!(message.contains("artifacts/play/menu.png ("), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_has_not_the_size_of_the_screen_is_an_error() {
    let wrong = |d: MemoryDesktop| d.sending(Size::new(600, 400));
    for plain in [false, true] {
        let play = Play::steps("  - screenshot: menu\n").on(wrong);
        let played = play
            .on(|d| if plain { d.plain() } else { d })
            .played()
            .await;
        assert_eq!(
            played.trouble().message,
            "the desktop sent a picture of 600x400 pixels, but its screen has 640x480"
        );
    }
    let part = "{ picture: part, region: { x: 580, y: 380, width: 40, height: 30 } }";
    let played = Play::steps(&format!("  - screenshot: {part}\n"))
        .on(wrong)
        .played()
        .await;
    assert_eq!(
        played.trouble().message,
        "the desktop sent a picture of 20x20 pixels, but 40x30 at 580,380 was asked for"
    );
}

#[tokio::test(start_paused = true)]
async fn a_picture_has_the_size_that_the_screen_has_got() {
    let steps = "  - screenshot: before\n  - resize: 630x480\n  - screenshot: after\n";
    let played = Play::steps(steps).played().await;
    let sizes = played.artifacts(ArtifactKind::Screenshot);
    let size = |kept: PathBuf| {
        Frame::decode_png(&std::fs::read(kept).unwrap())
            .unwrap()
            .size()
    };
    let sizes: Vec<Size> = sizes.into_iter().map(size).collect();
    assert_eq!(sizes, [SIZE, Size::new(630, 480)]);
}
