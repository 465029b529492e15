//! Everything that needs a real desktop: each test starts one of its own, in a
//! folder of its own, and looks afterwards that nothing of it is left.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod keyboard;
mod place;
mod play;
