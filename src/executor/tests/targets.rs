//! Targets: how they are found, and what is told when they are not.

use super::*;
use crate::{
    geometry::Point,
    language::Language,
    vision::{RecognizeError, Word},
};

const SAVE: Rect = Rect::new(200, 100, 60, 20);

/// A picture with a white frame around a black middle.
fn picture() -> Frame {
    let canvas = MemoryDesktop::new(Size::new(60, 60));
    let canvas = canvas.painted_after(Duration::ZERO, Rect::new(0, 0, 60, 60), WHITE);
    let canvas = canvas.painted_after(Duration::ZERO, Rect::new(8, 34, 10, 6), [0; 3]);
    let shot = futures_util::future::FutureExt::now_or_never(async {
        canvas.screenshot(None, ImageFormat::Png).await
    });
    let png = shot.unwrap().unwrap();
    Frame::decode_png(&png)
        .unwrap()
        .crop(Rect::new(0, 30, 24, 20))
        .unwrap()
}

/// The same on the screen, with its middle at this place.
fn shown(desktop: MemoryDesktop, middle: Point) -> MemoryDesktop {
    let Point { x, y } = middle;
    desktop
        .painted_after(Duration::ZERO, Rect::new(x - 12, y - 10, 24, 20), WHITE)
        .painted_after(Duration::ZERO, Rect::new(x - 4, y - 6, 10, 6), [0; 3])
}

/// Reads the same words on every picture.
pub(super) struct Reads(pub(super) Vec<(&'static str, Rect)>);

impl Recognizer for Reads {
    fn read(
        &self,
        _frame: &Frame,
        _area: Rect,
        _languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError> {
        let words = (0..).zip(&self.0).map(|(line, (text, bounds))| Word {
            text: (*text).to_owned(),
            bounds: *bounds,
            line,
            confidence: 1.0,
        });
        Ok(words.collect())
    }
}

fn window(title: &'static str, rect: Rect) -> impl Fn(MemoryDesktop) -> MemoryDesktop {
    move |desktop| desktop.window_after(Duration::ZERO, title, rect)
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_clicked_in_its_middle() {
    let steps = "  - click: { image: save.png }\n  - click: { image: save.png, offset: [5, -3] }\n";
    let played = Play::steps(steps)
        .file("save.png", picture().encode_png())
        .on(|desktop| shown(desktop, Point::new(300, 200)))
        .played()
        .await;
    assert_eq!(
        played.actions(),
        ["click 300,200 left", "click 305,197 left"]
    );
}

#[tokio::test(start_paused = true)]
async fn of_several_places_the_nth_in_reading_order_is_meant() {
    let steps = "  - click: { image: save.png, nth: 2 }\n  - click: { image: save.png, nth: 3 }\n    \
                 timeout: 1s\n";
    let played = Play::steps(steps)
        .file("save.png", picture().encode_png())
        .on(|d| shown(shown(d, Point::new(300, 200)), Point::new(100, 300)))
        .played()
        .await;
    assert_eq!(played.actions(), ["click 100,300 left"]);
    assert!(played.failure().seen.contains("number 1 of 2, but not 3"));
}

#[tokio::test(start_paused = true)]
async fn a_target_is_waited_for_until_it_is_there() {
    let place = Rect::new(100, 100, 200, 100);
    let step = "  - click: { window: Late }\n    timeout: 5s\n";
    let late = |after| {
        Play::steps(step).on(move |d| d.window_after(Duration::from_secs(after), "Late", place))
    };
    assert_eq!(late(4).played().await.actions(), ["click 200,150 left"]);
    assert_eq!(
        late(6).played().await.message(),
        "`window: Late` is not on the screen"
    );
}

#[tokio::test(start_paused = true)]
async fn a_window_is_known_by_its_title_a_part_of_it_or_its_class() {
    for look in [
        "Notes - Editor",
        "/^Notes/",
        "{ class: Program }",
        "{ title: /Editor/ }",
    ] {
        let played = Play::steps(&format!("  - click: {{ window: {look} }}\n"))
            .on(window("Notes - Editor", Rect::new(10, 50, 100, 100)))
            .played()
            .await;
        assert_eq!(played.actions(), ["click 60,100 left"], "{look}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_position_in_a_window_counts_from_its_corner() {
    let steps = "targets:\n  editor: { window: Editor }\nsteps:\n  - click: { position: [5, 7], in: \
                 editor }\n  - click: { position: \"100%,0%\", in: editor }\n";
    let played = Play::text(steps)
        .on(window("Editor", Rect::new(100, 200, 50, 50)))
        .played()
        .await;
    assert_eq!(
        played.actions(),
        ["click 105,207 left", "click 149,200 left"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_text_is_found_where_it_was_read() {
    let read = Reads(vec![("File", Rect::new(0, 30, 30, 12)), ("Save", SAVE)]);
    let played = Play::steps("  - click: { text: Save }\n")
        .reading(read)
        .played()
        .await;
    assert_eq!(played.actions(), ["click 230,110 left"]);
}

#[tokio::test(start_paused = true)]
async fn the_first_of_any_targets_that_is_there_is_meant() {
    let steps = "  - click: { any: [{ window: Nowhere }, { text: Save }, [1, 1]] }\n";
    let played = Play::steps(steps)
        .reading(Reads(vec![("Save", SAVE)]))
        .played()
        .await;
    assert_eq!(played.actions(), ["click 230,110 left"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_picture_leaves_its_near_misses_with_scores_and_marked() {
    let near = |desktop: MemoryDesktop| {
        shown(desktop, Point::new(300, 200)).painted_after(
            Duration::ZERO,
            Rect::new(296, 194, 4, 4),
            WHITE,
        )
    };
    let step = "  - click: { image: save.png, threshold: 99% }\n    timeout: 1s\n";
    let played = Play::steps(step)
        .file("save.png", picture().encode_png())
        .on(near)
        .played()
        .await;
    let failure = played.failure();
    assert!(
        failure.message.ends_with("save.png` is not on the screen"),
        "{failure:?}"
    );
    assert!(
        failure.expected.contains("at least 99 % similar"),
        "{failure:?}"
    );
    assert!(
        failure.seen.contains("save.png, 24x20 at 288,190, "),
        "{failure:?}"
    );
    let marked = &played.artifacts(ArtifactKind::Comparison)[0];
    let marked = Frame::decode_png(&std::fs::read(marked).unwrap()).unwrap();
    assert_eq!(marked.size(), SIZE);
}

#[tokio::test(start_paused = true)]
async fn a_missing_text_tells_what_is_nearly_it_or_what_there_is() {
    let play = |text: &str| {
        Play::steps(&format!("  - assert: {{ text: {text} }}\n")).reading(Reads(vec![
            ("Search", SAVE),
            ("Options", Rect::new(0, 0, 9, 9)),
        ]))
    };
    let near = play("Serch").played().await;
    let seen = &near.failure().seen;
    assert!(
        seen.contains("1. the text `Search`, 60x20 at 200,100, 83.3 % similar"),
        "{seen}"
    );
    let far = play("Quit").played().await;
    assert_eq!(
        far.failure().seen,
        "nothing similar, only the text `Search Options`"
    );
}

#[tokio::test(start_paused = true)]
async fn a_target_in_another_that_is_missing_says_which_is_not_there() {
    let step = "  - assert: { text: Save, in: { window: Dialog } }\n";
    let played = Play::steps(step)
        .reading(Reads(vec![("Save", SAVE)]))
        .on(window("Dialogue", Rect::new(9, 9, 9, 9)))
        .played()
        .await;
    let failure = played.failure();
    assert!(
        failure.seen.starts_with("`window: Dialog` was not found"),
        "{failure:?}"
    );
    assert!(
        failure.seen.contains("1. the window `Dialogue`"),
        "{failure:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_to_be_gone_is_waited_for_and_told_if_it_stays() {
    let steps = "  - wait: { window: Splash, gone: true }\n    timeout: 5s\n";
    let splash = window("Splash", Rect::new(9, 9, 90, 90));
    let goes = Play::steps(steps)
        .on(&splash)
        .on(|d| d.without_window_after(Duration::from_secs(3), "Splash"));
    assert_eq!(goes.played().await.steps(), ["passed"]);
    let stays = Play::steps(steps).on(&splash).played().await;
    assert_eq!(stays.message(), "`window: Splash` still exists");
    assert_eq!(stays.failure().seen, "the window `Splash`, 90x90 at 9,9");
}
