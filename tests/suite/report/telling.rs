//! Runs as their events tell them.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta};
use deskhand::{
    event::{
        Artifact, ArtifactKind, Candidate, Changes, Event, EventKind, Excerpt, Failure, Outcome,
        ScenarioId, Shard, SourceLocation, StepId,
    },
    geometry::Size,
    vision::Frame,
};

/// A run on its way.
pub(super) struct Telling {
    pub(super) name: &'static str,
    events: Vec<Event>,
    clock: i64,
    has_candidates: bool,
}

/// The share that shard `index` of `count` plays of a suite of six scenarios, of which
/// 1 and 4 fail.
pub(super) fn of_suite(index: usize, count: usize) -> Telling {
    let mut run = Telling::new(Some(Shard { index, count }));
    let owner = |number: usize| (number + number / 3) % count + 1;
    for number in (0..6).filter(|number| owner(*number) != index) {
        run.skipped(number, owner(number));
    }
    for number in (0..6).filter(|number| owner(*number) == index) {
        match number {
            1 | 4 => run.failed(number),
            _ => run.passed(number),
        }
    }
    run
}

impl Telling {
    pub(super) fn new(shard: Option<Shard>) -> Self {
        let mut run = Self {
            name: "scenario",
            events: Vec::new(),
            clock: 0,
            has_candidates: false,
        };
        run.tell(EventKind::RunStarted {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: "here".to_owned(),
            target: "local".to_owned(),
            scenarios: 2,
            jobs: 1,
            shard,
            division: None,
            shuffle: None,
            expected: None,
        });
        run
    }

    /// A run that begins so many seconds after others.
    pub(super) fn later(seconds: i64) -> Self {
        let mut run = Self::new(None);
        run.clock = seconds;
        run.events[0].time += TimeDelta::seconds(seconds);
        run
    }

    /// The same run, whose pictures can become baselines.
    pub(super) fn with_candidates(mut self) -> Self {
        self.has_candidates = true;
        self
    }

    fn tell(&mut self, kind: EventKind) {
        let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(self.clock);
        self.events.push(Event { time, kind });
        self.clock += 1;
    }

    pub(super) fn skipped(&mut self, number: usize, shard: usize) {
        self.tell(EventKind::ScenarioSkipped {
            scenario: ScenarioId(number),
            name: format!("{} {number}", self.name),
            place: place(number, 2),
            tags: Vec::new(),
            reason: format!("shard {shard} plays it"),
            shard: Some(shard),
            expected: None,
        });
    }

    pub(super) fn passed(&mut self, number: usize) {
        self.play(number, Outcome::Passed, Vec::new());
    }

    pub(super) fn failed(&mut self, number: usize) {
        let failure = Failure {
            verb: "click".to_owned(),
            message: "it is not there".to_owned(),
            expected: "a button".to_owned(),
            seen: "nothing".to_owned(),
            circumstances: Vec::new(),
            help: None,
            widgets: Vec::new(),
            changes: Changes::default(),
            place: place(number, 4),
            excerpt: Excerpt {
                first_line: 4,
                lines: vec!["- click: ok".to_owned()],
                line: 4,
                column: 1,
                length: 3,
            },
            moment: None,
        };
        let picture = Artifact::new(ArtifactKind::Actual, "same/picture.png");
        self.play(number, Outcome::Failed(Box::new(failure)), vec![picture]);
    }

    fn play(&mut self, number: usize, outcome: Outcome, artifacts: Vec<Artifact>) {
        let (scenario, step) = (ScenarioId(number), StepId(1));
        let took = Duration::from_secs(1);
        self.tell(EventKind::ScenarioStarted {
            scenario,
            attempt: 1,
            attempts: 1,
            name: format!("{} {number}", self.name),
            place: place(number, 2),
            tags: Vec::new(),
            steps: 1,
            expected: None,
        });
        self.tell(EventKind::StepStarted {
            scenario,
            step,
            parent: None,
            verb: "click".to_owned(),
            title: "click ok".to_owned(),
            yaml: None,
            place: place(number, 4),
            moment: None,
        });
        self.tell(EventKind::StepFinished {
            scenario,
            step,
            outcome: outcome.clone(),
            took,
            artifacts,
            notes: Vec::new(),
        });
        self.tell(EventKind::ScenarioFinished {
            scenario,
            outcome,
            again: false,
            took,
            artifacts: Vec::new(),
        });
    }

    /// Writes the whole run to a folder.
    pub(super) fn end(mut self, folder: &Path) {
        let took = Duration::from_secs(9);
        self.tell(EventKind::RunFinished {
            interrupted: false,
            took,
        });
        let all = self.events.len();
        self.cut(folder, all);
    }

    /// Writes as much of the run as there is after so many events.
    pub(super) fn cut(mut self, folder: &Path, events: usize) {
        self.events.truncate(events);
        fs::create_dir_all(folder).unwrap();
        let mut text = String::new();
        for event in &mut self.events {
            if let EventKind::StepFinished {
                scenario,
                artifacts,
                ..
            } = &mut event.kind
            {
                for artifact in artifacts {
                    let bytes = if self.has_candidates {
                        artifact.candidate = Some(Box::new(Candidate {
                            baseline: format!("baselines/s{}/seen.png", scenario.0),
                            environment: BTreeMap::new(),
                        }));
                        picture(scenario.0)
                    } else {
                        format!("the picture of scenario {}", scenario.0).into_bytes()
                    };
                    let file = folder.join(&artifact.path);
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(file, bytes).unwrap();
                }
            }
            text += &serde_json::to_string(event).unwrap();
            text.push('\n');
        }
        fs::write(folder.join("events.jsonl"), text).unwrap();
    }
}

/// A picture of one colour.
fn picture(number: usize) -> Vec<u8> {
    let red = u8::try_from(number).unwrap();
    Frame::filled(Size::new(8, 8), [red, 0, 0]).encode_png()
}

fn place(number: usize, line: usize) -> SourceLocation {
    SourceLocation {
        file: format!("s{number}.yaml"),
        line,
        column: 1,
    }
}
