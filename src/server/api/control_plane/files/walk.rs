//! What is below a folder, as far as it is wanted.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use walkdir::WalkDir;

use super::{Budget, failed};
use crate::{
    desktop::wire::limits,
    server::api::{fields::Fields, refusal::Refusal},
};

/// Glob patterns. One without `/` is compared with the last part of a path,
/// another against all of it; `*` never matches `/`.
#[derive(Default)]
pub(super) struct Patterns {
    names: GlobSet,
    paths: GlobSet,
}

impl Patterns {
    /// The patterns of a field that is a list; none where it is absent or bad.
    pub(super) fn of_list(fields: &mut Fields, field: &'static str) -> Self {
        let patterns = fields.texts(field).unwrap_or_default();
        Self::read(fields, field, &patterns)
    }

    /// The pattern of a field that is a text; `None` where it is absent or bad.
    pub(super) fn of_text(fields: &mut Fields, field: &'static str) -> Option<Self> {
        let pattern = fields.text(field)?;
        Some(Self::read(fields, field, &[pattern]))
    }

    fn read(fields: &mut Fields, field: &'static str, patterns: &[String]) -> Self {
        if patterns.len() > limits::PATTERNS {
            let problem = format!(
                "has {} patterns; at most {} are allowed",
                patterns.len(),
                limits::PATTERNS
            );
            fields.bad(field, problem);
            return Self::default();
        }
        let mut sets = [GlobSetBuilder::new(), GlobSetBuilder::new()];
        for pattern in patterns {
            match compiled(pattern) {
                Ok(glob) => {
                    let set = usize::from(pattern.trim_end_matches('/').contains('/'));
                    sets[set].add(glob);
                }
                Err(problem) => fields.bad(field, problem),
            }
        }
        let [names, paths] = sets.map(|set| set.build());
        match (names, paths) {
            (Ok(names), Ok(paths)) => Self { names, paths },
            (Err(error), _) | (_, Err(error)) => {
                fields.bad(field, format!("cannot be used: {error}"));
                Self::default()
            }
        }
    }

    /// Whether one of them matches a path below the folder.
    pub(super) fn match_path(&self, below: &Path) -> bool {
        let name = below.file_name().unwrap_or_default();
        self.names.is_match(name) || self.paths.is_match(below)
    }
}

/// One pattern; the error says what is wrong with it.
pub(super) fn compiled(pattern: &str) -> Result<globset::Glob, String> {
    if pattern.len() > limits::PATTERN {
        return Err(format!("is longer than {} bytes", limits::PATTERN));
    }
    if pattern.starts_with('/') {
        let problem = "begins with `/`, but is compared with paths relative to `path`";
        return Err(format!("`{pattern}` {problem}"));
    }
    GlobBuilder::new(pattern.trim_end_matches('/'))
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`{pattern}` is not a valid glob pattern: {}", error.kind()))
}

/// A folder that is to be walked through.
pub(super) struct Walk<'w> {
    pub(super) root: &'w Path,
    /// How many levels down, 1 for the folder's own entries.
    pub(super) depth: usize,
    pub(super) exclude: &'w Patterns,
    /// Whether it stays on the folder's own file system.
    pub(super) one_system: bool,
}

/// What was found below a folder.
pub(super) struct Found {
    /// Its path below the folder.
    pub(super) below: PathBuf,
    pub(super) kind: std::fs::FileType,
}

impl Walk<'_> {
    /// Everything that `wanted` chooses, in the order of the paths. Links are not
    /// followed. A folder below that cannot be read is told, but not what is in it.
    pub(super) fn find(
        &self,
        budget: &mut Budget,
        wanted: impl Fn(&Found) -> bool,
    ) -> Result<Vec<Found>, Refusal> {
        let at_root = failed("path", self.root);
        // Said here, because the walk would report a file like a folder.
        std::fs::read_dir(self.root).map_err(&at_root)?;
        let mut walk = WalkDir::new(self.root)
            .min_depth(1)
            .max_depth(self.depth)
            .same_file_system(self.one_system)
            .into_iter();
        let mut all = Vec::new();
        while let Some(entry) = walk.next() {
            budget.look()?;
            // It went away, or may not be read.
            let Ok(entry) = entry else { continue };
            let below = entry.path().strip_prefix(self.root);
            let found = Found {
                below: below.unwrap_or(entry.path()).to_owned(),
                kind: entry.file_type(),
            };
            if self.exclude.match_path(&found.below) {
                if found.kind.is_dir() {
                    walk.skip_current_dir();
                }
                continue;
            }
            if wanted(&found) {
                all.push(found);
            }
        }
        all.sort_by(|a, b| a.below.cmp(&b.below));
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn patterns(all: &[&str]) -> Result<Patterns, String> {
        let body = serde_json::json!({"exclude": all}).to_string();
        let mut fields = Fields::of_body(body.as_bytes()).unwrap();
        let patterns = Patterns::of_list(&mut fields, "exclude");
        let finished = fields.finish().map_err(|refusal| refusal.words());
        finished.map(|()| patterns)
    }

    #[test]
    fn a_pattern_without_a_slash_is_about_names_and_another_about_paths() {
        for (pattern, path, matches) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "b/c/a.txt", true),
            ("*.txt", "b.txt/a", false),
            ("b/*.txt", "b/a.txt", true),
            ("b/*.txt", "a/b/a.txt", false),
            ("b/*.txt", "b/c/a.txt", false),
            ("b/**/*.txt", "b/c/d/a.txt", true),
            ("b/", "a/b", true),
        ] {
            let patterns = patterns(&[pattern]).unwrap();
            let is_matched = patterns.match_path(Path::new(path));
            assert_eq!(is_matched, matches, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_that_can_match_nothing_is_refused() {
        for (pattern, problem) in [
            (
                "/a",
                "`/a` begins with `/`, but is compared with paths relative to `path`",
            ),
            (
                "[a",
                "`[a` is not a valid glob pattern: unclosed character class; missing ']'",
            ),
            (
                &"a".repeat(limits::PATTERN + 1),
                "is longer than 4096 bytes",
            ),
        ] {
            let refused = patterns(&[pattern]).err();
            assert_eq!(refused, Some(format!("400 exclude: {problem}")));
        }
        let many = patterns(&["a"; limits::PATTERNS + 1]).err();
        let problem = "400 exclude: has 101 patterns; at most 100 are allowed";
        assert_eq!(many.as_deref(), Some(problem));
    }

    #[test]
    fn a_walk_finds_what_is_below_in_order_and_passes_by_what_is_excluded() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b/c", "target/deep", "a"] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        fs::write(folder.path().join("b/note.txt"), "").unwrap();
        std::os::unix::fs::symlink("/", folder.path().join("root")).unwrap();
        let exclude = patterns(&["target"]).unwrap();
        let below = |depth| {
            let walk = Walk {
                root: folder.path(),
                depth,
                exclude: &exclude,
                one_system: true,
            };
            let found = walk.find(&mut Budget::new(), |_| true).unwrap();
            let paths = found.into_iter().map(|it| it.below.display().to_string());
            paths.collect::<Vec<_>>()
        };
        assert_eq!(below(1), ["a", "b", "root"]);
        assert_eq!(below(usize::MAX), ["a", "b", "b/c", "b/note.txt", "root"]);
    }
}
