//! How pointer and camera move.

use super::*;
use crate::film::motion::ease::minimum_jerk;

#[test]
fn the_pointer_arrives_exactly_when_the_click_is_shown() {
    let film = hasty().film();
    let places = [
        (100.0, 100.0),
        (1200.0, 700.0),
        (640.0, 400.0),
        (642.0, 400.0),
        (60.0, 780.0),
    ];
    // The second action of each click, and the keys in between.
    let downs = [1, 4, 8, 11, 14];
    for ((x, y), action) in places.into_iter().zip(downs) {
        let frame = frame_of(&film, action);
        assert_eq!(
            film.pointer_at(frame),
            Some(Place { x, y }),
            "action {action}"
        );
        let at = [1.002, 1.022, 1.04, 1.052, 1.302, 1.502];
        let shown = film.source_time(frame);
        assert!(
            at.iter().any(|at| (shown - at).abs() < 0.04),
            "{action} at {shown}"
        );
    }
}

#[test]
fn a_click_is_not_seen_before_the_pointer_is_there() {
    let film = hasty().film();
    for (action, at) in [(1, 1.002), (4, 1.022), (8, 1.052), (14, 1.502)] {
        let frame = frame_of(&film, action);
        let before = film.source_time(frame - 1);
        assert!(before < at, "action {action}: {before}");
    }
}

#[test]
fn the_pointer_takes_at_most_half_a_second_and_is_at_rest_before() {
    let film = hasty().film();
    let time = film.pacing.actions[3].from;
    let at = |time: f64| film.track.place(time);
    assert_eq!(at(time - 0.51), Place { x: 100.0, y: 100.0 });
    assert_eq!(
        at(time),
        Place {
            x: 1200.0,
            y: 700.0
        }
    );
    assert!(far(at(time - 0.25), at(time)) > 100.0);
}

#[test]
fn the_pointer_never_stutters() {
    let film = hasty().film();
    let places: Vec<Place> = (0..film.frames())
        .filter_map(|frame| film.pointer_at(frame))
        .collect();
    let speeds: Vec<f64> = places
        .windows(2)
        .map(|pair| far(pair[0], pair[1]))
        .collect();
    let jumps: Vec<f64> = speeds
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .collect();
    let (fastest, jump) = (max(&speeds), max(&jumps));
    // This many pixels from frame to frame: the long way takes 15 frames.
    assert!(fastest < 180.0, "{fastest}: {speeds:?}");
    assert!(jump < 45.0, "{jump}: {speeds:?}");
}

fn max(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(0.0, f64::max)
}

#[test]
fn a_path_that_was_recorded_is_followed_at_its_own_speed() {
    let mut recording = Recording::of(4.0);
    recording.0.pace = Pace::Demo;
    let on_way = |n: u32| {
        let x = 640.0 + 400.0 * minimum_jerk(f64::from(n) / 50.0);
        let to = Point::new(number::rounded(x).try_into().unwrap(), 400);
        Input::Move {
            at: 1.0 + f64::from(n) * 0.016,
            to,
        }
    };
    recording.0.input = (0..=50).map(on_way).collect();
    let film = recording.film();
    for frame in 0..film.frames() {
        let part = (film.source_time(frame) - 1.0) / 0.8;
        let expected = 640.0 + 400.0 * minimum_jerk(part);
        let place = film.pointer_at(frame).unwrap();
        assert!(
            (place.x - expected).abs() < 4.0,
            "{frame}: {place:?}, not {expected}"
        );
    }
}

#[test]
fn the_camera_stays_on_the_screen_and_moves_smoothly() {
    let corners = Recording::of(30.0)
        .click(3.0, 2, 2)
        .click(8.0, 1279, 799)
        .click(14.0, 5, 790)
        .click(15.0, 60, 700)
        .click(17.0, 1200, 20);
    let film = corners.film();
    let views: Vec<View> = (0..film.frames())
        .map(|frame| film.camera_at(frame))
        .collect();
    for (frame, view) in views.iter().enumerate() {
        let (right, bottom) = (view.x + view.width, view.y + view.height);
        assert!(view.x >= 0.0 && view.y >= 0.0, "{frame}: {view:?}");
        assert!(
            right <= 1280.0 + 1e-6 && bottom <= 800.0 + 1e-6,
            "{frame}: {view:?}"
        );
        assert!(
            (view.width / view.height - 1.6).abs() < 1e-9,
            "{frame}: {view:?}"
        );
    }
    let nearest = views.iter().map(|view| view.width).fold(f64::MAX, f64::min);
    assert_eq!(nearest, 800.0);
    let steps: Vec<f64> = views
        .windows(2)
        .map(|pair| (pair[1].x - pair[0].x).abs())
        .collect();
    let jumps: Vec<f64> = steps
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .collect();
    assert!(max(&jumps) < 16.0, "{jumps:?}");
    assert_eq!(views.first(), views.last());
}

#[test]
fn the_camera_is_there_when_something_is_done() {
    let film = Recording::of(20.0)
        .click(5.0, 100, 100)
        .click(6.0, 200, 150)
        .film();
    for action in [1, 4] {
        let view = film.camera_at(frame_of(&film, action));
        assert_eq!((view.width, view.x, view.y), (800.0, 0.0, 0.0), "{action}");
    }
}

#[test]
fn a_scenario_says_what_is_seen() {
    let area = Rect::new(600, 300, 320, 100);
    let recording = Recording::of(20.0)
        .step(3.0, 5.0, "click", Some(Zoom::Area(area)))
        .step(10.0, 12.0, "click", Some(Zoom::Off))
        .click(4.0, 10, 10)
        .click(11.0, 10, 10);
    let film = recording.film();
    let at = |time: f64| film.camera.view(film.film_time(time));
    let near = at(4.5);
    assert_eq!(
        (near.x, near.y, near.width, near.height),
        (600.0, 250.0, 320.0, 200.0)
    );
    assert_eq!(at(11.0).width, 1280.0);

    let off = Style {
        zoom: ZoomStyle {
            auto: AutoZoom::Off,
            ..ZoomStyle::default()
        },
        ..Style::default()
    };
    let calm = Recording::of(20.0).click(4.0, 10, 10).styled(&off);
    assert!((0..calm.frames()).all(|frame| calm.camera_at(frame).width == 1280.0));
}
