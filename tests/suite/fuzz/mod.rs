//! Texts that nobody would write, made from those of the gallery by structured
//! mutation: whatever a file holds, reading, planning, drawing and formatting
//! it end, without a panic and with the same answer for the same meaning.
//!
//! `DESKHAND_FUZZ_MINUTES=60 cargo test --release --test suite fuzz:: -- --nocapture`
//! goes on for that long, each time with other texts. `DESKHAND_FUZZ_SEED` is the number
//! that chance begins with.

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "this is for whoever waits an hour"
)]

mod pictures;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use deskhand::{
    internal::scenario::{
        DEFAULTS, DESKTOP, MODIFIERS, PART, PROJECT, Project, Shape, TARGET, TOP, VERBS, WINDOW,
    },
    plan::{self, Context, Disk, Files, Plans},
    scenario::{Problems, Source, format, render, scenario_schema},
};
use jsonschema::Validator;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner},
};
use serde_json::Value;

use crate::seed::{self, seed};

/// A text that takes longer than this has hung, however busy the machine is.
const HUNG: Duration = Duration::from_secs(300);

/// Chance that begins with a number.
fn chance(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

fn here(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of the gallery and of the examples, as their texts name them.
struct Gallery;

impl Gallery {
    fn path(path: &Path) -> PathBuf {
        let example = here("scenarios").join(path);
        if example.exists() {
            example
        } else {
            here("tests/diagnostics").join(path)
        }
    }
}

impl Files for Gallery {
    fn read(&self, path: &Path, most: usize) -> io::Result<Vec<u8>> {
        // A mutated path may lead anywhere, also to a device.
        if self.is_file(path) {
            Disk.read(&Self::path(path), most)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(&Self::path(path))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        Disk.list(&Self::path(folder))
    }
}

/// The texts that everything is made from: the bad ones of the gallery, and good
/// ones, which get further.
fn seeds() -> Vec<String> {
    let mut folders = vec![here("tests/diagnostics"), here("scenarios")];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                texts.push(String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned());
            }
        }
    }
    texts.sort();
    let examples = VERBS.iter().map(|verb| {
        let key = "targets: { save: { text: Save } }";
        format!(
            "version: 1\nname: An example\n{key}\nsteps:\n  - {}\n",
            verb.example
        )
    });
    for example in examples {
        texts.extend([example.clone(), example.clone(), example]);
    }
    texts
}

/// What is put in the place of keys and values: every key of the language with
/// an example of its value, and what has broken readers of YAML before.
fn words() -> Vec<String> {
    const NASTY: [&str; 48] = [
        "",
        "~",
        "null",
        "no",
        "007",
        "0x10",
        "1e309",
        ".nan",
        "-1",
        "99999999999999999999",
        "18446744073709551616",
        "4294967296",
        "0",
        "-0",
        "0.5",
        "1e3",
        "101%",
        "-1%",
        "50%,50%",
        "0x0",
        "1x99999999",
        "500ms",
        "0s",
        "999999999999h",
        "\"\"",
        "'",
        "\"",
        "|",
        ">-",
        "|9",
        "[",
        "{",
        "[[[[",
        "{a: {b: {c",
        "&a [*a]",
        "*a",
        "<<: *a",
        "!!binary x",
        "? a",
        "--- x",
        "${",
        "\"${vars.a:-${b}}\"",
        "$${x}",
        "/(/",
        "/a{9999}{9999}/",
        "../..",
        "images/*.png",
        "💥\u{202e}\u{0301}é",
    ];
    fn of(shape: &Shape, words: &mut Vec<String>) {
        for field in shape.fields {
            words.push(field.name.to_owned());
            words.push(field.example.to_owned());
            words.push(format!("{}: {}", field.name, field.example));
        }
    }
    let mut words: Vec<String> = NASTY.iter().map(|&word| word.to_owned()).collect();
    for shape in [
        &TOP, &PART, &PROJECT, &DESKTOP, &DEFAULTS, &MODIFIERS, &TARGET, &WINDOW,
    ] {
        of(shape, &mut words);
    }
    for verb in VERBS {
        of(verb.shape, &mut words);
        of(verb.beside, &mut words);
        words.push(verb.name.to_owned());
        words.push(verb.example.to_owned());
    }
    words
}

/// Characters that are put between others.
const CHARACTERS: [&str; 20] = [
    "\0",
    "\t",
    "\r",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{1b}[31m",
    "\u{7f}",
    "\"",
    "'",
    ": ",
    "- ",
    " #",
    "\n",
    "\n\n  ",
    ",",
    "]",
    "}",
    "\\",
];

/// One change of a text.
#[derive(Clone, Debug)]
enum Mutation {
    Drop(Index),
    Double(Index),
    Swap(Index, Index),
    Indent(Index, bool),
    /// A word in the place of what stands behind the first `: ` or `- `.
    Value(Index, Index),
    /// A word in the place of what stands before the first `:`.
    Key(Index, Index),
    /// Lines of another text, so far indented as the line that they follow.
    Splice(Index, Index, Index, usize),
    Insert(Index, &'static str),
    Repeat(Index, usize, usize),
    Cut(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        2 => at().prop_map(Mutation::Drop),
        2 => at().prop_map(Mutation::Double),
        2 => (at(), at()).prop_map(|(one, other)| Mutation::Swap(one, other)),
        3 => (at(), any::<bool>()).prop_map(|(line, more)| Mutation::Indent(line, more)),
        8 => (at(), at()).prop_map(|(line, word)| Mutation::Value(line, word)),
        4 => (at(), at()).prop_map(|(line, word)| Mutation::Key(line, word)),
        4 => (at(), at(), at(), 1..12_usize)
            .prop_map(|(line, text, from, count)| Mutation::Splice(line, text, from, count)),
        4 => (at(), select(&CHARACTERS[..])).prop_map(|(place, text)| Mutation::Insert(place, text)),
        1 => (at(), 1..6_usize, 2..40_usize)
            .prop_map(|(line, lines, times)| Mutation::Repeat(line, lines, times)),
        1 => at().prop_map(Mutation::Cut),
    ]
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches(' ').len()]
}

impl Mutation {
    fn apply(&self, text: &str, seeds: &[String], words: &[String]) -> String {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let line = |index: &Index, lines: &[String]| index.index(lines.len());
        match self {
            Self::Drop(at) => {
                lines.remove(line(at, &lines));
            }
            Self::Double(at) => {
                let at = line(at, &lines);
                lines.insert(at, lines[at].clone());
            }
            Self::Swap(one, other) => {
                let (one, other) = (line(one, &lines), line(other, &lines));
                lines.swap(one, other);
            }
            Self::Indent(at, more) => {
                let line = &mut lines[at.index(text.split('\n').count())];
                if *more {
                    line.insert_str(0, "  ");
                } else if let Some(less) = line.strip_prefix("  ") {
                    *line = less.to_owned();
                }
            }
            Self::Value(at, word) => {
                let at = line(at, &lines);
                let place = lines[at].find(": ").or_else(|| lines[at].find("- "));
                if let Some(place) = place {
                    lines[at].replace_range(place + 2.., &words[word.index(words.len())]);
                }
            }
            Self::Key(at, word) => {
                let at = line(at, &lines);
                if let Some(end) = lines[at].find(':') {
                    let start = lines[at].find(|char| !matches!(char, ' ' | '-'));
                    let start = start.unwrap_or(end).min(end);
                    lines[at].replace_range(start..end, &words[word.index(words.len())]);
                }
            }
            Self::Splice(at, text, from, count) => {
                let at = line(at, &lines);
                let other: Vec<&str> = text.get(seeds).split('\n').collect();
                let from = from.index(other.len());
                let part = &other[from..other.len().min(from + count)];
                let (old, new) = (indent(part[0]).to_owned(), indent(&lines[at]).to_owned());
                let moved = part.iter().map(|line| {
                    let inner = line.strip_prefix(old.as_str()).unwrap_or(line.trim_start());
                    format!("{new}{inner}")
                });
                let moved: Vec<String> = moved.collect();
                lines.splice(at..at, moved);
            }
            Self::Insert(place, what) => {
                let mut ends: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
                ends.push(text.len());
                let mut text = text.to_owned();
                text.insert_str(*place.get(&ends), what);
                return text;
            }
            Self::Repeat(at, count, times) => {
                let at = line(at, &lines);
                let part = lines[at..lines.len().min(at + count)].to_vec();
                for _ in 0..*times {
                    lines.splice(at..at, part.iter().cloned());
                }
            }
            Self::Cut(at) => lines.truncate(line(at, &lines).max(1)),
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines.join("\n")
    }
}

/// What everything is tried with.
struct Bench {
    seeds: Vec<String>,
    words: Vec<String>,
    schema: Validator,
    /// How many texts were right in all.
    right: AtomicU32,
}

impl Bench {
    fn text(&self, seed: Index, mutations: &[Mutation]) -> String {
        let mut text = self.seeds[seed.index(self.seeds.len())].clone();
        for mutation in mutations {
            text = mutation.apply(&text, &self.seeds, &self.words);
        }
        text
    }

    /// Everything that Deskhand does with a text before it plays it.
    fn holds(&self, text: &str) -> Result<(), TestCaseError> {
        let read = plans(text);
        self.right
            .fetch_add(u32::from(read.problems.is_empty()), Ordering::Relaxed);
        draw(&read.problems)?;
        draw(&read.warnings)?;
        if let Err(problems) = Project::read(source(text)) {
            draw(&[problems])?;
        }
        let Ok(standard) = format(&source(text)) else {
            return Ok(());
        };
        let again = format(&source(&standard)).ok();
        prop_assert_eq!(again.as_ref(), Some(&standard));
        let formatted = plans(&standard);
        prop_assert_eq!(titles(&read), titles(&formatted));
        prop_assert_eq!(codes(&read.problems), codes(&formatted.problems));
        if read.problems.is_empty() {
            self.schema_agrees(text)?;
        }
        Ok(())
    }

    /// What Deskhand plays, its schema accepts.
    fn schema_agrees(&self, text: &str) -> Result<(), TestCaseError> {
        // Line breaks of YAML 1.1, which are characters since 1.2.
        if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
            return Ok(());
        }
        // Editors read YAML in their own way, some of it not at all.
        let Ok(value) = serde_yaml::from_str::<Value>(text) else {
            return Ok(());
        };
        if is_read_otherwise(&value) {
            return Ok(());
        }
        let refusal = self.schema.iter_errors(&value).next();
        let refusal = refusal.map(|error| format!("{}: {error}", error.instance_path()));
        prop_assert_eq!(refusal, None);
        Ok(())
    }
}

/// Whether the two readers may take a value for different things: `~` is a text
/// here and nothing at all there, and `007` is the number 7 here, as the core
/// schema of YAML 1.2 has it, and a text there.
fn is_read_otherwise(value: &Value) -> bool {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match value {
        Value::Null => true,
        Value::String(text) => text.starts_with('0') && all_digits(text),
        Value::Array(items) => items.iter().any(is_read_otherwise),
        Value::Object(fields) => fields.values().any(is_read_otherwise),
        _ => false,
    }
}

fn source(text: &str) -> Source {
    Source::new("fuzz.yaml", text.as_bytes())
}

fn plans(text: &str) -> Plans {
    let context = Context {
        files: &Gallery,
        environment: &|name| name.len().is_multiple_of(2).then(|| name.to_lowercase()),
        ..Context::default()
    };
    plan::read_all([source(text)], &context)
}

fn titles(plans: &Plans) -> Vec<String> {
    let mut titles = Vec::new();
    for plan in &plans.plans {
        titles.push(plan.name.clone());
        plan.each_step(&mut |step| titles.push(step.title.clone()));
    }
    titles
}

fn codes(problems: &[Problems]) -> Vec<(String, &'static str)> {
    let all = problems.iter().flat_map(|problems| {
        let file = problems.source().name().to_owned();
        problems
            .iter()
            .map(move |problem| (file.clone(), problem.code.name()))
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

/// Problems can be drawn, and a terminal cannot be taken over by what they show.
fn draw(problems: &[Problems]) -> Result<(), TestCaseError> {
    for width in [1, 40, 100] {
        let drawn = render(problems, width, false);
        let control = drawn
            .chars()
            .find(|char| char.is_control() && *char != '\n');
        prop_assert_eq!(control, None, "in {:?}", drawn);
    }
    Ok(())
}

/// Ends the program with the text that is being tried, if it hangs.
struct Watchdog {
    trying: Arc<Mutex<Option<(Instant, String)>>>,
    _alive: mpsc::Sender<()>,
}

impl Watchdog {
    fn new() -> Self {
        let trying = Arc::new(Mutex::new(None::<(Instant, String)>));
        let (alive, ended) = mpsc::channel::<()>();
        let watched = Arc::clone(&trying);
        thread::spawn(move || {
            let second = Duration::from_secs(1);
            while ended.recv_timeout(second) == Err(mpsc::RecvTimeoutError::Timeout) {
                let trying = watched.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((since, text)) = &*trying
                    && since.elapsed() > HUNG
                {
                    eprintln!("this text takes longer than {HUNG:?}:\n{text}");
                    process::abort();
                }
            }
        });
        Self {
            trying,
            _alive: alive,
        }
    }

    fn watch<T>(&self, text: &str, work: impl FnOnce() -> T) -> T {
        let set = |value| *self.trying.lock().unwrap_or_else(PoisonError::into_inner) = value;
        set(Some((Instant::now(), text.to_owned())));
        let result = work();
        set(None);
        result
    }
}

#[test]
fn no_text_panics_hangs_or_means_two_things() {
    let bench = Bench {
        seeds: seeds(),
        words: words(),
        schema: jsonschema::draft7::new(&scenario_schema()).unwrap(),
        right: AtomicU32::new(0),
    };
    let watchdog = Watchdog::new();
    let minutes = std::env::var("DESKHAND_FUZZ_MINUTES").ok();
    let minutes: Option<u64> = minutes.map(|minutes| minutes.parse().unwrap());
    let config = Config {
        cases: 1000,
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..Config::default()
    };
    let began = Instant::now();
    let mut tried = 0;
    let first = minutes.map_or(seed::USUAL, |_| u64::from(process::id()));
    for seed in seed(first).. {
        let mut runner = TestRunner::new_with_rng(config.clone(), chance(seed));
        let texts = (any::<Index>(), vec(mutation(), 0..6));
        let result = runner.run(&texts, |(seed, mutations)| {
            let text = bench.text(seed, &mutations);
            watchdog.watch(&text, || bench.holds(&text))
        });
        tried += config.cases;
        if let Err(error) = result {
            let text = match &error {
                TestError::Fail(_, (seed, mutations)) => bench.text(*seed, mutations),
                TestError::Abort(_) => String::new(),
            };
            panic!(
                "{error}\n--- the seed: {seed}\n--- the text:\n{text}\n--- once more:\n{text:?}"
            );
        }
        match minutes {
            Some(minutes) if began.elapsed() < Duration::from_secs(60 * minutes) => {}
            _ => break,
        }
    }
    let (right, took) = (bench.right.into_inner(), began.elapsed());
    println!("{tried} texts in {took:?}, {right} of them without a problem");
    assert!(right > tried / 50, "the texts are too wild to get far");
}
