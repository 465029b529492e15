//! Reading an area of a frame: a first look at what lies on even grounds, and a
//! second one where the first leaves doubts.

use super::{
    Word,
    cut::{cut_out, on_grounds},
    merge::merged,
    relief::{Side, relief},
    scene::Scene,
    seen::{SURE, Seen},
    strip::{Strip, StripPicture},
};
use crate::{
    geometry::{Rect, Size},
    vision::{both, frame::Frame},
};

/// So many rows above and below an area are looked at as well: more than the
/// tallest line has. Its lines are then whole, however closely the area is cut,
/// and what is read does not depend on it.
const BEYOND: u32 = 64;

/// Letters that stand together, as the second look finds them, need not be read
/// where words that are sure cover this share of their width, in percent.
const COVERED: u32 = 70;

/// The words in an area of a frame, counted from the area's corner. Those count
/// whose middle is in it.
///
/// `read` gives the words of each of some lines of text, counted from the corner
/// of the line's picture. It is called at most twice.
///
/// # Errors
///
/// Those of `read`.
pub(crate) fn read_text<E>(
    frame: &Frame,
    area: Rect,
    mut read: impl FnMut(&[&StripPicture]) -> Result<Vec<Vec<Word>>, E>,
) -> Result<Vec<Word>, E> {
    let Some(rows) = surroundings(frame.size(), area) else {
        return Ok(Vec::new());
    };
    let Ok(band) = frame.crop(rows) else {
        return Ok(Vec::new());
    };
    let within = Rect {
        y: area.y - rows.y,
        ..area
    };
    let mut look = |strips: Vec<Strip>| -> Result<Vec<Seen>, E> {
        let pictures: Vec<&StripPicture> = strips.iter().map(|strip| &strip.picture).collect();
        let words = read(&pictures)?;
        let seen = strips.into_iter().zip(words);
        Ok(seen
            .map(|(strip, words)| Seen::new(strip, &words))
            .collect())
    };
    let mut strips = on_grounds(&band);
    strips.retain(|strip| strip.bounds().intersection(within).is_some());
    let first = look(strips)?;
    let doubtful = doubtful(&band, within, &first);
    let second = look(doubtful)?;
    let mut words = merged(first, second);
    words.retain(|word| within.contains(word.bounds.middle()));
    for word in &mut words {
        word.bounds.x -= within.x;
        word.bounds.y -= within.y;
    }
    Ok(words)
}

/// The rows of a screen that what is read in an area depends on, in their full
/// width; `None` where the area is outside the screen.
#[must_use]
pub(crate) fn surroundings(screen: Size, area: Rect) -> Option<Rect> {
    let whole = screen.to_rect();
    let area = area.intersection(whole)?;
    let top = area.y.saturating_sub_unsigned(BEYOND);
    let height = area.height.saturating_add(BEYOND * 2);
    Rect::new(0, top, whole.width, height).intersection(whole)
}

/// What is worth a second look: doubtful lines in another rendering, and without
/// what stands beside their text; and what stands out of grounds that are not
/// even.
fn doubtful(band: &Frame, within: Rect, first: &[Seen]) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    for seen in first.iter().filter(|seen| seen.is_doubtful()) {
        strips.extend(seen.strip.without_ends());
        strips.push(seen.strip.sharpened());
    }
    let raised = |side: Side| {
        let mut found = cut_out(&Scene::in_relief(relief(band, side)));
        found.retain(|strip| {
            strip.bounds().intersection(within).is_some() && !is_covered(strip, first)
        });
        found
    };
    let (bright, dark) = both(|| raised(Side::Bright), || raised(Side::Dark));
    // What lies between dark letters is bright, and the other way round.
    let surrounded = |strip: &Strip, others: &[Strip]| {
        let mut others = others.iter().filter(|other| {
            other.contrast >= strip.contrast && area(other.bounds()) > area(strip.bounds())
        });
        others.any(|other| {
            let shared = other.bounds().intersection(strip.bounds());
            shared.is_some_and(|shared| area(shared) * 10 >= area(strip.bounds()) * 7)
        })
    };
    strips.extend(
        bright
            .iter()
            .filter(|strip| !surrounded(strip, &dark))
            .cloned(),
    );
    strips.extend(
        dark.iter()
            .filter(|strip| !surrounded(strip, &bright))
            .cloned(),
    );
    strips
}

fn area(rect: Rect) -> u64 {
    u64::from(rect.width) * u64::from(rect.height)
}

/// Whether words that are sure stand at nearly all places of a line.
fn is_covered(strip: &Strip, first: &[Seen]) -> bool {
    let line = strip.inked();
    let words = first.iter().flat_map(|seen| &seen.words);
    let covered: u32 = words
        .filter(|word| word.confidence >= SURE)
        .filter_map(|word| {
            let shared = word.bounds.intersection(line)?;
            (shared.height * 2 >= word.bounds.height.min(line.height)).then_some(shared.width)
        })
        .sum();
    // Blanks between words are covered by none.
    let blanks = line.width / 5;
    (covered + blanks) * 100 >= line.width * COVERED
}
