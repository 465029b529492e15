//! Typing into real programs: GTK, Qt, Swing, and a terminal.

use std::{fs, path::Path, time::Duration};

use deskhand::{
    desktop::{Desktop, DesktopClient},
    input::Key,
};

use crate::{
    eventually::eventually,
    place::Place,
    program::{Editor, Terminal, hotkey, shell, titled},
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

/// Waits until a file ends with `end`; answers what it holds then.
async fn file_ends_with(file: &Path, end: &str) -> String {
    let read = async || fs::read_to_string(file).unwrap_or_default();
    let text = eventually(read, |text| text.trim_end().ends_with(end)).await;
    let text = text.trim_end();
    assert!(text.ends_with(end), "{} ends with: {text}", file.display());
    text.to_owned()
}

/// Whether all of `lines` are among those of `text`, in their order.
fn has_all_lines(text: &str, lines: &str) -> bool {
    let mut text = text.lines();
    lines.lines().all(|line| text.any(|other| other == line))
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
        // Keys that were free have no line.
        assert!(
            has_all_lines(&after, &before),
            "keys of the keymap `{layout}` have another meaning"
        );
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

#[tokio::test(flavor = "multi_thread")]
async fn letters_that_the_keymap_lacks_arrive_in_a_program_that_answers_no_ping() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/field.bsh");
    shell(&client, &format!("bsh {program} >/dev/null 2>&1 &")).await;
    titled(&client, |title| title == "Field:").await;
    // Far more than there is room for, so keys get new meanings all the time.
    let letters = ('\u{4e00}'..'\u{4ec8}').chain("éžΩßçñőŁŠабвгдΣΔ".chars());
    let letters: Vec<char> = letters.collect();
    let text: String = (0..600)
        .map(|index| letters[index * 37 % letters.len()])
        .collect();
    client.type_text(&text).await.unwrap();
    let expected = format!("Field:{text}");
    let title = titled(&client, |title| title == expected).await;
    assert_eq!(title, expected);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_nobody_waits_for_any_more_ends() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "").await;
    let long = "nobody waits ".repeat(3800);
    let typing = client.type_text(&long);
    let cut = tokio::time::timeout(Duration::from_millis(50), typing).await;
    assert!(cut.is_err(), "the whole text was typed at once");
    // Waits for its turn, so it comes after all of the other that is typed.
    client.type_text("END").await.unwrap();
    hotkey(&client, "ctrl+s").await;
    let saved = file_ends_with(&file, "END").await;
    let arrived = saved.strip_suffix("END").unwrap();
    assert!(long.starts_with(arrived) && arrived.len() < long.len());
    editor.close(&client).await;
    desktop.shut_down().await;
}
