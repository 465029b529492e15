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
//! [`executor::run`] plays a [`Suite`](plan::Suite) on the desktops of a [`Host`] and tells an [`EventSink`]
//! what happens. A [`RunLog`] collects these events, and every [`report`] is made from it.
//! This example plays on a desktop in memory, like `deskhand run --dry-run`:
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

pub mod desktop;
pub mod event;
pub mod executor;
pub mod geometry;
pub mod input;
pub mod plan;
pub mod report;
pub mod scenario;
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub mod server;
pub mod vision;

// What the program, the tests and the benchmarks use as well. It is no part of the
// library's interface and may change at any time.
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod film;
mod json_schema;
#[doc(hidden)]
pub mod language;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod pattern;
#[doc(hidden)]
pub mod plain;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod secret;
#[doc(hidden)]
pub mod shard;
#[doc(hidden)]
pub mod timeline;
#[doc(hidden)]
pub mod whole;
#[doc(hidden)]
pub mod widget;

#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub use self::server::LocalDesktop;
pub use self::{
    desktop::{Desktop, DesktopClient, Host, MemoryHost},
    event::{Event, EventSink},
    plan::Plan,
    report::RunLog,
    scenario::Source,
};
