//! The pointer, and what real programs make of it.

use deskhand::{
    desktop::{
        Desktop, DesktopClient,
        wire::{Holding, ImageFormat},
    },
    geometry::{Point, Rect},
    input::{Button, Direction, Key},
    vision::Frame,
};

use crate::{
    eventually::eventually,
    place::Place,
    program::{Editor, Terminal, hotkey, selected, settled, window},
};

const LEAFPAD: (&str, &str) = ("l3afpad", "l3afpad");

/// Below the menu of the editor's window, before its first line of text.
const FIRST_LINE: Point = Point::new(4, 34);

fn within(corner: Point, place: Point) -> Point {
    Point::new(corner.x + place.x, corner.y + place.y)
}

async fn picture(client: &DesktopClient, region: Rect) -> Frame {
    let png = client.screenshot(Some(region), ImageFormat::Png).await;
    Frame::decode_png(&png.unwrap()).unwrap()
}

/// Waits until a region shows something else than `before`; answers whether it did.
async fn changes(client: &DesktopClient, region: Rect, before: &Frame) -> bool {
    let look = async || picture(client, region).await;
    eventually(look, |seen| seen != before).await != *before
}

/// Waits until a region shows `wanted`.
async fn becomes(client: &DesktopClient, region: Rect, wanted: &Frame) -> bool {
    let look = async || picture(client, region).await;
    eventually(look, |seen| seen == wanted).await == *wanted
}

/// Where the editor's window is, once it is somewhere else than at `begin`.
async fn moved(client: &DesktopClient, begin: Point) -> Point {
    let corner = async || window(client, "l3afpad").await.unwrap().rect().corner();
    eventually(corner, |corner| *corner != begin).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pointer_goes_where_it_is_told() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let to = Point::new(123, 456);
    assert_eq!(client.move_pointer(to).await.unwrap(), to);
    assert_eq!(client.pointer_position().await.unwrap(), to);
    assert_eq!(
        client
            .click(None, Button::Middle, &[])
            .await
            .unwrap()
            .point(),
        to
    );
    let corner = Point::new(1279, 799);
    let beyond = Point::new(30_000, 30_000);
    assert_eq!(client.move_pointer(beyond).await.unwrap(), corner);
    let dragged = client
        .drag(to, Point::new(200, 500), Button::Left, &[])
        .await;
    assert_eq!(dragged.unwrap(), Point::new(200, 500));
    let scrolled = client.scroll(Direction::Left, 100).await;
    assert_eq!(scrolled.unwrap(), Point::new(200, 500));
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_are_a_double_click_and_the_middle_button_pastes() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let terminal = Terminal::open(&client, &file).await;
    client.type_text("alphabet soup").await.unwrap();
    settled(&client).await;
    let Point { x, y } = terminal.corner();
    let (word, behind) = (Rect::new(x, y, 70, 16), Rect::new(x + 140, y, 70, 16));
    let letter = Point::new(x + 24, y + 8);
    let before = picture(&client, word).await;
    for _ in 0..2 {
        client.click(Some(letter), Button::Left, &[]).await.unwrap();
    }
    assert!(
        changes(&client, word, &before).await,
        "the word is selected"
    );
    let before = picture(&client, behind).await;
    client.click(None, Button::Middle, &[]).await.unwrap();
    assert!(changes(&client, behind, &before).await, "it is pasted");
    let pasted = "alphabet soupalphabet";
    assert_eq!(terminal.read(&client, pasted).await, pasted);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drag_moves_a_window_and_selects_text() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "first line\nsecond line").await;
    let begin = editor.window.rect().corner();
    let title = within(begin, Point::new(150, -12));
    let to = within(title, Point::new(-137, 81));
    client.drag(title, to, Button::Left, &[]).await.unwrap();
    let corner = moved(&client, begin).await;
    assert_eq!(corner, within(begin, Point::new(-137, 81)));

    let first = within(corner, FIRST_LINE);
    let second = within(first, Point::new(0, 18));
    client.drag(first, second, Button::Left, &[]).await.unwrap();
    client.type_text("the ").await.unwrap();
    assert_eq!(
        editor.saved(&client, "the second line").await,
        "the second line"
    );
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_held_during_a_click_and_up_after_it() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "first line\nsecond line").await;
    let shift = [Key::from_name("shift").unwrap()];
    let first = within(editor.window.rect().corner(), FIRST_LINE);
    let second = within(first, Point::new(0, 18));
    // The first places the cursor; the second, with Shift, selects up to there.
    client.click(Some(first), Button::Left, &[]).await.unwrap();
    client
        .click(Some(second), Button::Left, &shift)
        .await
        .unwrap();
    assert_eq!(selected(&client, "first line\n").await, "first line\n");
    client.type_text("the ").await.unwrap();
    let text = editor.saved(&client, "the second line").await;
    assert_eq!(text, "the second line");

    // With Alt, the window manager moves a window wherever it is dragged.
    let alt = [Key::from_name("alt").unwrap()];
    let begin = editor.window.rect().corner();
    let inside = within(begin, Point::new(200, 200));
    let to = within(inside, Point::new(-60, -50));
    client.drag(inside, to, Button::Left, &alt).await.unwrap();
    assert_eq!(
        moved(&client, begin).await,
        within(begin, Point::new(-60, -50))
    );
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_stays_down_from_one_call_to_another() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "first line\nsecond line").await;
    let first = within(editor.window.rect().corner(), FIRST_LINE);
    let up = |holding: &Holding| Holding {
        down: false,
        at: None,
        ..holding.clone()
    };
    // Between the press and the release, the pointer selects as far as it goes.
    let button = Holding {
        button: Some(Button::Left),
        at: Some(first),
        down: true,
        ..Holding::default()
    };
    client.hold(&button).await.unwrap();
    for step in 1..=10 {
        let to = within(first, Point::new(step * 20, 0));
        client.move_pointer(to).await.unwrap();
    }
    client.hold(&up(&button)).await.unwrap();
    client.move_pointer(first).await.unwrap();
    assert_eq!(selected(&client, "first line").await, "first line");

    let shift = Holding {
        keys: vec![Key::from_name("shift").unwrap()],
        down: true,
        ..Holding::default()
    };
    client.hold(&shift).await.unwrap();
    // What is down already is not pressed again.
    client.hold(&shift).await.unwrap();
    client.type_text("the ").await.unwrap();
    client.hold(&up(&shift)).await.unwrap();
    client.hold(&up(&shift)).await.unwrap();
    client.type_text("!").await.unwrap();
    let text = "THE !\nsecond line";
    assert_eq!(editor.saved(&client, text).await, text);
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wheel_turns_in_four_directions() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let lines = (0..200).map(|line| format!("{line} {}", "long ".repeat(100)));
    let text = lines.collect::<Vec<_>>().join("\n");
    let editor = Editor::open(&client, LEAFPAD, &file, &text).await;
    hotkey(&client, "ctrl+Home").await;
    let window = editor.window.rect();
    let inside = within(window.corner(), Point::new(100, 100));
    client.move_pointer(inside).await.unwrap();
    let page = Rect::new(window.x + 5, window.y + 40, 300, 100);
    let there_and_back = [
        (Direction::Down, Direction::Up),
        (Direction::Right, Direction::Left),
    ];
    let begin = picture(&client, page).await;
    for (there, back) in there_and_back {
        client.scroll(there, 3).await.unwrap();
        assert!(changes(&client, page, &begin).await, "{there}");
        client.scroll(back, 3).await.unwrap();
        assert!(becomes(&client, page, &begin).await, "{back}");
    }
    desktop.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_button_opens_a_menu() {
    let place = Place::new();
    let (desktop, client) = place.desktop().await;
    let file = place.path().join("text.txt");
    let editor = Editor::open(&client, LEAFPAD, &file, "text").await;
    let at = within(editor.window.rect().corner(), Point::new(60, 60));
    let menu = Rect::new(at.x + 2, at.y + 2, 60, 60);
    let before = picture(&client, menu).await;
    client.click(Some(at), Button::Right, &[]).await.unwrap();
    assert!(changes(&client, menu, &before).await);
    desktop.shut_down().await;
}
