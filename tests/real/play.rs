//! Scenarios played by the program itself, as a user would.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use crate::place::{Place, assert_no_dead_socket};

/// A run of the program on a copy of a scenario of this project.
struct Run {
    place: Place,
    scenario: PathBuf,
    path: Option<String>,
}

/// What came of it.
struct Ended {
    place: Place,
    status: i32,
    said: String,
}

impl Run {
    /// Copies the scenario, with its baselines, to a place of its own.
    fn of(scenario: &str) -> Self {
        let place = Place::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("scenarios")
            .join(scenario);
        let to = place.path().join(from.file_name().unwrap());
        fs::copy(&from, &to).unwrap();
        let baselines = |file: &Path| {
            file.parent()
                .unwrap()
                .join("baselines")
                .join(file.file_stem().unwrap())
        };
        fs::create_dir_all(baselines(&to)).unwrap();
        for picture in fs::read_dir(baselines(&from)).unwrap().flatten() {
            fs::copy(picture.path(), baselines(&to).join(picture.file_name())).unwrap();
        }
        Self {
            place,
            scenario: to,
            path: None,
        }
    }

    fn with(self, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(&self.scenario).unwrap();
        assert!(text.contains(old), "{old}");
        fs::write(&self.scenario, text.replacen(old, new, 1)).unwrap();
        self
    }

    fn with_path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    fn started(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskhand"));
        command
            .arg("run")
            .arg(self.scenario.file_name().unwrap())
            .args(["--update-baselines", "none"])
            .current_dir(self.place.path())
            .env("TMPDIR", self.place.temporary())
            .stderr(Stdio::piped());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command.spawn().unwrap()
    }

    fn ended(self) -> Ended {
        let child = self.started();
        self.end_of(child)
    }

    fn end_of(self, child: Child) -> Ended {
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        Ended {
            place: self.place,
            status: status.code().unwrap(),
            said,
        }
    }

    /// Waits until the run has told of something.
    fn has_told(&self, what: &str) {
        let events = self.place.path().join("artifacts/events.jsonl");
        let deadline = Instant::now() + Duration::from_secs(60);
        while !fs::read_to_string(&events)
            .unwrap_or_default()
            .contains(what)
        {
            assert!(Instant::now() < deadline, "nobody told of {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Ended {
    fn file(&self, name: &str) -> String {
        let path = self.place.path().join("artifacts").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn assert_nothing_is_left(&self) {
        self.place.assert_nothing_is_left(Duration::ZERO);
        let events = self.file("events.jsonl");
        if let Some((_, rest)) = events.split_once(r#""display":""#) {
            assert_no_dead_socket(&rest[..rest.find('"').unwrap()]);
        }
    }

    fn assert_video_plays(&self, name: &str) {
        assert_video_plays(&self.place.path().join("artifacts").join(name));
    }
}

fn assert_video_plays(video: &Path) {
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(video)
        .args(["-f", "null", "-"])
        .output()
        .unwrap();
    let well = decoded.status.success() && decoded.stderr.is_empty();
    assert!(well, "{decoded:?}");
}

fn send(signal: &str, pid: u32) {
    assert!(
        Command::new("kill")
            .args([signal, &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn hello_passes_and_leaves_reports_and_a_video() {
    let ended = Run::of("hello.yaml").ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(ended.said.contains("1 passed"), "{}", ended.said);
    assert!(
        ended
            .file("junit.xml")
            .contains(r#"tests="1" skipped="0" failures="0""#)
    );
    assert!(ended.file("report.html").contains("A note is written"));
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn the_calculator_is_worked_by_clicks() {
    let ended = Run::of("calculator.yaml").ended();
    assert_eq!(ended.status, 0, "{}", ended.said);
    ended.assert_video_plays("calculator/sum.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn one_wrong_letter_fails_at_its_assert() {
    let ended = Run::of("hello.yaml")
        .with("Hello, desktop!", "Hello, desktob!")
        .with("name: both lines are on the page", "timeout: 1s")
        .ended();
    assert_eq!(ended.status, 1, "{}", ended.said);
    let junit = ended.file("junit.xml");
    assert_eq!(junit.matches("<failure ").count(), 1, "{junit}");
    assert!(junit.contains("at hello.yaml:16:5"), "{junit}");
    let picture = "hello/written.step-7.comparison.png";
    assert!(
        junit.contains(&format!("[[ATTACHMENT|artifacts/{picture}]]")),
        "{junit}"
    );
    assert!(ended.place.path().join("artifacts").join(picture).exists());
    assert!(ended.said.contains("differing pixels"), "{}", ended.said);
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn a_misspelt_verb_and_a_misspelt_key_are_shown_together_and_nothing_starts() {
    let ended = Run::of("hello.yaml")
        .with("- wait-ready", "- wait-redy")
        .with("region: page", "regoin: page")
        .ended();
    assert_eq!(ended.status, 3, "{}", ended.said);
    for word in ["wait-redy", "wait-ready", "regoin", "region"] {
        assert!(ended.said.contains(word), "{}", ended.said);
    }
    assert!(!ended.place.path().join("artifacts").exists());
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_path_that_is_not_there_is_wrong_usage() {
    let mut run = Run::of("hello.yaml");
    run.scenario = PathBuf::from("nowhere.yaml");
    let ended = run.ended();
    assert_eq!(ended.status, 2);
    assert!(ended.said.contains("nowhere.yaml"), "{}", ended.said);
}

#[test]
fn a_missing_program_of_the_desktop_is_named_with_its_package() {
    let ended = Run::of("hello.yaml").with_path("/nowhere").ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(ended.said.contains("Xvfb (package xvfb)"), "{}", ended.said);
    assert!(ended.said.contains("--install-deps"), "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}

#[test]
fn a_missing_program_under_test_is_an_error_of_its_step() {
    let ended = Run::of("hello.yaml")
        .with("launch: l3afpad", "launch: l4afpad")
        .ended();
    assert_eq!(ended.status, 4, "{}", ended.said);
    assert!(
        ended.said.contains("there is no program `l4afpad`"),
        "{}",
        ended.said
    );
    ended.assert_nothing_is_left();
}

#[test]
fn a_killed_x_server_is_an_error_within_two_seconds() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let child = run.started();
    run.has_told(r#""step":7,"verb""#);
    let killed = Instant::now();
    send("-9", run.place.process("Xvfb").unwrap());
    run.has_told("scenario-finished");
    assert!(
        killed.elapsed() < Duration::from_secs(2),
        "{:?}",
        killed.elapsed()
    );
    let ended = run.end_of(child);
    assert_eq!(ended.status, 4, "{}", ended.said);
    let junit = ended.file("junit.xml");
    assert!(
        junit.contains("<error ") && junit.contains("`xvfb`"),
        "{junit}"
    );
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn an_interrupt_ends_the_recording_and_writes_the_reports() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let child = run.started();
    run.has_told(r#""step":7,"verb""#);
    send("-TERM", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    assert!(ended.file("junit.xml").contains(r#"type="interrupted""#));
    assert!(ended.file("report.html").contains("interrupted"));
    ended.assert_video_plays("hello/demo.mp4");
    ended.assert_nothing_is_left();
}

#[test]
fn a_killed_run_leaves_nothing_but_what_it_recorded() {
    let run = Run::of("hello.yaml").with("type: 007", "type: 008");
    let mut child = run.started();
    run.has_told(r#""step":7,"verb""#);
    assert!(!run.place.processes().is_empty());
    child.kill().unwrap();
    child.wait().unwrap();
    run.place.assert_nothing_is_left(Duration::from_secs(5));
    let recordings = run.place.path().join("artifacts/recordings");
    let left: Vec<_> = fs::read_dir(recordings).unwrap().flatten().collect();
    let [video] = &left[..] else {
        panic!("one video: {left:?}")
    };
    assert_video_plays(&video.path());
}

#[test]
fn an_interrupt_while_the_desktop_starts_leaves_nothing() {
    let run = Run::of("hello.yaml");
    let child = run.started();
    run.has_told("scenario-started");
    send("-INT", child.id());
    let ended = run.end_of(child);
    assert_eq!(ended.status, 130, "{}", ended.said);
    ended.place.assert_nothing_is_left(Duration::ZERO);
}
