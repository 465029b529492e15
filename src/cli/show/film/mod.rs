//! The page on which the film of a recording is made: its captions and zooms.
//!
//! ```text
//! recordings ──▶ state          what the page shows: the timeline, and what is written
//! change ──▶ scenario::edit     into the file of the step
//!   ├─────▶ timeline::edit      into the timelines of the run
//!   └─────▶ planned             what is written, as it would be played
//! preview ──▶ film::output      a draft of what it has become
//! ```

mod change;
pub(super) mod drafts;
pub(super) mod history;
mod moved;
mod page;
mod planned;
mod preview;
pub(super) mod recordings;
pub(super) mod routes;
mod state;
mod undo;
mod written;
