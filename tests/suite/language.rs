//! The language reference: its tables are those of this version, its examples
//! are right, and nothing of the language is missing in them.
//!
//! `DESKHAND_BLESS=1 cargo test --test suite language::` writes the tables anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::Path,
};

use deskhand::{
    desktop::wire::limits,
    geometry::{Point, Size},
    internal::scenario::{
        CAPTURE, CHECK, DEFAULTS, DESKTOP, EXPECT_CHANGE, Field, Form, LIMITS, MODIFIERS,
        PLACE_TOGETHER, PROJECT, Project, RECT, RETRY, RUN, SIGHT, Shape, TARGET, TEXT_CONDITION,
        TOGETHER, TOP, VERBS, Verb, WINDOW,
    },
    plan::{self, Context, Files},
    scenario::{Code, Problem, Problems, Source, format},
    vision::Frame,
};
use serde_yaml::Value;

const REFERENCE: &str = "docs/language.md";

/// The pages whose examples have to be right.
const PAGES: [&str; 5] = [
    REFERENCE,
    "README.md",
    "docs/ci.md",
    "docs/command-line.md",
    "docs/glossary.md",
];

fn project_file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

// The tables.

/// What has fields, by the name that its table has in the reference.
fn shapes() -> Vec<(String, &'static Shape, Option<&'static Verb>)> {
    let mut shapes: Vec<(String, &'static Shape, Option<&'static Verb>)> = [
        ("top level", &TOP),
        ("desktop", &DESKTOP),
        ("defaults", &DEFAULTS),
        ("screenshot of defaults", &LIMITS),
        ("modifiers", &MODIFIERS),
        ("retry", &RETRY),
        ("expect-change", &EXPECT_CHANGE),
        ("capture", &CAPTURE),
        ("target", &TARGET),
        ("entry of all", &PLACE_TOGETHER),
        ("window of a target", &WINDOW),
        ("condition", &SIGHT),
        ("text condition", &TEXT_CONDITION),
        ("check", &CHECK),
        ("rectangle", &RECT),
        ("deskhand.yaml", &PROJECT),
        ("run of deskhand.yaml", &RUN),
    ]
    .map(|(name, shape)| (name.to_owned(), shape, None))
    .into();
    for verb in VERBS {
        shapes.push((verb.name.to_owned(), verb.shape, Some(verb)));
        shapes.push((format!("beside {}", verb.name), verb.beside, None));
    }
    shapes.retain(|(_, shape, _)| !shape.fields.is_empty());
    shapes
}

#[test]
fn the_words_for_what_a_field_takes_name_its_bounds() {
    /// Numbers up to this are named; what is larger is a matter of course.
    const NOTABLE: i64 = 10_000;
    /// So many words of a choice are named; more have a table of their own.
    const FEW: usize = 4;

    let fields = shapes().into_iter().flat_map(|(_, shape, _)| shape.fields);
    for field in fields {
        let words = format!("{} {}", field.takes, field.doc);
        let named: Vec<&str> = words
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .collect();
        let bounds: Vec<String> = match field.form {
            Form::Integer { least, most } if least < most && most < NOTABLE => {
                [least, most].iter().map(i64::to_string).collect()
            }
            Form::Choice(choice) if choice.len() <= FEW => {
                choice.iter().map(|word| (*word).to_owned()).collect()
            }
            Form::Keys => vec![limits::HELD_KEYS.to_string()],
            _ => continue,
        };
        for bound in bounds {
            assert!(
                named.contains(&&*bound),
                "{}: `{bound}` is not in `{words}`",
                field.name
            );
        }
    }
}

/// Every table, by its marker.
fn tables() -> BTreeMap<String, String> {
    let mut tables: BTreeMap<String, String> = shapes()
        .into_iter()
        .map(|(name, shape, verb)| (format!("fields: {name}"), field_table(shape, verb)))
        .collect();
    tables.insert("verbs".to_owned(), verb_table());
    tables
}

fn field_table(shape: &Shape, verb: Option<&Verb>) -> String {
    let mut lines = vec![
        "| key | takes | example | what it is for |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    for field in shape.fields {
        let mut doc = field.doc.to_owned();
        if field.required {
            doc.push_str("; required");
        }
        if let Some(verb) =
            verb.filter(|verb| verb.short.is_some_and(|short| short.name == field.name))
        {
            let short = code(&format!("{}: {}", verb.name, unquoted(field)));
            doc.push_str("; short form: ");
            doc.push_str(&short);
        }
        lines.push(row([
            code(field.name),
            field.takes.to_owned(),
            code(field.example),
            doc,
        ]));
    }
    lines.join("\n")
}

/// An example where no braces are around it: the quotes that only they ask for
/// are left out.
fn unquoted(field: &Field) -> &str {
    let inner = field.example.trim_matches('"');
    if matches!(field.form, Form::Target | Form::Text) && !inner.contains(['{', '}']) {
        inner
    } else {
        field.example
    }
}

fn verb_table() -> String {
    let mut lines = vec![
        "| verb | does | needs |".to_owned(),
        "| --- | --- | --- |".to_owned(),
    ];
    for verb in VERBS {
        let needs: Vec<&str> = verb.needs.iter().map(|need| need.name()).collect();
        let name = format!("[`{0}`](#{0})", verb.name);
        lines.push(row([name, verb.doc.to_owned(), needs.join(", ")]));
    }
    lines.join("\n")
}

fn row<const N: usize>(cells: [String; N]) -> String {
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |", cells.join(" | ")).replace("|  |", "| |")
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

const END: &str = "<!-- end -->";

/// The reference with its tables written anew, and the markers in it.
fn written_anew(text: &str, tables: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let mut anew = String::new();
    let mut markers = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("<!-- ") {
        let (before, behind) = rest.split_at(at);
        anew.push_str(before);
        let (marker, behind) = behind["<!-- ".len()..].split_once(" -->").unwrap();
        let (_, behind) = behind
            .split_once(END)
            .unwrap_or_else(|| panic!("nothing ends the table `{marker}`"));
        let table = tables
            .get(marker)
            .unwrap_or_else(|| panic!("there is no table `{marker}`"));
        let parts = ["<!-- ", marker, " -->\n\n", table, "\n\n", END];
        anew.extend(parts);
        markers.push(marker.to_owned());
        rest = behind;
    }
    anew.push_str(rest);
    (anew, markers)
}

#[test]
fn the_tables_are_those_of_this_version() {
    let text = project_file(REFERENCE);
    let (anew, _) = written_anew(&text, &tables());
    if env::var_os("DESKHAND_BLESS").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(REFERENCE), &anew).unwrap();
        return;
    }
    assert!(
        anew == text,
        "{REFERENCE} is old; DESKHAND_BLESS=1 cargo test --test suite language:: writes its tables anew"
    );
}

#[test]
fn every_table_stands_once_in_the_reference() {
    let tables = tables();
    let (_, mut markers) = written_anew(&project_file(REFERENCE), &tables);
    markers.sort();
    let all: Vec<String> = tables.into_keys().collect();
    assert_eq!(markers, all);
}

#[test]
fn no_mapping_of_the_language_is_without_a_table() {
    let known: Vec<&str> = shapes().iter().map(|(_, shape, _)| shape.owner).collect();
    for (_, shape, _) in shapes() {
        for field in shape.fields {
            if let Form::Mapping(inner) | Form::Short(inner, _) = field.form {
                assert!(known.contains(&inner.owner), "{}", inner.owner);
            }
        }
    }
}

#[test]
fn every_verb_has_a_section_and_every_problem_a_line() {
    let text = project_file(REFERENCE);
    for verb in VERBS {
        let heading = format!("\n### `{}`\n", verb.name);
        assert!(text.contains(&heading), "{heading}");
    }
    let (_, problems) = text.split_once("\n## Problems\n").unwrap();
    for code in Code::ALL.iter().copied() {
        let line = problems
            .lines()
            .find(|line| line.contains(&format!("`{code}`")));
        let line = line.unwrap_or_else(|| panic!("nothing says what `{code}` is"));
        assert_eq!(line.contains("(warning)"), code.is_warning(), "{line}");
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut pages = vec!["README.md".to_owned()];
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for entry in fs::read_dir(docs).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let name = path.file_name().unwrap().to_str().unwrap();
            pages.push(format!("docs/{name}"));
        }
    }
    let mut dead = Vec::new();
    for page in &pages {
        let text = project_file(page);
        for part in text.split("](").skip(1) {
            let (link, _) = part.split_once(')').unwrap();
            if !link.starts_with("http") && !is_alive(page, link) {
                dead.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// Whether a link of a page leads to a file of the project, and to a heading of it
/// if it names one.
fn is_alive(page: &str, link: &str) -> bool {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let file = if file.is_empty() {
        project.join(page)
    } else {
        project.join(page).with_file_name(file)
    };
    if heading.is_empty() {
        return file.exists();
    }
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#').trim()) == heading)
}

/// The name that a page gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let joined = kept.map(|c| if c == ' ' { '-' } else { c });
    joined.collect::<String>().to_lowercase()
}

// The examples.

/// What the steps of an example may name beside what it has itself.
const PRELUDE: &str = "
version: 1
vars: { user: ann, mode: fast }
secrets: [NOTE_PASSWORD]
regions:
  clock: { x: 1180, y: 0, width: 100, height: 28 }
  panel: { x: 0, y: 0, width: 1280, height: 28 }
  status-bar: { x: 0, y: 780, width: 1280, height: 20 }
targets:
  save-button: { text: Save }
  dialog: { window: /Save As/ }
";

/// What a block of YAML in a page is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// A whole scenario.
    Scenario,
    /// A file for `use`.
    Part,
    /// The project's settings.
    Settings,
    /// Some of the top level's keys.
    Keys,
    /// Some steps.
    Steps,
    /// YAML of somebody else.
    Foreign,
}

/// One block of YAML in a page.
#[derive(Clone, Debug)]
struct Example {
    /// Where it begins, for messages.
    place: String,
    text: String,
    kind: Kind,
    /// The path in its first line, if there is one.
    path: Option<String>,
}

/// All blocks of YAML in a page, in their order.
fn examples(page: &str) -> Vec<Example> {
    let text = project_file(page);
    let mut examples = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match &mut open {
            None if line == "```yaml" => open = Some((number + 1, String::new())),
            None => {}
            Some((begun, block)) if line == "```" => {
                let place = format!("{page}:{begun}");
                examples.push(example(place, std::mem::take(block)));
                open = None;
            }
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
        }
    }
    examples
}

/// Decides by the first lines what a block is: a comment with a path, a list,
/// `version`, or another key of the top level.
fn example(place: String, text: String) -> Example {
    let comment = text.lines().next().and_then(|line| line.strip_prefix("# "));
    let path = comment
        .filter(|path| {
            [".yaml", ".yml"].iter().any(|ending| path.contains(ending)) && !path.contains(' ')
        })
        .map(str::to_owned);
    let first = text.lines().find(|line| !line.starts_with('#'));
    let first = first.unwrap_or_default();
    let key = first.split(':').next().unwrap_or_default();
    let kind = match path.as_deref() {
        Some(path) if path.starts_with("parts/") => Kind::Part,
        Some("deskhand.yaml") => Kind::Settings,
        // Files of other programs are in hidden folders.
        Some(path) if path.starts_with('.') => Kind::Foreign,
        _ if first.starts_with("- ") => Kind::Steps,
        _ if key == "version" => Kind::Scenario,
        _ if TOP.field(key).is_some() => Kind::Keys,
        _ => Kind::Foreign,
    };
    Example {
        place,
        text,
        kind,
        path,
    }
}

fn all_examples() -> Vec<Example> {
    PAGES.into_iter().flat_map(examples).collect()
}

/// The files that examples name: pictures and files to upload are there, other
/// scenarios are those of the examples.
struct Shown {
    parts: BTreeMap<String, String>,
}

impl Files for Shown {
    fn read(&self, path: &Path, _most: usize) -> io::Result<Vec<u8>> {
        let name = path.to_str().unwrap();
        if let Some(text) = self.parts.get(name) {
            return Ok(text.clone().into_bytes());
        }
        if path.extension().is_some_and(|ending| ending == "png") {
            // A square of two colours on a ground.
            let mut picture = Frame::filled(Size::new(8, 8), [128; 3]);
            for (side, colour) in [(4, [200, 30, 30]), (2, [30, 30, 200])] {
                let square = Frame::filled(Size::new(side, side), colour);
                picture.put(&square, Point::new(2, 2));
            }
            return Ok(picture.encode_png());
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        path.parent() == Some(Path::new("files"))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        assert_eq!(folder, Path::new("images"), "only pictures are chosen by *");
        Ok(vec!["save.png".to_owned(), "save-dark.png".to_owned()])
    }
}

/// The files that the examples of a page show.
fn shown(page: &str) -> Shown {
    let parts = examples(page)
        .into_iter()
        .filter(|example| example.kind == Kind::Part)
        .map(|example| (example.path.unwrap(), example.text))
        .collect();
    Shown { parts }
}

/// The whole file that an example stands for.
fn whole(example: &Example) -> String {
    let text = &example.text;
    match example.kind {
        Kind::Steps => {
            let steps = indented(text);
            format!("version: 1\nname: An example\nsteps:\n{steps}")
        }
        Kind::Keys => {
            let has = |key: &str| text.lines().any(|line| line.starts_with(key));
            let steps = if has("steps:") {
                ""
            } else {
                "steps: [wait-ready]\n"
            };
            format!("version: 1\nname: An example\n{text}{steps}")
        }
        _ => text.clone(),
    }
}

fn indented(text: &str) -> String {
    let line = |line: &str| {
        if line.is_empty() {
            "\n".to_owned()
        } else {
            format!("  {line}\n")
        }
    };
    text.lines().map(line).collect()
}

/// The problems and warnings of an example, by Deskhand.
fn problems(example: &Example, files: &Shown) -> Vec<Problem> {
    let text = whole(example);
    if example.kind == Kind::Settings {
        let read = Project::read(Source::new("deskhand.yaml", text.as_bytes()));
        return match read {
            Ok((_, warnings)) => warnings,
            Err(problems) => problems.iter().cloned().collect(),
        };
    }
    let (prelude, _) = Project::read(Source::new("", PRELUDE.as_bytes())).unwrap();
    // A whole file has to stand by itself.
    let alone = matches!(example.kind, Kind::Scenario | Kind::Part);
    let context = Context {
        files,
        environment: &|name| {
            (name == "NOTE_PASSWORD" || name == "LOGIN_PASSWORD").then(String::new)
        },
        project: (!alone).then_some(&prelude),
        secrets_required: true,
        ..Context::default()
    };
    let path = example.path.as_deref().unwrap_or("example.yaml");
    let plans = plan::read_all([Source::new(path, text.as_bytes())], &context);
    let warned = |problem: &&Problem| alone || problem.code != Code::UnusedName;
    let all = plans.problems.iter().chain(&plans.warnings);
    all.flat_map(Problems::iter)
        .filter(warned)
        .cloned()
        .collect()
}

#[test]
fn every_example_is_right() {
    let mut wrong = Vec::new();
    for page in PAGES {
        let files = shown(page);
        for example in examples(page) {
            if example.kind == Kind::Foreign {
                continue;
            }
            for problem in problems(&example, &files) {
                // The reference shows what this warning is about.
                if problem.code == Code::FixedWait && page == REFERENCE {
                    continue;
                }
                let line = &whole(&example)[problem.span.start..];
                let line = line.lines().next().unwrap_or_default();
                wrong.push(format!(
                    "{}: {}: {} ({line})",
                    example.place, problem.code, problem.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_example_is_in_the_standard_form() {
    let mut wrong = Vec::new();
    for example in all_examples() {
        if example.kind == Kind::Foreign {
            continue;
        }
        let text = with_near_comments(&example.text);
        let source = Source::new("example.yaml", text.as_bytes());
        let standard = format(&source).unwrap();
        if standard != text {
            wrong.push(format!("{}:\n{standard}", example.place));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same with two blanks before each comment: a page may show comments
/// below each other.
fn with_near_comments(text: &str) -> String {
    let near = |line: &str| match line.split_once("   # ") {
        Some((before, comment)) => format!("{}  # {comment}\n", before.trim_end()),
        None => format!("{line}\n"),
    };
    text.lines().map(near).collect()
}

// What the examples have in them.

/// The keys of the language that are used, by what has them.
#[derive(Default)]
struct Used {
    keys: BTreeSet<(&'static str, String)>,
    verbs: BTreeSet<&'static str>,
}

impl Used {
    fn fields(&mut self, shape: &'static Shape, value: &Value) {
        for (key, value) in mapping(value) {
            if let Some(field) = shape.field(key) {
                self.keys.insert((shape.owner, key.to_owned()));
                self.form(field.form, value);
            }
        }
    }

    fn form(&mut self, form: Form, value: &Value) {
        match form {
            Form::Steps => list(value).iter().for_each(|step| self.step(step)),
            Form::Target => self.fields(&TARGET, value),
            Form::TargetList => list(value)
                .iter()
                .for_each(|value| self.fields(&TARGET, value)),
            Form::Together => list(value)
                .iter()
                .for_each(|value| self.fields(&TOGETHER, value)),
            Form::TargetTable => mapping(value).for_each(|(_, value)| self.fields(&TARGET, value)),
            Form::Within => {
                self.fields(&TARGET, value);
                self.fields(&RECT, value);
            }
            Form::Window => self.fields(&WINDOW, value),
            Form::Area => self.fields(&RECT, value),
            Form::Areas => list(value)
                .iter()
                .for_each(|value| self.fields(&RECT, value)),
            Form::RegionTable => mapping(value).for_each(|(_, value)| self.fields(&RECT, value)),
            Form::Check => self.fields(&CHECK, value),
            Form::Condition if value.get("value").is_some() && value.get("role").is_none() => {
                self.fields(&TEXT_CONDITION, value);
            }
            Form::Condition => self.fields(&SIGHT, value),
            Form::Mapping(shape) => self.fields(shape, value),
            Form::Short(shape, short) => {
                if !value.is_mapping() {
                    self.keys.insert((shape.owner, short.to_owned()));
                }
                self.fields(shape, value);
            }
            _ => {}
        }
    }

    fn step(&mut self, step: &Value) {
        let named = |name: &str| VERBS.iter().find(|verb| verb.name == name);
        if let Some(verb) = step.as_str().and_then(named) {
            self.verbs.insert(verb.name);
        }
        let is_block = step.get("then").is_some();
        let is_verb = |key: &str| named(key).is_some() && MODIFIERS.field(key).is_none();
        let has_verb = is_block || mapping(step).any(|(key, _)| is_verb(key));
        for (key, value) in mapping(step) {
            let is_alone = key == "caption" && !has_verb;
            let is_modifier =
                MODIFIERS.field(key).is_some() && !(key == "if" && is_block) && !is_alone;
            let Some(verb) = named(key).filter(|_| !is_modifier) else {
                continue;
            };
            self.verbs.insert(verb.name);
            self.fields(verb.shape, value);
            // A value alone, or a target or a condition in the verb's place.
            if let Some(field) = verb.short {
                self.form(field.form, value);
            }
            self.fields(verb.beside, step);
        }
        self.fields(&MODIFIERS, step);
    }
}

fn mapping(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let pairs = value.as_mapping().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.as_str()?, value)))
}

fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

#[test]
fn the_examples_have_the_whole_language_in_them() {
    let mut used = Used::default();
    for example in examples(REFERENCE) {
        let shape = match example.kind {
            Kind::Foreign => continue,
            Kind::Settings => &PROJECT,
            _ => &TOP,
        };
        let value: Value = serde_yaml::from_str(&whole(&example)).unwrap();
        used.fields(shape, &value);
    }
    let mut missing = Vec::new();
    for verb in VERBS {
        if !used.verbs.contains(verb.name) {
            missing.push(format!("the verb `{}`", verb.name));
        }
    }
    for (name, shape, _) in shapes() {
        for field in shape.fields {
            let is_used = used.keys.contains(&(shape.owner, field.name.to_owned()));
            if !is_used {
                missing.push(format!("`{}` of {name}", field.name));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no example has {}",
        missing.join("\nno example has ")
    );
}

#[test]
fn a_block_is_known_by_its_first_lines() {
    let kind = |text: &str| example(String::new(), text.to_owned()).kind;
    assert_eq!(kind("# about it\nversion: 1\n"), Kind::Scenario);
    assert_eq!(kind("# parts/close.yaml\nversion: 1\n"), Kind::Part);
    assert_eq!(kind("# deskhand.yaml\nversion: 1\n"), Kind::Settings);
    assert_eq!(kind("targets:\n  a: { text: Save }\n"), Kind::Keys);
    assert_eq!(kind("- wait-ready\n"), Kind::Steps);
    assert_eq!(kind("jobs:\n  steps:\n    - uses: x\n"), Kind::Foreign);
}
