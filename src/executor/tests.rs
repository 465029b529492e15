//! Scenarios played on a desktop in memory, in paused time: a wait of ten
//! seconds takes none.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{Settings, UpdateBaselines, run};
use crate::{
    desktop::{
        Desktop, Host, HostError, MemoryDesktop, Session, Wanted,
        wire::{Extensions, ImageFormat},
    },
    event::{ArtifactKind, Event, EventKind, EventSink, Outcome},
    geometry::{Rect, Size},
    plan,
    scenario::Source,
    vision::Frame,
};

const SIZE: Size = Size::new(640, 480);
const WHITE: [u8; 3] = [255; 3];

/// What was told.
#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl EventSink for Heard {
    fn emit(&self, event: &Event) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event.clone());
    }
}

/// Gives one prepared desktop, or none.
struct OneDesktop(Mutex<Option<MemoryDesktop>>);

struct Lent(MemoryDesktop);

#[async_trait]
impl Host for OneDesktop {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    async fn open(&self, _wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        let desktop = self.0.lock().unwrap().take();
        let message = "no desktop is left".to_owned();
        desktop
            .map(|desktop| Box::new(Lent(desktop)) as Box<dyn Session>)
            .ok_or(HostError {
                message,
                detail: None,
                help: None,
            })
    }
}

#[async_trait]
impl Session for Lent {
    fn desktop(&self) -> &dyn Desktop {
        &self.0
    }

    async fn close(self: Box<Self>) {}
}

/// A scenario on a desktop, in a folder of its own.
struct Play {
    folder: TempDir,
    steps: String,
    desktop: MemoryDesktop,
    update: UpdateBaselines,
    stop_after: Option<Duration>,
}

/// What came of it.
struct Played {
    folder: TempDir,
    events: Vec<Event>,
}

impl Play {
    fn steps(steps: &str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            steps: steps.to_owned(),
            desktop: MemoryDesktop::new(SIZE),
            update: UpdateBaselines::None,
            stop_after: None,
        }
    }

    fn on(mut self, change: impl FnOnce(MemoryDesktop) -> MemoryDesktop) -> Self {
        self.desktop = change(self.desktop);
        self
    }

    fn updating(mut self, update: UpdateBaselines) -> Self {
        self.update = update;
        self
    }

    fn stopped_after(mut self, time: Duration) -> Self {
        self.stop_after = Some(time);
        self
    }

    fn baseline(self, name: &str, frame: &Frame) -> Self {
        let folder = self.folder.path().join("baselines/play");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), frame.encode_png()).unwrap();
        self
    }

    async fn played(self) -> Played {
        let file = self.folder.path().join("play.yaml");
        let text = format!(
            "version: 1\nname: A play\ndesktop: {{ size: 640x480 }}\n{}",
            self.steps
        );
        let source = Source::new(file.to_str().unwrap(), text.as_bytes());
        let plans = plan::read([source])
            .unwrap_or_else(|problems| panic!("{problems:?}"))
            .plans;
        let settings = Settings {
            update_baselines: self.update,
            artifacts: self.folder.path().join("artifacts"),
        };
        let (heard, stop) = (Heard::default(), CancellationToken::new());
        if let Some(time) = self.stop_after {
            let stop = stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(time).await;
                stop.cancel();
            });
        }
        let host = OneDesktop(Mutex::new(Some(self.desktop)));
        run(&plans, &host, &settings, &heard, &stop).await;
        Played {
            folder: self.folder,
            events: heard.0.into_inner().unwrap(),
        }
    }
}

impl Played {
    fn outcome(&self) -> &Outcome {
        let ended = self.events.iter().find_map(|event| match &event.kind {
            EventKind::ScenarioFinished { outcome, .. } => Some(outcome),
            _ => None,
        });
        ended.expect("the scenario ended")
    }

    fn message(&self) -> &str {
        match self.outcome() {
            Outcome::Failed(failure) => &failure.message,
            Outcome::Error(trouble) => &trouble.message,
            other => other.word(),
        }
    }

    /// The outcomes of the steps, in a word each.
    fn steps(&self) -> Vec<&str> {
        let words = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepFinished { outcome, .. } => Some(outcome.word()),
            _ => None,
        });
        words.collect()
    }

    fn artifacts(&self, wanted: ArtifactKind) -> Vec<PathBuf> {
        let kept = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::StepFinished { artifacts, .. } => Some(artifacts.clone()),
            EventKind::RecordingSaved { artifact, .. } => Some(vec![artifact.clone()]),
            _ => None,
        });
        let root = self.folder.path().join("artifacts");
        let of_kind = kept.flatten().filter(|artifact| artifact.kind == wanted);
        of_kind.map(|artifact| root.join(artifact.path)).collect()
    }
}

/// What the desktop in memory shows in the region that the tests look at.
async fn screen(desktop: &MemoryDesktop) -> Frame {
    Frame::decode_png(
        &desktop
            .screenshot(Some(REGION), ImageFormat::Png)
            .await
            .unwrap(),
    )
    .unwrap()
}

const REGION: Rect = Rect::new(100, 100, 50, 40);

const ASSERT: &str = "\
steps:
  - screenshot-assert: { baseline: seen, region: { x: 100, y: 100, width: 50, height: 40 } }
";

#[tokio::test(start_paused = true)]
async fn an_assert_waits_for_its_match_until_its_timeout() {
    let white = Frame::filled(REGION.size(), WHITE);
    let late =
        |desktop: MemoryDesktop| desktop.painted_after(Duration::from_secs(9), REGION, WHITE);
    let played = Play::steps(ASSERT)
        .baseline("seen", &white)
        .on(late)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);

    let too_late = |d: MemoryDesktop| d.painted_after(Duration::from_secs(11), REGION, WHITE);
    let played = Play::steps(ASSERT)
        .baseline("seen", &white)
        .on(too_late)
        .played()
        .await;
    assert_eq!(
        played.message(),
        "the screen differs from the baseline `seen`"
    );
}

#[tokio::test(start_paused = true)]
async fn an_assert_passes_on_a_moving_screen_as_soon_as_it_matches() {
    let flicker = |mut desktop: MemoryDesktop| {
        for tick in 0..200_u8 {
            let time = Duration::from_millis(40 * u64::from(tick));
            let colour = if tick == 50 { WHITE } else { [tick, 0, 0] };
            desktop = desktop.painted_after(time, REGION, colour);
        }
        desktop
    };
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::steps(ASSERT)
        .baseline("seen", &white)
        .on(flicker)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_assert_leaves_its_pictures_and_says_both_figures() {
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::steps(ASSERT).baseline("seen", &white).played().await;
    let Outcome::Failed(failure) = played.outcome() else {
        panic!("{:?}", played.outcome())
    };
    assert!(
        failure
            .seen
            .starts_with("2000 differing pixels, 2000 in the largest cluster (50x40 at 100,100)"),
        "{}",
        failure.seen
    );
    assert_eq!((failure.place.line, failure.place.column), (5, 5));
    for kind in [
        ArtifactKind::Comparison,
        ArtifactKind::Expected,
        ArtifactKind::Actual,
        ArtifactKind::Diff,
        ArtifactKind::Screenshot,
    ] {
        let [path] = &played.artifacts(kind)[..] else {
            panic!("one {kind:?}")
        };
        Frame::decode_png(&std::fs::read(path).unwrap()).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_mask_is_placed_on_the_screen_not_on_the_region() {
    let steps = "\
steps:
  - screenshot-assert:
      baseline: seen
      region: { x: 100, y: 100, width: 50, height: 40 }
      mask: [{ x: 100, y: 100, width: 50, height: 10 }]
";
    let part = Rect::new(100, 100, 50, 10);
    let black = |desktop: MemoryDesktop| {
        desktop
            .painted_after(Duration::ZERO, REGION, WHITE)
            .painted_after(Duration::ZERO, part, [0; 3])
    };
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::steps(steps)
        .baseline("seen", &white)
        .on(black)
        .played()
        .await;
    assert_eq!(played.steps(), ["passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_missing_baseline_is_written_once_the_screen_is_still_and_never_passes() {
    let paint =
        |desktop: MemoryDesktop| desktop.painted_after(Duration::from_millis(300), REGION, WHITE);
    let play = Play::steps(&format!("{ASSERT}  - type: goes on\n")).on(paint);
    let played = play.updating(UpdateBaselines::Missing).played().await;
    assert_eq!(played.steps(), ["failed", "passed"]);
    assert_eq!(
        played.message(),
        "the baseline `seen` did not exist and was written"
    );
    let written = std::fs::read(played.folder.path().join("baselines/play/seen.png")).unwrap();
    assert_eq!(
        Frame::decode_png(&written).unwrap(),
        Frame::filled(REGION.size(), WHITE)
    );
}

#[tokio::test(start_paused = true)]
async fn without_leave_a_missing_baseline_is_a_failure_and_nothing_is_written() {
    let played = Play::steps(ASSERT).played().await;
    assert_eq!(played.message(), "there is no baseline `seen`");
    assert!(!played.folder.path().join("baselines").exists());
}

#[tokio::test(start_paused = true)]
async fn a_baseline_that_changed_is_written_anew_when_asked() {
    let old = Frame::filled(REGION.size(), [9; 3]);
    let play = Play::steps(ASSERT)
        .baseline("seen", &old)
        .updating(UpdateBaselines::Changed);
    let now = screen(&play.desktop).await;
    let played = play.played().await;
    assert_eq!(played.steps(), ["failed"]);
    let written = std::fs::read(played.folder.path().join("baselines/play/seen.png")).unwrap();
    assert_eq!(Frame::decode_png(&written).unwrap(), now);
}

#[tokio::test(start_paused = true)]
async fn a_baseline_that_is_no_picture_is_an_error() {
    let play = Play::steps(ASSERT);
    let folder = play.folder.path().join("baselines/play");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("seen.png"), "no picture").unwrap();
    let played = play.played().await;
    assert_eq!(played.steps(), ["error"]);
    assert!(
        played.message().contains("seen.png is no PNG"),
        "{}",
        played.message()
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_setup_skips_the_steps_and_the_teardown_is_played() {
    let steps =
        "setup:\n  - launch: nowhere\nsteps:\n  - type: never\nteardown:\n  - press: Escape\n";
    let played = Play::steps(steps)
        .on(|d| d.without_program("nowhere"))
        .played()
        .await;
    assert_eq!(played.steps(), ["error", "skipped", "passed"]);
    assert_eq!(
        played.message(),
        "there is no program `nowhere` on the desktop's machine"
    );
}

#[tokio::test(start_paused = true)]
async fn a_soft_failure_goes_on_and_still_fails_the_scenario() {
    let steps = format!("{ASSERT}    soft: true\n    timeout: 1s\n  - type: goes on\n");
    let white = Frame::filled(REGION.size(), WHITE);
    let played = Play::steps(&steps).baseline("seen", &white).played().await;
    assert_eq!(played.steps(), ["failed", "passed"]);
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_is_an_error_by_its_name() {
    let white = Frame::filled(REGION.size(), WHITE);
    let dies = |desktop: MemoryDesktop| desktop.without_after(Duration::from_secs(1), "x11vnc");
    let played = Play::steps(ASSERT)
        .baseline("seen", &white)
        .on(dies)
        .played()
        .await;
    assert_eq!(
        played.message(),
        "the desktop's process `x11vnc` ended while the scenario played"
    );
    let Outcome::Error(trouble) = played.outcome() else {
        panic!("an error")
    };
    assert!(
        trouble
            .detail
            .as_ref()
            .unwrap()
            .contains("the last words of x11vnc")
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_breaks_because_the_x_server_died_is_explained_by_that() {
    let steps = "steps:\n  - wait-ready\n  - press: { key: a, times: 100 }\n  - wait-ready\n";
    let dies = |desktop: MemoryDesktop| desktop.without_after(Duration::from_millis(200), "xvfb");
    let played = Play::steps(steps).on(dies).played().await;
    assert_eq!(
        played.message(),
        "the desktop's process `xvfb` ended while the scenario played"
    );
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_ends_the_step_and_plays_the_teardown_and_keeps_the_recording() {
    let white = Frame::filled(REGION.size(), WHITE);
    let steps = format!(
        "{}teardown:\n  - press: Escape\n",
        ASSERT.replace("steps:\n", "steps:\n  - record: demo\n")
    );
    let play = Play::steps(&steps)
        .baseline("seen", &white)
        .stopped_after(Duration::from_secs(2));
    let played = play.played().await;
    assert_eq!(played.steps(), ["passed", "interrupted", "passed"]);
    assert!(matches!(played.outcome(), Outcome::Interrupted));
    assert!(played.artifacts(ArtifactKind::Video)[0].ends_with("artifacts/play/demo.mp4"));
    let Some(EventKind::RunFinished {
        interrupted: true, ..
    }) = played.events.last().map(|e| &e.kind)
    else {
        panic!("{:?}", played.events.last())
    };
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_does_not_start_is_an_error_of_the_scenario() {
    let play = Play::steps(ASSERT);
    let text = format!("version: 1\nname: Another\n{ASSERT}");
    let sources = ["a.yaml", "b.yaml"].map(|name| Source::new(name, text.as_bytes()));
    let plans = plan::read(sources).unwrap().plans;
    let settings = Settings {
        update_baselines: UpdateBaselines::None,
        artifacts: play.folder.path().join("artifacts"),
    };
    let heard = Heard::default();
    let host = OneDesktop(Mutex::new(None));
    run(&plans, &host, &settings, &heard, &CancellationToken::new()).await;
    let outcomes: Vec<String> = heard
        .0
        .into_inner()
        .unwrap()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::ScenarioFinished {
                outcome: Outcome::Error(trouble),
                ..
            } => Some(trouble.message.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(outcomes, ["no desktop is left", "no desktop is left"]);
}
