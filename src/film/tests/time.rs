//! When what is shown, and what never is.

use super::*;

#[test]
fn words_stay_until_they_are_read() {
    let film = hasty()
        .caption(
            1.4,
            1.4,
            "A caption of an instant that has rather many words in it",
        )
        .caption(3.9, 4.0, "The last one.")
        .film();
    let captions = film.captions();
    assert_eq!(captions.len(), 3);
    for words in &captions {
        let needed = reading_time(&words.text);
        assert!(words.to - words.from >= needed - 1e-9, "{words:?}");
    }
    let end = f64::from(film.frames()) / f64::from(film.frame_rate());
    assert!(captions[2].to <= end);
}

#[test]
fn nothing_hidden_is_ever_shown() {
    let film = hasty()
        .hidden(0.2, 0.9)
        .hidden(1.2, 1.4)
        .hidden(3.0, 9.0)
        .film();
    let hidden = [(0.2, 0.9), (1.2, 1.4), (3.0, 9.0)];
    for frame in 0..film.frames() {
        let time = film.source_time(frame);
        assert!(
            !hidden.iter().any(|(from, to)| *from < time && time < *to),
            "{frame}: {time}"
        );
    }
    assert!(Recording::of(3.0).hidden(0.0, 3.0).film().frames() >= 1);
}

#[test]
fn the_recording_never_goes_back() {
    let film = hasty().hidden(1.2, 1.4).film();
    let times: Vec<f64> = (0..film.frames())
        .map(|frame| film.source_time(frame))
        .collect();
    assert!(times.is_sorted());
}

#[test]
fn what_is_drawn_while_a_place_is_covered_is_never_seen() {
    let area = Rect::new(10, 20, 300, 30);
    let recording = hasty().cover(1.01, 1.06, area).cover(2.5, 3.2, area);
    let style = Style {
        idle: Idle {
            speed_up: 50.0,
            ..Idle::default()
        },
        ..Style::default()
    };
    let film = recording.styled(&style);
    let drawn: Vec<f64> = (0..120).map(|n| f64::from(n) / 30.0).collect();
    let mut covered = 0;
    for frame in 0..film.frames() {
        let time = film.source_time(frame);
        let since = drawn.iter().rfind(|at| **at <= time).unwrap();
        let is_secret = [(1.01, 1.06), (2.5, 3.2)]
            .iter()
            .any(|(from, to)| (*from..=*to).contains(since) || (*from..=*to).contains(&time));
        let covers = film.covered(*since, time);
        assert!(!is_secret || covers.contains(&area), "{frame} shows {time}");
        covered += covers.len();
    }
    assert!(covered > 0);
    assert_eq!(film.covered(0.5, 0.6), []);
}

#[test]
fn a_pause_is_short_and_the_end_is_held() {
    let film = Recording::of(120.0)
        .click(1.0, 50, 50)
        .click(100.0, 60, 60)
        .film();
    let long = f64::from(film.frames()) / 30.0;
    assert!((6.0..12.0).contains(&long), "{long}");
    let last = film.source_time(film.frames() - 1);
    assert_eq!(last, 120.0);
    assert_eq!(film.source_time(film.frames() - 40), 120.0);
}

#[test]
fn what_is_drawn_keeps_a_part_of_the_recording_at_its_speed() {
    let recording = Recording::of(10.0);
    let drawn: Vec<source::Drawing> = (0..100)
        .map(|n| source::Drawing {
            at: f64::from(n) / 10.0,
            bytes: 9000 + u64::from(n == 0),
        })
        .chain([source::Drawing {
            at: 0.0,
            bytes: 100,
        }])
        .collect();
    let style = Style::default();
    let [still, busy] = [
        Film::plan(&recording.0, &style),
        Film::plan_drawn(&recording.0, &drawn, &style),
    ];
    assert!(
        busy.frames() > still.frames() + 150,
        "{} {}",
        busy.frames(),
        still.frames()
    );
}

#[test]
fn chapters_are_the_groups_and_cover_the_whole_film() {
    let recording = Recording::of(30.0)
        .step(4.0, 10.0, "group", None)
        .step(10.0, 20.0, "group", None)
        .step(21.0, 22.0, "group", None)
        .hidden(20.5, 23.0);
    let film = recording.film();
    let chapters = film.chapters();
    let titles: Vec<&str> = chapters.iter().map(|chapter| &*chapter.title).collect();
    assert_eq!(titles, ["Saves a file", "group 0", "group 1"]);
    assert_eq!(chapters[0].from, 0.0);
    assert!(chapters.windows(2).all(|pair| pair[0].to == pair[1].from));
    assert_eq!(chapters[2].to, film.clock().length());
    assert!(Recording::of(3.0).film().chapters().is_empty());
}

#[test]
fn a_recording_with_the_pointer_in_it_gets_no_second_one() {
    let mut recording = hasty().hidden(0.5, 0.8);
    recording.0.clean = None;
    let film = recording.film();
    assert_eq!(film.pointer_at(3), None);
    assert!(film.notes()[0].contains("pointer"), "{:?}", film.notes());
    // What is hidden is cut out of the video already.
    assert_eq!(
        [0.4, 0.5, 1.0].map(|video| film.moment(video)),
        [0.4, 0.8, 1.3]
    );
}

#[test]
fn cards_take_their_time_at_both_ends() {
    let card = |text: &str| Card {
        text: Some(text.to_owned()),
        subtitle: None,
        seconds: 2.0,
    };
    let plain = hasty().film();
    let style = Style {
        title_card: card("One"),
        end_card: card("Two"),
        ..Style::default()
    };
    let film = hasty().styled(&style);
    assert_eq!(film.frames(), plain.frames() + 120);
    assert_eq!(film.source_time(59), 0.0);
}

#[test]
fn no_timeline_is_too_strange() {
    let strange = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 0.0];
    for time in strange {
        for size in [Size::new(0, 0), Size::new(u32::MAX, 1), SCREEN] {
            let mut recording = hasty()
                .caption(time, -time, "?")
                .hidden(time, time / 2.0)
                .cover(time, time, Rect::new(i32::MIN, i32::MAX, u32::MAX, 0))
                .step(
                    time,
                    time,
                    "group",
                    Some(Zoom::Area(Rect::new(-9, i32::MAX, u32::MAX, 7))),
                )
                .keys(time, &["", "\u{0}", "x"])
                .click(time, i32::MIN, i32::MAX);
            recording.0.length = if time.is_finite() { 4.0 } else { time };
            recording.0.size = size;
            let style = Style {
                keys: Keys {
                    show: ShownKeys::All,
                    ..Keys::default()
                },
                ..Style::default()
            };
            let film = recording.styled(&style);
            assert!(film.frames() >= 1);
            for frame in (0..film.frames()).step_by(1 + film.frames() as usize / 50) {
                let view = film.camera_at(frame);
                assert!(view.width.is_finite() && film.source_time(frame).is_finite());
            }
        }
    }
}
