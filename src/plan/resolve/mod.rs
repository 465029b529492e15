//! From scenarios to plans: rows unrolled, defaults filled in, names looked up,
//! values compared with the screen.
//!
//! One [`Desk`] is shared by all files of a run: what was read once is not read
//! again. Each file has a [`Resolver`], which knows its names; a used file has
//! one of its own, below that of the file that uses it.

#![expect(
    clippy::option_option,
    reason = "`None` has a problem that was told, `Some(None)` was left out"
)]

mod area;
mod block;
mod check;

mod lookup;
mod picture;
mod rows;
mod step;
mod target;
mod unused;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use self::{area::ScreenSize, lookup::Names, rows::Row, unused::Uses};
use super::{Context, Origin, Plan, Step, context, ledger::Ledger, order};
use crate::{
    geometry::{Rect, Size},
    language::Language,
    pattern::Pattern,
    profile::Profile,
    scenario::{
        self, Code, Missing, Problem, Problems, Reading, Role, Scenario, Source, Span, ticked,
    },
    timeline::Pace,
    vision::{Needle, both},
};

/// The defaults.
pub(super) mod standard {
    use super::{Duration, Size};

    pub(in crate::plan) const SIZE: Size = Size::new(1440, 900);
    pub(in crate::plan) const TIMEOUT: Duration = Duration::from_secs(10);
    /// A desktop that starts on a busy machine takes longer than a step on it.
    pub(in crate::plan) const READY_TIMEOUT: Duration = Duration::from_secs(60);
    /// This many characters are typed within the time of every step.
    pub(in crate::plan) const SHORT_TEXT: u32 = 50;
    /// How much time a slow program gets for each further character that is typed into it.
    pub(in crate::plan) const TYPED: Duration = Duration::from_millis(20);
    /// How long a distant desktop takes for a request: a `type` with `speed` or `verify` makes one
    /// for each character.
    pub(in crate::plan) const REQUEST: Duration = Duration::from_millis(150);
    /// A block is bounded by its steps.
    pub(in crate::plan) const BLOCK_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
}

/// The maximum number of steps of a plan, with loops unrolled and used files included.
const MOST_STEPS: usize = 100_000;

/// What all files of a run share.
pub(super) struct Desk<'a> {
    pub(super) context: Context<'a>,
    pub(super) ledger: Ledger,
    parts: HashMap<PathBuf, Option<Arc<Parsed>>>,
    pictures: HashMap<(PathBuf, bool), Result<Needle, String>>,
    regexes: HashMap<String, Result<Pattern, String>>,
    uses: Uses,
    /// The names of the project's settings.
    base: Option<Arc<Parsed>>,
    /// The files that were read, each once.
    files: Vec<Arc<Parsed>>,
    /// Their names.
    met: HashSet<String>,
}

/// A file that was read.
pub(super) struct Parsed {
    scenario: Scenario,
    missing: Missing,
}

/// Resolves the steps of one file.
pub(super) struct Resolver<'d, 'a> {
    pub(super) desk: &'d mut Desk<'a>,
    file: Arc<Parsed>,
    pub(super) folder: PathBuf,
    names: Names,
    regions: BTreeMap<String, area::Region>,
    targets: BTreeMap<String, Option<super::Target>>,
    defaults: Defaults,
    screen: ScreenSize,
    profile: Profile,
    languages: Vec<Language>,
    packages: Vec<String>,
    reuse: bool,
    accessibility: bool,
    memory: Option<u64>,
    processes: Option<u32>,
    environment: BTreeMap<String, String>,
    /// The files that are being used, the outermost first.
    using: Vec<String>,
    /// How many steps the plan has so far.
    count: usize,
    /// Whether a step had to be left out, so that nothing follows from the order.
    incomplete: bool,
}

/// The defaults for steps.
#[derive(Clone, Default)]
struct Defaults {
    timeout: Option<Duration>,
    tolerance: Option<f64>,
    area_tolerance: Option<f64>,
    max_pixels: Option<u32>,
    max_cluster: Option<u32>,
    mask: Vec<Rect>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(context: Context<'a>) -> Self {
        let base = context.project.map(|project| {
            Arc::new(Parsed {
                scenario: Scenario::of_project(project),
                missing: Missing::default(),
            })
        });
        Self {
            context,
            ledger: Ledger::default(),
            parts: HashMap::new(),
            pictures: HashMap::new(),
            regexes: HashMap::new(),
            uses: Uses::default(),
            base,
            files: Vec::new(),
            met: HashSet::new(),
        }
    }

    /// The plans of one file: one for each row of its matrix, none for a file
    /// that others use.
    pub(super) fn file(&mut self, source: &Arc<Source>, reading: Reading) -> Vec<Plan> {
        let role = role(source.name());
        let Some(file) = self.parsed(source, reading) else {
            return Vec::new();
        };
        let rows = match role {
            Role::Scenario => rows::of(self, &file),
            Role::Part => vec![Row::default()],
        };
        let mut plans = Vec::new();
        for row in rows {
            let mut resolver = Resolver::scenario(self, &file, &row, role);
            let plan = resolver.plan(&row);
            let whole = !resolver.incomplete && !file.missing.steps;
            order::check(&plan, whole, &mut self.ledger);
            plans.push(plan);
        }
        self.met(&file);
        if role == Role::Part {
            Vec::new()
        } else {
            plans
        }
    }

    /// Remembers a file whose unused names are told at the end, when all steps
    /// of all files have gone by.
    fn met(&mut self, file: &Arc<Parsed>) {
        if self.met.insert(file.scenario.source.name().to_owned()) {
            self.files.push(Arc::clone(file));
        }
    }

    /// The errors and the warnings of all files.
    pub(super) fn finish(mut self) -> (Vec<Problems>, Vec<Problems>) {
        for file in std::mem::take(&mut self.files) {
            if self.ledger.errors(&file.scenario.source) == 0 {
                unused::tell(&mut self, &file);
            }
        }
        self.ledger.close()
    }

    fn parsed(&mut self, source: &Arc<Source>, reading: Reading) -> Option<Arc<Parsed>> {
        self.ledger.open(source, reading.problems);
        reading
            .scenario
            .map(|(scenario, missing)| Arc::new(Parsed { scenario, missing }))
    }

    /// Variables that were given for this run, and that no file has.
    pub(super) fn strange_vars(&self) -> Vec<String> {
        let given = self.context.vars.iter().map(|(name, _)| name);
        given
            .filter(|name| !self.uses.was_declared(name))
            .cloned()
            .collect()
    }
}

/// Texts of fewer bytes are read before a second thread has begun.
const WORTH_TWO: usize = 1 << 15;

/// Reads files one by one, which needs nothing but their texts, so two
/// processors do it side by side.
pub(super) fn read(sources: &[Arc<Source>]) -> Vec<Reading> {
    let all = |sources: &[Arc<Source>]| -> Vec<Reading> {
        let each = |source| Scenario::read_leniently(source, role(source.name()));
        sources.iter().map(each).collect()
    };
    let length: usize = sources.iter().map(|source| source.text().len()).sum();
    if sources.len() < 2 || length < WORTH_TWO {
        return all(sources);
    }
    let (first, second) = sources.split_at(sources.len() / 2);
    let (mut first, second) = both(|| all(first), || all(second));
    first.extend(second);
    first
}

/// Files in a folder called `parts` are for `use`.
fn role(file: &str) -> Role {
    let folder = Path::new(file).parent().and_then(Path::file_name);
    if folder.is_some_and(|name| name == "parts") {
        Role::Part
    } else {
        Role::Scenario
    }
}

impl<'d, 'a> Resolver<'d, 'a> {
    /// A resolver that has read nothing yet.
    fn new(desk: &'d mut Desk<'a>, file: &Arc<Parsed>, names: Names) -> Self {
        Self {
            desk,
            file: Arc::clone(file),
            folder: folder(&file.scenario.source),
            names,
            regions: BTreeMap::new(),
            targets: BTreeMap::new(),
            defaults: Defaults::default(),
            screen: ScreenSize::default(),
            profile: Profile::default(),
            languages: Vec::new(),
            packages: Vec::new(),
            reuse: false,
            accessibility: true,
            memory: None,
            processes: None,
            environment: BTreeMap::new(),
            using: vec![file.scenario.source.name().to_owned()],
            count: 0,
            incomplete: false,
        }
    }

    /// The resolver of a file that is played on its own.
    fn scenario(desk: &'d mut Desk<'a>, file: &Arc<Parsed>, row: &Row, role: Role) -> Self {
        let names = Names::new(row.clone(), role == Role::Part);
        let mut resolver = Self::new(desk, file, names);
        resolver.in_settings(|resolver| {
            resolver.read_texts(None);
            resolver.read_desktop();
            resolver.read_names();
        });
        resolver.read_texts(None);
        resolver.read_desktop();
        resolver.read_names();
        resolver
    }

    /// Does something in the project's settings instead of the file, if there
    /// are some.
    fn in_settings(&mut self, work: impl FnOnce(&mut Self)) {
        let Some(base) = self.desk.base.clone() else {
            return;
        };
        let folder = std::mem::replace(&mut self.folder, folder(&base.scenario.source));
        let file = std::mem::replace(&mut self.file, base);
        work(self);
        (self.file, self.folder) = (file, folder);
    }

    /// Reads what the file says about its desktop.
    fn read_desktop(&mut self) {
        self.read_screen();
        let file = Arc::clone(&self.file);
        let desktop = &file.scenario.desktop;
        if let Some(profile) = &desktop.profile {
            self.profile = self.value(profile).unwrap_or_default();
        }
        if let Some(languages) = &desktop.languages {
            self.languages.clear();
            for language in languages {
                let language = self.value(language);
                let new = language
                    .filter(|new| *new != Language::ENGLISH && !self.languages.contains(new));
                self.languages.extend(new);
            }
        }
        for package in &desktop.packages {
            let package = self.value(package).map(|package| package.0);
            let new = package.filter(|new| !self.packages.contains(new));
            self.packages.extend(new);
        }
        if let Some(reuse) = &desktop.reuse {
            self.reuse = self.value(reuse).unwrap_or_default();
        }
        if let Some(accessibility) = &desktop.accessibility {
            self.accessibility = self.value(accessibility).unwrap_or(true);
        }
        if let Some(memory) = &desktop.memory {
            self.memory = self.value(memory).map(|memory| memory.0);
        }
        if let Some(processes) = &desktop.processes {
            self.processes = self.value(processes);
        }
        for (name, text) in &desktop.environment {
            if let Some(text) = self.known(text) {
                self.environment.insert(name.value.clone(), text);
            }
        }
    }

    /// Everything in the file that the steps refer to, but its texts.
    fn read_names(&mut self) {
        self.read_regions();
        self.read_targets();
        self.read_defaults();
    }

    fn source(&self) -> &Arc<Source> {
        &self.file.scenario.source
    }

    pub(super) fn add(&mut self, problem: Problem) {
        let file = Arc::clone(&self.file);
        self.desk.ledger.add(&file.scenario.source, problem);
    }

    fn is_full(&self) -> bool {
        self.desk.ledger.is_full(self.source())
    }

    fn origin(&self, span: Span) -> Origin {
        Origin {
            source: Arc::clone(self.source()),
            span,
        }
    }

    fn plan(&mut self, row: &Row) -> Plan {
        let file = Arc::clone(&self.file);
        let scenario = &file.scenario;
        let name = self.known(&scenario.name).unwrap_or_default();
        let size = self.screen.size;
        let mut plan = Plan {
            name: row.name(&name),
            file: scenario.source.name().to_owned(),
            source: Arc::clone(&scenario.source),
            origin: scenario.name.span,
            description: self.known_text(scenario.description.as_ref()),
            owner: self.known_text(scenario.owner.as_ref()),
            tags: self.words(&scenario.tags),
            row: row.label(),
            size,
            asks_for_size: scenario.desktop.size.is_some(),
            largest: size,
            profile: self.profile,
            environment: std::mem::take(&mut self.environment).into_iter().collect(),
            languages: self.languages.clone(),
            packages: self.packages.clone(),
            reuse: self.reuse,
            accessibility: self.accessibility,
            memory: self.memory,
            processes: self.processes,
            secrets: Vec::new(),
            retries: self.retries(),
            exclusive: self.words(&scenario.exclusive),
            pace: self.pace(),
            baselines: baselines(scenario.source.name()),
            setup: self.steps(&scenario.setup),
            steps: self.steps(&scenario.steps),
            teardown: self.steps(&scenario.teardown),
        };
        plan.largest = self.screen.largest;
        plan.secrets = self.names.used_secrets();
        plan
    }

    /// How often the scenario is tried again, if it or the project's settings say it.
    fn retries(&mut self) -> Option<u32> {
        let file = Arc::clone(&self.file);
        let own = file.scenario.retries.as_ref();
        let project = self.desk.context.project;
        let usual = || project.and_then(|project| project.run.retries.as_ref());
        own.or_else(usual).and_then(|written| self.value(written))
    }

    /// For whom the scenario is played.
    fn pace(&mut self) -> Pace {
        let file = Arc::clone(&self.file);
        let word = file.scenario.pace.as_ref();
        let word = word.and_then(|written| self.value(written));
        word.and_then(|word| word.0.parse().ok())
            .unwrap_or_default()
    }

    /// The texts of a list, each once.
    fn words(&mut self, written: &[scenario::Txt]) -> Vec<String> {
        let mut seen = HashSet::new();
        let words = written.iter().filter_map(|word| self.known(word));
        words.filter(|word| seen.insert(word.clone())).collect()
    }

    /// The steps of a list that have no problem.
    pub(super) fn steps(&mut self, steps: &[scenario::Step]) -> Vec<Step> {
        let mut planned = Vec::with_capacity(steps.len());
        for step in steps {
            if self.is_full() || self.count > MOST_STEPS {
                self.incomplete = true;
                break;
            }
            self.count += 1;
            if self.count > MOST_STEPS {
                self.add(too_many(step.span));
                self.incomplete = true;
                break;
            }
            match self.step(step) {
                Some(step) => planned.push(step),
                None => self.incomplete = true,
            }
        }
        planned
    }
}

/// The folder of a file, from which the paths in it are taken.
fn folder(source: &Source) -> PathBuf {
    let file = Path::new(source.name());
    file.parent().unwrap_or(Path::new("")).to_owned()
}

/// The folder of a file's baselines: `baselines/<file stem>` next to it.
fn baselines(file: &str) -> PathBuf {
    let file = Path::new(file);
    let folder = file.parent().unwrap_or(Path::new(""));
    let stem = file.file_stem().unwrap_or(file.as_os_str());
    folder.join("baselines").join(stem)
}

fn too_many(span: Span) -> Problem {
    let message = format!(
        "this scenario has more than {MOST_STEPS} steps, counting every \
                           round of its loops"
    );
    Problem::new(Code::TooLarge, span, message)
        .label("this step exceeds the limit")
        .help("make the lists of `for-each` shorter, or split the scenario")
}

/// The problem of a file that cannot be read.
pub(super) fn missing_file(span: Span, path: &Path, reason: &std::io::Error) -> Problem {
    let shown = context::shown(path);
    let what = if reason.kind() == std::io::ErrorKind::NotFound {
        format!("there is no file {}", ticked(&shown))
    } else {
        format!("{} cannot be read: {reason}", ticked(&shown))
    };
    Problem::new(Code::MissingFile, span, what).label(
        "the path is relative to the folder of \
                                                       this file",
    )
}
