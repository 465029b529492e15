//! Films of recordings in memory.

use std::{fs, path::Path, vec};

use image::{Rgb, RgbImage};

use super::*;
use crate::{
    film::{
        Style, View,
        style::{Background, Card, CoverLook, Ground},
    },
    geometry::{Point, Rect, Size},
    timeline::{Caption, Clean, Cover, Covered, Input, Span, Step, Timeline, Zoom},
};

const SCREEN: Size = Size::new(320, 200);

/// Frames in memory; after the last one it breaks, if it is to.
struct Memory {
    frames: vec::IntoIter<Drawn>,
    breaks: bool,
}

impl Source for Memory {
    fn next_frame(&mut self) -> Result<Option<Drawn>, SourceError> {
        let next = self.frames.next();
        if next.is_none() && self.breaks {
            return Err(SourceError::Missing("ffmpeg"));
        }
        Ok(next)
    }
}

/// A desktop with a window in which a line grows, one picture every 0.2 s.
fn recorded() -> Memory {
    let picture = |n: u32| {
        RgbImage::from_fn(SCREEN.width, SCREEN.height, |x, y| {
            let is_window = (60..260).contains(&x) && (40..160).contains(&y);
            let is_line = (70..74 + n * 6).contains(&x) && (60..72).contains(&y);
            let byte = |n: u32| n.to_le_bytes()[0];
            match (is_line, is_window) {
                (true, _) => Rgb([20, 30, 40]),
                (_, true) => Rgb([240, 240, byte(230 + x % 8)]),
                _ => Rgb([byte(40 + x / 4), byte(90 + y / 4), 140]),
            }
        })
    };
    let frames = (0..25).map(|n| Drawn {
        at: f64::from(n) * 0.2,
        frame: picture(n).into(),
    });
    let frames: Vec<Drawn> = frames.collect();
    Memory {
        frames: frames.into_iter(),
        breaks: false,
    }
}

fn timeline() -> Timeline {
    let button = || "left".to_owned();
    let span = |from, to| Span { from, to };
    Timeline {
        size: SCREEN,
        length: 5.0,
        scenario: "Reference".to_owned(),
        clean: Some(Clean::default()),
        steps: vec![Step {
            verb: "group".to_owned(),
            title: "Type".to_owned(),
            span: span(0.5, 4.0),
            ..Step::default()
        }],
        input: vec![
            Input::Move {
                at: 1.0,
                to: Point::new(100, 66),
            },
            Input::Down {
                at: 1.0,
                button: button(),
            },
            Input::Up {
                at: 1.01,
                button: button(),
            },
            Input::Keys {
                at: 1.02,
                until: 1.03,
                keys: vec!["ctrl".to_owned(), "s".to_owned()],
            },
        ],
        captions: vec![Caption {
            span: span(1.0, 2.0),
            text: "Saved".to_owned(),
            ..Caption::default()
        }],
        covers: vec![Cover {
            span: span(3.0, 3.5),
            area: Rect::new(64, 54, 120, 24),
            why: Covered::Secret,
        }],
        ..Timeline::default()
    }
}

fn rich() -> Style {
    let colour = |text: &str| text.parse().unwrap();
    Style {
        background: Background {
            colour: Some(Ground {
                from: colour("#5b7cfa"),
                to: colour("#b05bd8"),
            }),
            padding: 24,
            window_title: Some("Reference".to_owned()),
            ..Background::default()
        },
        title_card: Card {
            text: Some("Hello".to_owned()),
            subtitle: Some("a film".to_owned()),
            seconds: 1.0,
        },
        ..Style::default()
    }
}

/// All frames of a film; `None` where one is the same as before.
fn played(film: &Film) -> Vec<Option<Frame>> {
    let mut shots = Vec::new();
    play(film, recorded(), |shot| {
        shots.push(match shot {
            Shot::New(frame) => Some(frame),
            Shot::Same => None,
        });
        Ok::<(), String>(())
    })
    .unwrap();
    shots
}

/// By Fowler, Noll and Vo.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// The hashes of every tenth frame, a line for each: the style, the frame, the hash.
const KEPT: &str = "tests/films/reference.txt";

#[test]
fn two_renderings_compose_the_same_frames_which_are_those_that_are_kept() {
    let mut found = String::new();
    for (name, style) in [("plain", Style::default()), ("rich", rich())] {
        let film = Film::plan(&timeline(), &style);
        let [one, other] = [played(&film), played(&film)];
        assert!(one == other);
        assert_eq!(one.len(), film.frames() as usize);
        for (index, frame) in one.iter().enumerate().step_by(10) {
            let line = match frame {
                Some(frame) => format!("{name} {index} {:016x}\n", hash(frame.bytes())),
                None => format!("{name} {index} same\n"),
            };
            found.push_str(&line);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(KEPT);
    let kept = fs::read_to_string(file).unwrap();
    assert_eq!(
        found, kept,
        "if films are to look otherwise, {KEPT} becomes:\n{found}"
    );
}

#[test]
fn a_frame_in_which_nothing_changed_is_told_as_such() {
    let film = Film::plan(&timeline(), &Style::default());
    let shots = played(&film);
    assert!(shots[0].is_some());
    let same = shots.iter().filter(|shot| shot.is_none()).count();
    assert!(same > 30, "{same} of {}", shots.len());
    let new: Vec<&Frame> = shots.iter().flatten().collect();
    let equal = new.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(equal < 6, "{equal} of {} were drawn for nothing", new.len());
}

#[test]
fn stills_are_the_frames_of_the_film() {
    let film = Film::plan(&timeline(), &rich());
    let mut all: Vec<Frame> = Vec::new();
    for shot in played(&film) {
        all.push(shot.unwrap_or_else(|| all.last().unwrap().clone()));
    }
    let wanted = [0, 45, 46, film.frames() - 1];
    let mut some = Vec::new();
    stills(&film, recorded(), &wanted, |shot| {
        if let Shot::New(frame) = shot {
            some.push(frame);
        }
        Ok::<(), String>(())
    })
    .unwrap();
    let expected: Vec<Frame> = wanted
        .iter()
        .map(|frame| all[*frame as usize].clone())
        .collect();
    assert!(some == expected);
}

#[test]
fn a_covered_place_is_covered_in_every_frame_also_when_it_is_near() {
    let mut timeline = timeline();
    timeline.covers[0].span = Span { from: 0.0, to: 5.0 };
    timeline.covers[0].area = Rect::new(64, 54, 190, 24);
    timeline.steps[0].zoom = Some(Zoom::Area(Rect::new(60, 40, 100, 62)));
    let line = Rgb([20, 30, 40]);
    let seen = |look| {
        let style = Style {
            covers: look,
            chapters: crate::film::Chapters {
                titles: false,
                seconds: 1.0,
            },
            ..Style::default()
        };
        let film = Film::plan(&timeline, &style);
        let shots = played(&film);
        let views: Vec<View> = (0..film.frames())
            .map(|frame| film.camera_at(frame))
            .collect();
        assert!(views.iter().any(|view| view.width < 110.0));
        let frames = shots.into_iter().flatten();
        // Pixels of exactly this colour are nowhere but in the line.
        frames
            .map(|frame| {
                frame
                    .image()
                    .pixels()
                    .filter(|pixel| **pixel == line)
                    .count()
            })
            .sum::<usize>()
    };
    assert!(seen(CoverLook::None) > 10_000);
    assert_eq!(seen(CoverLook::Blur), 0);
    assert_eq!(seen(CoverLook::Box), 0);
}

#[test]
fn a_recording_that_breaks_off_and_a_sink_that_gives_up_end_it() {
    let film = Film::plan(&timeline(), &Style::default());
    let broken = Memory {
        breaks: true,
        ..recorded()
    };
    let result = play(&film, broken, |_| Ok::<(), String>(()));
    assert!(
        matches!(result, Err(PlayError::Source(SourceError::Missing(_)))),
        "{result:?}"
    );
    let mut taken = 0;
    let result = play(&film, recorded(), |_| {
        taken += 1;
        if taken == 5 {
            Err("the disk is full".to_owned())
        } else {
            Ok(())
        }
    });
    assert_eq!(result.unwrap_err().to_string(), "the disk is full");
    assert_eq!(taken, 5);
}

#[test]
fn a_recording_without_frames_is_black_and_no_mistake() {
    let film = Film::plan(&timeline(), &Style::default());
    let nothing = Memory {
        frames: Vec::new().into_iter(),
        breaks: false,
    };
    let mut count = 0;
    play(&film, nothing, |_| {
        count += 1;
        Ok::<(), String>(())
    })
    .unwrap();
    assert_eq!(count, film.frames());
}
