//! Chords on several layouts, as a program receives them.

use std::{fs, path::Path};

use deskhand::{
    desktop::{Desktop, DesktopClient},
    input::Key,
};

use crate::{
    eventually::eventually,
    place::Place,
    program::{Editor, hotkey, shell, titled},
};

const SHIFT: u32 = 1;
const CONTROL: u32 = 4;
const ALT: u32 = 8;

/// What arrives with a key: the modifiers, and the keysym's name.
type Arrival = (u32, String);

/// Starts a program that writes down which keys it gets.
async fn listen(client: &DesktopClient, file: &Path) {
    let command = format!("stdbuf -oL xev -event keyboard >{} 2>&1 &", file.display());
    shell(client, &command).await;
    let title = titled(client, |title| title == "Event Tester").await;
    assert_eq!(title, "Event Tester");
}

/// The keys that went down until `count` did, without modifiers, and the group
/// of each.
async fn arrived(file: &Path, count: usize) -> Vec<(u32, Arrival)> {
    let keys = async || read(&fs::read_to_string(file).unwrap());
    eventually(keys, |keys| keys.len() >= count).await
}

fn read(log: &str) -> Vec<(u32, Arrival)> {
    let presses = log.split("\n\n").filter(|it| it.contains("KeyPress"));
    let keys = presses.filter_map(|press| {
        let (_, rest) = press.split_once("state 0x")?;
        let (state, rest) = rest.split_once(',')?;
        let (_, rest) = rest.split_once("(keysym 0x")?;
        let (name, _) = rest.split_once(", ")?.1.split_once(')')?;
        let state = u32::from_str_radix(state, 16).unwrap();
        Some((state >> 13 & 3, (state & 0xff, name.to_owned())))
    });
    let modifiers = ["Shift_L", "Control_L", "Alt_L"];
    keys.filter(|(_, (_, name))| !modifiers.contains(&name.as_str()))
        .collect()
}

/// Every combination of modifiers.
fn combinations() -> impl Iterator<Item = (u32, String)> {
    (0..8).map(|bits| {
        let all = [(CONTROL, "ctrl+"), (ALT, "alt+"), (SHIFT, "shift+")];
        let held = (0..3).filter(|index| bits & (1 << index) != 0);
        let held: Vec<(u32, &str)> = held.map(|index| all[index]).collect();
        let state = held.iter().map(|(state, _)| state).sum();
        (state, held.iter().map(|(_, name)| *name).collect())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_chord_arrives_as_from_a_keyboard_on_every_layout() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("keys.txt");
    listen(&client, &file).await;
    // The layouts, and what Shift makes of a 7. On `fr` the 7 itself needs it.
    let layouts = [
        ("us", "ampersand"),
        ("ru", "question"),
        ("gr", "ampersand"),
        ("de", "slash"),
        ("fr", "7"),
        ("ru,us -option grp:menu_toggle", "ampersand"),
    ];
    let mut expected: Vec<Arrival> = Vec::new();
    for (layout, shifted_seven) in layouts {
        shell(&client, &format!("setxkbmap {layout}")).await;
        let mut expect = |state, name: &str| expected.push((state, name.to_owned()));
        if layout.contains(',') {
            let next = Key::from_name("ISO_Next_Group").unwrap();
            client.press_key(&next).await.unwrap();
            expect(0, "ISO_Next_Group");
        }
        let french = layout == "fr";
        for (state, held) in combinations() {
            let shift = state & SHIFT != 0;
            for (key, plain, shifted) in [
                ("b", "b", "B"),
                ("7", "7", shifted_seven),
                ("[", "bracketleft", "braceleft"),
            ] {
                hotkey(&client, &format!("{held}{key}")).await;
                let needs = if french && key == "7" { SHIFT } else { 0 };
                expect(state | needs, if shift { shifted } else { plain });
            }
            if !shift && !french {
                hotkey(&client, &format!("{held}!")).await;
                expect(state | SHIFT, "exclam");
            }
        }
        for name in ["Sys_Req", "KP_7"] {
            client
                .press_key(&Key::from_name(name).unwrap())
                .await
                .unwrap();
            expect(0, name);
        }
    }
    let seen = arrived(&file, expected.len()).await;
    let seen: Vec<Arrival> = seen.into_iter().map(|(_, key)| key).collect();
    for (index, (seen, expected)) in seen.iter().zip(&expected).enumerate() {
        assert_eq!(seen, expected, "key {index}");
    }
    assert_eq!(seen.len(), expected.len());
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_group_leaves_the_active_one_as_it_was() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("keys.txt");
    listen(&client, &file).await;
    shell(&client, "setxkbmap ru,us -option grp:menu_toggle").await;
    for chord in [
        "ISO_Next_Group",
        "b",
        "Cyrillic_ef",
        "F5",
        "shift+Cyrillic_ef",
        "F5",
    ] {
        hotkey(&client, chord).await;
    }
    let key = |group, state, name: &str| (group, (state, name.to_owned()));
    let expected = [
        key(0, 0, "ISO_Next_Group"),
        key(1, 0, "b"),
        key(0, 0, "Cyrillic_ef"),
        key(1, 0, "F5"),
        key(0, SHIFT, "Cyrillic_EF"),
        key(1, 0, "F5"),
    ];
    assert_eq!(arrived(&file, expected.len()).await, expected);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chords_with_shift_type_the_shifted_partner_in_gtk_and_qt() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("typed.txt");
    for program in [
        ("l3afpad", "l3afpad"),
        ("featherpad --standalone", "featherpad"),
    ] {
        for layout in ["us", "ru", "gr", "de", "fr", "ru,us"] {
            shell(&client, &format!("setxkbmap -option '' {layout}")).await;
            let editor = Editor::open(&client, program, &file, "").await;
            for chord in ["shift+b", "b", "shift+[", "[", "shift+é", "é", "shift+b"] {
                hotkey(&client, chord).await;
            }
            // The key of `é` is one of digits on `fr`.
            let partner = if layout == "fr" { '2' } else { 'É' };
            let expected = format!("Bb{{[{partner}éB");
            let saved = editor.saved(&client, &expected).await;
            assert_eq!(saved, expected, "{program:?} on {layout}");
            editor.close(&client).await;
        }
    }
    desktop.shut_down().await;
}
