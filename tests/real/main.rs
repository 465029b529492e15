//! Everything that needs a real desktop: each test starts one of its own, in a
//! folder of its own, and looks afterwards that nothing of it is left.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accept;
mod allowance;
mod api;
mod arrive;
mod between;
mod chord;
mod ci;
mod clean;
mod clipboard;
mod connections;
mod contract;
mod described;
mod disk;
mod document;
mod eventually;
mod files;
mod film;
mod frozen;
mod home;
mod hostile;
mod keeper;
mod keyboard;
mod kit;
mod language;
mod launched;
mod machine;
mod needs_browser;
mod needs_pypi;
mod place;
mod plain;
mod play;
mod pointer;
mod pool;
mod process;
mod program;
mod reader;
mod recording;
mod report;
mod run;
mod sandboxes;
mod screen;
mod secret;
#[path = "../seed/mod.rs"]
mod seed;
mod side_by_side;
#[path = "../skipped/mod.rs"]
mod skipped;
mod started;
mod target;
mod title;
mod usual;
mod viewer;
mod widgets;
mod window;
