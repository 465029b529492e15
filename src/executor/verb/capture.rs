//! What a step remembers of the target that it found.

use super::run::part;
use crate::{
    executor::{
        fault::Fault,
        find::{self, Found},
        stage::Stage,
    },
    plan::{Output, Step},
};

/// Remembers what is written in a target, if the step captures it.
pub(super) async fn keep(
    found: Option<Found>,
    step: &Step,
    stage: &mut Stage<'_>,
) -> Result<(), Fault> {
    let (Some(found), Some(capture)) = (found, &step.capture) else {
        return Ok(());
    };
    let whole = match (&found.widget, capture.from) {
        (Some(widget), Output::Name) => widget.name.clone(),
        (Some(widget), Output::Value) => widget.value.clone().unwrap_or_default(),
        (Some(widget), _) => {
            let value = widget.value.clone().filter(|value| !value.is_empty());
            value.unwrap_or_else(|| widget.name.clone())
        }
        (None, _) => find::written_in(found.rect, stage).await?,
    };
    let value = part(capture, whole)?;
    stage.known.capture(&capture.name, value);
    Ok(())
}
