//! What the script has collected, as trees.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::{
    desktop::{
        atspi::{
            self, AtspiRole, AtspiStates, Number, Reference, Source, Told, Toolkit, Tree, Window,
            Windows,
        },
        wire::Unreadable,
    },
    geometry::{Point, Rect},
};

/// All that the script prints.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Facts {
    /// What is missing, if nothing can be read.
    #[serde(default)]
    pub(super) lacks: Option<String>,
    #[serde(default)]
    programs: Vec<Program>,
    /// The names of processes, by their numbers.
    #[serde(default)]
    processes: BTreeMap<u32, String>,
}

/// A program that reports widgets.
#[derive(Debug, Deserialize)]
struct Program {
    bus: String,
    pid: u32,
    name: String,
    toolkit: String,
    /// Whether it stopped answering.
    silent: bool,
    /// Whether it has more widgets than are read.
    cut: bool,
    /// Its widgets, a parent before what is in it.
    nodes: Vec<Node>,
    /// Those that others name, by their paths.
    others: HashMap<String, Answers>,
}

#[derive(Debug, Deserialize)]
struct Node {
    path: String,
    /// Where in the list its parent is; a window has none.
    parent: Option<usize>,
    role: u32,
    states: Vec<u32>,
    told: Option<(i32, i32, i32, i32)>,
    #[serde(flatten)]
    answers: Answers,
}

/// What a widget answered.
#[derive(Clone, Debug, Default, Deserialize)]
struct Answers {
    name: Option<String>,
    text: Option<String>,
    characters: Option<i32>,
    /// What it is now, the least and the most that it can be.
    number: Option<[Option<f64>; 3]>,
    labels: Option<Vec<String>>,
    labelled: Option<Vec<String>>,
    selected: Option<String>,
}

/// What the widgets of all programs have answered.
#[derive(Debug, Default)]
pub(super) struct Answered(HashMap<Reference, Answers>);

/// What was read of a scope.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) answered: Answered,
    pub(super) windows: Vec<Window>,
    pub(super) unreadable: Vec<Unreadable>,
}

impl Facts {
    /// The trees of all windows, or of one only with its popups.
    pub(super) fn trees(self, windows: &Windows, only: Option<&str>) -> Read {
        let mut read = Read::default();
        let pids: HashSet<u32> = self.programs.iter().map(|program| program.pid).collect();
        for program in self.programs {
            program.add_to(&mut read, windows, only);
        }
        for window in &mut read.windows {
            window.tree.find_lists();
        }
        let of_process = |pid| self.processes.get(&pid).cloned().unwrap_or_default();
        let treeless = atspi::treeless(windows, &pids, only, of_process);
        read.unreadable.extend(treeless);
        read
    }
}

impl Program {
    fn add_to(self, read: &mut Read, windows: &Windows, only: Option<&str>) {
        if only.is_some_and(|only| !windows.may_be_of(only, self.pid)) {
            return;
        }
        let toolkit = Toolkit::named(&self.toolkit);
        if self.silent {
            read.unreadable.push(atspi::silent(&self.name));
        } else if self.cut {
            read.unreadable.push(atspi::too_large(&self.name));
        } else if self.nodes.is_empty() && toolkit == Toolkit::Chromium {
            read.unreadable.push(atspi::unwilling(&self.name));
        }
        let reference = |path: &str| Reference {
            program: self.bus.clone(),
            path: path.to_owned(),
        };
        for (path, answers) in &self.others {
            read.answered.0.insert(reference(path), answers.clone());
        }
        // Where each of its widgets is: in which window, and where in its tree.
        let mut places: HashMap<usize, (usize, usize)> = HashMap::new();
        for (at, node) in self.nodes.into_iter().enumerate() {
            let reference = reference(&node.path);
            let there = node.as_told(reference.clone());
            read.answered.0.insert(reference, node.answers);
            if let Some(parent) = node.parent {
                // A window outside the scope has no place, and nothing in it has one.
                if let Some((window, parent)) = places.get(&parent).copied() {
                    let tree = &mut read.windows[window].tree;
                    places.insert(at, (window, tree.add(there, Some(parent))));
                }
                continue;
            }
            let in_window = toolkit == Toolkit::Gtk4;
            let told = Told::new(self.pid, &there.name, there.told, in_window);
            let (origin, id) = windows.origin(toolkit, told);
            let is_part = |only| id.as_ref().is_some_and(|id| windows.is_part_of(id, only));
            if only.is_none_or(is_part) {
                let mut tree = Tree::new(origin);
                tree.is_silent = self.silent;
                let top = tree.add(there, None);
                places.insert(at, (read.windows.len(), top));
                read.windows.push(Window {
                    tree,
                    top,
                    some: None,
                    id,
                    program: self.name.clone(),
                });
            }
        }
    }
}

impl Node {
    fn as_told(&self, reference: Reference) -> atspi::Node {
        let length = |length: i32| u32::try_from(length).unwrap_or_default();
        atspi::Node {
            reference,
            role: AtspiRole(self.role),
            states: AtspiStates::of(&self.states),
            name: self.answers.name.clone().unwrap_or_default(),
            told: self
                .told
                .map(|(x, y, width, height)| Rect::new(x, y, length(width), length(height))),
            is_whole: true,
            ..atspi::Node::default()
        }
    }
}

impl Answered {
    fn of(&self, widget: &Reference) -> Option<&Answers> {
        self.0.get(widget)
    }
}

/// Widgets of the same program.
fn beside(widget: &Reference, paths: &[String]) -> Vec<Reference> {
    let beside = |path: &String| Reference::of_pair(widget.program.clone(), path);
    paths.iter().filter_map(beside).collect()
}

impl Source for Answered {
    async fn name(&self, of: &Reference) -> Option<String> {
        self.of(of)?.name.clone()
    }

    async fn at(&self, _of: &Reference, _point: Point) -> Option<Vec<Reference>> {
        None
    }

    async fn labels(&self, of: &Reference) -> Option<Vec<Reference>> {
        Some(beside(of, self.of(of)?.labels.as_deref()?))
    }

    async fn labelled(&self, by: &Reference) -> Option<Vec<Reference>> {
        Some(beside(by, self.of(by)?.labelled.as_deref()?))
    }

    async fn text(&self, of: &Reference, _most: i32) -> Option<(String, i32)> {
        let answers = self.of(of)?;
        Some((answers.text.clone()?, answers.characters?))
    }

    async fn number(&self, of: &Reference) -> Option<Number> {
        let [current, least, most] = self.of(of)?.number?;
        Some(Number {
            current: current?,
            least: least?,
            most: most?,
        })
    }

    async fn selected(&self, of: &Reference) -> Option<Reference> {
        let path = self.of(of)?.selected.as_ref()?;
        Reference::of_pair(of.program.clone(), path)
    }
}
