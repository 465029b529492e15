//! Scenarios side by side, again, and in part.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::*;
use crate::{event::ScenarioId, executor::KeepTrace, plan::Suite};

/// Gives as many desktops as are asked for, and counts them.
#[derive(Default)]
struct Many {
    open: Arc<AtomicUsize>,
    most_open: AtomicUsize,
    /// Calls with this many as their number fail: the first is 1.
    broken: BTreeSet<usize>,
    opened: AtomicUsize,
    limit: Option<usize>,
    expected: Mutex<Vec<usize>>,
}

struct Counted(MemoryDesktop, Arc<AtomicUsize>);

#[async_trait]
impl Host for Many {
    fn kind(&self) -> &'static str {
        "memory"
    }

    async fn offers(&self) -> Result<Extensions, HostError> {
        Ok(Extensions::all())
    }

    fn most(&self) -> Option<usize> {
        self.limit
    }

    fn expect(&self, next: &[Wanted]) {
        self.expected.lock().unwrap().push(next.len());
    }

    async fn open(&self, wanted: &Wanted) -> Result<Box<dyn Session>, HostError> {
        if self
            .broken
            .contains(&(self.opened.fetch_add(1, Ordering::SeqCst) + 1))
        {
            return Err(HostError {
                message: "there is no room".to_owned(),
                ..HostError::default()
            });
        }
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_open.fetch_max(open, Ordering::SeqCst);
        let desktop = MemoryDesktop::new(wanted.size);
        Ok(Box::new(Counted(desktop, Arc::clone(&self.open))))
    }
}

#[async_trait]
impl Session for Counted {
    fn desktop(&self) -> &dyn Desktop {
        &self.0
    }

    async fn close(self: Box<Self>) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Scenarios on as many desktops as they need.
struct Several {
    folder: TempDir,
    suite: Suite,
    settings: Settings,
    host: Many,
}

impl Several {
    /// One scenario for each name, with these keys.
    fn of(scenarios: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = scenarios.iter().map(|(name, text)| {
            let file = folder.path().join(format!("{name}.yaml"));
            let text = format!("version: 1\nname: {name}\n{text}");
            Source::new(file.to_str().unwrap(), text.as_bytes())
        });
        let read = plan::read(sources, &Context::default());
        let settings = Settings {
            artifacts: folder.path().join("artifacts"),
            // It is written in real time, in which the order may be another one.
            trace: KeepTrace::Off,
            ..Settings::default()
        };
        Self {
            suite: read.unwrap().plans.into_iter().collect(),
            folder,
            settings,
            host: Many::default(),
        }
    }

    async fn played(self) -> Ran {
        self.stopped_after(Duration::MAX).await
    }

    async fn stopped_after(self, time: Duration) -> Ran {
        let (heard, stop) = (Arc::new(Heard::default()), CancellationToken::new());
        let host = Arc::new(self.host);
        let begun = tokio::time::Instant::now();
        tokio::spawn({
            let stop = stop.clone();
            async move {
                tokio::time::sleep(time).await;
                stop.cancel();
            }
        });
        run(
            &self.suite,
            host.clone(),
            &self.settings,
            heard.clone(),
            &stop,
        )
        .await;
        let events = std::mem::take(&mut *heard.0.lock().unwrap());
        assert_eq!(
            host.open.load(Ordering::SeqCst),
            0,
            "a desktop is left open"
        );
        Ran {
            folder: self.folder,
            took: begun.elapsed(),
            most_open: host.most_open.load(Ordering::SeqCst),
            expected: std::mem::take(&mut *host.expected.lock().unwrap()),
            events,
        }
    }
}

/// The result of it.
struct Ran {
    folder: TempDir,
    took: Duration,
    most_open: usize,
    expected: Vec<usize>,
    events: Vec<Event>,
}

impl Ran {
    /// Every end of an attempt, in the order in which they came.
    fn ends(&self) -> Vec<String> {
        let name = |id: ScenarioId| {
            let started = self.events.iter().find_map(|event| match &event.kind {
                EventKind::ScenarioStarted { scenario, name, .. } if *scenario == id => Some(name),
                _ => None,
            });
            started.cloned().unwrap_or_default()
        };
        let ends = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::ScenarioFinished {
                scenario,
                outcome,
                again,
                ..
            } => {
                let again = if *again { ", again" } else { "" };
                Some(format!("{} {}{again}", name(*scenario), outcome.word()))
            }
            EventKind::ScenarioSkipped { name, reason, .. } => Some(format!("{name}: {reason}")),
            _ => None,
        });
        ends.collect()
    }
}

const WAITS: &str = "steps:\n  - wait: 10s\n";
const FAILS: &str = "steps:\n  - wait: 1s\n  - assert: { window: Nothing }\n";

#[tokio::test(start_paused = true)]
async fn scenarios_are_played_side_by_side() {
    let mut several = Several::of(&[("a", WAITS), ("b", WAITS), ("c", WAITS), ("d", WAITS)]);
    several.settings.jobs = 2;
    let ran = several.played().await;
    assert_eq!(ran.most_open, 2);
    assert_eq!(ran.took.as_secs(), 20);
    assert_eq!(ran.ends().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_host_with_few_desktops_is_not_asked_for_more() {
    let mut several = Several::of(&[("a", WAITS), ("b", WAITS)]);
    several.settings.jobs = 8;
    several.host.limit = Some(1);
    let ran = several.played().await;
    assert_eq!(ran.most_open, 1);
    let EventKind::RunStarted { jobs, .. } = ran.events[0].kind else {
        panic!("{:?}", ran.events[0]);
    };
    assert_eq!(jobs, 1);
}

#[tokio::test(start_paused = true)]
async fn the_host_hears_which_desktops_come_next() {
    let several = Several::of(&[("a", WAITS), ("b", WAITS), ("c", WAITS)]);
    assert_eq!(several.played().await.expected, [3]);
}

#[tokio::test(start_paused = true)]
async fn no_further_desktop_is_prepared_when_no_further_scenario_is_begun() {
    let mut several = Several::of(&[("a", FAILS), ("b", WAITS)]);
    several.settings.max_failures = Some(1);
    assert_eq!(several.played().await.expected, [2, 0]);
}

#[tokio::test(start_paused = true)]
async fn what_a_scenario_uses_alone_is_not_used_by_another_meanwhile() {
    let port = format!("exclusive: [port-8080]\n{WAITS}");
    let mut several = Several::of(&[("a", &port), ("b", &port), ("c", WAITS)]);
    several.settings.jobs = 3;
    let ran = several.played().await;
    assert_eq!(ran.most_open, 2);
    // `c` does not wait for `b`, which waits for `a`.
    assert_eq!(ran.took.as_secs(), 20);
    assert_eq!(ran.ends(), ["a passed", "c passed", "b passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_scenario_that_fails_is_tried_again_on_a_fresh_desktop() {
    let mut several = Several::of(&[("a", FAILS)]);
    several.settings.retries = Some(2);
    let ran = several.played().await;
    assert_eq!(
        ran.ends(),
        ["a failed, again", "a failed, again", "a failed"]
    );
    let attempts: Vec<usize> = ran
        .events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::ScenarioStarted { attempt, .. } => Some(attempt),
            _ => None,
        })
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_scenario_that_passes_when_it_is_tried_again_is_flaky() {
    let mut several = Several::of(&[("a", WAITS)]);
    several.settings.retries = Some(2);
    several.host.broken = BTreeSet::from([1]);
    let ran = several.played().await;
    assert_eq!(ran.ends(), ["a error, again", "a flaky"]);
}

#[tokio::test(start_paused = true)]
async fn a_scenario_says_how_often_it_is_tried_again_unless_the_run_does() {
    let retries = format!("retries: 1\n{FAILS}");
    let ran = Several::of(&[("a", &retries)]).played().await;
    assert_eq!(ran.ends().len(), 2);
    let mut several = Several::of(&[("a", &retries)]);
    several.settings.retries = Some(0);
    assert_eq!(several.played().await.ends().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_keeps_its_pictures() {
    let shot = "steps:\n  - screenshot: shot\n  - assert: { window: Nothing }\n";
    let mut several = Several::of(&[("a", shot)]);
    several.settings.retries = Some(1);
    let ran = several.played().await;
    let artifacts = ran.folder.path().join("artifacts");
    assert!(artifacts.join("a/shot.png").is_file());
    assert!(artifacts.join("a/attempt-2/shot.png").is_file());
}

#[tokio::test(start_paused = true)]
async fn a_baseline_never_passes_in_the_run_that_wrote_it() {
    let text = "steps:\n  - screenshot-assert: saved\n";
    let several = Several::of(&[("a", text)]);
    let plan = several.suite.entries[0].plan.as_ref().clone();
    let mut several = Several {
        suite: Suite::repeated([plan], 2),
        ..several
    };
    several.settings.retries = Some(3);
    several.settings.update_baselines = UpdateBaselines::Missing;
    let ran = several.played().await;
    // Neither the second round nor another attempt makes it pass.
    assert_eq!(ran.ends(), ["a #1 failed", "a #2 failed"]);
    let last = ran.events.iter().rev().find_map(|event| match &event.kind {
        EventKind::ScenarioFinished {
            outcome: Outcome::Failed(failure),
            ..
        } => Some(failure.message.as_str()),
        _ => None,
    });
    let message = "the baseline `saved` was written earlier in this run";
    assert_eq!(last, Some(message));
}

#[tokio::test(start_paused = true)]
async fn after_too_many_failures_no_scenario_is_begun() {
    let mut several = Several::of(&[("a", FAILS), ("b", WAITS), ("c", WAITS), ("d", WAITS)]);
    several.settings.jobs = 2;
    several.settings.max_failures = Some(1);
    let ran = several.played().await;
    let reason = "the run stopped after 1 failure";
    // `b` had begun and comes to its own end.
    let skipped = ["c", "d"].map(|name| format!("{name}: {reason}"));
    assert_eq!(ran.ends()[..2], ["a failed", "b passed"]);
    assert_eq!(ran.ends()[2..], skipped);
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_reaches_every_scenario_that_is_being_played() {
    let waits = format!("{WAITS}teardown:\n  - press: Escape\n");
    let mut several = Several::of(&[("a", &waits), ("b", &waits), ("c", WAITS)]);
    several.settings.jobs = 2;
    several.settings.retries = Some(3);
    let ran = several.stopped_after(Duration::from_secs(3)).await;
    assert_eq!(ran.took.as_secs(), 3);
    let ended = ["a interrupted", "b interrupted"];
    assert_eq!(ran.ends()[..2], ended);
    assert_eq!(ran.ends()[2], "c: the run was interrupted before it began");
}

#[tokio::test(start_paused = true)]
async fn what_is_left_out_is_told_with_its_reason() {
    let mut several = Several::of(&[("a", WAITS), ("b", WAITS)]);
    several
        .suite
        .leave_out(|entry| (entry.name == "a").then(|| "it is not wanted".to_owned()));
    let ran = several.played().await;
    assert_eq!(ran.ends(), ["a: it is not wanted", "b passed"]);
}

#[tokio::test(start_paused = true)]
async fn a_suite_that_is_repeated_until_it_fails_leaves_nothing_out() {
    let several = Several::of(&[("a", FAILS)]);
    let plan = several.suite.entries[0].plan.as_ref().clone();
    let mut several = Several {
        suite: Suite::repeated([plan], 1000),
        ..several
    };
    several.suite.until_failure = true;
    several.settings.max_failures = Some(1);
    assert_eq!(several.played().await.ends(), ["a #1 failed"]);
}
