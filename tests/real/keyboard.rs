//! Typing into real programs: GTK, Qt, and a terminal.

use std::{path::Path, time::Duration};

use deskhand::{
    desktop::{Desktop, DesktopClient},
    input::Key,
};

use crate::{
    place::Place,
    program::{Editor, Terminal, hotkey, shell},
};

const LEAFPAD: (&str, &str) = ("l3afpad", "l3afpad");
const MOUSEPAD: (&str, &str) = ("mousepad --disable-server", "mousepad");
const FEATHERPAD: (&str, &str) = ("featherpad --standalone", "featherpad");

/// A text of `count` characters: ASCII, Latin, Cyrillic, combining accents,
/// more ideographs than a keymap has room for, and emoji, in lines. `seed`
/// makes it another one.
fn mixed(count: usize, seed: u32) -> String {
    let pools: [&[char]; 3] = [
        &[
            'a', 'Z', '0', ' ', '{', '@', '"', '\\', '~', '#', '|', '^', '`',
        ],
        &[
            'é', 'ß', 'Ø', 'ж', 'Ω', '→', '€', '“', 'ı', '\u{301}', '\u{308}',
        ],
        &['🙂', '🚀', '👍', '𝄞', '한', 'ア', 'ع'],
    ];
    let mut state = seed;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    (1..count)
        .map(|index| match (index % 60, next(5)) {
            (0, _) => '\n',
            // Editors repeat the spaces that a line begins with.
            (1, _) => '>',
            (_, 4) => char::from_u32(0x4e00 + u32::try_from(next(2000)).unwrap()).unwrap(),
            (_, 3) => pools[2][next(pools[2].len())],
            (_, 2) => pools[1][next(pools[1].len())],
            _ => pools[0][next(pools[0].len())],
        })
        .chain(['.'])
        .collect()
}

/// What an editor saves after `text` was typed into it.
async fn typed(
    client: &DesktopClient,
    editor: (&str, &'static str),
    file: &Path,
    text: &str,
) -> String {
    let editor = Editor::open(client, editor, file, "").await;
    client.type_text(text).await.unwrap();
    let saved = editor.saved(client, text).await;
    editor.close(client).await;
    saved
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printable_character_arrives_on_every_keymap() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    let printable: String = (' '..='~').chain("é ß → 漢 🙂 end".chars()).collect();
    for layout in ["us", "de", "fr", "ru", "us,ru"] {
        shell(&client, &format!("setxkbmap {layout}")).await;
        let before = shell(&client, "xkbcomp -xkb $DISPLAY - 2>/dev/null").await;
        let saved = typed(&client, LEAFPAD, &file, &printable).await;
        assert_eq!(saved, printable, "on `{layout}`");
        let after = shell(&client, "xkbcomp -xkb $DISPLAY - 2>/dev/null").await;
        assert!(before == after, "the keymap `{layout}` is not as it was");
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_characters_arrive_in_gtk_ten_times() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    let editor = Editor::open(&client, MOUSEPAD, &file, "").await;
    for round in 0..10 {
        let text = mixed(1000, round);
        hotkey(&client, "ctrl+a").await;
        client.type_text(&text).await.unwrap();
        assert_eq!(editor.saved(&client, &text).await, text, "round {round}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_characters_arrive_in_a_terminal_ten_times() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    for round in 0..10 {
        let text = mixed(1000, 100 + round);
        let terminal = Terminal::open(&client, &file).await;
        client.type_text(&text).await.unwrap();
        assert_eq!(terminal.read(&client, &text).await, text, "round {round}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_characters_arrive_in_qt() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let text = mixed(1000, 7);
    let file = place.path().join("typed.txt");
    assert_eq!(typed(&client, FEATHERPAD, &file, &text).await, text);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_text_arrives_whole() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let line = "The quick brown fox jumps over the lazy dog; 01234!\n";
    let text: String = line.chars().cycle().take(50_000).collect();
    let file = place.path().join("typed.txt");
    let saved = typed(&client, LEAFPAD, &file, &text).await;
    assert!(
        saved == text.trim_end(),
        "{} of {}",
        saved.len(),
        text.len()
    );
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_hotkeys_have_both_spellings_and_leave_nothing_pressed() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "").await;
    client.type_text("one two").await.unwrap();
    for name in ["Home", "Delete", "End", "exclam", "U20AC", "eacute", "KP_7"] {
        client
            .press_key(&Key::from_name(name).unwrap())
            .await
            .unwrap();
    }
    hotkey(&client, "ctrl+a").await;
    hotkey(&client, "Control_L+c").await;
    hotkey(&client, "End").await;
    hotkey(&client, "Control_R+v").await;
    let expected = "ne two!€é7ne two!€é7";
    assert_eq!(editor.saved(&client, expected).await, expected);
    desktop.shut_down().await;
}
