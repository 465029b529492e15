//! A project with a run that found a difference, and the program that shows it.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use deskhand::{
    event::{
        Artifact, ArtifactKind, Candidate, Event, EventKind, Excerpt, Failure, Outcome, ScenarioId,
        SourceLocation, StepId,
    },
    geometry::{Point, Size},
    scenario::{Source, Span},
    vision::{Changes, Frame},
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::visitor::Visitor;
use crate::program::command;

/// The scenario of a project, unless a test has another one.
pub(super) const SCENARIO: &str = "version: 1\nname: A  # the first\nsteps:\n  - wait-ready\n  \
                                   - screenshot-assert: saved  # as it was\n";

/// The file of the baseline.
pub(super) const BASELINE: &str = "scenarios/baselines/a/saved.png";

/// The picture that the run saw.
pub(super) const ACTUAL: &str = "a/saved.step-1.actual.png";

/// A folder with a scenario, its baseline, and a run.
pub(super) struct Project {
    folder: TempDir,
    events: Vec<Event>,
    pub(super) steps: usize,
    /// How the last step ended.
    outcome: Outcome,
}

/// A picture of some colours.
pub(super) fn picture(red: u8) -> Vec<u8> {
    let mut frame = Frame::filled(Size::new(40, 30), [red, 0, 0]);
    frame.put(
        &Frame::filled(Size::new(4, 4), [0, 90, 0]),
        Point::new(10, 10),
    );
    frame.encode_png()
}

impl Project {
    pub(super) fn new() -> Self {
        Self::with(&[("scenarios/a.yaml", SCENARIO)]).failing_at("scenarios/a.yaml", "saved")
    }

    /// A project with these files and no run yet.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let mut project = Self {
            folder: tempfile::tempdir().unwrap(),
            events: Vec::new(),
            steps: 0,
            outcome: Outcome::Passed,
        };
        for (path, text) in files {
            project.put(path, text.as_bytes());
        }
        project.tell(EventKind::RunStarted {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: "here".to_owned(),
            target: "local".to_owned(),
            scenarios: 1,
            jobs: 1,
            shard: None,
            division: None,
            shuffle: None,
            expected: None,
        });
        project.tell(EventKind::ScenarioStarted {
            scenario: ScenarioId(0),
            attempt: 1,
            attempts: 1,
            name: "A".to_owned(),
            place: place("scenarios/a.yaml", (2, 7)),
            tags: Vec::new(),
            steps: 1,
            expected: None,
        });
        project
    }

    /// The same, and each `screenshot-assert` of a file failed, on a baseline that was
    /// compared with; the run is over after it.
    pub(super) fn failing_at(mut self, file: &str, baseline: &str) -> Self {
        let text = fs::read_to_string(self.path().join(file)).unwrap();
        let path = format!("scenarios/baselines/a/{baseline}.png");
        self.put(&path, &picture(100));
        for (at, verb) in text.match_indices("screenshot-assert") {
            let source = Source::new(file, text.as_bytes());
            self.fail(&source, Span::new(at..at + verb.len()), (baseline, &path));
        }
        self.end();
        self.save();
        self
    }

    fn fail(&mut self, source: &Source, span: Span, (name, baseline): (&str, &str)) {
        self.steps += 1;
        let (scenario, step) = (ScenarioId(0), StepId(self.steps));
        let here = place(source.name(), source.position(span.start));
        let mut artifacts = Vec::new();
        for (kind, what, red) in [
            (ArtifactKind::Expected, "expected", 100),
            (ArtifactKind::Actual, "actual", 200),
        ] {
            let path = format!("a/{name}.step-{}.{what}.png", self.steps);
            self.put(&format!("artifacts/{path}"), &picture(red));
            artifacts.push(Artifact::new(kind, path));
        }
        artifacts[1].candidate = Some(Box::new(Candidate {
            baseline: baseline.to_owned(),
            environment: BTreeMap::from([("sans".to_owned(), "DejaVu Sans".to_owned())]),
        }));
        self.tell(EventKind::StepStarted {
            scenario,
            step,
            parent: None,
            verb: "screenshot-assert".to_owned(),
            title: format!("screenshot-assert {name}"),
            place: here.clone(),
            yaml: None,
            moment: None,
        });
        let lines = source.excerpt_lines(span);
        let failure = Failure {
            verb: "screenshot-assert".to_owned(),
            message: format!("the screen differs from the baseline `{name}`"),
            expected: "no difference".to_owned(),
            seen: "1200 pixels".to_owned(),
            circumstances: Vec::new(),
            help: None,
            changes: Changes::default(),
            widgets: Vec::new(),
            place: here,
            excerpt: Excerpt {
                first_line: lines.first_line,
                lines: lines.lines,
                line: lines.line,
                column: lines.column,
                length: lines.length,
            },
            moment: None,
        };
        let outcome = Outcome::Failed(Box::new(failure));
        self.outcome = outcome.clone();
        self.tell(EventKind::StepFinished {
            scenario,
            step,
            outcome,
            took: Duration::from_secs(1),
            artifacts,
            notes: Vec::new(),
        });
    }

    /// One more thing that happened.
    pub(super) fn tell(&mut self, kind: EventKind) {
        self.events.push(Event::now(kind));
    }

    pub(super) fn end(&mut self) {
        let took = Duration::from_secs(2);
        self.tell(EventKind::ScenarioFinished {
            scenario: ScenarioId(0),
            outcome: self.outcome.clone(),
            again: false,
            took,
            artifacts: Vec::new(),
        });
        self.tell(EventKind::RunFinished {
            interrupted: false,
            took,
        });
    }

    pub(super) fn save(&self) {
        self.put("artifacts/events.jsonl", self.lines().as_bytes());
    }

    /// What happened, as its file tells it.
    pub(super) fn lines(&self) -> String {
        let lines = self.events.iter();
        let lines = lines.map(|event| serde_json::to_string(event).unwrap() + "\n");
        lines.collect()
    }

    pub(super) fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// The picture that the baseline is now.
    pub(super) fn baseline(&self) -> Vec<u8> {
        fs::read(self.path().join(BASELINE)).unwrap()
    }

    /// A zip file of a folder, in which it stands under its own name.
    pub(super) fn zip(&self, folder: &str, to: &str) {
        let mut zip = ZipWriter::new(File::create(self.path().join(to)).unwrap());
        let mut folders = vec![self.path().join(folder)];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(self.path()).unwrap().to_str().unwrap();
                zip.start_file(name, SimpleFileOptions::default()).unwrap();
                zip.write_all(&fs::read(&path).unwrap()).unwrap();
            }
        }
        zip.finish().unwrap();
    }

    /// Shows runs of the project.
    pub(super) fn show(&self, runs: &[&str]) -> Show {
        Show::begun(command(
            self.path(),
            &[&["show", "--no-open"], runs].concat(),
        ))
    }
}

pub(super) fn place(file: &str, (line, column): (usize, usize)) -> SourceLocation {
    SourceLocation {
        file: file.to_owned(),
        line,
        column,
    }
}

/// The program while it shows something.
pub(super) struct Show {
    port: u16,
    token: String,
    program: Child,
}

impl Show {
    /// Starts the program, and waits until it serves.
    pub(super) fn begun(mut command: Command) -> Self {
        let mut program = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = program.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let (port, token) = line
            .trim()
            .strip_prefix("http://127.0.0.1:")
            .and_then(|rest| rest.split_once("/?token="))
            .unwrap_or_else(|| panic!("{line}"));
        Show {
            port: port.parse().unwrap(),
            token: token.to_owned(),
            program,
        }
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Somebody who has the token.
    pub(super) fn visitor(&self) -> Visitor {
        let first = Visitor::new(self.port, "");
        let answer = first.get(&format!("/?token={}", self.token));
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly"), "{cookie}");
        Visitor::new(self.port, &self.token)
    }

    /// Its status after Ctrl-C.
    pub(super) fn interrupted(&mut self) -> i32 {
        let pid = i32::try_from(self.program.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
        self.program.wait().unwrap().code().unwrap()
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
