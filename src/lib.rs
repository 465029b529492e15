//! Deskhand plays YAML scenarios on a graphical Linux desktop: wait until it is
//! ready, click, type, press hotkeys, compare screenshots, record.
//!
//! The rooms of this crate stand in the order of the data's way through them,
//! and a room uses only those above it:
//!
//! ```text
//! text ──scenario──▶ Scenario ──plan──▶ Plan ──executor──▶ Events ──report──▶ terminal, JUnit, HTML
//!        (as written)          (as meant)      │                (as happened)
//!                                              ▼
//!                                    trait Desktop ──HTTP──▶ desktop API ◀── server ── Xvfb, XFCE, ffmpeg
//! ```

pub mod geometry;
pub mod input;
pub mod language;
pub mod limits;
pub mod pattern;
pub mod plain;
pub mod profile;
pub mod whole;

pub mod scenario;
pub mod vision;

pub mod desktop;
pub mod plan;

pub mod event;

pub mod executor;
#[cfg(all(target_os = "linux", feature = "local-desktop"))]
pub mod server;

pub mod report;

pub mod cli;
