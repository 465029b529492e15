//! Reading: who reads the words on the screen, what he is given and gives back,
//! and where a wanted text is among them.

mod alike;
mod areas;
mod blob;
mod cut;
mod ground;
mod lines;
mod looks;
mod mend;
mod merge;
mod phrase;
mod relief;
mod rules;
mod scene;
mod seen;
mod strip;
mod tiff;
mod tsv;

pub(crate) use self::{
    looks::{read_text, surroundings},
    phrase::texts,
    tiff::to_tiff,
    tsv::parse_tsv,
};
pub use self::{phrase::find_text, strip::StripPicture};

use super::frame::Frame;
use crate::{geometry::Rect, language::Language};

/// A word that was read on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its letters, without blanks at either end.
    pub text: String,
    /// Where it is, in pixels of the screen.
    pub bounds: Rect,
    /// The line it stands on; words of one line follow each other in the order
    /// of reading.
    pub line: u32,
    /// How sure the recogniser is of it, 0 to 1.
    pub confidence: f32,
}

/// Somebody who can read.
pub trait Recognizer: Send + Sync {
    /// The words in an area of a frame, counted from the area's corner: those whose
    /// middle is in the area, whether or not it cuts through them. They are in
    /// English or in one of these languages.
    ///
    /// # Errors
    ///
    /// [`RecognizeError`] where nothing could be read for a reason that is not
    /// the picture's; a picture without words has none, which is not an error.
    fn read(
        &self,
        frame: &Frame,
        area: Rect,
        languages: &[Language],
    ) -> Result<Vec<Word>, RecognizeError>;

    /// Those of these languages that there is no data for here. None where that
    /// cannot be told.
    fn lacks(&self, languages: &[Language]) -> Vec<Language> {
        let _ = languages;
        Vec::new()
    }
}

/// Why nothing could be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("text cannot be read: {message}")]
pub struct RecognizeError {
    /// What is wrong, in the recogniser's own words.
    pub message: String,
}

/// A text on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// As it was read.
    pub text: String,
    /// Where it is, in pixels of the screen.
    pub bounds: Rect,
    /// How much it is the wanted text, 0 to 1; 1 is that text.
    pub score: f32,
}

/// What a search for a text brought to light.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextSearch {
    /// The places with the wanted text, from top to bottom and from left to
    /// right.
    pub found: Vec<Reading>,
    /// At most three texts that are near the wanted one, the nearest first. An
    /// expression has none.
    pub misses: Vec<Reading>,
}
