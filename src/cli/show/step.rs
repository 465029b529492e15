//! The step of a picture in its file, which may have changed since the run.

use std::path::{Component, Path, PathBuf};

use super::{
    answer::Problem,
    changed::{Changed, Known},
    desk::Desk,
    film::recordings,
    found::Found,
};
use crate::{
    cli::plans::Selection,
    event::{Excerpt, Outcome, SourceLocation},
    geometry::Rect,
    plan::{Action, Disk, Files, Plan, ScreenshotAssert},
    report::ScenarioLog,
    scenario::{Source, Span},
    whole,
};

/// What UTF-8 files of some systems begin with.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A step as it is written now.
pub(super) struct Written {
    /// Its file, from the folder that the program was started in.
    path: PathBuf,
    has_mark: bool,
    /// The text of its file.
    pub(super) source: Source,
    /// The byte at which its verb begins.
    pub(super) at: usize,
    /// As its run knew the file.
    original: Source,
}

impl Written {
    /// The step of an artifact; it must be what was played.
    pub(super) fn find(desk: &Desk, found: &Found<'_>, changed: &Changed) -> Result<Self, Problem> {
        if let Some(why) = elsewhere(desk, found.scenario) {
            return Err(Problem::new(why));
        }
        let place = &found.step.place;
        let path = below(&place.file, &desk.environment.folder)?;
        let full = desk.environment.folder.join(&path);
        let bytes = Disk.read(&full, Source::MAX_BYTES + 1);
        let bytes =
            bytes.map_err(|error| Problem::new(format!("cannot read {}: {error}", place.file)))?;
        let source = Source::new(place.file.clone(), &bytes);
        let known = changed.known(&path, source.text());
        let text = known.map_or(source.text(), Known::original);
        let original = Source::new(place.file.clone(), text.as_bytes());
        let then = offset(&original, place)
            .filter(|then| excerpt(found).is_some_and(|seen| is_as_seen(&original, *then, seen)));
        let Some(then) = then else {
            return Err(Problem::new(format!(
                "{} has changed since the run: play it again",
                place.file
            )));
        };
        let at = known.map_or(then, |known| known.now(then));
        Ok(Self {
            has_mark: bytes.starts_with(MARK),
            path,
            source,
            at,
            original,
        })
    }

    /// Writes the file anew, whole or not at all, and remembers where everything is now.
    pub(super) fn write(
        &self,
        text: &str,
        changed: &mut Changed,
        desk: &Desk,
    ) -> Result<(), Problem> {
        let mut bytes = if self.has_mark {
            MARK.to_vec()
        } else {
            Vec::new()
        };
        bytes.extend_from_slice(text.as_bytes());
        let full = desk.environment.folder.join(&self.path);
        whole::write(&full, &bytes).map_err(|error| {
            Problem::new(format!("cannot write {}: {error}", self.source.name()))
        })?;
        changed.note(&self.path, self.original.text(), (self.source.text(), text));
        recordings::shift(desk, self.source.name(), self.source.text(), text);
        Ok(())
    }

    /// What the step compares, as it would be played now: its region, and its masks.
    pub(super) fn planned(
        &self,
        desk: &Desk,
        found: &Found<'_>,
    ) -> Result<(Option<Rect>, Vec<Rect>), Problem> {
        let file = PathBuf::from(&found.scenario.place.file);
        let selection = Selection::of(vec![file], Vec::new());
        let read = selection.read(&desk.environment, false);
        let plans = read.map(|read| read.plans).unwrap_or_default();
        let mut planned: Vec<(Option<Rect>, Vec<Rect>)> = Vec::new();
        for assert in plans.iter().flat_map(|plan| self.asserts(plan)) {
            let here = (assert.region, assert.mask.clone());
            if !planned.contains(&here) {
                planned.push(here);
            }
        }
        match planned.len() {
            1 => Ok(planned.remove(0)),
            0 => Err(Problem::new(format!(
                "{} cannot be planned: `deskhand check` says why",
                found.scenario.place.file
            ))),
            _ => Err(Problem::new(
                "the rows of the matrix compare different parts of the screen here".to_owned(),
            )),
        }
    }

    fn asserts<'p>(&self, plan: &'p Plan) -> Vec<&'p ScreenshotAssert> {
        let mut asserts: Vec<&ScreenshotAssert> = Vec::new();
        plan.each_step(&mut |step| {
            let origin = &step.origin;
            let is_it = origin.source.name() == self.source.name() && origin.span.start == self.at;
            if let Action::ScreenshotAssert(assert) = &step.action
                && is_it
            {
                asserts.push(&**assert);
            }
        });
        asserts
    }
}

/// The file of a scenario, which must be below the folder that the program was started
/// in: the events may be anybody's.
pub(super) fn below(file: &str, here: &Path) -> Result<PathBuf, Problem> {
    let path = Path::new(file);
    let path = path.strip_prefix(here).unwrap_or(path);
    let inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let is_yaml = [".yaml", ".yml"]
        .iter()
        .any(|ending| file.ends_with(ending));
    if is_yaml && path.components().all(inside) {
        return Ok(path.to_owned());
    }
    Err(Problem::new(format!(
        "{file} is not a scenario below this folder: run `deskhand show` in the folder where \
         the run was started"
    )))
}

/// Why nothing can be written for a scenario, if its file is not here.
pub(super) fn elsewhere(desk: &Desk, scenario: &ScenarioLog) -> Option<String> {
    let (file, here) = (&scenario.place.file, &desk.environment.folder);
    let is_here = below(file, here).is_ok_and(|path| here.join(path).is_file());
    (!is_here).then(|| {
        format!(
            "{file} is not below this folder: start `deskhand show` in the folder where the run \
             was played"
        )
    })
}

/// The byte at a place that was told.
fn offset(source: &Source, place: &SourceLocation) -> Option<usize> {
    let line = source.line_range(place.line);
    let text = source.text().get(line.clone())?;
    let mut chars = text.char_indices();
    let (column, _) = chars.nth(place.column.checked_sub(1)?)?;
    Some(line.start + column)
}

fn excerpt<'f>(found: &Found<'f>) -> Option<&'f Excerpt> {
    match found.step.outcome() {
        Outcome::Failed(failure) | Outcome::Noted(failure) => Some(&failure.excerpt),
        _ => None,
    }
}

/// Whether the lines around a byte are those that the run showed.
fn is_as_seen(source: &Source, at: usize, seen: &Excerpt) -> bool {
    let now = source.excerpt_lines(Span::new(at..at + 1));
    now.first_line == seen.first_line && now.line == seen.line && now.lines == seen.lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scenarios_below_this_folder_are_written() {
        let here = Path::new("/project");
        assert!(below("scenarios/a.yaml", here).is_ok());
        assert!(below("/project/scenarios/parts/a.yml", here).is_ok());
        for wrong in ["../a.yaml", "/etc/a.yaml", "a.sh", "a/../../b.yaml"] {
            assert!(below(wrong, here).is_err(), "{wrong}");
        }
    }
}
