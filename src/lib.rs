//! Deskhand plays YAML scenarios on a graphical Linux desktop: it waits until the desktop
//! is ready, clicks, types, presses hotkeys, compares screenshots and records videos.
//!
//! Most people use the `deskhand` program. This library is for programs that check or
//! play scenarios themselves, on any desktop and with any report. Data flows one way:
//!
//! ```text
//! text ──scenario──▶ Scenario ──plan──▶ Plan ──executor──▶ Events ──report──▶ terminal, JUnit, HTML
//!        (as written)          (as meant)      │                (as happened)
//!                                              ▼
//!                                    trait Desktop ──HTTP──▶ desktop API ◀── server ── Xvfb, XFCE, ffmpeg
//! ```
//!
//! # Check scenarios
//!
//! A [`Source`] is the text of a file. [`plan::read`] makes a [`Plan`] of each, or returns
//! everything that is wrong with them, drawn with its place:
//!
//! ```
//! use deskhand::{Source, plan, scenario};
//!
//! let text = "version: 1\nname: Typo\nsteps:\n  - clik: [10, 20]\n";
//! let source = Source::new("typo.yaml", text.as_bytes());
//! let problems = plan::read([source], &plan::Context::default()).unwrap_err();
//! let drawn = scenario::render(&problems, 80, false);
//! assert!(drawn.contains("did you mean `click`?"), "{drawn}");
//! ```
//!
//! # Play scenarios
//!
//! [`executor::run`] plays a [`Suite`](plan::Suite) on the desktops of a [`Host`] and reports to an
//! [`EventSink`] what happens. A [`RunLog`] collects these events, and every [`report`] is made
//! from it. This example plays on a desktop in memory, like `deskhand run --dry-run`:
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! use deskhand::{MemoryHost, RunLog, Source, executor, plan};
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let text = "version: 1\nname: Hello\nsteps:\n  - type: Hello\n";
//! let source = Source::new("hello.yaml", text.as_bytes());
//! let read = plan::read([source], &plan::Context::default()).unwrap();
//!
//! let suite = read.plans.into_iter().collect();
//! let log = Arc::new(Mutex::new(RunLog::default()));
//! let settings = executor::Settings { dry: true, ..Default::default() };
//! let stop = CancellationToken::new();
//! executor::run(&suite, Arc::new(MemoryHost), &settings, log.clone(), &stop).await;
//! assert_eq!(log.lock().unwrap().counts().passed, 1);
//! # }
//! ```
//!
//! # Work with a desktop
//!
//! [`Desktop`] is the desktop API as a trait. [`DesktopClient`] speaks it over HTTP, to
//! any desktop that serves it; `LocalDesktop` (feature `local-desktop`) starts one.
//!
//! ```no_run
//! use deskhand::{Desktop, DesktopClient, geometry::Point, input::Button};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), deskhand::desktop::DesktopError> {
//! let desktop = DesktopClient::new("http://127.0.0.1:8080", Some("the token"))?;
//! desktop.click(Some(Point::new(100, 200)), Button::Left, &[]).await?;
//! desktop.type_text("Hello").await?;
//! # Ok(())
//! # }
//! ```

mod cli;
pub mod desktop;
pub mod event;
pub mod executor;
mod film;
pub mod geometry;
pub mod input;
mod json_schema;
mod language;
mod limits;
mod pattern;
mod plain;
pub mod plan;
mod profile;
pub mod report;
pub mod scenario;
mod secret;
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub mod server;
mod shard;
mod timeline;
pub mod vision;
mod whole;
mod widget;

#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub use self::server::LocalDesktop;
pub use self::{
    desktop::{Desktop, DesktopClient, Host, MemoryHost},
    event::{Event, EventSink},
    plan::Plan,
    report::RunLog,
    scenario::Source,
};

/// What the program, the tests and the benchmarks of this package use in addition. It is no
/// part of the library's interface and may change at any time.
#[doc(hidden)]
pub mod internal {
    pub use crate::cli::{ci_variables, main};

    pub mod desktop {
        pub use crate::desktop::wire::operation::extension_of;
    }
    pub mod film {
        pub use crate::film::*;
    }
    pub mod scenario {
        pub use crate::scenario::internal::*;
    }
    pub mod timeline {
        pub use crate::timeline::*;
    }
}
