//! The titles that programs give their windows, in whatever encoding.

use std::time::Duration;

use deskhand::desktop::{Desktop, DesktopClient};

use crate::{
    place::Place,
    program::{closed, open, shell},
};

/// The title of a window in both lists that a desktop has of it.
async fn titles(client: &DesktopClient, id: &str) -> [String; 2] {
    let windows = client.windows().await.unwrap();
    let listed = windows.into_iter().find(|window| window.id == id);
    let layers = client.stack(None).await.unwrap().layers;
    let shown = layers.into_iter().find(|layer| layer.id == id);
    [listed.unwrap().title, shown.unwrap().title]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_knows_no_utf_8_titles_has_the_title_that_it_was_given() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    for title in [
        "Überblick 漢字",
        "łódź Мир Ελλάς",
        "한글 汉字 🙂 €",
        "plain",
    ] {
        let command = format!("LC_ALL=C.UTF-8 xterm -T '{title}' -e sleep 60");
        let window = open(&client, &command, "xterm").await;
        assert_eq!(titles(&client, &window.id).await, [title, title]);
        let read = format!("LC_ALL=C.UTF-8 xprop -id {} WM_NAME", window.id);
        let second_opinion = shell(&client, &read).await;
        assert!(second_opinion.contains(title), "{second_opinion}");
        shell(&client, &format!("xkill -id {}", window.id)).await;
        closed(&client, "xterm").await;
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_ends_before_a_nul() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let window = open(&client, "xterm -T before -e sleep 60", "xterm").await;
    for (bytes, title) in [
        ("0x53,0x61,0x76,0x65,0x00", "Save"),
        ("0x4f,0x6e,0x65,0x00,0x32,0x00", "One"),
        ("0x00", "before"),
    ] {
        let set = "xprop -f _NET_WM_NAME 8x -set _NET_WM_NAME";
        shell(&client, &format!("{set} {bytes} -id {}", window.id)).await;
        assert_eq!(titles(&client, &window.id).await, [title, title]);
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}
