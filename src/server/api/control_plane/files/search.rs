//! What is found by a pattern: paths, and lines of files.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use axum::{Json, extract::State};
use regex::bytes::{Regex, RegexBuilder};

use super::{
    Budget, Shared, failed, path,
    walk::{Patterns, Walk, compiled},
    work,
};
use crate::{
    desktop::wire::{Items, SearchMatch},
    server::api::{
        extract::{Body, Segment},
        fields::Fields,
        files::open,
        refusal::Refusal,
    },
};

/// How much of a file decides whether it is text, in bytes.
const BEGINNING: usize = 8 << 10;

/// The longest line that is searched; what has a longer one counts as no text.
const MAX_LINE: u64 = 1 << 20;

/// How much of a line is told, in bytes.
const MAX_CONTENT: usize = 4096;

/// The largest regular expression, compiled, in bytes.
const MAX_REGEX: usize = 4 << 20;

/// How often the time is looked at: once in this many lines.
const LINES: u64 = 1024;

pub(super) async fn glob(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Items<String>>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    fields.require(&["pattern"]);
    let pattern = fields.text("pattern").unwrap_or_default();
    let glob = compiled(&pattern).map(|glob| glob.compile_matcher());
    if let Err(problem) = &glob {
        fields.bad("pattern", problem);
    }
    let exclude = Patterns::of_list(&mut fields, "exclude");
    fields.finish()?;
    let items = work(&machine, move || {
        let mut budget = Budget::new();
        let walk = Walk {
            root: &path,
            depth: usize::MAX,
            exclude: &exclude,
            one_system: false,
        };
        let is_wanted = |below: &Path| glob.as_ref().is_ok_and(|glob| glob.is_match(below));
        let found = walk.find(&mut budget, |found| is_wanted(&found.below))?;
        let told = found.into_iter().map(|found| {
            budget.tell()?;
            Ok(path.join(found.below).display().to_string())
        });
        told.collect::<Result<Vec<String>, Refusal>>()
    });
    let items = items.await?.into_iter();
    let items = items.map(|item| machine.place().told(&item)).collect();
    Ok(Json(Items { items }))
}

pub(super) async fn grep(
    State(plane): Shared,
    Segment(id): Segment,
    Body(mut fields): Body,
) -> Result<Json<Items<SearchMatch>>, Refusal> {
    let machine = plane.sandboxes.machine(&id)?;
    let path = path(&mut fields, "path", &machine);
    let pattern = expression(&mut fields);
    let include = Patterns::of_text(&mut fields, "include");
    let exclude = Patterns::of_list(&mut fields, "exclude");
    fields.finish()?;
    let search = move || {
        let mut search = Search {
            pattern: pattern.as_ref(),
            budget: Budget::new(),
            found: Vec::new(),
        };
        for file in files(&path, include.as_ref(), &exclude, &mut search.budget)? {
            // What has been removed in the meantime, or may not be read, has no lines, unless it is
            // the only file that was asked for.
            let searched = search.file(&file);
            if let Err(error) = searched?
                && file == path
            {
                return Err(failed("path", &path)(error));
            }
        }
        Ok(search.found)
    };
    let mut items = work(&machine, search).await?;
    for item in &mut items {
        item.path = machine.place().told(&item.path);
    }
    Ok(Json(Items { items }))
}

fn expression(fields: &mut Fields) -> Option<Regex> {
    fields.require(&["pattern"]);
    let pattern = fields.text("pattern")?;
    let regex = RegexBuilder::new(&pattern).size_limit(MAX_REGEX).build();
    let problem = match regex {
        Ok(regex) => return Some(regex),
        Err(regex::Error::CompiledTooBig(_)) => "is too large".to_owned(),
        // Its last line says what is wrong, after a picture of where.
        Err(error) => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!(
                "is not a valid regular expression: {}",
                last.trim_start_matches("error: ")
            )
        }
    };
    fields.bad("pattern", problem);
    None
}

/// The files to search: one, or those below a folder, on its file system alone,
/// since those that the system makes up have no end.
fn files(
    path: &Path,
    include: Option<&Patterns>,
    exclude: &Patterns,
    budget: &mut Budget,
) -> Result<Vec<PathBuf>, Refusal> {
    let metadata = std::fs::metadata(path).map_err(failed("path", path))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let walk = Walk {
        root: path,
        depth: usize::MAX,
        exclude,
        one_system: true,
    };
    let found = walk.find(budget, |found| {
        let included = include.is_none_or(|include| include.match_path(&found.below));
        included && found.kind.is_file()
    })?;
    Ok(found
        .into_iter()
        .map(|file| path.join(file.below))
        .collect())
}

struct Search<'s> {
    pattern: Option<&'s Regex>,
    budget: Budget,
    found: Vec<SearchMatch>,
}

impl Search<'_> {
    /// Searches a file, unless it is not text.
    fn file(&mut self, path: &Path) -> Result<std::io::Result<()>, Refusal> {
        self.budget.check_time()?;
        let mut reader = match open(path) {
            Ok(file) => BufReader::with_capacity(BEGINNING, file),
            Err(error) => return Ok(Err(error)),
        };
        match reader.fill_buf() {
            Ok(beginning) if beginning.contains(&0) => return Ok(Ok(())),
            Ok(_) => {}
            Err(error) => return Ok(Err(error)),
        }
        let before = self.found.len();
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            match reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut text) {
                Ok(0) => break,
                Ok(read) if read as u64 == MAX_LINE && !text.ends_with(b"\n") => {
                    self.found.truncate(before);
                    break;
                }
                Ok(_) => self.line(path, line, &text)?,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    fn line(&mut self, path: &Path, line: u64, text: &[u8]) -> Result<(), Refusal> {
        if line.is_multiple_of(LINES) {
            self.budget.check_time()?;
        }
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if !self.pattern.is_some_and(|pattern| pattern.is_match(text)) {
            return Ok(());
        }
        self.budget.tell()?;
        let content = String::from_utf8_lossy(text);
        let mut end = content.len().min(MAX_CONTENT);
        while !content.is_char_boundary(end) {
            end -= 1;
        }
        self.found.push(SearchMatch {
            path: path.display().to_string(),
            line,
            content: content[..end].to_owned(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The lines of a file with these bytes that match, each with its number.
    fn lines(pattern: &str, bytes: &[u8]) -> Vec<(u64, String)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, bytes).unwrap();
        let pattern = Regex::new(pattern).unwrap();
        let mut search = Search {
            pattern: Some(&pattern),
            budget: Budget::new(),
            found: Vec::new(),
        };
        search.file(&file).unwrap().unwrap();
        let found = search.found.into_iter();
        found.map(|it| (it.line, it.content)).collect()
    }

    #[test]
    fn lines_are_counted_from_1_and_told_without_their_ends() {
        let text = b"one\r\ntwo\n\nanother one";
        let found = [(1, "one".to_owned()), (4, "another one".to_owned())];
        assert_eq!(lines("one$", text), found);
    }

    #[test]
    fn what_is_no_text_has_no_lines() {
        assert_eq!(lines("one", b"one\n\0one\n"), []);
        // One line that is too long, and all that came before it.
        let long = [b"one\n".to_vec(), vec![b'x'; 2 << 20]].concat();
        assert_eq!(lines("one", &long), []);
    }

    #[test]
    fn of_a_long_line_the_beginning_is_told_and_no_half_of_a_character() {
        let line = format!("x{}", "\u{e9}".repeat(MAX_CONTENT));
        let (_, content) = lines("^x", line.as_bytes()).remove(0);
        assert_eq!(content.len(), MAX_CONTENT - 1);
        assert!(line.starts_with(&content));
        // A byte that is not text is reported as unknown.
        assert_eq!(lines("^x", b"x\xffy")[0].1, "x\u{fffd}y");
    }

    #[test]
    fn a_bad_expression_is_told_by_what_is_wrong_with_it() {
        let refused = |body: &str| {
            let mut fields = Fields::of_body(body.as_bytes()).unwrap();
            assert!(expression(&mut fields).is_none());
            fields.finish().unwrap_err().words()
        };
        assert_eq!(refused("{}"), "400 pattern: is required");
        assert_eq!(
            refused(r#"{"pattern": "(a"}"#),
            "400 pattern: is not a valid regular expression: unclosed group"
        );
        assert_eq!(
            refused(r#"{"pattern": "a{1000}{1000}{1000}"}"#),
            "400 pattern: is too large"
        );
    }
}
