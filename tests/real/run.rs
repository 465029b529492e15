//! Runs of the program itself, as a user starts it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use deskhand::internal::ci_variables;

use crate::{
    eventually::eventually_here,
    place::{Place, assert_no_dead_socket},
};

/// A run of the program on a copy of a scenario of this project.
pub(crate) struct Run {
    pub(crate) place: Place,
    pub(crate) scenario: PathBuf,
    path: Option<String>,
    options: Vec<&'static str>,
    variables: Vec<(&'static str, String)>,
}

/// What came of it.
pub(crate) struct Ended {
    pub(crate) place: Place,
    pub(crate) status: i32,
    pub(crate) said: String,
}

impl Run {
    /// Copies the scenario, with its baselines, to a place of its own.
    pub(crate) fn of(scenario: &str) -> Self {
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
        Self::at(place, to)
    }

    /// Of a scenario of its own, `play.yaml`.
    pub(crate) fn text(text: &str) -> Self {
        let place = Place::new();
        let file = place.path().join("play.yaml");
        fs::write(&file, text).unwrap();
        Self::at(place, file)
    }

    fn at(place: Place, scenario: PathBuf) -> Self {
        Self {
            place,
            scenario,
            path: None,
            options: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// With a variable of the environment.
    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(crate) fn with(self, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(&self.scenario).unwrap();
        assert!(text.contains(old), "{old}");
        fs::write(&self.scenario, text.replacen(old, new, 1)).unwrap();
        self
    }

    /// With options, or other scenarios beside it.
    pub(crate) fn options(mut self, options: &[&'static str]) -> Self {
        self.options.extend(options);
        self
    }

    /// With another scenario in the same folder, which [`Run::options`] can name.
    pub(crate) fn other(self, name: &str, text: &str) -> Self {
        fs::write(self.place.path().join(name), text).unwrap();
        self
    }

    pub(crate) fn with_path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn started(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskhand"));
        for variable in ci_variables() {
            command.env_remove(variable);
        }
        command
            .arg("run")
            .arg(self.scenario.file_name().unwrap())
            .args(["--update-baselines", "none"])
            .args(&self.options)
            .current_dir(self.place.path())
            .env("TMPDIR", self.place.temporary())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stderr(Stdio::piped());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        command.spawn().unwrap()
    }

    pub(crate) fn ended(self) -> Ended {
        let child = self.started();
        self.end_of(child)
    }

    pub(crate) fn end_of(self, child: Child) -> Ended {
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        Ended {
            place: self.place,
            status: status.code().unwrap(),
            said,
        }
    }

    /// Waits until the run has told of something.
    pub(crate) fn has_told(&self, what: &str) {
        self.has_told_times(what, 1);
    }

    /// Waits until the run has told of something so often.
    pub(crate) fn has_told_times(&self, what: &str, times: usize) {
        let events = self.place.path().join("artifacts/events.jsonl");
        let told =
            || fs::read_to_string(&events).is_ok_and(|told| told.matches(what).count() >= times);
        assert!(eventually_here(told, |told| *told), "nobody told of {what}");
    }
}

impl Ended {
    /// The same scenario in the same place, once more.
    pub(crate) fn again(self) -> Run {
        let scenario = self.place.path().join("play.yaml");
        Run::at(self.place, scenario)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        let path = self.place.path().join("artifacts").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn assert_nothing_is_left(&self) {
        self.place.assert_nothing_is_left(Duration::ZERO);
        let events = self.file("events.jsonl");
        if let Some((_, rest)) = events.split_once(r#""display":""#) {
            assert_no_dead_socket(&rest[..rest.find('"').unwrap()]);
        }
    }

    pub(crate) fn assert_video_plays(&self, name: &str) {
        assert_video_plays(&self.place.path().join("artifacts").join(name));
    }
}

pub(crate) fn assert_video_plays(video: &Path) {
    let decoded = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(video)
        .args(["-f", "null", "-"])
        .output()
        .unwrap();
    let well = decoded.status.success() && decoded.stderr.is_empty();
    assert!(well, "{decoded:?}");
}

pub(crate) fn send(signal: &str, pid: u32) {
    assert!(
        Command::new("kill")
            .args([signal, &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}
