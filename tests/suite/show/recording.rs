//! A run with a recording of which a film can be made.

use std::{fs, time::Duration};

use deskhand::{
    event::{Artifact, ArtifactKind, EventKind, Outcome, ScenarioId, StepId},
    geometry::Size,
    internal::timeline::{self, Caption, Timeline, VERSION},
    scenario::Source,
};

use super::project::{Project, place};

impl Project {
    /// The same, and all steps of a file that stand alone in a list were played in a
    /// recording, a second each; the run is over after it.
    pub(super) fn filmed(mut self, file: &str) -> Self {
        let text = fs::read_to_string(self.path().join(file)).unwrap();
        let source = Source::new(file, text.as_bytes());
        let mut timeline = Timeline {
            version: VERSION,
            scenario: "A".to_owned(),
            file: file.to_owned(),
            recording: "demo".to_owned(),
            size: Size::new(640, 400),
            video: Some("demo.mp4".to_owned()),
            ..Timeline::default()
        };
        let steps = text.split_once("\nsteps:\n").unwrap().0.len() + 8;
        for (at, _) in text[steps..].match_indices("  - ") {
            self.play(&source, steps + at + 4, &mut timeline);
        }
        timeline.length = f64::from(u32::try_from(timeline.steps.len()).unwrap());
        self.put("artifacts/a/demo.mp4", b"a video");
        let json = serde_json::to_vec(&timeline).unwrap();
        self.put("artifacts/a/demo.timeline.json", &json);
        self.tell(EventKind::RecordingSaved {
            scenario: ScenarioId(0),
            name: "demo".to_owned(),
            artifact: Artifact::new(ArtifactKind::Video, "a/demo.mp4"),
            film: vec![Artifact::new(
                ArtifactKind::Timeline,
                "a/demo.timeline.json",
            )],
            span: Duration::from_secs_f64(timeline.length),
        });
        self.end();
        self.save();
        self
    }

    /// One step of a recording.
    fn play(&mut self, source: &Source, at: usize, timeline: &mut Timeline) {
        let rest = &source.text()[at..];
        let verb = rest.split([':', '\n']).next().unwrap().to_owned();
        let here = source.position(at);
        self.steps += 1;
        let (scenario, step) = (ScenarioId(0), StepId(self.steps));
        let line = source.line_range(here.0);
        self.tell(EventKind::StepStarted {
            scenario,
            step,
            parent: None,
            verb: verb.clone(),
            title: verb.clone(),
            place: place(source.name(), here),
            yaml: Some(source.text()[line].trim().to_owned()),
            moment: None,
        });
        self.tell(EventKind::StepFinished {
            scenario,
            step,
            outcome: Outcome::Passed,
            took: Duration::from_secs(1),
            artifacts: Vec::new(),
            notes: Vec::new(),
        });
        let from = f64::from(u32::try_from(timeline.steps.len()).unwrap());
        let said = rest.lines().next().unwrap().strip_prefix("caption: ");
        timeline.captions.extend(said.map(|said| Caption {
            span: timeline::Span {
                from,
                to: from + 1.0,
            },
            text: said.split("  #").next().unwrap().to_owned(),
            step: step.0,
            ..Caption::default()
        }));
        timeline.steps.push(timeline::Step {
            step: step.0,
            title: verb.clone(),
            verb,
            file: source.name().to_owned(),
            line: here.0,
            span: timeline::Span {
                from,
                to: from + 1.0,
            },
            outcome: "passed".to_owned(),
            ..timeline::Step::default()
        });
    }

    /// What the run knows of its recording.
    pub(super) fn timeline(&self) -> Timeline {
        serde_json::from_str(&self.text("artifacts/a/demo.timeline.json")).unwrap()
    }
}
