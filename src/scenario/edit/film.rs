//! What a step says for films: the caption, and the part of the screen that is shown.
//!
//! Captions and zooms are drawn over a recording, and written into the step that they belong to. As
//! with masks, the result is read again, and must mean the same as before, apart from that one
//! thing.

#[cfg(test)]
mod tests;

use super::{
    CannotEdit,
    change::{Op, Value, applied},
    meaning::Way,
    pair, read,
};
use crate::{
    geometry::Rect,
    scenario::{
        node::{Kind, Node},
        source::{Source, Span},
    },
};

/// The key of a caption, whether it is the verb of its step or next to another one.
const CAPTION: &str = "caption";
const ZOOM: &str = "zoom";

/// A caption as it is written.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Words {
    /// The words, with what is still to be filled in: `Hello ${vars.name}`.
    pub text: String,
    /// Where they are, if that is set.
    pub position: Option<String>,
    /// How long, if that is set; only for a caption that is a step of its own.
    pub lasting: Option<String>,
}

/// The part of the screen that is shown, as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    /// `action`, `off`, or the name of a region.
    Word(String),
    /// A part of the screen.
    Area(Rect),
}

/// A step in the text of its file.
#[derive(Debug)]
pub(crate) struct FilmStep<'s> {
    source: &'s Source,
    root: Node,
    trail: Vec<Way>,
    verb: String,
}

impl<'s> FilmStep<'s> {
    /// The step whose verb is at a line, from 1.
    ///
    /// # Errors
    ///
    /// Why it cannot be changed: it is not there, or it is not clear which one is meant.
    pub(crate) fn find(source: &'s Source, line: usize, verb: &str) -> Result<Self, CannotEdit> {
        if source.defect().is_some() {
            return Err(CannotEdit::Unreadable);
        }
        let root = read(source).ok_or(CannotEdit::Unreadable)?;
        let mut search = Search {
            source,
            line,
            verb,
            found: Vec::new(),
        };
        search.look(&root, &mut Vec::new(), false);
        let trail = match &mut search.found[..] {
            [] => return Err(CannotEdit::Gone),
            found if found.iter().any(|(_, shared)| *shared) => return Err(CannotEdit::Shared),
            [(trail, _)] => std::mem::take(trail),
            _ => return Err(CannotEdit::Unsure),
        };
        Ok(Self {
            source,
            root,
            trail,
            verb: verb.to_owned(),
        })
    }

    /// The verb and its argument, as far as they are in the verb's line.
    #[must_use]
    pub(crate) fn written(&self) -> &str {
        let span = match self.node().map(|node| (node, &node.kind)) {
            Some((node, Kind::Scalar(_))) => node.span,
            Some((node, Kind::Mapping(_))) => match pair(node, &self.verb) {
                Some((key, value)) if value.is_nothing() => key.span,
                Some((key, value)) => key.span.to(value.span),
                None => return "",
            },
            _ => return "",
        };
        self.source
            .slice(self.source.first_line_of(span))
            .trim_end()
    }

    /// Whether it is nothing but its caption.
    #[must_use]
    pub(crate) fn is_caption(&self) -> bool {
        self.verb == CAPTION
    }

    /// Its caption.
    #[must_use]
    pub(crate) fn caption(&self) -> Option<Words> {
        let (_, value) = pair(self.node()?, CAPTION)?;
        let text = |key: &str| match &pair(value, key)?.1.kind {
            Kind::Scalar(scalar) => Some(scalar.text.clone()),
            _ => None,
        };
        match &value.kind {
            Kind::Scalar(scalar) => Some(Words {
                text: scalar.text.clone(),
                ..Words::default()
            }),
            Kind::Mapping(_) => Some(Words {
                text: text("text")?,
                position: text("position"),
                lasting: text("for"),
            }),
            Kind::Sequence(_) => None,
        }
    }

    /// The text with this caption for the step, which replaces an existing one.
    ///
    /// # Errors
    ///
    /// Why it is left as it is.
    pub(crate) fn with_caption(&self, words: &Words) -> Result<String, CannotEdit> {
        let node = self.node().ok_or(CannotEdit::Gone)?;
        let is_mapping =
            pair(node, CAPTION).is_some_and(|(_, value)| matches!(value.kind, Kind::Mapping(_)));
        let mut ops = Vec::new();
        if is_mapping {
            let mut put = |key: &'static str, value: Option<&String>| {
                let path = vec![CAPTION, key];
                ops.push(match value {
                    Some(text) => Op::Set(path, Value::Text(text.clone())),
                    None => Op::Remove(path),
                });
            };
            put("text", Some(&words.text));
            put("position", words.position.as_ref());
            put("for", words.lasting.as_ref());
        } else if words.position.is_none() && words.lasting.is_none() {
            ops.push(Op::Set(vec![CAPTION], Value::Text(words.text.clone())));
        } else {
            let mut fields = vec![("text", words.text.clone())];
            fields.extend(words.position.clone().map(|word| ("position", word)));
            fields.extend(words.lasting.clone().map(|word| ("for", word)));
            ops.push(Op::Set(vec![CAPTION], Value::Fields(fields)));
        }
        applied(self.source, &self.trail, &ops)
    }

    /// The text without the caption of the step; a step that is only a caption is removed.
    ///
    /// # Errors
    ///
    /// Why it is left as it is.
    pub(crate) fn without_caption(&self) -> Result<String, CannotEdit> {
        let op = if self.is_caption() {
            Op::RemoveStep
        } else {
            Op::Remove(vec![CAPTION])
        };
        applied(self.source, &self.trail, &[op])
    }

    /// The part of the screen that it shows.
    #[must_use]
    pub(crate) fn zoom(&self) -> Option<Framing> {
        let (_, value) = pair(self.node()?, ZOOM)?;
        match &value.kind {
            Kind::Scalar(scalar) => Some(Framing::Word(scalar.text.clone())),
            Kind::Mapping(_) => rect(value).map(Framing::Area),
            Kind::Sequence(_) => None,
        }
    }

    /// The text with this zoom for the step. For an area that is a named region of the file, the
    /// name is written.
    ///
    /// # Errors
    ///
    /// Why it is left as it is.
    pub(crate) fn with_zoom(&self, framing: &Framing) -> Result<String, CannotEdit> {
        let value = match framing {
            Framing::Word(word) => Value::Text(word.clone()),
            Framing::Area(area) => match self.region(*area) {
                Some(name) => Value::Text(name),
                None => Value::Rect(*area),
            },
        };
        applied(self.source, &self.trail, &[Op::Set(vec![ZOOM], value)])
    }

    /// The text without the zoom of the step.
    ///
    /// # Errors
    ///
    /// Why it is left as it is.
    pub(crate) fn without_zoom(&self) -> Result<String, CannotEdit> {
        applied(self.source, &self.trail, &[Op::Remove(vec![ZOOM])])
    }

    /// The name that the file has for an area.
    fn region(&self, area: Rect) -> Option<String> {
        let (_, regions) = pair(&self.root, "regions")?;
        let Kind::Mapping(regions) = &regions.kind else {
            return None;
        };
        let mut regions = regions.iter();
        let found = regions.find(|(_, value)| rect(value) == Some(area))?;
        Some(found.0.value.clone())
    }

    fn node(&self) -> Option<&Node> {
        super::change::at(&self.root, &self.trail)
    }
}

/// An area in numbers.
fn rect(node: &Node) -> Option<Rect> {
    let text = |key: &str| match &pair(node, key)?.1.kind {
        Kind::Scalar(scalar) => Some(&*scalar.text),
        _ => None,
    };
    let (x, y) = (text("x")?.parse().ok()?, text("y")?.parse().ok()?);
    let (width, height) = (text("width")?.parse().ok()?, text("height")?.parse().ok()?);
    Some(Rect::new(x, y, width, height))
}

/// Looks for steps by the line of their verb.
struct Search<'s> {
    source: &'s Source,
    line: usize,
    verb: &'s str,
    /// The paths to them, and whether something on the way is used elsewhere too.
    found: Vec<(Vec<Way>, bool)>,
}

impl Search<'_> {
    fn is_here(&self, span: Span) -> bool {
        self.source.position(span.start).0 == self.line
    }

    /// Looks in a list of steps, or whatever may have one inside.
    fn look(&mut self, node: &Node, trail: &mut Vec<Way>, shared: bool) {
        let shared = shared || node.anchored || node.aliased;
        match &node.kind {
            Kind::Scalar(scalar) => {
                let in_list = matches!(trail.last(), Some(Way::Item(_)));
                if in_list && scalar.plain && scalar.text == self.verb && self.is_here(node.span) {
                    self.found.push((trail.clone(), shared));
                }
            }
            Kind::Sequence(items) => {
                for (number, item) in items.iter().enumerate() {
                    trail.push(Way::Item(number));
                    self.look(item, trail, shared);
                    trail.pop();
                }
            }
            Kind::Mapping(pairs) => {
                let in_list = matches!(trail.last(), Some(Way::Item(_)));
                for (key, value) in pairs {
                    if in_list && key.value == self.verb && self.is_here(key.span) {
                        self.found.push((trail.clone(), shared));
                    }
                    trail.push(Way::Key(key.value.clone()));
                    self.look(value, trail, shared);
                    trail.pop();
                }
            }
        }
    }
}
