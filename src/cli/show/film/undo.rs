//! The last change is taken back.

use super::{recordings::prepared, state::About, written::source};
use crate::{
    cli::show::{
        answer::{Problem, Settled},
        changed::Changed,
        desk::Desk,
    },
    whole::Whole,
};

/// Takes the last change back.
pub(super) fn undo(desk: &Desk, changed: &mut Changed, asked: &About) -> Settled {
    let mut history = desk.history();
    let Some(change) = history.take(&asked.timeline) else {
        return Err(Problem::new("there is nothing to undo".to_owned()));
    };
    let full = desk.environment.folder.join(&change.path);
    if source(&full, &change.name)?.text() != change.after {
        return Err(Problem::new(format!(
            "{} has changed since, so it is left as it is",
            change.name
        )));
    }
    let files = change.timelines.iter();
    let files = files.map(|(path, timeline)| prepared(desk, path, timeline));
    let files: Vec<Whole> = files.collect::<Result<_, _>>()?;
    change.put(desk, (&change.after, &change.before), files)?;
    changed.note(&change.path, &change.after, (&change.after, &change.before));
    Ok(format!("undone: {}", change.what))
}
