//! Everything that needs no desktop: texts and pictures, and the program on files alone.
//!
//! One program holds all of it, since each would be linked for itself: what a module
//! tests is played alone by its name, as in `cargo test --test suite schema::`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod diagnostics;
mod editor;
mod films;
mod fuzz;
mod image;
mod kit;
mod language;
mod needles;
mod program;
mod readme;
mod report;
mod robustness;
mod rooms;
mod schema;
#[path = "../seed/mod.rs"]
mod seed;
mod show;
#[path = "../skipped/mod.rs"]
mod skipped;
mod text;
