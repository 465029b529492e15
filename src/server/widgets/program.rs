//! One program on the accessibility bus, and its windows.

use std::fs;

use futures_util::{FutureExt as _, future::BoxFuture};

use super::{
    bus::{Bus, BusError},
    ledger::Ledger,
    read::{self, Reach},
};
use crate::{
    desktop::{
        atspi::{self, Origin, Reference, Told, Toolkit, Tree, Window, Windows},
        wire::Unreadable,
    },
    widget::Wanted,
};

/// `LibreOffice` has tables of billions of cells, and looks into all of them if it is asked
/// to look for something.
const ENDLESS: &str = "soffice";

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
        atspi::silent(&self.name)
    }

    /// It, as one of which not all is told that is in these windows, if that is so.
    pub(super) fn not_told(&self, windows: &[Window]) -> Option<Unreadable> {
        let mut trees = windows.iter().map(|window| &window.tree);
        if trees.clone().any(|tree| tree.is_silent) {
            return Some(self.silent());
        }
        let is_cut = trees.any(|tree| tree.is_cut);
        is_cut.then(|| atspi::too_large(&self.name))
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
            answer.unreadable.push(atspi::unwilling(&self.name));
        }
        let ledger = if reading.wanted.is_some() && self.toolkit.lists() {
            // Without it, each of its widgets is asked.
            Ledger::read(bus, &self.root.program).await.ok()
        } else {
            None
        };
        let mut all: Vec<BoxFuture<'_, Result<Option<Window>, BusError>>> = Vec::new();
        for top in &tops {
            all.push(self.read_window(bus, top, reading, ledger.as_ref()).boxed());
        }
        let mut is_silent = false;
        for window in futures_util::future::join_all(all).await {
            match window {
                Ok(Some(window)) => answer.windows.push(window),
                Err(BusError::Silent) => is_silent = true,
                // It is none that is meant, or it has closed meanwhile.
                Ok(None) | Err(_) => {}
            }
        }
        let not_told = if is_silent {
            Some(self.silent())
        } else {
            self.not_told(&answer.windows)
        };
        answer.unreadable.extend(not_told);
        answer
    }

    async fn read_window(
        &self,
        bus: &Bus,
        top: &Reference,
        reading: Reading<'_>,
        ledger: Option<&Ledger>,
    ) -> Result<Option<Window>, BusError> {
        let windows = reading.windows;
        let (origin, id) = self.place(bus, top, windows).await?;
        let is_part = |only: &str| id.as_ref().is_some_and(|id| windows.is_part_of(id, only));
        if reading.only.is_some_and(|only| !is_part(only)) {
            return Ok(None);
        }
        if let Some(wanted) = reading.wanted
            && self.name != ENDLESS
            && read::can_look_for(self.toolkit, wanted.role)
        {
            let looking = read::some(bus, (top, ledger), origin.clone(), wanted);
            match looking.await {
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
        let pid = self.pid;
        Ok(windows.origin(toolkit, Told::new(pid, &name, area, in_window)))
    }
}

/// The name of the program of a process.
pub(super) fn of_process(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end().to_owned()
}
