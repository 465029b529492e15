//! What else was the matter when a step failed, whatever the step is about.

use super::{focus, stage::Stage};
use crate::plan::Action;

/// What may explain a failure, one text for each, which may have several lines.
pub(super) async fn of(action: &Action, stage: &Stage<'_>) -> Vec<String> {
    let mask = &stage.files.mask;
    let mut all = Vec::new();
    if action.verb().is_about_windows() {
        all.extend(focus::told(stage).await.map(|told| mask.text(&told)));
    }
    all.extend(stage.launched.ended(stage.desktop, mask).await);
    all
}
