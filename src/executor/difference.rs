//! What differs between two pictures, in the words of a failure.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use super::{fault::Fault, find::apart::apart, redactor::Redactor, stage::Stage};
use crate::{
    event::Changes,
    geometry::Rect,
    vision::{self, ChangeKind, Difference, Frame, Limits, Reader, Recognizer},
};

/// How long reading the words at the differing places may take: the step has failed anyway.
const READING: Duration = Duration::from_secs(5);

/// The difference between the expected and the actual frame. If text cannot be read in time,
/// everything else is reported.
pub(super) async fn in_words(
    [expected, actual]: [&Frame; 2],
    difference: Difference,
    limits: Limits,
    stage: &Stage<'_>,
) -> Result<Changes, Fault> {
    let frames = [expected.clone(), actual.clone()];
    let languages = stage.languages.to_vec();
    let tell = move |recognizer: Option<Arc<dyn Recognizer>>| {
        let read = |frame: &Frame, area: Rect| {
            let recognizer = recognizer.as_ref();
            let words = recognizer.map(|one| one.read(frame, area, &languages));
            words.and_then(Result::ok).unwrap_or_default()
        };
        let reader: Option<Reader<'_>> = recognizer.is_some().then_some(&read);
        vision::changes(frames.each_ref(), &difference, &limits, reader)
    };
    let (recognizer, first) = (stage.settings.recognizer.clone(), tell.clone());
    match timeout(READING, apart(move || first(recognizer))).await {
        Ok(told) => Ok(masked(told?, &stage.files.mask)),
        Err(_) => apart(move || tell(None)).await,
    }
}

/// The same without secrets in the texts that were read.
fn masked(mut changes: Changes, mask: &Redactor) -> Changes {
    for change in &mut changes.told {
        if let ChangeKind::Text { from, to } = &mut change.kind {
            (*from, *to) = (mask.reading(from), mask.reading(to));
        }
    }
    changes
}
