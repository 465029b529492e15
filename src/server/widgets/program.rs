//! One program on the accessibility bus, and its windows.

use std::{collections::HashSet, fs};

use futures_util::{FutureExt as _, future::BoxFuture};

use super::{
    bus::{Bus, BusError, Reference},
    place::{Told, Windows},
    read::{self, Reach},
    tree::{Origin, Toolkit, Tree},
};
use crate::{desktop::wire::Unreadable, geometry::Rect, widget::Wanted};

/// Programs of the desktop itself, which are windows and no programs under test.
const OF_THE_DESKTOP: [&str; 2] = ["xfce4-panel", "xfdesktop"];

/// A program that reports widgets.
#[derive(Clone, Debug)]
pub(super) struct Program {
    root: Reference,
    pid: u32,
    name: String,
    toolkit: Toolkit,
}

/// What is read of programs.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The window that is looked at, with its popups; none is all.
    pub(super) only: Option<&'a str>,
    pub(super) reach: Reach,
    /// What is looked for: the rest may be left out where that is quicker.
    pub(super) wanted: Option<&'a Wanted>,
    pub(super) windows: &'a Windows,
}

/// A window of a program, and what was read of it.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) tree: Tree,
    /// The widget that is meant, in the tree: the window itself, or one in it.
    pub(super) top: usize,
    /// Those of its widgets that may be what is looked for, where only those were read.
    some: Option<Vec<usize>>,
    /// Its window on the screen, if that is known.
    pub(super) id: Option<String>,
    pub(super) program: String,
}

impl Window {
    /// The widget that is meant and all that is in it, as far as it was read.
    pub(super) fn all(&self) -> Vec<usize> {
        match &self.some {
            Some(some) => some.clone(),
            None => self.tree.below(self.top),
        }
    }

    /// Whether only what may be looked for was read.
    pub(super) const fn is_partial(&self) -> bool {
        self.some.is_some()
    }
}

/// What was read of a program.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) pid: u32,
    pub(super) windows: Vec<Window>,
    pub(super) unreadable: Vec<Unreadable>,
}

impl Program {
    /// What is known of a program; one that does not answer has the name of its process.
    pub(super) async fn about(bus: &Bus, root: &Reference) -> Self {
        let (pid, name, toolkit) =
            tokio::join!(bus.pid(&root.program), bus.name(root), bus.toolkit(root));
        let pid = pid.unwrap_or_default();
        let name = name.unwrap_or_default();
        let toolkit = Toolkit::named(&toolkit.unwrap_or_default());
        if toolkit == Toolkit::Chromium {
            // It has no tree before somebody asks this.
            let _ = bus.attributes(root).await;
        }
        Self {
            root: root.clone(),
            pid,
            name: if name.is_empty() {
                of_process(pid)
            } else {
                name
            },
            toolkit,
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

    /// Reads its windows, or only those that are meant.
    pub(super) async fn read(self, bus: &Bus, reading: Reading<'_>) -> Answer {
        let mut answer = Answer {
            pid: self.pid,
            ..Answer::default()
        };
        if reading
            .only
            .is_some_and(|only| !reading.windows.may_be_of(only, self.pid))
        {
            return answer;
        }
        let tops = match bus.children(&self.root).await {
            Ok(tops) => tops,
            Err(BusError::Silent) => {
                answer.unreadable.push(self.silent());
                return answer;
            }
            // It has just ended.
            Err(_) => return answer,
        };
        if tops.is_empty() && self.toolkit == Toolkit::Chromium {
            answer.unreadable.push(Unreadable {
                program: self.name.clone(),
                why: "it reports no widgets".to_owned(),
                silent: false,
                remedy: remedy("chromium").map(str::to_owned),
            });
        }
        let mut all: Vec<BoxFuture<'_, Result<Option<Window>, BusError>>> = Vec::new();
        for top in &tops {
            all.push(self.read_window(bus, top, reading).boxed());
        }
        let mut is_silent = false;
        for window in futures_util::future::join_all(all).await {
            match window {
                Ok(Some(window)) => {
                    is_silent |= matches!(window.tree.broken, Some(BusError::Silent));
                    answer.windows.push(window);
                }
                Err(BusError::Silent) => is_silent = true,
                // It is none that is meant, or it has closed meanwhile.
                Ok(None) | Err(_) => {}
            }
        }
        if is_silent {
            answer.unreadable.push(self.silent());
        }
        answer
    }

    async fn read_window(
        &self,
        bus: &Bus,
        top: &Reference,
        reading: Reading<'_>,
    ) -> Result<Option<Window>, BusError> {
        let windows = reading.windows;
        let (origin, id) = self.place(bus, top, windows).await?;
        let is_part = |only: &str| id.as_ref().is_some_and(|id| windows.is_part_of(id, only));
        if reading.only.is_some_and(|only| !is_part(only)) {
            return Ok(None);
        }
        if let Some(wanted) = reading.wanted
            && read::can_look_for(self.toolkit, wanted.role)
        {
            match read::some(bus, top, origin.clone(), wanted).await {
                Ok((tree, some)) => {
                    let mut window = self.window(tree, 0, id);
                    window.some = Some(some);
                    return Ok(Some(window));
                }
                // It cannot look for anything after all.
                Err(BusError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let lineage = [top.clone()];
        let (tree, at) = read::tree(bus, &lineage, origin, reading.reach).await?;
        Ok(Some(self.window(tree, at, id)))
    }

    /// Reads one of its widgets with all that is in it, hidden or not.
    pub(super) async fn read_widget(
        &self,
        bus: &Bus,
        widget: &Reference,
        windows: &Windows,
    ) -> Result<Window, BusError> {
        let lineage = read::lineage(bus, widget).await?;
        let (origin, id) = self.place(bus, &lineage[0], windows).await?;
        let (tree, at) = read::tree(bus, &lineage, origin, Reach::All).await?;
        Ok(self.window(tree, at, id))
    }

    fn window(&self, tree: Tree, top: usize, id: Option<String>) -> Window {
        Window {
            tree,
            top,
            some: None,
            id,
            program: self.name.clone(),
        }
    }

    /// Where a window of it is on the screen, and which one it is there.
    async fn place(
        &self,
        bus: &Bus,
        top: &Reference,
        windows: &Windows,
    ) -> Result<(Origin, Option<String>), BusError> {
        let toolkit = self.toolkit;
        let in_window = toolkit == Toolkit::Gtk4;
        let (name, area) = tokio::join!(bus.name(top), bus.area(top, in_window));
        if matches!(
            (&name, &area),
            (Err(BusError::Silent), _) | (_, Err(BusError::Silent))
        ) {
            return Err(BusError::Silent);
        }
        let (name, area) = (name.unwrap_or_default(), area.ok());
        let place = windows.of(Told {
            pid: self.pid,
            name: &name,
            area: area.filter(|_| !in_window),
            size: area.map(Rect::size),
        });
        let (id, corner) = place.map(|place| (place.id, place.corner)).unzip();
        let popups = id.as_ref().map(|id| windows.popups_of(id));
        let origin = Origin {
            toolkit,
            corner: corner.unwrap_or_default(),
            popups: popups.unwrap_or_default(),
        };
        Ok((origin, id))
    }
}

const SILENT: &str = "it does not answer";

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
