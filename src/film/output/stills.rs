//! Pictures of a film: one of each chapter.

use std::path::{Path, PathBuf};

use super::{
    Show,
    moments::{frame_at, moments},
};

/// A picture of a film that is a file of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Still {
    /// Its file.
    pub(super) path: PathBuf,
    /// The frame that it shows.
    pub(super) frame: u32,
}

/// How many characters of a title the name of a file contains at most.
const LONGEST_NAME: usize = 40;

/// The frame that shows the end of each chapter, with its title; one for the whole film if it has
/// no chapters.
pub(super) fn results(show: Show<'_>) -> Vec<(String, u32)> {
    let moments = moments(show);
    let ends = moments.iter().map(|moment| moment.frame);
    let chapters = show.film.chapters();
    let last = show.film.frames() - 1;
    if chapters.is_empty() {
        let end = ends.max().unwrap_or(last);
        return vec![(show.timeline.scenario.clone(), end)];
    }
    let result = |from: f64, to: f64| {
        let first = frame_at(show, from);
        let after = frame_at(show, to).max(first + 1);
        let inside = moments
            .iter()
            .filter(|moment| (first..after).contains(&moment.begins));
        let end = inside.map(|moment| moment.frame).max();
        end.unwrap_or((after - 1).min(last))
    };
    let chapters = chapters.into_iter();
    chapters
        .map(|chapter| (chapter.title, result(chapter.from, chapter.to)))
        .collect()
}

/// The pictures for a file: itself, or one for each chapter with its number.
pub(super) fn for_file(show: Show<'_>, path: &Path) -> Vec<Still> {
    let results = results(show);
    if let [(_, frame)] = results[..] {
        let path = path.to_owned();
        return vec![Still { path, frame }];
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = results.into_iter().zip(1..);
    numbered
        .map(|((_, frame), number)| Still {
            path: path.with_file_name(format!("{stem}-{number}.png")),
            frame,
        })
        .collect()
}

/// The pictures for a folder, each named after its chapter.
pub(super) fn for_folder(show: Show<'_>, folder: &Path) -> Vec<Still> {
    let numbered = results(show).into_iter().zip(1..);
    numbered
        .map(|((title, frame), number)| Still {
            path: folder.join(format!("{}.png", name(number, &title))),
            frame,
        })
        .collect()
}

/// `01-open-the-file`.
pub(super) fn name(number: usize, title: &str) -> String {
    let mut name = format!("{number:02}");
    let words = title.split(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if name.chars().count() + word.chars().count() > LONGEST_NAME {
            break;
        }
        name.push('-');
        name.push_str(&word.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_called_after_its_chapter() {
        assert_eq!(name(1, "Open the File…"), "01-open-the-file");
        assert_eq!(name(12, "../../etc/passwd"), "12-etc-passwd");
        assert_eq!(name(3, ""), "03");
        assert!(name(4, &"word ".repeat(99)).len() <= LONGEST_NAME);
    }
}
