//! What a plan promises to whoever plays it.

mod files;
mod longest;
mod lookup;
mod windows;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    Action, Click, Condition, Context, Files, Hotkey, Look, Need, Plan, Plans, Press, Record,
    ScreenshotAssert, Spot, Step, Target, Text, read,
};
use crate::{
    geometry::{Point, Rect, Size},
    input::{Button, Chord, Key},
    scenario::{Code, Problems, Project, Source, verb::VERBS},
    vision::Limits,
};

/// Files in memory, by their paths.
#[derive(Default)]
struct Shelf(BTreeMap<PathBuf, Vec<u8>>);

impl Shelf {
    fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.insert(path.into(), content.as_ref().to_vec());
        self
    }
}

impl Files for Shelf {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        let found = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(found[..found.len().min(most)].to_vec())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let inside = self.0.keys().filter(|path| path.parent() == Some(folder));
        let names = inside.filter_map(|path| path.file_name()?.to_str());
        Ok(names.map(str::to_owned).collect())
    }
}

/// A scenario with what it is read with.
struct Case {
    text: String,
    shelf: Shelf,
    environment: BTreeMap<String, String>,
    vars: Vec<(String, String)>,
    settings: Option<Project>,
}

impl Case {
    /// The scenario with these steps.
    fn steps(steps: &str) -> Self {
        Self::text(&format!("steps:\n{steps}"))
    }

    /// The scenario with these keys beside its version and name.
    fn text(text: &str) -> Self {
        Self {
            text: format!("version: 1\nname: test\n{text}"),
            shelf: Shelf::default(),
            environment: BTreeMap::new(),
            vars: Vec::new(),
            settings: None,
        }
    }

    fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.shelf = self.shelf.with(path, content);
        self
    }

    fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    fn read(&self) -> Result<Plans, Vec<Problems>> {
        let environment = |name: &str| self.environment.get(name).cloned();
        let context = Context {
            files: &self.shelf,
            environment: &environment,
            vars: &self.vars,
            project: self.settings.as_ref(),
            ..Context::default()
        };
        let source = Source::new("flows/saves a note.yaml", self.text.as_bytes());
        read([source], &context)
    }

    /// With these settings of the project, which stand above `flows`.
    fn settings(mut self, text: &str) -> Self {
        let source = Source::new("deskhand.yaml", text.as_bytes());
        let (project, _) = Project::read(source).expect("the settings are right");
        self.settings = Some(project);
        self
    }

    fn plans(&self) -> Vec<Plan> {
        let read = self.read();
        let plans = read.unwrap_or_else(|problems| panic!("{}\n{problems:?}", self.text));
        plans.plans
    }

    fn plan(&self) -> Plan {
        self.plans().remove(0)
    }

    fn actions(&self) -> Vec<Action> {
        let plan = self.plan();
        plan.steps.into_iter().map(|step| step.action).collect()
    }

    /// The titles of all steps, those inside blocks indented.
    fn titles(&self) -> Vec<String> {
        fn walk(steps: &[Step], depth: usize, titles: &mut Vec<String>) {
            for step in steps {
                titles.push(format!("{}{}", "  ".repeat(depth), step.title));
                for (_, block) in step.action.verb().blocks() {
                    walk(block, depth + 1, titles);
                }
            }
        }
        let mut titles = Vec::new();
        walk(&self.plan().steps, 0, &mut titles);
        titles
    }

    /// The codes of all problems, with the file of each.
    fn problems(&self) -> Vec<(String, Code)> {
        let problems = self.read().expect_err("it is bad");
        let of_file = |file: &Problems| {
            let name = file.source().name().to_owned();
            let codes = file.iter().map(|problem| problem.code);
            codes.map(|code| (name.clone(), code)).collect::<Vec<_>>()
        };
        problems.iter().flat_map(of_file).collect()
    }

    fn codes(&self) -> Vec<Code> {
        self.problems().into_iter().map(|(_, code)| code).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let plans = self.read().expect("it is right");
        let warnings = plans.warnings.iter().flat_map(Problems::iter);
        warnings.map(|problem| problem.message.clone()).collect()
    }
}

fn spot(at: Spot) -> Target {
    Target {
        title: String::new(),
        look: Look::Position(at),
        within: None,
        relations: super::Relations::default(),
        nth: None,
        offset: Point::default(),
    }
}

/// Targets are compared without their titles.
fn untitled(mut action: Action) -> Action {
    if let Action::Click(click) = &mut action
        && let Some(target) = &mut click.at
    {
        target.title.clear();
    }
    action
}

#[test]
fn what_is_not_written_has_its_default() {
    let case = Case::steps("  - wait-ready\n  - click\n  - screenshot-assert: saved\n");
    let plan = case.plan();
    assert_eq!(plan.size, Size::new(1440, 900));
    assert_eq!(plan.baselines, Path::new("flows/baselines/saves a note"));
    assert_eq!(plan.source.slice(plan.origin), "test");
    let [ready, click, assert] = &plan.steps[..] else {
        panic!("three steps");
    };
    assert_eq!(ready.timeout, Duration::from_secs(60));
    assert_eq!(click.timeout, Duration::from_secs(10));
    assert!(!click.soft && !click.hidden && click.retry.times == 0);
    let expected = Click {
        at: None,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    };
    assert_eq!(click.action, Action::Click(Box::new(expected)));
    let expected = ScreenshotAssert {
        baseline: "saved".to_owned(),
        region: None,
        mask: Vec::new(),
        limits: Limits::default(),
    };
    assert_eq!(assert.action, Action::ScreenshotAssert(Box::new(expected)));
}

#[test]
fn a_step_overrides_the_defaults_of_its_scenario() {
    let plan = Case::text(
        "desktop: { size: 1280x800 }\ndefaults:\n  timeout: 3s\n  screenshot: { tolerance: 5%, \
         area-tolerance: 2%, max-pixels: 50, max-cluster: 16, mask: [clock] }\nregions:\n  clock: { x: 1180, y: 0, \
         width: 100, height: 28 }\n  panel: { x: 0, y: 0, width: 1280, height: 28 }\nsteps:\n  - \
         screenshot-assert: one\n  - screenshot-assert: { baseline: two, region: panel, mask: [], \
         max-pixels: 0 }\n    timeout: 1m\n    soft: true\n  - wait-ready\n",
    )
    .plan();
    let asserts: Vec<&ScreenshotAssert> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::ScreenshotAssert(assert) => Some(&**assert),
            _ => None,
        })
        .collect();
    assert_eq!(asserts[0].mask, [Rect::new(1180, 0, 100, 28)]);
    assert_eq!(
        (asserts[0].limits.max_pixels, asserts[0].limits.max_cluster),
        (50, 16)
    );
    assert!((asserts[0].limits.tolerance - 0.05).abs() < 1e-6);
    assert!((asserts[0].limits.area_tolerance - 0.02).abs() < 1e-6);
    assert_eq!(asserts[1].region, Some(Rect::new(0, 0, 1280, 28)));
    assert_eq!(
        (asserts[1].limits.max_pixels, asserts[1].limits.max_cluster),
        (0, 16)
    );
    assert!(asserts[1].mask.is_empty());
    let timeouts: Vec<u64> = plan.steps.iter().map(|s| s.timeout.as_secs()).collect();
    assert_eq!(timeouts, [3, 60, 60]);
    assert!(plan.steps[1].soft);
}

#[test]
fn a_text_has_time_to_be_typed_and_verified() {
    let timeout = |length: usize, more: &str| {
        let text = "x".repeat(length);
        let step = format!("  - type: {{ text: {text}{more} }}\n");
        Case::steps(&step).plan().steps[0].timeout
    };
    let seconds = Duration::from_secs;
    assert_eq!(timeout(50, ""), seconds(10));
    assert_eq!(timeout(1050, ""), seconds(10 + 20));
    assert_eq!(timeout(1050, ", verify: true"), seconds(10 + 170));
    let pauses = Duration::from_millis(1050);
    assert_eq!(timeout(1050, ", speed: 1ms"), seconds(10 + 170) + pauses);
}

#[test]
fn the_verbs_of_a_keyboard_and_a_pointer_have_their_actions() {
    let at = |x, y| Some(spot(Spot::At(Point::new(x, y))));
    let click = |at, button, count| {
        Action::Click(Box::new(Click {
            at,
            button,
            count,
            modifiers: Vec::new(),
        }))
    };
    let hotkey = |chord: &str, written: &str| {
        Action::Hotkey(Box::new(Hotkey {
            chord: Chord::parse(chord).expect("a chord"),
            written: written.to_owned(),
        }))
    };
    let press = Press {
        key: Key::from_name("Tab").expect("a key"),
        times: 3,
        pause: Duration::ZERO,
    };
    let start = Record::Start {
        name: "demo".to_owned(),
        frame_rate: 30,
    };
    let expected = [
        click(at(640, 400), Button::Left, 1),
        click(Some(spot(Spot::Share { x: 0.5, y: 0.25 })), Button::Left, 1),
        click(at(1, 2), Button::Middle, 3),
        click(at(1, 2), Button::Left, 2),
        click(None, Button::Right, 1),
        Action::Press(Box::new(press)),
        hotkey("ctrl+s", "ctrl+s"),
        hotkey("ctrl+plus", "ctrl++"),
        Action::Record(Box::new(start)),
        Action::Record(Box::new(Record::Stop)),
    ];
    let case = Case::steps(
        "  - click: [640, 400]\n  - click: 50%,25%\n  - click: { target: [1, 2], button: middle, \
         count: 3 }\n  - double-click: [1, 2]\n  - right-click\n  - press: { key: Tab, times: 3 }\n  \
         - hotkey: ctrl+s\n  - hotkey: [ctrl, +]\n  - record: demo\n  - record: stop\n",
    );
    let actions: Vec<Action> = case.actions().into_iter().map(untitled).collect();
    assert_eq!(actions, expected);
}

#[test]
fn a_title_is_one_short_line() {
    let case = Case::steps(
        "  - wait-ready\n  - type: \"a\\tb\\nc\"\n  - double-click: [1, 2]\n  - click: 12.5%,50%\n  - \
         hotkey: [ctrl, s]\n  - press: { key: Tab, times: 3 }\n  - click\n  - type: x\n    name: the \
         note is typed\n  - click: { text: Save, in: { window: /As/ } }\n  - wait: { window: /Note/, \
         stable: 300ms }\n  - scroll: { direction: down, amount: 3 }\n  - assert: { process: editor, \
         gone: true }\n  - if: { text: Update }\n    then:\n      - press: Escape\n  - for-each: { in: \
         [a, b], as: letter }\n    steps:\n      - type: ${letter}\n",
    );
    let expected = [
        "wait-ready",
        "type \"a\\tb\\nc\"",
        "double-click 1,2",
        "click 12.5%,50%",
        "hotkey ctrl+s",
        "press Tab x3",
        "click",
        "the note is typed",
        "click text: Save in window: /As/",
        "wait window: /Note/, stable for 0.3 s",
        "scroll down x3",
        "assert process editor gone",
        "if text: Update",
        "  press Escape",
        "for-each letter of 2",
        "  letter = a",
        "    type \"a\"",
        "  letter = b",
        "    type \"b\"",
    ];
    assert_eq!(case.titles(), expected);
    let long = Case::steps(&format!("  - type: {}\n", "x".repeat(500))).titles();
    assert!(
        long[0].chars().count() <= 60 && long[0].ends_with("…\""),
        "{}",
        long[0]
    );
}

#[test]
fn a_plan_knows_what_it_needs_of_the_desktop() {
    let needs = |steps: &str| Case::steps(steps).plan().needs();
    assert_eq!(needs("  - click: [1, 2]\n"), []);
    assert_eq!(needs("  - launch: mousepad\n"), [Need::Execute]);
    assert_eq!(needs("  - assert: { process: xvfb }\n"), []);
    assert_eq!(needs("  - assert: { process: editor }\n"), [Need::Execute]);
    assert_eq!(
        needs("  - click: { target: [1, 2], modifiers: [shift] }\n"),
        [Need::HeldKeys]
    );
    assert_eq!(
        needs("  - type: { text: a, verify: true }\n"),
        [Need::Clipboard]
    );
    assert_eq!(
        needs("  - if: { text: Save }\n    then:\n      - download: a.txt\n"),
        [Need::Files, Need::TextRecognition]
    );
}

#[test]
fn what_the_table_of_verbs_says_that_a_verb_needs_is_needed_by_its_example() {
    for verb in VERBS {
        let needs = Case::steps(&format!("  - {}\n", verb.example))
            .file("flows/files/notes.txt", "text")
            .file(
                "flows/parts/close.yaml",
                "version: 1\nsteps:\n  - press: Escape\n",
            )
            .plan()
            .needs();
        for need in verb.needs {
            assert!(
                needs.contains(need),
                "{}: {need:?} is not in {needs:?}",
                verb.name
            );
        }
    }
}

#[test]
fn all_problems_of_all_files_come_at_once() {
    let source = |name: &str, text: &str| Source::new(name, text.as_bytes());
    let problems = read(
        [
            source(
                "a.yaml",
                "version: 1\nname: a\nsteps:\n  - clik: 1\n  - click: [9999, 1]\n",
            ),
            source("b.yaml", "version: 1\nname: b\nsteps:\n  - wait-ready\n"),
            source("c.yaml", "version: 3\nname: c\nsteps:\n  - record: stop\n"),
        ],
        &Context::default(),
    )
    .expect_err("two are bad");
    let codes: Vec<(&str, Vec<Code>)> = problems
        .iter()
        .map(|file| (file.source().name(), file.iter().map(|p| p.code).collect()))
        .collect();
    let expected = [
        ("a.yaml", vec![Code::UnknownVerb, Code::OutsideScreen]),
        ("c.yaml", vec![Code::WrongVersion, Code::RecordingOrder]),
    ];
    assert_eq!(codes, expected);
}

/// What grows with the square of the names would take hours here.
#[test]
fn many_names_are_no_more_work_each() {
    let numbered = |line: &dyn Fn(usize) -> String| (0..40_000).map(line).collect::<String>();
    let head = "version: 1\nname: a\nsteps:\n  - wait-ready\n";
    let regions = numbered(&|n| format!("  r{n}: {{ x: 0, y: 0, width: 1, height: 1 }}\n"));
    let mask = numbered(&|n| format!("s{n}, "));
    let mask = format!("defaults: {{ screenshot: {{ mask: [{mask}] }} }}\n");
    for (text, right) in [
        (numbered(&|n| format!("k{n}: 1\n")), false),
        (
            format!("tags:\n{}", numbered(&|n| format!("  - t{n}\n"))),
            true,
        ),
        (format!("regions:\n{regions}{mask}"), false),
        (
            format!("vars:\n{}", numbered(&|n| format!("  v{n}: a\n"))),
            true,
        ),
        (numbered(&|n| format!("    k{n}: 1\n")), false),
    ] {
        let source = Source::new("a.yaml", format!("{head}{text}").as_bytes());
        assert_eq!(read([source], &Context::default()).is_ok(), right);
    }
}

#[test]
fn a_problem_does_not_bring_forth_others_that_are_none() {
    let case = Case::text(
        "desktop: { size: 9999x800 }\nregions:\n  r: { x: 5000, y: 0, width: 5 }\nvars: [a]\nsteps:\n  \
         - record: { demo }\n  - record: stop\n  - screenshot-assert: { baseline: b, mask: [r] }\n  - \
         click: [5000, 1]\n  - type: ${vars.a}\n",
    );
    let expected = [
        Code::OutOfRange,
        Code::MissingKey,
        Code::WrongType,
        Code::MissingKey,
        Code::UnknownKey,
    ];
    assert_eq!(case.codes(), expected);
}

#[test]
fn after_a_resize_the_screen_is_another_one() {
    let resized = "  - resize: 1920x1080\n  - click: [1900, 1000]\n";
    let plan = Case::steps(resized).plan();
    assert_eq!(plan.size, Size::new(1440, 900));
    assert_eq!(plan.largest, Size::new(1920, 1080));
    let before = "  - click: [1900, 1000]\n  - resize: 1920x1080\n";
    assert_eq!(Case::steps(before).codes(), [Code::OutsideScreen]);
}

#[test]
fn recordings_are_followed_through_blocks() {
    let codes = |steps: &str| Case::steps(steps).codes();
    let either = "  - if: { text: Save }\n    then:\n      - record: demo\n  - record: stop\n";
    Case::steps(either).plan();
    let never = "  - if: { text: Save }\n    then:\n      - press: a\n  - record: stop\n";
    assert_eq!(codes(never), [Code::RecordingOrder]);
    let often = "  - repeat-until: { text: Save }\n    max: 3\n    steps:\n      - record: demo\n      \
                 - record: stop\n";
    assert_eq!(codes(often), [Code::RecordingOrder]);
    let twice = "  - for-each: [a, b]\n    steps:\n      - record: demo\n      - record: stop\n      - \
                 type: ${item}\n";
    assert_eq!(codes(twice), [Code::RecordingOrder]);
    let named =
        "  - for-each: [a, b]\n    steps:\n      - record: demo-${item}\n      - record: stop\n";
    Case::steps(named).plan();
}
