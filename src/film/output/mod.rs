//! The files of films, and whether a kept film still shows what its scenario does.
//!
//! ```text
//! Film ──compose──▶ frames ──▶ encode   videos, gif, webp
//!   │                  └─────▶ stills   pictures of the chapters, and of a manual
//!   └────▶ story ──▶ check              what a kept film says and shows, step by step
//! ```

mod alike;
mod check;
mod fit;
mod kept;
mod manual;
mod moments;
mod render;
mod saying;
mod stills;
mod story;

use std::path::{Path, PathBuf};

use strum::VariantNames as _;

pub use self::{
    check::{Checked, Finding, check},
    render::{Order, Progress, Written, render},
    story::{Story, digest},
};
use super::{Film, Style};
use crate::timeline::Timeline;

/// What a film is written as.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, strum::Display, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Kind {
    /// H.264, with chapters, subtitles and sound.
    Mp4,
    /// VP9, with the same.
    Webm,
    /// A gif.
    Gif,
    /// An animated `WebP`.
    Webp,
    /// Pictures of the chapters: one file, or one for each with its number.
    Png,
    /// The captions alone.
    Vtt,
    /// A manual of the steps, with pictures in a folder beside it.
    Md,
    /// A folder with a picture of each chapter.
    #[strum(disabled)]
    Folder,
}

impl Kind {
    /// What to write to a path, according to its ending; a folder if it has none.
    ///
    /// # Errors
    ///
    /// A sentence with the endings that exist.
    pub fn of(path: &Path) -> Result<Self, String> {
        let Some(ending) = path.extension().filter(|_| !path.is_dir()) else {
            return Ok(Self::Folder);
        };
        let ending = ending.to_string_lossy().to_lowercase();
        ending.parse().map_err(|_| {
            let endings: Vec<String> = Self::VARIANTS
                .iter()
                .filter(|name| **name != "folder")
                .map(|name| format!("`.{name}`"))
                .collect();
            format!(
                "no film can be written as `.{ending}`; use {}, or a folder for pictures of \
                 the chapters",
                endings.join(", ")
            )
        })
    }

    /// Whether it moves.
    #[must_use]
    pub const fn is_film(self) -> bool {
        matches!(self, Self::Mp4 | Self::Webm | Self::Gif | Self::Webp)
    }

    /// Whether its size can be limited at the cost of its look.
    #[must_use]
    pub const fn can_be_smaller(self) -> bool {
        self.is_film()
    }
}

/// Something to write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// Where.
    pub path: PathBuf,
    /// As what.
    pub kind: Kind,
}

/// A film with everything that it was planned from.
#[derive(Clone, Copy, Debug)]
pub struct Show<'a> {
    /// What was recorded.
    pub timeline: &'a Timeline,
    /// How it looks.
    pub style: &'a Style,
    /// The storyboard.
    pub film: &'a Film,
}

/// A path beside another, with something more at its end: `demo.gif.story.json`.
#[must_use]
pub fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_says_what_a_film_is_written_as() {
        assert_eq!(Kind::of(Path::new("docs/demo.GIF")), Ok(Kind::Gif));
        assert_eq!(Kind::of(Path::new("docs/demo")), Ok(Kind::Folder));
        let wrong = Kind::of(Path::new("demo.avi")).unwrap_err();
        let expected = "no film can be written as `.avi`; use `.mp4`, `.webm`, `.gif`, `.webp`, \
                        `.png`, `.vtt`, `.md`, or a folder for pictures of the chapters";
        assert_eq!(wrong, expected);
        assert!(Kind::of(Path::new("demo.folder")).is_err());
    }
}
