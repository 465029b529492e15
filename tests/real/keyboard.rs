//! Typing into a real program.

use std::{fs, time::Duration};

use deskhand::{
    desktop::{Desktop, DesktopClient, wire::ExecuteRequest},
    input::Chord,
};

use crate::place::Place;

async fn shell(client: &DesktopClient, command: &str) {
    let request = ExecuteRequest {
        command: command.to_owned(),
        ..ExecuteRequest::default()
    };
    let done = client.execute(&request).await.unwrap();
    assert_eq!(done.exit_code, 0, "{command}: {}", done.stderr);
}

/// Waits until the editor has the focus.
async fn editor_is_open(client: &DesktopClient) {
    for _ in 0..500 {
        let windows = client.windows().await.unwrap();
        if windows
            .iter()
            .any(|window| window.focused && window.class.starts_with("l3afpad"))
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no editor opened");
}

/// Types `text` into an editor that has a file of this test open, saves it, and
/// reads what the editor got.
async fn typed(place: &Place, client: &DesktopClient, text: &str) -> String {
    let file = place.path().join("typed.txt");
    fs::write(&file, "").unwrap();
    shell(
        client,
        &format!("l3afpad {} >/dev/null 2>&1 &", file.display()),
    )
    .await;
    editor_is_open(client).await;
    client.type_text(text).await.unwrap();
    client
        .hotkey(&Chord::parse("ctrl+s").unwrap())
        .await
        .unwrap();
    let mut saved = String::new();
    for _ in 0..500 {
        saved = fs::read_to_string(&file).unwrap();
        if saved.trim_end() == text.trim_end() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    client
        .hotkey(&Chord::parse("ctrl+q").unwrap())
        .await
        .unwrap();
    while client
        .windows()
        .await
        .unwrap()
        .iter()
        .any(|w| w.class.starts_with("l3afpad"))
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    saved.trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_printable_character_arrives_on_every_keymap() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let printable: String = (' '..='~').chain("é ß → 漢 🙂 end".chars()).collect();
    for layout in ["us", "de", "fr", "ru", "us,ru"] {
        shell(&client, &format!("setxkbmap {layout}")).await;
        assert_eq!(
            typed(&place, &client, &printable).await,
            printable,
            "on `{layout}`"
        );
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_arrives_whole() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let line = "The quick brown fox jumps over the lazy dog; 0123456789!\n";
    let text = line.repeat(20);
    assert_eq!(typed(&place, &client, &text).await, text.trim_end());
    desktop.shut_down().await;
}
