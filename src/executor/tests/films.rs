//! What a film is made of: the timeline of a recording, and a scenario that is played for
//! an audience.

use super::*;
use crate::timeline::{CaptionPosition, Covered, Input, Pace, Timeline, Zoom};

impl Played {
    /// The timeline of its recording.
    fn timeline(&self) -> Timeline {
        let path = self.folder.path().join("artifacts/play/demo.timeline.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }
}

fn demo(steps: &str) -> Play {
    Play::text(&format!("pace: demo\nsteps:\n{steps}"))
}

/// What pointer and keyboard did, in words.
fn did(timeline: &Timeline) -> Vec<String> {
    let line = |input: &Input| match input {
        Input::Move { to, .. } => format!("move {to}"),
        Input::Down { button, .. } => format!("{button} down"),
        Input::Up { button, .. } => format!("{button} up"),
        Input::Wheel {
            direction, notches, ..
        } => format!("wheel {direction} {notches}"),
        Input::Keys { keys, .. } => format!("keys {}", keys.join("+")),
        Input::Text { text, .. } => format!("text {text}"),
    };
    timeline.input.iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn a_timeline_tells_what_pointer_and_keyboard_did_while_it_was_recorded() {
    let steps = "  - press: x\n  - record: demo\n  - click: [10, 20]\n  - type: Hello\n  - hotkey: \
                 ctrl+s\n  - scroll: { direction: down, amount: 2 }\n  - drag: { from: [1, 2], to: \
                 [3, 4] }\n  - hold: shift\n    steps:\n      - wait: 2s\n  - record: stop\n  - \
                 press: y\n";
    let timeline = Play::steps(steps).played().await.timeline();
    assert_eq!(
        did(&timeline)[1..],
        [
            "move 10,20",
            "left down",
            "left up",
            "text Hello",
            "keys ctrl+s",
            "wheel down 2",
            "move 1,2",
            "left down",
            "move 3,4",
            "left up",
            "keys shift",
        ]
    );
    let Some(Input::Keys { at, until, .. }) = timeline.input.last() else {
        panic!("{timeline:?}");
    };
    assert!((until - at - 2.0).abs() < 0.01, "{at} to {until}");
    let verbs: Vec<_> = timeline.steps.iter().map(|step| &*step.verb).collect();
    assert_eq!(
        verbs,
        ["click", "type", "hotkey", "scroll", "drag", "hold", "wait"]
    );
    assert_eq!(timeline.steps[6].parent, Some(timeline.steps[5].step));
    assert_eq!((timeline.pace, timeline.seed), (Pace::Test, None));
}

#[tokio::test(start_paused = true)]
async fn secrets_are_in_no_timeline() {
    let text = "secrets: [TOKEN]\nsteps:\n  - record: demo\n  - press: a\n  - type: \"key \
                ${secrets.TOKEN}\"\n  - caption: \"It is ${secrets.TOKEN}\"\n";
    let play = Play::text(text).secret("TOKEN", "k3ep-it");
    let timeline = play.played().await.timeline();
    assert_eq!(did(&timeline)[1..], ["keys a", "text key ***"]);
    assert_eq!(timeline.captions[0].text, "It is ***");
    let told = serde_json::to_string(&timeline).unwrap();
    assert!(!told.contains("k3ep"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn the_place_of_a_secret_is_covered_from_its_first_key_on() {
    let text = "secrets: [TOKEN]\nsteps:\n  - record: demo\n  - wait: 1s\n  - type: \
                \"${secrets.TOKEN}\"\n  - wait: 1s\n";
    let play = Play::text(text).secret("TOKEN", "k3ep-it");
    let timeline = play.played().await.timeline();
    let [cover] = &timeline.covers[..] else {
        panic!("{:?}", timeline.covers);
    };
    assert_eq!(cover.why, Covered::Secret);
    assert!((0.9..1.1).contains(&cover.span.from), "{cover:?}");
    assert!((cover.span.to - timeline.length).abs() < 0.01, "{cover:?}");
}

#[tokio::test(start_paused = true)]
async fn captions_and_zooms_are_in_the_timeline() {
    let text = "regions: { form: { x: 10, y: 20, width: 300, height: 200 } }\nsteps:\n  - record: \
                demo\n  - caption: { text: First, position: top }\n  - wait: 1s\n  - wait: 1s\n    \
                caption: Beside a step\n    zoom: form\n  - wait: 1s\n    zoom: off\n  - caption: \
                { text: Last, for: 500ms }\n  - wait: 2s\n";
    let timeline = Play::text(text).played().await.timeline();
    let captions = timeline.captions.iter().map(|caption| {
        let seconds = |time: f64| (time * 10.0).round() / 10.0;
        let (from, to) = (seconds(caption.span.from), seconds(caption.span.to));
        (&*caption.text, caption.position, from, to)
    });
    let bottom = CaptionPosition::Bottom;
    assert_eq!(
        captions.collect::<Vec<_>>(),
        [
            ("First", CaptionPosition::Top, 0.0, 1.0),
            ("Beside a step", bottom, 1.0, 2.0),
            ("Last", bottom, 3.0, 3.5),
        ]
    );
    let zooms: Vec<_> = timeline.steps.iter().map(|step| step.zoom).collect();
    let form = Rect::new(10, 20, 300, 200);
    assert_eq!(zooms[2], Some(Zoom::Area(form)));
    assert_eq!(zooms[3], Some(Zoom::Off));
}

#[tokio::test(start_paused = true)]
async fn a_caption_that_no_recording_shows_is_noted() {
    let played = Play::steps("  - caption: Hello\n").played().await;
    assert_eq!(
        played.notes(),
        ["no recording is running, so no film will show the caption"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_comparisons_mask_is_covered() {
    let text = "regions: { clock: { x: 5, y: 6, width: 70, height: 8 } }\nsteps:\n  - record: \
                demo\n  - screenshot-assert: { baseline: all, mask: [clock] }\n    soft: true\n";
    let timeline = Play::text(text).played().await.timeline();
    assert_eq!(timeline.covers.len(), 1);
    assert_eq!(timeline.covers[0].area, Rect::new(5, 6, 70, 8));
    assert_eq!(timeline.covers[0].why, Covered::Mask);
}

#[tokio::test(start_paused = true)]
async fn for_an_audience_the_pointer_goes_its_way_and_keys_take_their_time() {
    let steps = "  - record: demo\n  - click: [400, 300]\n  - type: Hello\n";
    let played = demo(steps).played().await;
    let timeline = played.timeline();
    let actions = played.actions();
    let moves = actions.iter().filter(|action| action.starts_with("move"));
    assert!(moves.count() > 10, "{actions:?}");
    let typed = actions.iter().filter(|action| action.starts_with("type"));
    assert_eq!(typed.count(), 5, "{actions:?}");
    assert_eq!((timeline.pace, timeline.seed.is_some()), (Pace::Demo, true));
    let text = timeline.input.iter().find_map(|input| match input {
        Input::Text { at, until, text } => Some((until - at, &**text)),
        _ => None,
    });
    let (took, text) = text.unwrap();
    assert_eq!(text, "Hello");
    assert!((0.2..0.8).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_demo_is_played_in_the_same_way_every_time() {
    let steps = "  - record: demo\n  - click: [400, 300]\n  - type: Hello\n  - click: [20, 20]\n";
    let mut all = Vec::new();
    for _ in 0..2 {
        let played = demo(steps).played().await;
        let times = played.timeline().input.into_iter();
        // In paused time the clock is as exact as its millisecond.
        all.push(
            times
                .map(|input| format!("{input:.0?}"))
                .collect::<Vec<_>>(),
        );
        all.push(played.actions().iter().map(ToString::to_string).collect());
    }
    assert_eq!(all[..2], all[2..]);
}

#[tokio::test(start_paused = true)]
async fn the_command_line_decides_for_whom_it_is_played() {
    let mut play = demo("  - record: demo\n  - click: [400, 300]\n");
    play.settings.pace = Some(Pace::Test);
    let played = play.played().await;
    assert_eq!(played.timeline().pace, Pace::Test);
    assert_eq!(
        played.actions(),
        ["start recording", "click 400,300 left", "stop recording"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_audience_can_read_every_caption() {
    let long = "These are so many words that nobody can read them in a second";
    let steps = format!("  - record: demo\n  - caption: {long}\n  - caption: Next\n");
    let timeline = demo(&steps).played().await.timeline();
    let span = timeline.captions[0].span;
    assert!(span.to - span.from > 4.0, "{span:?}");
    let last = timeline.captions[1].span;
    assert!(last.to - last.from > 1.0, "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn what_an_audience_needs_takes_no_time_of_a_step() {
    let long = "a".repeat(200);
    let steps = format!("  - record: demo\n  - type: {long}\n    timeout: 1s\n");
    let played = demo(&steps).played().await;
    assert_eq!(played.steps(), ["passed", "passed"]);
}
