//! The standard form of a file: the same meaning and the same comments, with
//! blanks and line ends as everybody writes them.
//!
//! Scalars keep their spelling, since the text as it is written is what a
//! scenario means. Nothing rests on the layout being right in every corner of
//! YAML: the result is read again, and where it would say anything else than
//! before, the text stays as it was.

mod layout;
mod lines;
mod piece;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{
    defect,
    draw::Problems,
    problem::{Findings, Problem},
    source::Source,
    yaml::{self, Told},
};

/// The text of a file in its standard form.
///
/// A file with mistakes of the scenario language, such as an unknown verb, has
/// a standard form too. Formatting a standard form changes nothing.
///
/// # Errors
///
/// The problems of a text that is no YAML.
pub fn format(source: &Source) -> Result<String, Problems> {
    let told = read(source).map_err(|problems| {
        let copy = Source::new(source.name(), source.text().as_bytes());
        Problems::new(Arc::new(copy), problems)
    })?;
    let formatted = attempt(source.text(), &told);
    Ok(formatted.unwrap_or_else(|| source.text().to_owned()))
}

/// What the parser reports about a text that can be formatted.
fn read(source: &Source) -> Result<Vec<Told>, Vec<Problem>> {
    if let Some(defect) = source.defect() {
        return Err(vec![defect::explain(source, defect)]);
    }
    let told = yaml::tell(source).map_err(|problem| vec![*problem])?;
    let mut findings = Findings::default();
    // Tags, merge keys and the like are found here too, but they do not keep
    // the text from being read to its end.
    if yaml::read(source, &mut findings).is_none() {
        let (errors, _) = findings.into_sorted();
        if !errors.is_empty() {
            return Err(errors);
        }
    }
    Ok(told)
}

/// The standard form; `None` where it would not say the same, or the text is
/// not understood.
fn attempt(text: &str, told: &[Told]) -> Option<String> {
    let mut normal = text.replace("\r\n", "\n").replace('\r', "\n");
    if !normal.ends_with('\n') {
        normal.push('\n');
    }
    let normal = Source::new("", normal.as_bytes());
    let pieces = piece::cut(normal.text(), &yaml::tell(&normal).ok()?)?;
    let formatted = Source::new("", layout::lay_out(&pieces).as_bytes());
    let again = yaml::tell(&formatted).ok()?;
    let same_meaning = told.len() == again.len()
        && told
            .iter()
            .zip(&again)
            .all(|(one, other)| one.meaning == other.meaning);
    let same_comments = comments(&pieces) == comments(&piece::cut(formatted.text(), &again)?);
    (same_meaning && same_comments).then(|| formatted.text().to_owned())
}

/// All comments in their order.
fn comments(pieces: &[piece::Piece<'_>]) -> Vec<String> {
    let all = pieces.iter().flat_map(|piece| {
        let gap = piece.gap.trailing.iter().chain(&piece.gap.own);
        gap.chain(&piece.header_comment)
    });
    all.map(|comment| lines::spelled(comment.text)).collect()
}
