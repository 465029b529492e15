//! What users write.

use super::*;
use crate::geometry::Rect;

fn read(text: &str) -> Result<Style, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

#[test]
fn every_key_may_be_left_out() {
    assert_eq!(read("{}").unwrap(), Style::default());
    let style = read("pointer: {size: 40}\ncaptions: {font-size: 20}\n").unwrap();
    assert_eq!(
        (style.pointer.size, style.captions.font_size),
        (40, Some(20))
    );
    assert!(style.pointer.shadow);
}

#[test]
fn what_is_written_is_read_again() {
    let text = "
size: 1280x720
frame-rate: 25
pointer: {size: 24, theme: Adwaita, shadow: false}
clicks: {ring: none}
keys: {show: all, position: top-left}
captions: {colour: '#eee', background: '#00000080', position: top}
chapters: {titles: false, seconds: 4}
title-card: {text: Hello, subtitle: a film, seconds: 3}
zoom: {auto: 'off', factor: 2.5, seconds: 1}
background: {colour: ['#5b7cfa', '#b05bd8'], padding: 80, window-title: Deskhand}
covers: box
idle: {speed-up: 8, after: 1, longest-pause: 2}
hold: {seconds: 0}
audio: {file: music.ogg, volume: 0.5, fade: 2}
";
    let style = read(text).unwrap();
    assert_eq!(style.size, Some(Size::new(1280, 720)));
    assert_eq!(style.clicks.ring, None);
    assert_eq!(style.captions.background.alpha, 0x80);
    assert_eq!(style.captions.colour, Colour::new(0xee, 0xee, 0xee));
    let written = serde_yaml::to_string(&style).unwrap();
    assert_eq!(read(&written).unwrap(), style);
    let usual = serde_yaml::to_string(&Style::default()).unwrap();
    assert_eq!(read(&usual).unwrap(), Style::default());
}

#[test]
fn mistakes_are_named_with_what_is_allowed() {
    for (text, expected) in [
        ("pointr: {}", "unknown field `pointr`"),
        ("pointer: {size: 7}", "from 8 to 256"),
        ("frame-rate: 120", "from 5 to 60"),
        ("hold: {seconds: .nan}", "from 0 to 60"),
        ("zoom: {factor: 0.5}", "from 1 to 6"),
        ("audio: {volume: 2}", "from 0 to 1"),
        ("size: 8x8", "16 to 7680"),
        ("captions: {colour: blue}", "a colour is written like"),
        ("background: {colour: ['#fff']}", "a list of two colours"),
        ("covers: hide", "expected one of `blur`, `box`, `none`"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn the_screen_is_in_the_film_as_large_as_it_is() {
    let screen = Size::new(1440, 900);
    let plain = Style::default().layout(screen);
    assert_eq!((plain.film, plain.stage), (screen, screen.to_rect()));
    let around = read("background: {colour: '#123456', padding: 50, window-title: x}").unwrap();
    let around = around.layout(screen);
    assert_eq!(around.film, Size::new(1540, 900 + 100 + 40));
    assert_eq!(around.stage, Rect::new(50, 90, 1440, 900));
}

#[test]
fn every_screen_fits_in_every_film() {
    for screen in [
        Size::new(1, 1),
        Size::new(1440, 900),
        Size::new(8192, 3),
        Size::new(333, 777),
    ] {
        for text in [
            "{}",
            "size: 16x16",
            "size: 1280x721\nbackground: {colour: '#fff', padding: 1000, window-title: a}",
        ] {
            let Layout { film, stage, .. } = read(text).unwrap().layout(screen);
            assert!(film.width % 2 == 0 && film.height % 2 == 0, "{film}");
            assert!(
                !stage.is_empty() && film.to_rect().covers(stage),
                "{screen} in {film}: {stage}"
            );
        }
    }
}
