//! Targets in parts of the screen, of several looks, and read by somebody who
//! sees only a part.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::{
    language::Language,
    vision::{RecognizeError, Word},
};

/// A part of the screen that other than the rest has three colours.
const SPOT: Rect = Rect::new(300, 200, 24, 20);

const HALF: Rect = Rect::new(308, 200, 8, 20);

fn spotted(desktop: MemoryDesktop) -> MemoryDesktop {
    let desktop = desktop.painted_after(Duration::ZERO, SPOT, WHITE);
    desktop.painted_after(Duration::ZERO, HALF, [200, 0, 0])
}

/// The picture of a part of such a screen.
async fn cut_out() -> Vec<u8> {
    let desktop = spotted(MemoryDesktop::new(SIZE));
    let shot = desktop.screenshot(Some(SPOT), ImageFormat::Png).await;
    shot.unwrap()
}

/// Reads one word at the same place of every picture, and counts the pictures.
struct Reader {
    word: Result<&'static str, &'static str>,
    pictures: Arc<AtomicUsize>,
    /// The codes of the languages that were asked for last.
    languages: Arc<Mutex<Vec<&'static str>>>,
}

impl Reader {
    fn of(word: &'static str) -> Self {
        Self {
            word: Ok(word),
            pictures: Arc::default(),
            languages: Arc::default(),
        }
    }
}

impl Recognizer for Reader {
    fn read(
        &self,
        _frame: &Frame,
        _area: Rect,
        languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError> {
        let codes = languages.iter().map(|language| language.code());
        *self.languages.lock().unwrap() = codes.collect();
        self.pictures.fetch_add(1, Ordering::Relaxed);
        let broken = |message: &str| RecognizeError {
            message: message.to_owned(),
        };
        let text = self.word.map_err(broken)?.to_owned();
        Ok(vec![Word {
            text,
            bounds: Rect::new(5, 5, 20, 10),
            line: 1,
            confidence: 1.0,
        }])
    }
}

#[tokio::test(start_paused = true)]
async fn a_text_in_a_region_is_clicked_where_it_is_on_the_screen() {
    let step = "regions: { bar: { x: 100, y: 200, width: 200, height: 40 } }\nsteps:\n  - click: { \
                text: Save, in: bar }\n";
    let played = Play::text(step).reading(Reader::of("Save")).played().await;
    assert_eq!(played.actions(), ["click 115,210 left"]);
}

#[tokio::test(start_paused = true)]
async fn text_is_read_in_the_languages_of_the_desktop() {
    let reader = Reader::of("Speichern");
    let languages = Arc::clone(&reader.languages);
    let played = Play::steps("  - assert: { text: Speichern }\n")
        .in_languages("deu, eng, jpn, deu")
        .reading(reader)
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(*languages.lock().unwrap(), ["deu", "jpn"]);
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_read_once_however_many_steps_look_at_it() {
    let steps = "  - assert: { text: Save }\n  - wait: { text: Save }\n  - assert: { text: Open, \
                 gone: true }\n";
    let reader = Reader::of("Save");
    let pictures = Arc::clone(&reader.pictures);
    let played = Play::steps(steps).reading(reader).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(pictures.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn areas_that_are_looked_at_by_turns_are_read_once_each() {
    let area = |x: i32, width: u32| {
        format!("{{ text: Save, in: {{ x: {x}, y: 0, width: {width}, height: 50 }} }}")
    };
    let (one, other) = (area(0, 100), area(200, 90));
    let steps =
        format!("  - assert: {one}\n  - assert: {other}\n  - assert: {one}\n  - assert: {other}\n");
    let reader = Reader::of("Save");
    let pictures = Arc::clone(&reader.pictures);
    let played = Play::steps(&steps).reading(reader).played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(pictures.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_fails_is_an_error_and_no_missing_text() {
    let reader = Reader {
        word: Err("no data for `eng`"),
        ..Reader::of("")
    };
    let steps = "  - assert: { text: Save, gone: true }\n";
    let played = Play::steps(steps).reading(reader).played().await;
    let message = &played.trouble().message;
    assert_eq!(message, "no text could be read: no data for `eng`");
}

#[tokio::test(start_paused = true)]
async fn a_picture_outside_of_the_region_is_not_found() {
    let play = |x: i32| {
        format!(
            "steps:\n  - click: {{ image: save.png, in: {{ x: {x}, y: 150, width: 200, height: 100 \
             }} }}\n    timeout: 1s\n"
        )
    };
    let there = Play::text(&play(200)).file("save.png", cut_out().await);
    let played = there.on(spotted).played().await;
    assert_eq!(played.actions(), ["click 312,210 left"]);
    let beside = Play::text(&play(400)).file("save.png", cut_out().await);
    let played = beside.on(spotted).played().await;
    assert!(
        played
            .failure()
            .expected
            .ends_with(" in 200x100 at 400,150")
    );
}

#[tokio::test(start_paused = true)]
async fn a_target_has_several_looks_and_the_one_that_is_there_counts() {
    let other = Frame::filled(Size::new(24, 20), [0, 200, 0]);
    for look in ["save-*.png", "[save-dark.png, save-light.png]"] {
        let played = Play::steps(&format!("  - click: {{ image: {look} }}\n"))
            .file("save-dark.png", other.encode_png())
            .file("save-light.png", cut_out().await)
            .on(spotted)
            .played()
            .await;
        assert_eq!(played.actions(), ["click 312,210 left"], "{look}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lower_threshold_takes_a_picture_that_is_nearly_the_same() {
    let changed = |d: MemoryDesktop| {
        spotted(d).painted_after(Duration::ZERO, Rect::new(308, 200, 2, 20), WHITE)
    };
    let play = |threshold: &str| {
        format!("  - click: {{ image: save.png, threshold: {threshold} }}\n    timeout: 1s\n")
    };
    let strict = Play::steps(&play("99%")).file("save.png", cut_out().await);
    assert_eq!(strict.on(changed).played().await.steps(), ["failed"]);
    let lax = Play::steps(&play("50%")).file("save.png", cut_out().await);
    let played = lax.on(changed).played().await;
    assert_eq!(
        played.actions(),
        ["click 312,210 left"],
        "{:?}",
        played.outcome()
    );
}

#[tokio::test(start_paused = true)]
async fn the_picture_of_near_misses_is_the_screen_with_marks() {
    let changed = |d: MemoryDesktop| {
        spotted(d).painted_after(Duration::ZERO, Rect::new(308, 200, 4, 20), WHITE)
    };
    let step = "  - click: { image: save.png, threshold: 99% }\n    timeout: 1s\n";
    let played = Play::steps(step)
        .file("save.png", cut_out().await)
        .on(changed)
        .played()
        .await;
    let picture = |kind| {
        let path = &played.artifacts(kind)[0];
        Frame::decode_png(&std::fs::read(path).unwrap()).unwrap()
    };
    let (marked, plain) = (
        picture(ArtifactKind::Comparison),
        picture(ArtifactKind::Screenshot),
    );
    let far = Rect::new(0, 400, 640, 80);
    let same = |part| marked.crop(part).unwrap() == plain.crop(part).unwrap();
    assert!(same(SPOT), "the near miss is shown as it is");
    assert!(!same(far), "all else is dimmed");
    let around = Rect::new(SPOT.x - 6, SPOT.y - 6, 40, 36);
    let colours = |part| {
        let frame = marked.crop(part).unwrap();
        let pixels: std::collections::BTreeSet<Vec<u8>> =
            frame.bytes().chunks(3).map(<[u8]>::to_vec).collect();
        pixels.len()
    };
    assert!(colours(around) > colours(SPOT) + 1, "a line is around it");
}

#[tokio::test(start_paused = true)]
async fn of_several_windows_the_one_that_was_opened_last_is_meant() {
    let two = |d: MemoryDesktop| {
        let d = d.window_after(Duration::ZERO, "Note", Rect::new(300, 300, 100, 100));
        d.window_after(Duration::ZERO, "Note", Rect::new(10, 50, 100, 100))
    };
    let steps = "  - click: { window: Note }\n  - click: { window: Note, nth: 2 }\n";
    let played = Play::steps(steps).on(two).played().await;
    assert_eq!(
        played.actions(),
        ["click 60,100 left", "click 350,350 left"]
    );
}

#[tokio::test(start_paused = true)]
async fn offsets_within_any_and_beside_it_both_count() {
    let note =
        |d: MemoryDesktop| d.window_after(Duration::ZERO, "Note", Rect::new(0, 50, 100, 100));
    for (target, clicked) in [
        (
            "{ any: [{ window: Note, offset: [7, 0] }] }",
            "click 57,100 left",
        ),
        (
            "{ any: [{ window: Note }], offset: [0, 9] }",
            "click 50,109 left",
        ),
        (
            "{ any: [{ window: Note, offset: [7, 0] }], offset: [0, 9] }",
            "click 57,109 left",
        ),
    ] {
        let step = format!("  - click: {target}\n");
        let played = Play::steps(&step).on(note).played().await;
        assert_eq!(played.actions(), [clicked], "{target}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_none_of_any_is_there_each_is_named() {
    let step = "  - assert: { any: [{ window: Note }, { text: Safe }] }\n";
    let played = Play::steps(step).reading(Reader::of("Save")).played().await;
    let failure = played.failure();
    assert_eq!(
        failure.expected,
        "a window with the title `Note`\nor the text `Safe`"
    );
    assert!(failure.seen.contains("1. the text `Save`"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_drag_begins_only_when_both_of_its_ends_are_known() {
    let step = "  - drag: { from: [1, 1], to: { window: Nowhere } }\n    timeout: 1s\n";
    let played = Play::steps(step).played().await;
    assert_eq!(played.steps(), ["failed"]);
    assert!(played.actions().is_empty(), "{:?}", played.actions());
}
