//! A secret is typed and sent, and is nowhere in what a run tells and leaves.

use base64::Engine as _;

use super::*;
use crate::{
    language::Language,
    vision::{RecognizeError, Word},
};

const VALUE: &str = "k3ep it & quiet/ü\"";

/// Every way in which the value could be read in a text.
fn spellings() -> Vec<String> {
    let bytes = VALUE.as_bytes();
    let mut spellings = vec![VALUE.to_owned(), serde_json::to_string(VALUE).unwrap()];
    for engine in [
        base64::engine::general_purpose::STANDARD,
        base64::engine::general_purpose::URL_SAFE_NO_PAD,
    ] {
        spellings.push(engine.encode(bytes));
    }
    let percent = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(*byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    spellings.push(bytes.iter().map(percent).collect());
    spellings
}

async fn played(steps: &str, change: impl FnOnce(MemoryDesktop) -> MemoryDesktop) -> Played {
    Play::text(&format!("secrets: [TOKEN]\nsteps:\n{steps}"))
        .secret("TOKEN", VALUE)
        .on(change)
        .played()
        .await
}

/// No event and no file holds the value in any spelling.
fn assert_silent(played: &Played) {
    let mut said: Vec<(String, String)> = Vec::new();
    for event in &played.events {
        let json = serde_json::to_string(event).unwrap();
        let debug = format!("{event:?}");
        said.push(("an event".to_owned(), json));
        said.push(("an event".to_owned(), debug));
    }
    let artifacts = played.folder.path().join("artifacts");
    let mut folders = vec![artifacts];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                let text = String::from_utf8_lossy(&bytes).into_owned();
                said.push((entry.path().display().to_string(), text));
            }
        }
    }
    for (place, text) in said {
        for spelling in spellings() {
            assert!(!text.contains(&spelling), "{spelling} in {place}: {text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_typed_and_not_told() {
    let steps = "  - type: \"pass: ${secrets.TOKEN}\"\n";
    let played = played(steps, |desktop| desktop).await;
    assert_eq!(played.actions(), [format!("type pass: {VALUE}")]);
    assert_silent(&played);
    assert_eq!(played.told(), ["type \"pass: ***\": passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_prints_a_secret_does_not_tell_it() {
    let encoded = base64::engine::general_purpose::STANDARD.encode(VALUE);
    let output = format!("raw {VALUE}, encoded {encoded}\n");
    let steps = "  - run: { command: leak, stdout: nothing }\n";
    let played = played(steps, |desktop| desktop.answering("leak", 0, &output)).await;
    assert!(
        played.failure().seen.contains("raw ***"),
        "{:?}",
        played.failure()
    );
    assert_silent(&played);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_captured_stays_one() {
    let steps = "  - run: leak\n    capture: found\n  - type: ${captured.found}\n  - wait: { window: \
                 \"${captured.found}\" }\n    timeout: 1s\n";
    let played = played(steps, |desktop| desktop.answering("leak", 0, VALUE)).await;
    assert!(played.actions().contains(&format!("type {VALUE}")));
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
    assert_silent(&played);
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_a_downloaded_file_is_hidden_too() {
    let steps = "  - upload: { from: notes.txt, to: ~/a.txt }\n  - download: { from: ~/a.txt, to: \
                 back.txt }\n";
    let text = format!("secrets: [TOKEN]\nsteps:\n  - type: ${{secrets.TOKEN}}\n{steps}");
    let played = Play::text(&text)
        .file("notes.txt", format!("the token is {VALUE}\n"))
        .secret("TOKEN", VALUE)
        .played()
        .await;
    assert_eq!(played.outcome(), &Outcome::Passed);
    assert_silent(&played);
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_the_environment_reaches_its_command_and_nobody_else() {
    let steps = "  - run: { command: login, environment: { PASSWORD: \"${secrets.TOKEN}\" } }\n";
    let played = played(steps, |desktop| desktop.answering("login", 1, "")).await;
    assert_eq!(
        played.actions(),
        [format!("execute login with PASSWORD={VALUE}")]
    );
    assert_silent(&played);
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_the_words_of_an_error_is_hidden() {
    let address = spellings().pop().unwrap();
    let words = format!("no route to http://host/?key={address} ({VALUE})");
    let steps = "  - run: login\n";
    let played = played(steps, |desktop| desktop.refusing("login", &words)).await;
    assert_eq!(
        played.trouble().message,
        "500 POST /api/execute: no route to http://host/?key=*** (***)"
    );
    assert_silent(&played);
}

#[tokio::test(start_paused = true)]
async fn no_part_of_a_long_secret_is_told_where_only_the_end_of_an_output_is() {
    let lines: Vec<String> = (1..=30).map(|n| format!("{n:02}-private-key")).collect();
    let key = lines.join("\n");
    let output = format!("{key}\nthe end\n");
    let played = Play::text("secrets: [KEY]\nsteps:\n  - type: ${secrets.KEY}\n  - run: leak\n")
        .secret("KEY", &key)
        .on(|desktop| desktop.answering("leak", 1, &output))
        .played()
        .await;
    let seen = &played.failure().seen;
    assert!(seen.ends_with("the end\nstderr: nothing"), "{seen}");
    assert!(!seen.contains("private"), "{seen}");
}

/// Reads a long line that ends with the value.
struct Leaks;

impl Recognizer for Leaks {
    fn read(
        &self,
        _frame: &Frame,
        _area: Rect,
        _languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError> {
        let text = format!("{}{VALUE}", "x".repeat(150));
        Ok(vec![Word {
            text,
            bounds: Rect::new(5, 5, 20, 10),
            line: 1,
            confidence: 1.0,
        }])
    }
}

#[tokio::test(start_paused = true)]
async fn no_part_of_a_secret_is_told_where_what_was_read_is_cut_short() {
    let text = "secrets: [TOKEN]\nsteps:\n  - type: ${secrets.TOKEN}\n  - assert: { text: Quit }\n";
    let played = Play::text(text)
        .secret("TOKEN", VALUE)
        .reading(Leaks)
        .played()
        .await;
    let seen = &played.failure().seen;
    assert!(seen.starts_with("nothing similar"), "{seen}");
    assert!(!seen.contains(&VALUE[..4]), "{seen}");
}
