//! What a scenario needs is asked for before its desktop is started.

use super::*;
use crate::{
    language::Language,
    vision::{RecognizeError, Word},
};

/// What a desktop offers that has all but this.
fn all_but(lacking: &str) -> Extensions {
    let all = [
        Extensions::EXECUTE,
        Extensions::FILES,
        Extensions::HELD_KEYS,
        Extensions::HOLD,
        Extensions::CLIPBOARD,
        Extensions::WINDOWS,
    ];
    let others: Vec<&str> = all.into_iter().filter(|one| *one != lacking).collect();
    Extensions::of(&others)
}

#[tokio::test(start_paused = true)]
async fn a_scenario_is_refused_before_its_desktop_is_opened() {
    for (lacking, step, name) in [
        (Extensions::EXECUTE, "run: date", "exec"),
        (Extensions::EXECUTE, "launch: editor", "exec"),
        (Extensions::EXECUTE, "assert: { process: editor }", "exec"),
        (Extensions::FILES, "download: ~/a.txt", "files"),
        (
            Extensions::HELD_KEYS,
            "click: { target: [1, 1], modifiers: [shift] }",
            "held keys",
        ),
        (
            Extensions::HOLD,
            "drag: { from: [1, 1], to: [9, 9], duration: 1s }",
            "hold",
        ),
        (
            Extensions::HOLD,
            "hold: shift\n    steps: [press: a]",
            "hold",
        ),
        (
            Extensions::CLIPBOARD,
            "type: { text: a, verify: true }",
            "clipboard",
        ),
        (
            Extensions::WINDOWS,
            "window: { target: { window: Note }, close: true }",
            "window control",
        ),
    ] {
        let steps = format!("  - press: a\n  - {step}\n");
        let played = Play::steps(&steps)
            .offering(all_but(lacking))
            .played()
            .await;
        let trouble = played.trouble();
        let verb = step.split(':').next().unwrap();
        assert_eq!(
            trouble.message,
            format!("`{verb}` needs {name}, which the desktop of `memory` does not offer")
        );
        assert_eq!(trouble.place.as_ref().map(|place| place.line), Some(6));
        assert!(!played.opened, "{step}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_cannot_tell_of_widgets_is_refused_before_the_first_step() {
    let steps = "  - press: a\n  - click: { role: button, name: Save }\n";
    let may_be = all_but("nothing");
    let play = Play::steps(steps).offering(may_be);
    let played = play.on(MemoryDesktop::plain).played().await;
    let trouble = played.trouble();
    let message = "`click` needs widgets, which the desktop of `memory` does not offer: it does \
                   not announce the extension `widgets`";
    assert_eq!(trouble.message, message);
    assert_eq!(trouble.place.as_ref().map(|place| place.line), Some(6));
    assert!(played.opened, "only the desktop itself can tell");
    assert_eq!(played.actions(), [""; 0]);

    let played = Play::steps(steps)
        .offering(all_but(Extensions::EXECUTE))
        .played()
        .await;
    assert!(!played.opened, "without commands nobody can read them");
}

#[tokio::test(start_paused = true)]
async fn a_desktop_is_asked_only_for_what_its_scenario_needs() {
    let steps = "  - assert: { process: x11vnc }\n  - click: [1, 1]\n  - type: { text: a }\n";
    let played = Play::steps(steps)
        .offering(Extensions::of(&[]))
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_need_of_the_teardown_counts_too() {
    let text = "steps:\n  - press: a\nteardown:\n  - run: date\n";
    let played = Play::text(text)
        .offering(all_but(Extensions::EXECUTE))
        .played()
        .await;
    assert_eq!(played.trouble().verb, "run");
    assert!(!played.opened);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_reads_text_is_a_reason_to_refuse_with_its_mend() {
    let played = Play::steps("  - click: { text: Save }\n").played().await;
    let trouble = played.trouble();
    assert!(trouble.message.contains("`tesseract`"), "{trouble:?}");
    let help = trouble.help.as_ref().unwrap();
    assert!(help.contains("--install-deps"), "{help}");
    assert!(!played.opened);
}

/// Reads nothing, and lacks whatever is asked for.
struct Illiterate;

impl Recognizer for Illiterate {
    fn read(
        &self,
        _frame: &Frame,
        _area: Rect,
        _languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError> {
        Ok(Vec::new())
    }

    fn lacks(&self, languages: &[Language]) -> Vec<Language> {
        languages.to_vec()
    }
}

#[tokio::test(start_paused = true)]
async fn languages_that_cannot_be_read_are_a_reason_to_refuse_with_their_packages() {
    let played = Play::steps("  - assert: { text: Save }\n")
        .in_languages("deu, chi_sim")
        .reading(Illiterate)
        .played()
        .await;
    let trouble = played.trouble();
    let message = "text in German and Chinese (Simplified) cannot be read: `tesseract` has no data \
                   for it";
    assert_eq!(trouble.message, message);
    let help = trouble.help.as_ref().unwrap();
    assert!(
        help.contains("packages tesseract-ocr-deu and tesseract-ocr-chi-sim"),
        "{help}"
    );
    assert!(!played.opened);
    // Where nothing is read, they do not matter.
    let played = Play::steps("  - press: a\n")
        .in_languages("deu")
        .reading(Illiterate)
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_needs_nothing() {
    let steps = "  - run: date\n  - click: { text: Save }\n  - upload: { from: a.txt, to: ~/a }\n";
    let played = Play::steps(steps)
        .file("a.txt", "a")
        .offering(Extensions::of(&[]))
        .dry()
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_touches_nothing_of_the_machine_and_leaves_no_file() {
    let steps = "  - launch: editor\n  - run: date\n  - upload: { from: a.txt, to: ~/a }\n  - \
                 download: ~/nothing\n  - record: demo\n  - screenshot: shot\n  - assert: { process: \
                 editor }\n  - wait: { window: Nowhere }\n  - type: { text: a, verify: true }\n  - \
                 press: a\n    expect-change: 1s\n  - record: stop\n";
    let play = Play::steps(steps).file("a.txt", "a").dry();
    let played = play.played().await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_eq!(played.actions(), ["type a", "press a"]);
    assert!(!played.folder.path().join("artifacts").exists());
}
