//! What `deploy/` promises, on the tools that it is for: root file systems are really
//! built, and a suite is really played on two nodes of a cluster, one of which dies.
//!
//! `cargo test --release --test deploy` plays it, as root and in about ten minutes; it is
//! no part of `cargo test`. A tool that is missing is a failure, which says what to install.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod container;
mod kubernetes;
mod sandbox;
mod slurm;
mod tools;
