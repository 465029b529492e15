//! Recordings: where each step is in them, what is kept out, and how they end.

use super::*;
use crate::event::Moment;

impl Played {
    /// Where in a recording the step of this title began.
    fn moment(&self, wanted: &str) -> Option<&Moment> {
        let mut moments = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepStarted { title, moment, .. } if title == wanted => Some(moment),
            _ => None,
        });
        moments.next_back().expect("there is such a step").as_ref()
    }

    /// The recordings that were saved, with their lengths in seconds.
    fn recordings(&self) -> Vec<(&str, u64)> {
        let saved = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::RecordingSaved { name, span, .. } => Some((name.as_str(), span.as_secs())),
            _ => None,
        });
        saved.collect()
    }
}

#[tokio::test(start_paused = true)]
async fn each_step_knows_its_moment_in_the_recording() {
    let steps = "  - press: a\n  - record: demo\n  - wait: 2s\n  - press: b\n  - record: stop\n  - \
                 press: c\n";
    let played = Play::steps(steps).played().await;
    let moment = played.moment("press b").expect("it is recorded");
    assert_eq!((moment.recording.as_str(), moment.seconds), ("demo", 2.0));
    assert_eq!(played.moment("press a"), None);
    assert_eq!(played.moment("press c"), None);
    assert_eq!(played.recordings(), [("demo", 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_tells_where_to_look_in_the_video() {
    let steps = "  - record: demo\n  - wait: 2s\n  - assert: { window: Nowhere }\n";
    let played = Play::steps(steps).played().await;
    let moment = played.failure().moment.as_ref().expect("it is recorded");
    assert_eq!((moment.recording.as_str(), moment.seconds), ("demo", 2.0));
}

#[tokio::test(start_paused = true)]
async fn a_hidden_step_takes_no_time_of_the_video() {
    let steps = "  - record: demo\n  - wait: 1s\n  - wait: 5s\n    hidden: true\n  - press: b\n  - \
                 record: stop\n";
    let played = Play::steps(steps).played().await;
    assert!(played.moment("press b").expect("recorded").seconds <= 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_video_whose_hidden_steps_cannot_be_cut_out_is_not_kept_and_an_error() {
    // The video of a desktop in memory is no video, so nothing can cut it.
    let hidden = "  - record: demo\n  - wait: 1s\n    hidden: true\n";
    for steps in [hidden.to_owned(), format!("{hidden}  - record: stop\n")] {
        let played = Play::steps(&steps).played().await;
        assert!(matches!(played.outcome(), Outcome::Error(_)), "{steps}");
        let wanted = "the video `demo` was not kept, because its hidden steps";
        assert!(played.message().starts_with(wanted), "{}", played.message());
        assert!(played.artifacts(ArtifactKind::Video).is_empty());
        let video = played.folder.path().join("artifacts/play/demo.mp4");
        assert!(!video.exists());
    }
}

#[tokio::test(start_paused = true)]
async fn a_recording_ends_with_its_scenario() {
    let text = "steps:\n  - record: demo\n  - wait: 1s\nteardown:\n  - wait: 2s\n";
    let played = Play::text(text).played().await;
    assert_eq!(played.recordings(), [("demo", 3)]);
    let video = &played.artifacts(ArtifactKind::Video)[0];
    assert!(std::fs::metadata(video).unwrap().len() > 0);
}

#[tokio::test(start_paused = true)]
async fn a_recording_is_saved_before_the_screen_gets_another_size() {
    let steps = "  - record: demo\n  - resize: 640x480\n  - press: a\n  - resize: 800x600\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        [
            "start recording",
            "resize 640x480",
            "press a",
            "stop recording",
            "resize 800x600",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_recording_is_saved_before_its_x_server_is_started_anew() {
    let steps = "  - record: demo\n  - restart: x11vnc\n  - restart: xvfb\n";
    let played = Play::steps(steps).played().await;
    assert_eq!(
        played.actions(),
        [
            "start recording",
            "restart x11vnc",
            "stop recording",
            "restart xvfb",
        ]
    );
}
