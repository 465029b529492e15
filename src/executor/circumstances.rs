//! What else was the matter when a step failed, whatever the step is about.

use super::{focus, stage::Stage};
use crate::plan::{Action, Assert};

/// What may explain a failure, one text for each, which may have several lines.
pub(super) async fn of(action: &Action, stage: &Stage<'_>) -> Vec<String> {
    let mask = &stage.files.mask;
    let mut all = Vec::new();
    if is_about_windows(action) {
        all.extend(focus::told(stage).await.map(|told| mask.text(&told)));
    }
    all.extend(stage.launched.ended(stage.desktop, mask).await);
    all
}

/// Whether it matters to a step which window has the keyboard.
fn is_about_windows(action: &Action) -> bool {
    match action {
        Action::Click { .. }
        | Action::Move { .. }
        | Action::Drag { .. }
        | Action::Scroll { .. }
        | Action::Type { .. }
        | Action::Press { .. }
        | Action::Hotkey { .. }
        | Action::Assert(Assert::Sight(_)) => true,
        Action::Wait(wait) => wait.sight.is_some(),
        _ => false,
    }
}
