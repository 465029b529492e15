//! `type`.

use crate::executor::{fault::Fault, stage::Stage};

/// The protocol takes no longer text at once, in characters.
const MAX_TEXT: usize = 50_000;

/// Types `text` into the window that has the focus.
pub(super) async fn play(text: &str, stage: &mut Stage<'_>) -> Result<(), Fault> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .char_indices()
            .nth(MAX_TEXT)
            .map_or(rest.len(), |(index, _)| index);
        let (part, after) = rest.split_at(end);
        stage.desktop.type_text(part).await?;
        rest = after;
    }
    Ok(())
}
