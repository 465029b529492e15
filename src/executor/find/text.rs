//! Looking for text.

use super::{
    Missing, Near,
    apart::apart,
    glance::{Candidate, Glance, Seen, Uses},
    miss::value,
    seek::{Place, Seek},
};
use crate::{
    executor::{
        fault::{Breakage, Fault},
        redactor::Redactor,
        stage::Stage,
        values::Known,
    },
    geometry::{Point, Rect},
    plan::{TextLook, Wording},
    vision::{self, Word},
};

impl Seek for TextLook {
    fn uses(&self) -> Uses {
        Uses {
            picture: true,
            ..Uses::default()
        }
    }

    async fn candidates(
        &self,
        glance: &Glance,
        place: &Place<'_>,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        glance.text(&self.wording, place.area, stage).await
    }

    fn wanted(&self, known: &Known<'_>) -> String {
        format!("the text `{}`", value(&self.wording, known))
    }

    fn help(&self, _missing: &Missing) -> Option<&'static str> {
        Some(
            "text recognition makes mistakes: look for a part that is read correctly, with a \
             regular expression (`/…/`), or for a picture",
        )
    }
}

impl Glance {
    /// The places of a text.
    async fn text(
        &self,
        wording: &Wording,
        area: Rect,
        stage: &mut Stage<'_>,
    ) -> Result<Seen, Fault> {
        let wanted = stage.known.pattern(wording)?;
        let words = self.words(area, stage).await?;
        let search = vision::find_text(&words, &wanted);
        let found = search.found.into_iter();
        let mask = &stage.files.mask;
        let near = search.misses.into_iter().map(|reading| Near {
            what: format!("the text `{}`", mask.reading(&reading.text)),
            rect: Some(reading.bounds),
            score: reading.score,
        });
        Ok(Seen {
            found: found
                .map(|place| Candidate::new(place.bounds, place.score))
                .collect(),
            missing: Missing {
                near: near.collect(),
                read: written(&words, mask),
                ..Missing::default()
            },
        })
    }

    /// The words in an area of the screen.
    async fn words(&self, area: Rect, stage: &mut Stage<'_>) -> Result<Vec<Word>, Fault> {
        let (Some(frame), Some(recognizer)) = (&self.frame, &stage.settings.recognizer) else {
            return Ok(Vec::new());
        };
        let whole = frame.size().to_rect();
        let Some(area) = area.intersection(whole) else {
            return Ok(Vec::new());
        };
        let rows = vision::surroundings(frame.size(), area).unwrap_or(area);
        let part = frame
            .crop(rows)
            .map_err(|error| Fault::broken(error.to_string()))?;
        let within = Rect::new(area.x, area.y - rows.y, area.width, area.height);
        if let Some(words) = stage.sight.known(&part, within) {
            return Ok(shifted(words, area.corner()));
        }
        let (recognizer, picture) = (std::sync::Arc::clone(recognizer), part.clone());
        let languages = stage.languages.to_vec();
        let read = apart(move || recognizer.read(&picture, within, &languages)).await?;
        let words = read.map_err(|error| {
            Fault::Broken(Breakage {
                message: format!("no text could be read: {}", error.message),
                detail: None,
                help: Some("reinstall the package tesseract-ocr".to_owned()),
            })
        })?;
        let there = shifted(&words, area.corner());
        stage.sight.keep((part, within), words);
        Ok(there)
    }
}

/// The text in a part of the screen, as one line.
pub(in crate::executor) async fn written_in(
    area: Rect,
    stage: &mut Stage<'_>,
) -> Result<String, Fault> {
    let uses = Uses {
        picture: true,
        ..Uses::default()
    };
    let glance = Glance::take(uses, stage).await?;
    let words = glance.words(area, stage).await?;
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Ok(words.join(" "))
}

/// All the words that were read: a report that has too little room for them cuts
/// them short on its own.
fn written(words: &[Word], mask: &Redactor) -> String {
    let all: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if all.is_empty() {
        return String::new();
    }
    format!("`{}`", mask.reading(&all.join(" ")))
}

fn shifted(words: &[Word], by: Point) -> Vec<Word> {
    let shift = |word: &Word| {
        let Rect {
            x,
            y,
            width,
            height,
        } = word.bounds;
        Word {
            bounds: Rect::new(x + by.x, y + by.y, width, height),
            ..word.clone()
        }
    };
    words.iter().map(shift).collect()
}
