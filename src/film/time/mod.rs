//! When a film shows what.

pub(super) mod action;
pub(super) mod clock;
pub(super) mod gaps;
pub(super) mod idle;
pub(super) mod pacing;
pub(super) mod spans;
