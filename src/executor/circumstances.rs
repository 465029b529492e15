//! What else was the matter when a step failed, whatever the step is about.

use super::stage::Stage;

/// What may explain a failure, one text for each, which may have several lines.
pub(super) async fn of(stage: &Stage<'_>) -> Vec<String> {
    let mask = &stage.files.mask;
    stage.launched.ended(stage.desktop, mask).await
}
