//! The clipboard, between Deskhand and the programs of several toolkits.

use std::{fs, time::Duration};

use deskhand::{
    desktop::{
        Desktop, DesktopClient,
        wire::{ClipboardContent, limits},
    },
    input::Clipboard::{Copied, Primary},
};

use crate::{
    arrive::{passes, program},
    eventually::eventually,
    place::Place,
    program::{Editor, hotkey, shell},
    run::Run,
};

const MOUSEPAD: (&str, &str) = ("mousepad --disable-server", "mousepad");
const FEATHERPAD: (&str, &str) = ("featherpad --standalone", "featherpad");

/// Two scripts, an emoji, a combining accent, lines.
const UNICODE: &str = "Grüße 世界 🙂\nо\u{301}сень \\ \" ${x}\tend";

/// A text of the greatest length, in lines.
fn greatest() -> String {
    // Editors write a line end after the last line, and then copy that too.
    let most = limits::CLIPBOARD - "\n".len();
    let mut text = String::new();
    for number in 0.. {
        let line = format!("line {number}: Grüße, 世界\n");
        if text.len() + line.len() >= most {
            break;
        }
        text.push_str(&line);
    }
    text.extend(std::iter::repeat_n('.', most - text.len()));
    text
}

async fn copied(client: &DesktopClient) -> Option<String> {
    client.read_clipboard(Copied).await.unwrap().text
}

/// Pastes a text into an editor, and copies it from there.
async fn there_and_back(client: &DesktopClient, editor: (&str, &'static str), text: &str) {
    let place = Place::new();
    let file = place.path().join("pasted.txt");
    let editor = Editor::open(client, editor, &file, "").await;
    client.write_clipboard(Copied, text).await.unwrap();
    hotkey(client, "ctrl+v").await;
    // An editor gets the text some time after it has read the keys.
    let saved = async || {
        hotkey(client, "ctrl+s").await;
        fs::read_to_string(&file).unwrap_or_default()
    };
    let saved = eventually(saved, |saved| saved.trim_end() == text).await;
    assert_eq!(saved.trim_end(), text);
    client
        .write_clipboard(Copied, "something else")
        .await
        .unwrap();
    hotkey(client, "ctrl+a").await;
    hotkey(client, "ctrl+c").await;
    let copied = copied(client).await.unwrap_or_default();
    assert_eq!(copied.trim_end(), text);
    editor.close(client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_pasted_and_copied_whatever_its_characters_and_its_length() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    for editor in [MOUSEPAD, FEATHERPAD] {
        for text in [UNICODE, &greatest()] {
            there_and_back(&client, editor, text).await;
        }
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_clipboards_keep_their_texts_until_a_program_takes_them() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let nothing = ClipboardContent::default();
    assert_eq!(client.read_clipboard(Copied).await.unwrap(), nothing);
    client.write_clipboard(Copied, "copied").await.unwrap();
    client.write_clipboard(Primary, "marked").await.unwrap();
    assert_eq!(copied(&client).await.as_deref(), Some("copied"));
    let marked = client.read_clipboard(Primary).await.unwrap();
    assert_eq!(marked.text.as_deref(), Some("marked"));
    // Tk asks as programs of X11's early days do, and takes it.
    let takes = "import tkinter; w = tkinter.Tk(); w.withdraw(); print(w.clipboard_get()); \
                 w.clipboard_clear(); w.clipboard_append('taken ü'); w.update(); \
                 w.after(60000, w.destroy); w.mainloop()";
    let running = place.path().join("tk.txt");
    let command = format!(
        "/usr/bin/python3 -u -c \"{takes}\" > {} 2>&1 &",
        running.display()
    );
    shell(&client, &command).await;
    let now = eventually(
        async || copied(&client).await,
        |text| text.as_deref() == Some("taken ü"),
    );
    assert_eq!(now.await.as_deref(), Some("taken ü"));
    assert_eq!(fs::read_to_string(&running).unwrap(), "copied\n");
    client.write_clipboard(Copied, "").await.unwrap();
    assert_eq!(copied(&client).await.as_deref(), Some(""));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

/// Pastes into the field of a form whose title tells what the field holds, and copies
/// it from there.
fn in_a_form(launch: &str, field: &str, select_all: &str) -> String {
    format!(
        "  - launch: {launch}\n  - wait: {{ window: /Form/, stable: 500ms, max-cluster: 60 }}\n    \
         timeout: 60s\n  - click: {field}\n  - clipboard: Grüße 世界\n  - hotkey: ctrl+v\n  \
         - wait: {{ window: \"Form: Grüße 世界 / 0\" }}\n  - clipboard: else\n  \
         - hotkey: {select_all}\n  - hotkey: ctrl+c\n  - assert: {{ clipboard: Grüße 世界 }}\n    \
         capture: copied\n  - clipboard: {{ text: \"${{captured.copied}}!\", selection: primary }}\n  \
         - assert: {{ clipboard: {{ contains: 界! }}, selection: primary }}\n"
    )
}

#[test]
fn a_step_pastes_into_tk_and_copies_from_it() {
    let launch = format!("/usr/bin/python3 {}", program("form.py"));
    passes("bare", &in_a_form(&launch, "[810, 130]", "ctrl+slash"));
}

#[test]
fn a_step_pastes_into_swing_and_copies_from_it() {
    let launch = format!("bsh {}", program("form.bsh"));
    passes("bare", &in_a_form(&launch, "[810, 147]", "ctrl+a"));
}

#[test]
fn a_text_that_is_not_on_the_clipboard_is_a_failure_that_shows_what_is() {
    let steps = "  - clipboard: Hello\n  - assert: { clipboard: { contains: Bye } }\n";
    let text = format!("version: 1\nname: Copied\ndesktop: {{ profile: bare }}\nsteps:\n{steps}");
    let ended = Run::text(&text).ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let expected = "the clipboard does not contain the expected text";
    assert!(ended.said.contains(expected), "{}", ended.said);
    assert!(
        ended.said.contains("a text that contains `Bye`"),
        "{}",
        ended.said
    );
    assert!(ended.said.contains("Hello"), "{}", ended.said);
    ended.assert_nothing_is_left();
}
