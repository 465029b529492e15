//! One program on the accessibility bus, and its windows.

use std::{collections::HashSet, fs};

use super::{
    bus::{Bus, BusError, Reference},
    place::{Told, Windows},
    read::{self, Origin, Toolkit, Tree},
};
use crate::{desktop::wire::Unreadable, geometry::Point};

/// Programs of the desktop itself, which are windows and no programs under test.
const OF_THE_DESKTOP: [&str; 2] = ["xfce4-panel", "xfdesktop"];

/// A program that reports widgets.
#[derive(Clone, Debug)]
pub(super) struct Program {
    root: Reference,
    pid: u32,
    name: String,
    toolkit: String,
}

/// A window of a program, and what was read of it.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) tree: Tree,
    /// The widget that is meant, in the tree: the window itself, or one in it.
    pub(super) top: usize,
    /// Its window on the screen, if that is known.
    pub(super) id: Option<String>,
    pub(super) toolkit: Toolkit,
    pub(super) program: String,
}

impl Window {
    /// The widget that is meant and all that is in it.
    pub(super) fn all(&self) -> Vec<usize> {
        if self.tree.nodes.is_empty() {
            return Vec::new();
        }
        self.tree.below(self.top)
    }
}

/// What was read of a program.
pub(super) struct Answer {
    pub(super) connection: String,
    pub(super) pid: u32,
    pub(super) windows: Vec<Window>,
    pub(super) unreadable: Vec<Unreadable>,
    /// Whether it does not answer.
    pub(super) is_silent: bool,
}

impl Program {
    /// What is known of a program; one that does not answer has no name.
    pub(super) async fn about(bus: &Bus, root: &Reference) -> Self {
        let (pid, name, toolkit) =
            tokio::join!(bus.pid(&root.program), bus.name(root), bus.toolkit(root));
        let pid = pid.unwrap_or_default();
        let name = name.unwrap_or_default();
        Self {
            root: root.clone(),
            pid,
            name: if name.is_empty() {
                of_process(pid)
            } else {
                name
            },
            toolkit: toolkit.unwrap_or_default(),
        }
    }

    /// One that is not asked.
    pub(super) fn unknown(root: &Reference) -> Unreadable {
        Unreadable {
            program: root.program.clone(),
            why: SILENT.to_owned(),
            silent: true,
            remedy: None,
        }
    }

    /// It, as one that does not answer.
    pub(super) fn silent(&self) -> Unreadable {
        Unreadable {
            program: self.name.clone(),
            why: SILENT.to_owned(),
            silent: true,
            remedy: None,
        }
    }

    const fn kind(&self) -> Toolkit {
        match self.toolkit.as_bytes() {
            b"GTK" => Toolkit::Gtk4,
            _ => Toolkit::Other,
        }
    }

    /// Reads its windows, or only those that are this window or popups of it.
    pub(super) async fn read(
        self,
        bus: &Bus,
        only: Option<&str>,
        windows: &Windows,
        hidden: bool,
    ) -> Result<Answer, Unreadable> {
        let mut answer = Answer {
            connection: self.root.program.clone(),
            pid: self.pid,
            windows: Vec::new(),
            unreadable: Vec::new(),
            is_silent: false,
        };
        let is_of_the_desktop = OF_THE_DESKTOP.contains(&&*self.name);
        let tops = match bus.children(&self.root).await {
            Ok(tops) => tops,
            Err(BusError::Silent) => {
                answer.is_silent = true;
                answer.unreadable.push(self.silent());
                return Ok(answer);
            }
            Err(_) => Vec::new(),
        };
        if tops.is_empty() && self.toolkit == CHROMIUM && !is_of_the_desktop {
            answer.unreadable.push(Unreadable {
                program: self.name.clone(),
                why: "it reports no widgets".to_owned(),
                silent: false,
                remedy: Some("start it with `--force-renderer-accessibility`".to_owned()),
            });
        }
        for top in tops {
            let (origin, id) = self.place(bus, &top, windows).await;
            let is_part = |only: &str| id.as_ref().is_some_and(|id| windows.is_part_of(id, only));
            if only.is_some_and(|only| !is_part(only)) {
                continue;
            }
            let tree = read::tree(bus, &top, origin, hidden).await;
            if matches!(tree.broken, Some(BusError::Silent)) {
                answer.is_silent = true;
                answer.unreadable.push(self.silent());
            }
            let is_empty = tree.nodes.is_empty();
            if !is_empty {
                answer.windows.push(self.window(tree, 0, id));
            }
            if answer.is_silent {
                break;
            }
        }
        Ok(answer)
    }

    /// Reads one of its widgets with all that is in it.
    pub(super) async fn read_widget(
        &self,
        bus: &Bus,
        widget: &Reference,
        windows: &Windows,
    ) -> Result<Window, BusError> {
        let lineage = read::lineage(bus, widget).await?;
        let (origin, id) = self.place(bus, &lineage[0], windows).await;
        let (tree, at) = read::tree_of(bus, &lineage, origin).await?;
        Ok(self.window(tree, at, id))
    }

    fn window(&self, tree: Tree, top: usize, id: Option<String>) -> Window {
        Window {
            tree,
            top,
            id,
            toolkit: self.kind(),
            program: self.name.clone(),
        }
    }

    /// Where a window of it is on the screen, and which one it is there.
    async fn place(
        &self,
        bus: &Bus,
        top: &Reference,
        windows: &Windows,
    ) -> (Origin, Option<String>) {
        let toolkit = self.kind();
        let in_window = toolkit == Toolkit::Gtk4;
        let (name, area) = tokio::join!(bus.name(top), bus.area(top, in_window));
        let name = name.unwrap_or_default();
        let told = Told {
            pid: self.pid,
            name: &name,
            area: area.ok().filter(|_| !in_window),
        };
        let place = windows.of(told);
        let corner = place.as_ref().map(|place| place.corner);
        let origin = Origin {
            toolkit,
            corner: corner.unwrap_or(Point::new(0, 0)),
        };
        (origin, place.map(|place| place.id))
    }
}

const SILENT: &str = "it does not answer";

/// What Chromium, and all that is made with it, call themselves.
const CHROMIUM: &str = "Chromium";

/// The name of the program of a process.
fn of_process(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end().to_owned()
}

/// The programs with windows that are not on the accessibility bus; of one window only,
/// if that is what is looked at.
pub(super) fn treeless(
    windows: &Windows,
    reporting: &HashSet<u32>,
    only: Option<&str>,
) -> Vec<Unreadable> {
    let mut told = HashSet::new();
    let mut treeless = Vec::new();
    for window in &windows.listed {
        let class = window.class.split('.').next().unwrap_or_default();
        let reports = u32::try_from(window.pid).is_ok_and(|pid| reporting.contains(&pid));
        let is_meant = only.is_none_or(|only| window.id == only);
        if reports || !is_meant || OF_THE_DESKTOP.contains(&class) {
            continue;
        }
        let pid = u32::try_from(window.pid).unwrap_or_default();
        let process = of_process(pid);
        let program = [process.as_str(), class, window.title.as_str()]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or("a window without a title")
            .to_owned();
        if told.insert(program.clone()) {
            let remedy = remedy(&process).map(str::to_owned);
            treeless.push(Unreadable {
                program,
                why: "it reports no widgets".to_owned(),
                silent: false,
                remedy,
            });
        }
    }
    treeless
}

/// What makes a program report its widgets.
fn remedy(process: &str) -> Option<&'static str> {
    match process {
        "java" => Some("install the package libatk-wrapper-java-jni"),
        "chromium" | "chrome" | "electron" => {
            Some("start it with `--force-renderer-accessibility`")
        }
        _ => None,
    }
}
