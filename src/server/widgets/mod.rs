//! The widgets of programs, from the accessibility bus of the session (AT-SPI2).
//!
//! ```text
//! api ──▶ Widgets ──▶ bus ──▶ the programs        what there is, as they tell it
//!            │  ▲
//!            │  └──── place ◀── x11               which window of the screen it is in
//!            ├──────▶ read                        the trees, as far as they matter
//!            └──────▶ desktop::atspi              in the words of the API
//! ```

mod bus;
mod ledger;
mod program;
mod read;
mod service;

use std::{collections::HashSet, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::{sync::Mutex, time::Instant};
use zbus::Connection;

use self::{
    bus::{Bus, BusError},
    program::{Program, Reading, of_process},
    read::Reach,
};
pub(super) use crate::desktop::atspi::{Search, Windows};
use crate::{
    desktop::{
        atspi::{self, Reference, Window},
        wire::{Scope, Unreadable, Widget, WidgetTrees, WidgetsFound},
    },
    server::{
        look,
        processes::{ACCESSIBILITY, Processes},
    },
};

/// How long a program may take to scroll.
const SCROLLING: Duration = Duration::from_millis(500);

/// How often to look whether it has.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Why widgets cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum WidgetsError {
    /// The window or the widget does not exist.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// There is no accessibility bus.
    #[error("{0}")]
    Lost(String),
}

impl From<BusError> for WidgetsError {
    fn from(error: BusError) -> Self {
        match error {
            BusError::Refused(_) => Self::Unknown("widget"),
            error => Self::Lost(error.to_string()),
        }
    }
}

/// The widgets of a session.
pub(super) struct Widgets {
    processes: Processes,
    bus: Mutex<Option<Bus>>,
    /// What answers programs that ask for the accessibility bus.
    service: Mutex<Option<Connection>>,
}

impl Widgets {
    /// Those of the session that these are the processes of.
    pub(super) fn new(processes: Processes) -> Self {
        Self {
            processes,
            bus: Mutex::default(),
            service: Mutex::default(),
        }
    }

    /// Has the programs of a session that has just been started report their widgets.
    pub(super) async fn begin(&self) -> Result<(), WidgetsError> {
        let session = self.processes.place().real.join(look::BUS_SOCKET);
        let address = self.processes.accessibility_address();
        let service = service::answer(&session, &address).await?;
        *self.service.lock().await = Some(service);
        Ok(())
    }

    /// The accessibility bus, which is started again if it has ended.
    async fn bus(&self) -> Result<Bus, BusError> {
        let mut bus = self.bus.lock().await;
        if let Some(bus) = bus.as_ref().filter(|bus| !bus.is_closed()) {
            return Ok(bus.clone());
        }
        let started = self.processes.start_accessibility().await;
        started.map_err(|error| BusError::Lost(error.to_string()))?;
        let socket = &self.processes.place().real;
        let socket = socket.join(look::ACCESSIBILITY_SOCKET);
        let has_ended = || self.processes.ended(ACCESSIBILITY).is_some();
        let new = Bus::connect(&socket, has_ended).await?;
        new.awaken().await?;
        *bus = Some(new.clone());
        Ok(new)
    }

    /// The widgets of a scope, as trees.
    pub(super) async fn trees(
        &self,
        scope: &Scope,
        windows: &Windows,
    ) -> Result<WidgetTrees, WidgetsError> {
        let bus = self.bus().await?;
        let reading = Reading {
            only: None,
            reach: Reach::Shown,
            wanted: None,
            windows,
        };
        let read = self.read(&bus, scope, reading).await?;
        let mut items = Vec::new();
        for window in &read.windows {
            items.extend(atspi::whole(&bus, window, windows).await);
        }
        Ok(WidgetTrees {
            items,
            unreadable: read.unreadable,
        })
    }

    /// The widgets that match, or the nearest ones.
    pub(super) async fn find(
        &self,
        search: Search<'_>,
        windows: &Windows,
    ) -> Result<WidgetsFound, WidgetsError> {
        let bus = self.bus().await?;
        let reach = if search.hidden {
            Reach::All
        } else {
            Reach::Shown
        };
        let mut reading = Reading {
            only: None,
            reach,
            wanted: Some(&search.wanted),
            windows,
        };
        let mut read = self.read(&bus, search.scope, reading).await?;
        let is_partial = |window: &Window| window.some.is_some();
        let (mut items, mut near) = atspi::found(&bus, &read.windows, &search, windows).await;
        if items.is_empty() && search.near && read.windows.iter().any(is_partial) {
            // What comes near may have another role.
            reading.wanted = None;
            read = self.read(&bus, search.scope, reading).await?;
            (items, near) = atspi::found(&bus, &read.windows, &search, windows).await;
        }
        Ok(WidgetsFound {
            items,
            near,
            unreadable: read.unreadable,
        })
    }

    /// Scrolls to a widget, if its program can do that; returns where it is then.
    pub(super) async fn reveal(&self, id: &str, windows: &Windows) -> Result<Widget, WidgetsError> {
        let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
        let bus = self.bus().await?;
        // Not every toolkit can, and those that can may scroll some time later.
        let scrolls = matches!(bus.scroll_to(&reference).await, Ok(true));
        let begun = Instant::now();
        loop {
            let read = read_widget(&bus, &reference, windows).await?;
            let Some(window) = read.windows.first() else {
                return Err(WidgetsError::Unknown("widget"));
            };
            let widget = atspi::describe(&bus, window, window.top, windows).await;
            if widget.visible || !scrolls || begun.elapsed() >= SCROLLING {
                return Ok(widget);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Reads the windows of a scope.
    async fn read(
        &self,
        bus: &Bus,
        scope: &Scope,
        reading: Reading<'_>,
    ) -> Result<Read, WidgetsError> {
        let windows = reading.windows;
        let only = match scope {
            Scope::Widget(id) => {
                let reference = Reference::of_id(id).ok_or(WidgetsError::Unknown("widget"))?;
                return read_widget(bus, &reference, windows).await;
            }
            Scope::Window(id) => {
                let is_listed = windows.listed.iter().any(|window| window.id == *id);
                if !is_listed && windows.stack.layer(id).is_none() {
                    return Err(WidgetsError::Unknown("window"));
                }
                Some(id.as_str())
            }
            Scope::Focused => match &windows.stack.focus {
                Some(id) => Some(id.as_str()),
                None => return Ok(Read::default()),
            },
            Scope::All => None,
        };
        let reading = Reading { only, ..reading };
        let programs = bus.programs().await?;
        let mut all: Vec<BoxFuture<'_, program::Answer>> = Vec::new();
        for program in &programs {
            let read = async move {
                let program = Program::about(bus, program).await;
                program.read(bus, reading).await
            };
            all.push(read.boxed());
        }
        let mut read = Read::default();
        let mut pids = HashSet::new();
        for program in futures_util::future::join_all(all).await {
            pids.insert(program.pid);
            read.unreadable.extend(program.unreadable);
            read.windows.extend(program.windows);
        }
        let treeless = atspi::treeless(windows, &pids, only, of_process);
        read.unreadable.extend(treeless);
        Ok(read)
    }
}

/// Reads one widget with all that is in it.
async fn read_widget(
    bus: &Bus,
    reference: &Reference,
    windows: &Windows,
) -> Result<Read, WidgetsError> {
    let program = Program::about(bus, &Reference::root(&reference.program)).await;
    match program.read_widget(bus, reference, windows).await {
        Ok(window) => Ok(Read {
            unreadable: Vec::from_iter(program.not_told(std::slice::from_ref(&window))),
            windows: vec![window],
        }),
        Err(BusError::Silent) => Ok(Read {
            windows: Vec::new(),
            unreadable: vec![program.silent()],
        }),
        Err(error) => Err(error.into()),
    }
}

/// What was read of a scope.
#[derive(Default)]
struct Read {
    windows: Vec<Window>,
    unreadable: Vec<Unreadable>,
}
