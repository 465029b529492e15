//! One fault: what is played, and what comes of it.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use serde_json::Value;

use crate::{
    kind::{Expected, Kind, On, Strikes},
    place::{
        self, left,
        processes::{self, Process},
        program,
    },
    server::Server,
};

/// After so long a run counts as one that never ends.
const FOR_EVER: Duration = Duration::from_secs(120);

/// How long something may take to be there that a fault waits for.
const PATIENCE: Duration = Duration::from_secs(60);

const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// A fault while it is played.
pub(crate) struct Scene {
    kind: &'static Kind,
    /// How many desktops play side by side.
    pub(crate) desktops: usize,
    pub(crate) random: Rng,
    /// Everything of this fault is below this folder.
    pub(crate) folder: PathBuf,
    /// What Deskhand is run by, as `prlimit --as=…`.
    pub(crate) wrapper: Vec<String>,
    pub(crate) options: Vec<String>,
    pub(crate) variables: BTreeMap<String, String>,
    /// The desktop at a URL, where one is played on.
    pub(crate) server: Option<Server>,
    /// Deskhand itself.
    run: Option<Child>,
    begun: Instant,
}

/// What came of a fault.
pub(crate) struct Played {
    name: &'static str,
    profile: &'static str,
    desktops: usize,
    moment: String,
    expected: String,
    observed: String,
    /// From the fault until nothing was left to wait for.
    pub(crate) took: Duration,
    wrong: Vec<String>,
}

/// How a run ended.
struct End {
    status: Option<i32>,
    ended: bool,
    /// The last outcome of each scenario.
    outcomes: Vec<String>,
    said: String,
    has_reports: bool,
    left: Vec<String>,
}

impl Scene {
    /// Plays a kind of fault on so many desktops.
    pub(crate) fn play(kind: &'static Kind, desktops: usize, mut random: Rng) -> Played {
        let profile = match kind.plays.on {
            On::Xfce => "xfce",
            On::Local if random.u8(0..3) == 0 => "xfce",
            On::Local | On::Url => "bare",
        };
        let folder = PathBuf::from(place::FOLDER);
        left::remove(&folder);
        fs::create_dir_all(folder.join("tmp")).unwrap();
        let mut scene = Self {
            kind,
            desktops,
            random,
            folder,
            wrapper: Vec::new(),
            options: Vec::new(),
            variables: BTreeMap::new(),
            server: None,
            run: None,
            begun: Instant::now(),
        };
        scene.write_scenarios(profile);
        if kind.plays.on == On::Url {
            let server = Server::start(&scene.folder);
            scene.options.extend(["--target".to_owned(), server.url()]);
            scene.server = Some(server);
        }
        (kind.plays.prepare)(&mut scene);
        scene.start();
        let moment = (kind.strike)(&mut scene);
        let struck = Instant::now();
        let end = scene.end();
        let took = struck.elapsed();
        let wrong = end.differences(kind, desktops, moment.is_some(), took);
        let played = Played {
            name: kind.name,
            profile,
            desktops,
            moment: moment.unwrap_or_else(|| "MISSED".to_owned()),
            expected: describe(&kind.expected),
            observed: end.to_string(),
            took,
            wrong,
        };
        if !played.is_as_expected() {
            println!("--- what it said:\n{}---", end.said);
        }
        left::remove(&scene.folder);
        played
    }

    fn write_scenarios(&self, profile: &str) {
        for number in 1..=self.desktops {
            let desktop = match self.kind.plays.on {
                On::Url => String::new(),
                On::Local | On::Xfce => {
                    format!("desktop: {{ size: 800x600, profile: {profile} }}\n")
                }
            };
            let steps = self.kind.plays.steps;
            let text = format!(
                "version: 1\nname: Scenario {number}\n{desktop}steps:\n  - wait-ready\n{steps}"
            );
            fs::write(self.folder.join(format!("play-{number}.yaml")), text).unwrap();
        }
    }

    fn start(&mut self) {
        let said = File::create(self.folder.join("said")).unwrap();
        let mut words = self.wrapper.clone();
        words.push(program().display().to_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg("run");
        for number in 1..=self.desktops {
            command.arg(format!("play-{number}.yaml"));
        }
        let jobs = self.desktops.to_string();
        let child = command
            .args(["--jobs", &jobs])
            .args(&self.options)
            .current_dir(&self.folder)
            .env("TMPDIR", self.folder.join("tmp"))
            .env_remove("CI")
            .envs(&self.variables)
            .stderr(said)
            .spawn();
        self.run = Some(child.unwrap());
        self.begun = Instant::now();
    }

    /// The process of Deskhand itself.
    pub(crate) fn deskhand(&self) -> u32 {
        self.run.as_ref().unwrap().id()
    }

    /// How long ago Deskhand was started, in words.
    pub(crate) fn now(&self) -> String {
        format!(
            "{:.3} s after the start",
            self.begun.elapsed().as_secs_f32()
        )
    }

    /// Waits for a random time of at most so many milliseconds.
    pub(crate) fn pause(&mut self, most: u64) {
        let pause = self.random.u64(0..=most);
        thread::sleep(Duration::from_millis(pause));
    }

    /// Waits until there are as many of some processes as there are desktops, or a random
    /// number of them; answers one of them. `None`: Deskhand ended before.
    pub(crate) fn one_of(&mut self, is_it: impl Fn(&Process) -> bool) -> Option<Process> {
        let wanted = self.random.usize(1..=self.desktops);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && self.runs() {
            let mut found = processes::all();
            found.retain(&is_it);
            if found.len() >= wanted {
                return Some(found.swap_remove(self.random.usize(0..found.len())));
            }
            thread::sleep(LOOK_AGAIN);
        }
        None
    }

    /// Waits until the events of the run tell of something so often. False: Deskhand
    /// ended before.
    pub(crate) fn has_told(&mut self, what: &str, times: usize) -> bool {
        let events = self.folder.join("artifacts/events.jsonl");
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && self.runs() {
            let told = fs::read_to_string(&events).unwrap_or_default();
            if told.matches(what).count() >= times {
                return true;
            }
            thread::sleep(LOOK_AGAIN);
        }
        false
    }

    /// Whether Deskhand still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.run.as_mut().unwrap().try_wait(), Ok(None))
    }

    /// Waits until everything has ended, and looks what came of it.
    fn end(&mut self) -> End {
        let deadline = Instant::now() + FOR_EVER;
        while self.runs() && Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
        }
        let ended = !self.runs();
        let child = self.run.as_mut().unwrap();
        if !ended {
            let _ = child.kill();
        }
        let status: Option<ExitStatus> = child.wait().ok();
        let status = status.and_then(|status| status.code());
        if let Some(server) = self.server.take() {
            server.stop();
        }
        let at_once = ended && !matches!(self.kind.expected.strikes, Strikes::Deskhand);
        let left = left::left(&self.folder, at_once);
        let artifacts = self.folder.join("artifacts");
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let reports = ["junit.xml", "report.html"].map(|name| artifacts.join(name));
        End {
            status,
            ended,
            outcomes: outcomes(&read(&artifacts.join("events.jsonl"))),
            said: read(&self.folder.join("said")),
            has_reports: reports.iter().all(|report| report.exists()),
            left,
        }
    }
}

/// The outcome of each scenario in a stream of events, in the order of their ends.
fn outcomes(events: &str) -> Vec<String> {
    let events = events
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let ends = events.filter(|event: &Value| event["event"] == "scenario-finished");
    ends.map(|event| event["outcome"]["is"].as_str().unwrap_or("?").to_owned())
        .collect()
}

fn describe(expected: &Expected) -> String {
    let statuses: Vec<String> = expected.statuses.iter().copied().map(status).collect();
    let whom = match expected.strikes {
        Strikes::One => "one of them ",
        Strikes::All => "all of them ",
        Strikes::Deskhand => return "an end by the signal, nothing left".to_owned(),
    };
    let words = match expected.says {
        [] => String::new(),
        says => format!(", which says {}", says.join(" or ")),
    };
    let outcomes = expected.outcomes.join(" or ");
    format!(
        "status {}, {whom}{outcomes}{words}, within {} s",
        statuses.join(" or "),
        expected.within
    )
}

fn status(status: Option<i32>) -> String {
    status.map_or_else(|| "of a signal".to_owned(), |status| status.to_string())
}

impl End {
    /// Everything that is not as expected.
    fn differences(&self, kind: &Kind, desktops: usize, hit: bool, took: Duration) -> Vec<String> {
        let Expected {
            statuses,
            outcomes,
            says,
            strikes,
            within,
        } = &kind.expected;
        let mut wrong = Vec::new();
        if !hit {
            wrong.push("it was over before the fault".to_owned());
        }
        if !self.ended {
            wrong.push("it never ended".to_owned());
        }
        if !statuses.contains(&self.status) {
            wrong.push(format!("status {}", status(self.status)));
        }
        if took > Duration::from_secs(*within) {
            wrong.push(format!("it took {:.1} s", took.as_secs_f32()));
        }
        if !self.left.is_empty() {
            wrong.push(format!("left: {}", self.left.join(", ")));
        }
        if self.said.contains("panicked") {
            wrong.push("it panicked".to_owned());
        }
        if *strikes == Strikes::Deskhand {
            return wrong;
        }
        if !says.is_empty() && !says.iter().any(|words| self.said.contains(words)) {
            wrong.push("it does not say what happened".to_owned());
        }
        if !outcomes.is_empty() {
            self.judge_outcomes(&kind.expected, desktops, &mut wrong);
        }
        wrong
    }

    fn judge_outcomes(&self, expected: &Expected, desktops: usize, wrong: &mut Vec<String>) {
        if !self.has_reports {
            wrong.push("there are no reports".to_owned());
        }
        let fits = |outcome: &&String| expected.outcomes.contains(&outcome.as_str());
        let struck = self.outcomes.iter().filter(fits).count();
        let passed = self.outcomes.iter().filter(|it| *it == "passed").count();
        let fits = self.outcomes.len() == desktops
            && match expected.strikes {
                Strikes::One if expected.outcomes.contains(&"passed") => {
                    struck == desktops && passed + 1 >= desktops
                }
                Strikes::One => struck == 1 && passed + 1 == desktops,
                _ => struck == desktops,
            };
        if !fits {
            wrong.push(format!("outcomes {}", self.outcomes.join(", ")));
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outcomes, left, .. } = self;
        let outcomes = match outcomes.as_slice() {
            [] => "no outcome".to_owned(),
            outcomes => outcomes.join(", "),
        };
        let left = match left.as_slice() {
            [] => "nothing left".to_owned(),
            left => format!("{} left", left.len()),
        };
        write!(f, "status {}, {outcomes}, {left}", status(self.status))
    }
}

impl Played {
    pub(crate) fn is_as_expected(&self) -> bool {
        self.wrong.is_empty()
    }

    /// What was done to what.
    pub(crate) fn title(&self) -> String {
        let plural = if self.desktops == 1 { "" } else { "s" };
        format!(
            "{} ({} {} desktop{plural})",
            self.name, self.desktops, self.profile
        )
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_as_expected() { "ok " } else { "BAD" };
        write!(
            f,
            "{verdict} {}: {}; expected {}; observed {} after {:.1} s",
            self.title(),
            self.moment,
            self.expected,
            self.observed,
            self.took.as_secs_f32()
        )?;
        if self.wrong.is_empty() {
            return Ok(());
        }
        write!(f, "; WRONG: {}", self.wrong.join("; "))
    }
}
