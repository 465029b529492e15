//! Traces: when one is kept, and what its lines tell.

use super::*;
use crate::{
    event::{Snapshot, When},
    executor::KeepTrace,
    geometry::Point,
};

const NOW: Duration = Duration::ZERO;
const FAILS: &str = "  - press: a\n  - assert: { window: Nowhere }\n";

impl Play {
    fn tracing(mut self, keep: KeepTrace) -> Self {
        self.settings.trace = keep;
        self
    }
}

impl Played {
    /// The lines of the trace; `None` if there is none.
    fn trace(&self) -> Option<Vec<Snapshot>> {
        let kept = self.events.iter().find_map(|event| match &event.kind {
            EventKind::ScenarioFinished { artifacts, .. } => Some(artifacts),
            _ => None,
        });
        let mut kept = kept.expect("the scenario ended").iter();
        let trace = kept.find(|artifact| artifact.kind == ArtifactKind::Trace)?;
        let root = self.folder.path().join("artifacts");
        let text = std::fs::read_to_string(root.join(&trace.path)).expect("the trace");
        let line = |line| serde_json::from_str(line).expect("a line of the trace");
        Some(text.lines().map(line).collect())
    }

    fn has_file(&self) -> bool {
        let folder = self.folder.path().join("artifacts/play");
        folder.join(crate::executor::trace::FILE).exists()
    }
}

#[tokio::test(start_paused = true)]
async fn a_trace_is_kept_of_what_does_not_pass_and_of_everything_where_that_is_wanted() {
    for (keep, steps, kept) in [
        (KeepTrace::OnFailure, FAILS, true),
        (KeepTrace::OnFailure, "  - press: a\n", false),
        (KeepTrace::On, "  - press: a\n", true),
        (KeepTrace::Off, FAILS, false),
    ] {
        let played = Play::steps(steps).tracing(keep).played().await;
        assert_eq!(played.trace().is_some(), kept, "{keep:?} {steps}");
        assert_eq!(played.has_file(), kept, "{keep:?} {steps}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_step_has_a_line_and_only_what_was_drawn_has_a_picture() {
    let painted = Rect::new(10, 10, 30, 30);
    let played =
        Play::steps("  - press: a\n  - wait: 2s\n  - press: b\n  - assert: { window: X }\n")
            .on(|desktop| desktop.painted_after(Duration::from_secs(1), painted, [255, 0, 0]))
            .played()
            .await;
    let lines = played.trace().expect("a trace");
    let after: Vec<_> = lines
        .iter()
        .filter(|line| line.when == When::After)
        .collect();
    let steps: Vec<usize> = after.iter().map(|line| line.step.0).collect();
    assert_eq!(steps, [1, 2, 3, 4]);
    let first = &lines[0];
    assert_eq!((first.step.0, first.when), (1, When::Before));
    assert!(first.screen.is_some());
    let drawn: Vec<usize> = after.iter().map(|line| line.drawn.len()).collect();
    assert_eq!(drawn, [0, 1, 0, 0]);
    assert_eq!((after[1].drawn[0].x, after[1].drawn[0].y), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_line_tells_the_target_and_the_windows() {
    let place = Rect::new(20, 20, 100, 80);
    let steps = "  - click: { window: Note }\n  - assert: { window: Nowhere }\n";
    let played = Play::steps(steps)
        .on(|desktop| desktop.window_after(NOW, "Note", place))
        .played()
        .await;
    let lines = played.trace().expect("a trace");
    let click = lines.iter().find(|line| line.when == When::After).unwrap();
    assert_eq!(click.target, Some(place));
    let windows = click.windows.as_ref().expect("they are new");
    assert_eq!(windows[0].title, "Note");
    assert_eq!(click.pointer, Some(Point::new(70, 60)));
    // Nothing of that changed later.
    let last = lines.last().unwrap();
    assert_eq!((&last.windows, last.pointer), (&None, None));
}

#[tokio::test(start_paused = true)]
async fn what_is_hidden_has_no_line_and_neither_has_what_is_in_it() {
    let steps = "  - press: a\n  - group: Hidden\n    hidden: true\n    steps:\n      - press: b\n        \
                 hidden: true\n      - press: c\n  - assert: { window: Nowhere }\n";
    let played = Play::steps(steps).played().await;
    let lines = played.trace().expect("a trace");
    let mut steps: Vec<usize> = lines.iter().map(|line| line.step.0).collect();
    steps.dedup();
    assert_eq!(steps, [1, 5]);
}

#[tokio::test(start_paused = true)]
async fn no_secret_is_in_a_trace() {
    let place = Rect::new(20, 20, 100, 80);
    let played = Play::steps(FAILS)
        .secret("NAME", "Note of Ann")
        .on(|desktop| desktop.window_after(NOW, "Note of Ann", place))
        .played()
        .await;
    let lines = serde_json::to_string(&played.trace().expect("a trace")).unwrap();
    assert!(!lines.contains("Note of Ann"), "{lines}");
}

#[tokio::test(start_paused = true)]
async fn a_trace_that_cannot_be_written_is_none_and_changes_nothing_else() {
    // A file is where the folder of the scenario should be.
    let played = Play::steps(FAILS).file("artifacts/play", "").played().await;
    assert!(matches!(played.outcome(), Outcome::Failed(_)));
    assert!(played.trace().is_none());
    let told = "there is no trace, because it cannot be written";
    let notes = played.notes();
    assert_eq!(
        notes.iter().filter(|note| note.starts_with(told)).count(),
        1,
        "{notes:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_does_not_tell_what_was_drawn_is_traced_only_where_that_is_wanted() {
    for (keep, kept) in [(KeepTrace::OnFailure, false), (KeepTrace::On, true)] {
        let play = Play::steps(FAILS).on(MemoryDesktop::plain);
        let played = play.tracing(keep).played().await;
        assert_eq!(played.trace().is_some(), kept, "{keep:?}");
    }
}
