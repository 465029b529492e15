//! Waiting for the picture: to change, to be still, to match. A desktop that
//! tells what was drawn, and one that has to be looked at again and again, give
//! the same.

use super::{
    screenshots::{ASSERT, REGION},
    *,
};
use crate::geometry::Point;

/// Both kinds of desktop.
const KINDS: [fn(MemoryDesktop) -> MemoryDesktop; 2] = [|telling| telling, MemoryDesktop::plain];

/// Something happens on the screen after this time.
fn painted(desktop: MemoryDesktop, after: u64) -> MemoryDesktop {
    let place = Rect::new(9, 99, 9, 9);
    desktop.painted_after(Duration::from_millis(after), place, WHITE)
}

/// Something moves all the time, ten times a second for ten seconds.
fn spinning(mut desktop: MemoryDesktop) -> MemoryDesktop {
    for tick in 0..100_u8 {
        let time = Duration::from_millis(100 * u64::from(tick));
        let colour = [255 - tick, tick, 0];
        desktop = desktop.painted_after(time, Rect::new(9, 99, 9, 9), colour);
    }
    desktop
}

/// The steps, on a desktop of a kind where `happens` happens.
async fn played(
    steps: &str,
    kind: fn(MemoryDesktop) -> MemoryDesktop,
    happens: impl FnOnce(MemoryDesktop) -> MemoryDesktop,
) -> Played {
    Play::steps(steps).on(kind).on(happens).played().await
}

#[tokio::test(start_paused = true)]
async fn expect_change_is_armed_before_the_action() {
    for kind in KINDS {
        // The typed text is on the screen as soon as it was typed.
        let typed = played("  - type: a\n    expect-change: 1s\n", kind, |d| d);
        assert_eq!(typed.await.steps(), ["passed"]);
        let silent = "  - press: Tab\n    expect-change: 1s\n";
        let in_time = played(silent, kind, |d| painted(d, 900)).await;
        assert_eq!(in_time.steps(), ["passed"]);
        let late = played(silent, kind, |d| painted(d, 1100)).await;
        assert_eq!(late.message(), "nothing changed within 1 s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_under_a_mask_or_in_a_small_patch_does_not_count() {
    for narrow in [
        "mask: [{ x: 0, y: 90, width: 99, height: 99 }]",
        "max-cluster: 81",
        "region: { x: 200, y: 90, width: 99, height: 99 }",
    ] {
        let steps = format!("  - press: Tab\n    expect-change: {{ within: 1s, {narrow} }}\n");
        for kind in KINDS {
            let played = played(&steps, kind, |d| painted(d, 500)).await;
            assert_eq!(played.steps(), ["failed"], "{narrow}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_change_begins_with_the_step() {
    for kind in KINDS {
        let steps = "  - wait: { changed: true }\n  - wait: { stable: 300ms }\n";
        let late = played(steps, kind, |d| painted(d, 3000)).await;
        assert_eq!(late.steps(), ["passed", "passed"]);
        let never = "  - wait: { changed: true }\n    timeout: 2s\n";
        assert_eq!(played(never, kind, |d| d).await.steps(), ["failed"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_is_never_still_tells_what_moved_and_how_often() {
    for kind in KINDS {
        let steps = "  - wait: { stable: 300ms }\n    timeout: 2s\n";
        let played = played(steps, kind, spinning).await;
        let seen = &played.failure().seen;
        assert!(seen.contains("1. 20 changes in 9x9 at 9,99"), "{seen}");
        let pictures = played.artifacts(ArtifactKind::Comparison);
        assert!(pictures[0].ends_with("step-1.moved.png"), "{pictures:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_spins_under_a_mask_never_delays_a_wait() {
    let masks = "stable: 300ms, mask: [{ x: 0, y: 90, width: 30, height: 30 }]";
    for still in [masks, "stable: 300ms, max-cluster: 81"] {
        for kind in KINDS {
            let steps = format!("  - wait: {{ {still} }}\n");
            let begun = tokio::time::Instant::now();
            assert_eq!(played(&steps, kind, spinning).await.steps(), ["passed"]);
            let took = begun.elapsed();
            assert!(took < Duration::from_millis(320), "{still}: {took:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn stillness_is_seen_when_it_is_reached() {
    for kind in KINDS {
        let begun = tokio::time::Instant::now();
        let steps = "  - wait: { stable: 2s }\n    timeout: 20s\n";
        assert_eq!(played(steps, kind, spinning).await.steps(), ["passed"]);
        let took = begun.elapsed();
        // The last movement comes after 9.9 s.
        assert!((11_900..12_050).contains(&took.as_millis()), "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_assert_meets_its_match_however_the_desktop_tells_of_it() {
    let white = Frame::filled(REGION.size(), WHITE);
    for kind in KINDS {
        for (after, outcome) in [(9, "passed"), (11, "failed")] {
            let late =
                |d: MemoryDesktop| d.painted_after(Duration::from_secs(after), REGION, WHITE);
            let play = Play::text(ASSERT).baseline("seen", &white);
            let played = play.on(kind).on(late).played().await;
            assert_eq!(played.steps(), [outcome]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_is_met_though_nothing_was_drawn() {
    for kind in KINDS {
        let opens = |d: MemoryDesktop| {
            let rect = Rect::new(10, 40, 200, 100);
            d.window_after(Duration::from_secs(3), "Notes", rect)
        };
        let begun = tokio::time::Instant::now();
        let played = played("  - wait: { window: Notes }\n", kind, opens).await;
        assert_eq!(played.steps(), ["passed"]);
        assert!(begun.elapsed() < Duration::from_millis(3_200));
    }
}

/// A picture with letters of its own: a white frame, and black bars in it.
fn sign() -> Frame {
    let mut sign = Frame::filled(Size::new(24, 20), WHITE);
    for (x, width) in [(3, 2), (8, 5), (16, 3)] {
        sign.put(
            &Frame::filled(Size::new(width, 12), [0; 3]),
            Point::new(x, 4),
        );
    }
    sign
}

/// Draws that picture, with bars of a grey, at a place after a time; `None` takes it
/// away.
fn drawn(desktop: MemoryDesktop, after: u64, at: Point, grey: Option<u8>) -> MemoryDesktop {
    let after = Duration::from_millis(after);
    let part = |x, y, width, height| Rect::new(at.x + x, at.y + y, width, height);
    let Some(grey) = grey else {
        return desktop.painted_after(after, part(0, 0, 24, 20), [70, 90, 110]);
    };
    let mut desktop = desktop.painted_after(after, part(0, 0, 24, 20), WHITE);
    for (x, width) in [(3, 2), (8, 5), (16, 3)] {
        desktop = desktop.painted_after(after, part(x, 4, width, 12), [grey; 3]);
    }
    desktop
}

/// A step that waits for the picture to go, while it is at (300, 200) for a second.
async fn until_gone(happens: impl FnOnce(MemoryDesktop) -> MemoryDesktop) -> Played {
    let steps = "  - wait: { image: sign.png, gone: true }\n    timeout: 3s\n";
    let place = Point::new(300, 200);
    let play = Play::steps(steps).file("sign.png", sign().encode_png());
    let play = play.on(|desktop| drawn(desktop, 0, place, Some(0)));
    play.on(|desktop| drawn(desktop, 1000, place, None))
        .on(happens)
        .played()
        .await
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_went_is_gone() {
    assert_eq!(until_gone(|desktop| desktop).await.steps(), ["passed"]);
    let elsewhere = |desktop| painted(desktop, 500);
    assert_eq!(until_gone(elsewhere).await.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_not_gone_while_something_like_it_is_elsewhere() {
    let far = Point::new(40, 400);
    // Its like was there all the time, though only the picture itself was found.
    let like = until_gone(|desktop| drawn(desktop, 0, far, Some(30))).await;
    assert_eq!(like.steps(), ["failed"]);
    // It came there before the picture went.
    let came = until_gone(|desktop| drawn(desktop, 500, far, Some(0))).await;
    assert_eq!(came.steps(), ["failed"]);
    // It went there.
    let went = until_gone(|desktop| drawn(desktop, 1000, far, Some(0))).await;
    assert_eq!(went.steps(), ["failed"]);
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_moved_by_a_few_pixels_is_not_gone() {
    let near = Point::new(307, 205);
    let moved = until_gone(|desktop| drawn(desktop, 1000, near, Some(0))).await;
    assert_eq!(moved.steps(), ["failed"]);
    let both = until_gone(|desktop| {
        let desktop = drawn(desktop, 1000, near, Some(0));
        drawn(desktop, 2000, near, None)
    });
    assert_eq!(both.await.steps(), ["passed"]);
}
