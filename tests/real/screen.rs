//! The screen: pictures of it, its size, and its windows.

use std::time::Duration;

use deskhand::{
    desktop::{
        Desktop, DesktopClient, Profile,
        wire::{ClipboardContent, ImageFormat},
    },
    geometry::{Point, Rect, Size},
    input::{Button, Clipboard},
    server::Options,
    vision::Frame,
};
use tokio::{io::AsyncReadExt, net::UnixStream, time::timeout};

use crate::{
    eventually::eventually,
    place::{Place, status},
    program::{Editor, hotkey, open, selected, shell, window},
};

async fn whole(client: &DesktopClient) -> Frame {
    let png = client.screenshot(None, ImageFormat::Png).await.unwrap();
    Frame::decode_png(&png).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screenshot_shows_the_screen_or_a_part_of_it() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let screen = whole(&client).await;
    assert_eq!(screen.size(), Size::new(1280, 800));
    assert!(!screen.is_blank());

    let png = |bytes: Vec<u8>| Frame::decode_png(&bytes).unwrap();
    let part = Rect::new(200, 100, 320, 7);
    let query = client.screenshot(Some(part), ImageFormat::Png).await;
    assert_eq!(png(query.unwrap()), screen.crop(part).unwrap());
    let body = client.screenshot_region(part, ImageFormat::Png).await;
    assert_eq!(png(body.unwrap()), screen.crop(part).unwrap());

    let over_the_edge = Rect::new(1270, 790, 100, 100);
    let clipped = client
        .screenshot_region(over_the_edge, ImageFormat::Png)
        .await;
    assert_eq!(png(clipped.unwrap()).size(), Size::new(10, 10));
    for outside in [Rect::new(1280, 0, 10, 10), Rect::new(0, 5000, 10, 10)] {
        let picture = client.screenshot_region(outside, ImageFormat::Png).await;
        assert_eq!(status(picture), Some(400), "{outside}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_selected_text_is_told() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let content = client.read_clipboard(Clipboard::Primary).await.unwrap();
    assert_eq!(content, ClipboardContent::default());
    let file = place.path().join("text.txt");
    Editor::open(&client, ("l3afpad", "l3afpad"), &file, "").await;
    let text = "Grüße, 漢字\nand a second line";
    client.type_text(text).await.unwrap();
    hotkey(&client, "ctrl+a").await;
    assert_eq!(selected(&client, text).await, text);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jpeg_is_as_good_as_it_is_asked_for() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let mut sizes = Vec::new();
    for quality in [Some(5), None, Some(100)] {
        let jpeg = client.screenshot(None, ImageFormat::Jpeg { quality }).await;
        let jpeg = jpeg.unwrap();
        assert!(jpeg.starts_with(&[0xff, 0xd8, 0xff]));
        sizes.push(jpeg.len());
    }
    assert!(sizes.is_sorted(), "{sizes:?}");
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_takes_every_legal_size_and_the_session_follows() {
    let place = Place::new();
    let options = Options {
        resizable_to: Some(Options::LARGEST),
        ..place.options()
    };
    let (desktop, client) = place.desktop_with(options).await;
    for (width, height) in [
        (320, 320),
        (7680, 4320),
        (801, 603),
        (7680, 320),
        (320, 4320),
        (1280, 800),
    ] {
        let size = Size::new(width, height);
        let display = client.resize_screen(size).await.unwrap();
        assert_eq!(display.size(), size);
        assert_eq!(client.screen().await.unwrap(), display);
        assert_eq!(whole(&client).await.size(), size);
        let background = async || window(&client, "xfdesktop").await.unwrap().rect().size();
        let background = eventually(background, |seen| *seen == size).await;
        assert_eq!(background, size, "the background follows");
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_was_made_for_one_size_says_so() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let smaller = client.resize_screen(Size::new(640, 480)).await;
    assert_eq!(smaller.unwrap().size(), Size::new(640, 480));
    let larger = client.resize_screen(Size::new(1281, 800)).await;
    let error = larger.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert!(error.to_string().contains("at most 1280x800"), "{error}");
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_tells_all_about_itself() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let title = "Ünï 漢字 🙂 e\u{301}";
    let command =
        format!("xfce4-terminal --disable-server --title '{title}' --geometry 40x10+300+200");
    let opened = open(&client, &command, "xfce4-terminal").await;
    assert_eq!(opened.class, "xfce4-terminal.Xfce4-terminal");
    assert!(
        opened.id.starts_with("0x") && opened.id.len() == 10,
        "{}",
        opened.id
    );
    assert_eq!(opened.host, shell(&client, "hostname").await.trim());
    assert_eq!(opened.desktop, 0);
    let name = shell(&client, &format!("cat /proc/{}/comm", opened.pid)).await;
    assert_eq!(name.trim(), "xfce4-terminal");
    let terminal = async || window(&client, "xfce4-terminal").await.unwrap();
    let seen = eventually(terminal, |seen| seen.title == title).await;
    assert_eq!(seen.title, title);
    // The frame is where it was asked to be; the program's own area is inside.
    assert!(seen.x > 300 && seen.y > 200 + 15, "{:?}", seen.rect());
    let focused = client.windows().await.unwrap();
    let focused: Vec<&str> = focused
        .iter()
        .filter(|w| w.focused)
        .map(|w| &*w.id)
        .collect();
    assert_eq!(focused, [seen.id]);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_desktop_is_a_window_manager_on_a_plain_background() {
    let place = Place::new();
    let options = Options {
        profile: Profile::Bare,
        ..place.options()
    };
    let (desktop, client) = place.desktop_with(options).await;
    client
        .wait_until_ready(Duration::from_secs(20))
        .await
        .unwrap();
    assert!(client.windows().await.unwrap().is_empty());
    assert!(!whole(&client).await.is_blank());
    open(&client, "l3afpad", "l3afpad").await;
    let processes = place.processes().join(" ");
    assert!(processes.contains("openbox") && !processes.contains("xfce4-panel"));
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_is_told_at_once_and_with_its_place() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let text = place.path().join("text.txt");
    Editor::open(&client, ("l3afpad", "l3afpad"), &text, "").await;
    let editor = window(&client, "l3afpad").await.unwrap();
    let editor = Rect::new(editor.x, editor.y, editor.width, editor.height);
    let settled = still(&client).await;

    let none = client.damage(None, Some(settled), Duration::from_millis(100));
    let none = none.await.unwrap();
    assert_eq!((none.revision, none.changed), (settled, None));
    assert_eq!(none.size(), Size::new(1280, 800));

    // The panel and the title show that the text was changed, and come first or
    // later.
    let (told, typed) = tokio::join!(
        client.damage(Some(editor), Some(settled), Duration::from_secs(20)),
        client.type_text("a word")
    );
    typed.unwrap();
    let told = told.unwrap();
    assert!(editor.covers(told.changed.unwrap()), "{told:?}");
    let elsewhere = Rect::new(1240, 760, 40, 40);
    let elsewhere = client.damage(Some(elsewhere), Some(settled), Duration::ZERO);
    assert_eq!(elsewhere.await.unwrap().changed, None);

    client.resize_screen(Size::new(900, 700)).await.unwrap();
    let resized = client.damage(None, Some(told.revision), Duration::ZERO);
    let resized = resized.await.unwrap();
    assert_eq!(resized.changed, Some(Rect::new(0, 0, 900, 700)));

    client.restart_process("xvfb").await.unwrap();
    let again = client.damage(None, Some(resized.revision), Duration::ZERO);
    let again = again.await.unwrap();
    assert_eq!(again.changed, Some(Rect::new(0, 0, 900, 700)));
    let after = still(&client).await;
    client.move_pointer(Point::new(2, 2)).await.unwrap();
    client.click(None, Button::Left, &[]).await.unwrap();
    let menu = client.damage(None, Some(after), Duration::from_secs(20));
    assert!(menu.await.unwrap().changed.is_some());
    desktop.shut_down().await;
}

/// The revision of a screen on which nothing was drawn for a while.
async fn still(client: &DesktopClient) -> u64 {
    let mut since = 0;
    loop {
        let damage = client.damage(None, Some(since), Duration::from_millis(300));
        let damage = damage.await.unwrap();
        if damage.changed.is_none() {
            return damage.revision;
        }
        since = damage.revision;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pixels_are_those_of_a_screenshot() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    still(&client).await;
    let screen = whole(&client).await;
    assert_eq!(client.frame(None).await.unwrap(), screen);
    let part = Rect::new(100, 0, 301, 33);
    let pixels = client.frame(Some(part)).await.unwrap();
    assert_eq!(pixels, screen.crop(part).unwrap());
    let over_the_edge = client.frame(Some(Rect::new(1270, 790, 100, 100)));
    assert_eq!(over_the_edge.await.unwrap().size(), Size::new(10, 10));
    let outside = client.frame(Some(Rect::new(1280, 0, 10, 10))).await;
    assert_eq!(status(outside), Some(400));
    desktop.shut_down().await;
}

/// Whether the VNC server says its first words.
async fn greets(socket: &str) -> bool {
    let Ok(mut stream) = UnixStream::connect(socket).await else {
        return false;
    };
    let said = timeout(Duration::from_secs(1), stream.read_u8()).await;
    said.is_ok_and(|said| said.is_ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_is_resized_at_once_is_still_shown_to_viewers() {
    let place = Place::new();
    let options = Options {
        profile: Profile::Bare,
        resizable_to: Some(Size::new(1280, 1000)),
        ..place.options()
    };
    let (desktop, client) = place.desktop_with(options).await;
    let path = r#"own=$(dirname "$XAUTHORITY")/session; test -d "$own" && echo "$own/run" || echo "$XDG_RUNTIME_DIR""#;
    let socket = format!("{}/vnc", shell(&client, path).await.trim_end());
    let mut heights = [900, 800, 1000].into_iter().cycle();
    for _ in 0..3 {
        client.restart_process("x11vnc").await.unwrap();
        let resized = async || {
            let size = Size::new(1280, heights.next().unwrap());
            client.resize_screen(size).await.unwrap();
            let runs = client.get_process("x11vnc").await.unwrap().running;
            (greets(&socket).await, runs)
        };
        let seen = eventually(resized, |(serves, runs)| *serves || !runs).await;
        assert_eq!(seen, (true, true), "it serves, and it runs");
    }
    desktop.shut_down().await;
    place.assert_nothing_is_left(Duration::ZERO);
}
