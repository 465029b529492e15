//! Texts that are replaced in files.

use std::{path::Path, sync::Arc};

use axum::{Json, extract::State};

use super::{
    PATIENCE, Shared, content, failed,
    lines::{Lines, Part},
    work,
};
use crate::{
    desktop::wire::{
        EditFileResult, EditResult, FileEdit, Items,
        limits::{EDITS, FILES, SANDBOX_FILE},
    },
    server::api::{
        extract::{Body, Segment},
        fields::Fields,
        files,
        refusal::Refusal,
    },
};

/// How many equal lines the difference has around each change.
const AROUND: usize = 3;

pub(super) async fn one(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<EditFileResult>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = content(&mut fields, &machine);
    let shown = machine.place().inside(&path);
    fields.require(&["edits"]);
    let edits = fields.each("edits", edit).unwrap_or_default();
    if fields.has("edits") && !(1..=EDITS).contains(&edits.len()) {
        fields.bad("edits", format!("must have 1 to {EDITS} members"));
    }
    fields.finish()?;
    let result = work(&machine, move || {
        let before = text(&path).map_err(|problem| problem.refusal("path", &path))?;
        let (after, replacements) = edited(&path, &before, &edits)
            .map_err(|(index, problem)| Refusal::field(&format!("edits[{index}].find"), problem))?;
        files::write_whole(&path, after.as_bytes(), None).map_err(failed("path", &path))?;
        Ok(EditFileResult {
            diff: difference(&shown, &before, &after),
            replacements,
        })
    });
    Ok(Json(result.await?))
}

pub(super) async fn several(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Items<EditResult>>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    fields.require(&["files"]);
    let names = fields.texts("files").unwrap_or_default();
    if fields.has("files") && !(1..=FILES).contains(&names.len()) {
        fields.bad("files", format!("must have 1 to {FILES} members"));
    }
    if names
        .iter()
        .any(|name| name.is_empty() || name.contains('\0'))
    {
        fields.bad(
            "files",
            "contains a path that is empty or has a NUL character",
        );
    }
    let edit = edit(&mut fields);
    fields.finish()?;
    let desktop = Arc::clone(&machine);
    let items = work(&desktop, move || {
        let until = std::time::Instant::now() + PATIENCE;
        let each = names.into_iter().map(|name| {
            let session = machine.place();
            let path = session.outside(&files::named(&name, &machine));
            let outcome = if std::time::Instant::now() > until {
                Err("was not reached before the time limit".to_owned())
            } else {
                replaced(&path, &edit)
            };
            EditResult {
                file: name,
                success: outcome.is_ok(),
                error: session.told(&outcome.err().unwrap_or_default()),
            }
        });
        Ok(each.collect())
    });
    let items = items.await?;
    Ok(Json(Items { items }))
}

/// One edit, whose text must be there.
fn edit(fields: &mut Fields) -> FileEdit {
    fields.require(&["find"]);
    let find = fields.text("find");
    if find.as_ref().is_some_and(String::is_empty) {
        fields.bad("find", "must not be empty");
    }
    FileEdit {
        find: find.unwrap_or_default(),
        replace: fields.text("replace").unwrap_or_default(),
    }
}

/// Edits one of several files; the error is for a person.
fn replaced(path: &Path, edit: &FileEdit) -> Result<(), String> {
    let before = text(path).map_err(|problem| problem.to_string())?;
    let edits = std::slice::from_ref(edit);
    let (after, _) = edited(path, &before, edits).map_err(|(_, problem)| problem)?;
    files::write_whole(path, after.as_bytes(), None).map_err(|error| error.to_string())
}

/// Why a file cannot be edited.
#[derive(Debug, thiserror::Error)]
enum NoText {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("is not UTF-8 text")]
    Bytes(#[from] std::string::FromUtf8Error),
}

impl NoText {
    fn refusal(self, field: &str, path: &Path) -> Refusal {
        match self {
            Self::File(error) => failed(field, path)(error),
            Self::Bytes(_) => Refusal::field(field, self.to_string()),
        }
    }
}

fn text(path: &Path) -> Result<String, NoText> {
    let all = Part {
        offset: 0,
        limit: u64::MAX,
        lines: Lines::All,
    };
    Ok(String::from_utf8(all.read(path)?)?)
}

/// The text after all edits, and how many places they have changed; or the edit
/// that cannot be made, and why.
fn edited(path: &Path, text: &str, edits: &[FileEdit]) -> Result<(String, u64), (usize, String)> {
    let (mut text, mut all) = (text.to_owned(), 0);
    for (index, FileEdit { find, replace }) in edits.iter().enumerate() {
        let count = text.matches(find.as_str()).count();
        if count == 0 {
            return Err((index, format!("does not occur in {}", path.display())));
        }
        // Known before it is made: a thousand edits could each double it.
        let shrunk = text.len() - count * find.len();
        if shrunk.saturating_add(count.saturating_mul(replace.len())) > SANDBOX_FILE {
            let problem = format!("would make the file larger than {SANDBOX_FILE} bytes");
            return Err((index, problem));
        }
        text = text.replace(find.as_str(), replace);
        all += count as u64;
    }
    Ok((text, all))
}

/// As `diff -u` shows it. What takes too long to compare is shown as one change.
fn difference(path: &Path, before: &str, after: &str) -> String {
    let name = path.display().to_string();
    let name = name.trim_start_matches('/');
    similar::TextDiff::configure()
        .timeout(PATIENCE / 10)
        .diff_lines(before, after)
        .unified_diff()
        .context_radius(AROUND)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(pairs: &[(&str, &str)]) -> Vec<FileEdit> {
        let edit = |(find, replace): &(&str, &str)| FileEdit {
            find: (*find).to_owned(),
            replace: (*replace).to_owned(),
        };
        pairs.iter().map(edit).collect()
    }

    #[test]
    fn every_place_is_replaced_and_each_edit_sees_the_one_before() {
        let of = |pairs| edited(Path::new("/f"), "a b a\n", &edits(pairs));
        assert_eq!(of(&[("a", "c")]), Ok(("c b c\n".to_owned(), 2)));
        assert_eq!(of(&[("a", "b"), ("b", "")]), Ok(("  \n".to_owned(), 5)));
        let (index, problem) = of(&[("a", "b"), ("a", "c")]).unwrap_err();
        assert_eq!((index, &*problem), (1, "does not occur in /f"));
    }

    #[test]
    fn edits_that_blow_a_file_up_are_refused() {
        let doubling = edits(&[("a", "aa"); 60]);
        let (index, problem) = edited(Path::new("/f"), "a", &doubling).unwrap_err();
        assert!(index < 60 && problem.contains("larger"), "{problem}");
    }

    #[test]
    fn a_difference_reads_as_that_of_diff() {
        let shown = difference(Path::new("/d/f"), "a\nb\n", "a\nc\n");
        assert_eq!(shown, "--- a/d/f\n+++ b/d/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    }
}
