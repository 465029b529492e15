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
    // The video of a desktop in memory is not a video, so nothing can cut it.
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

/// The head of a video that is so long.
fn video(millis: u32) -> Vec<u8> {
    let mut file = b"\0\0\0\x08ftyp\0\0\0\x24moov\0\0\0\x1cmvhd".to_vec();
    let head = [0, 0, 0, 1000, millis];
    file.extend(head.iter().flat_map(|number: &u32| number.to_be_bytes()));
    file
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_recording_is_that_of_its_video() {
    let steps = "  - record: demo\n  - wait: 10s\n";
    let play = |millis| {
        Play::steps(steps)
            .on(|d| d.recording(&video(millis)))
            .played()
    };
    let played = play(9500).await;
    assert_eq!(played.recordings(), [("demo", 9)]);
    // Late by a second and a tenth: that can be a busy machine.
    let late = play(8000).await;
    assert_eq!(late.outcome(), &Outcome::Passed);
    let short = play(7900).await;
    assert_eq!(
        short.trouble().message,
        "the recording `demo` broke: the desktop stopped recording after 7.9 s of 10.0 s; the part that was saved is play/demo.mp4"
    );
    assert_eq!(short.recordings(), [("demo", 7)]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_recording_is_an_error_that_says_what_was_saved() {
    let play = |steps: &str, millis| {
        let breaks = |d: MemoryDesktop| {
            d.recording(&video(millis))
                .breaking("ffmpeg was killed by signal 9")
        };
        Play::steps(&format!("  - record: demo\n  - wait: 5s\n{steps}")).on(breaks)
    };
    for steps in ["", "  - record: stop\n", "  - resize: 800x600\n"] {
        let played = play(steps, 1200).played().await;
        assert_eq!(
            played.trouble().message,
            "the recording `demo` broke: ffmpeg was killed by signal 9 after 1.2 s of 5.0 s; the part that was saved is play/demo.mp4"
        );
        assert_eq!(played.recordings(), [("demo", 1)]);
    }
    let played = play("", 0).played().await;
    assert_eq!(
        played.trouble().message,
        "the recording `demo` broke: ffmpeg was killed by signal 9 within 5.0 s; nothing was saved"
    );
    assert!(played.artifacts(ArtifactKind::Video).is_empty());
    let failed = play("  - assert: { window: Nowhere }\n", 0).played().await;
    let detail = failed.trouble().detail.clone().unwrap();
    assert!(
        detail.contains("before it, the scenario failed: "),
        "{detail}"
    );
}
