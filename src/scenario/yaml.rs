//! YAML to a tree in which every value knows its place. No other file names
//! the parser.
//!
//! The parser's events keep each scalar as it is written, which a data model
//! would already have turned into numbers and booleans. What a scenario has no
//! use for (tags, merge keys, several documents, keys that are not words) is a
//! problem here, so that the readers after meet words, lists and mappings
//! only. Aliases are expanded here, within a bound.

use std::{collections::HashMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{
    char_index::CharIndex,
    json,
    node::{Kind, Node, Pair, Scalar},
    problem::{Code, Findings, Problem, ticked},
    source::{Source, Span, Spanned},
    syntax,
};

/// Lists and mappings stand at most this deep in each other.
const MAX_DEPTH: usize = 64;

/// All values of a file together weigh no more, aliases expanded. The largest
/// file of ordinary steps has a quarter of it.
const MAX_WEIGHT: usize = 64 << 20;

/// Reads a file's one document; `None` where the text is no YAML or has no
/// document, which is a problem then.
pub(super) fn read(source: &Source, findings: &mut Findings) -> Option<Node> {
    let mut builder = Builder {
        source,
        findings,
        index: CharIndex::new(source.text()),
        open: Vec::new(),
        anchors: HashMap::new(),
        weight: 0,
        root: None,
    };
    match builder.read() {
        Ok(()) => builder.root,
        Err(problem) => {
            builder.findings.add(*problem);
            None
        }
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Style {
    Plain,
    Quoted,
    /// Below `|` or `>`.
    Block,
}

/// One event of the parser, for those who care about the spelling too.
pub(super) struct Told {
    /// All that it says: texts, styles, anchors, tags, markers; never a place.
    pub(super) meaning: String,
    /// Its place; anchor and tag belong to it.
    pub(super) span: Span,
    /// How it is written, for a scalar that is.
    pub(super) style: Option<Style>,
}

/// Everything that the parser reports about a text, for all its documents, aliases
/// as they stand.
pub(super) fn tell(source: &Source) -> Result<Vec<Told>, Fatal> {
    let text = source.text();
    let index = CharIndex::new(text);
    let mut told = Vec::new();
    let prepared = json::prepared(text, scalars);
    let mut parser = Parser::new_from_str(&prepared);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| {
            let offset = index.byte(text, error.marker().index());
            Box::new(syntax::explain(source, error.info(), offset))
        })?;
        let start = index.byte(text, span.start.index());
        let end = index.byte(text, span.end.index());
        let style = match &event {
            Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => None,
            Event::Scalar(_, ScalarStyle::Plain, ..) => Some(Style::Plain),
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => Some(Style::Block),
            Event::Scalar(..) => Some(Style::Quoted),
            _ => None,
        };
        told.push(Told {
            meaning: format!("{event:?}"),
            span: Span::new(start..end.max(start)),
            style,
        });
    }
    Ok(told)
}

/// The places of all scalars of a text, in characters, up to what is not YAML.
fn scalars(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(Ok((event, span))) = parser.next_event() {
        if matches!(event, Event::Scalar(..)) {
            places.push(span.start.index()..span.end.index());
        }
    }
    places
}

/// What the parser says of a text that it cannot read.
#[cfg(test)]
pub(super) fn complaint(text: &str) -> Option<String> {
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_event()? {
            Ok(_) => {}
            Err(error) => return Some(error.info().to_owned()),
        }
    }
}

/// A list or mapping whose end is not reached.
struct Open {
    start: usize,
    end: usize,
    flow: bool,
    anchor: usize,
    held: Held,
}

enum Held {
    Items(Vec<Node>),
    Pairs(Vec<Pair>, NextIs),
}

/// What comes next in a mapping.
enum NextIs {
    Key,
    ValueOf(Spanned<String>),
    /// The value of a key that is a problem.
    Dropped,
}

struct Builder<'a> {
    source: &'a Source,
    findings: &'a mut Findings,
    index: CharIndex,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    weight: usize,
    root: Option<Node>,
}

/// A problem after which nothing can be read.
type Fatal = Box<Problem>;

impl Builder<'_> {
    fn read(&mut self) -> Result<(), Fatal> {
        let source = self.source;
        let prepared = json::prepared(source.text(), scalars);
        let mut parser = Parser::new_from_str(&prepared);
        while let Some(next) = parser.next_event() {
            let (event, span) = next.map_err(|error| {
                let offset = self.index.byte(source.text(), error.marker().index());
                Box::new(syntax::explain(source, error.info(), offset))
            })?;
            let start = self.index.byte(source.text(), span.start.index());
            let end = self.index.byte(source.text(), span.end.index());
            if matches!(event, Event::DocumentStart(_)) && self.root.is_some() {
                self.findings.add(several_documents(start));
                return Ok(());
            }
            self.take(event, Span::new(start..end.max(start)))?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fatal> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                let scalar = Scalar {
                    text: json::restored(text, style == ScalarStyle::DoubleQuoted).into_owned(),
                    plain: style == ScalarStyle::Plain,
                };
                let span = match style {
                    ScalarStyle::SingleQuoted => self.quoted(span, '\''),
                    ScalarStyle::DoubleQuoted => self.quoted(span, '"'),
                    _ => span,
                };
                let node = self.scalar(scalar, span);
                self.add(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                self.begin(span, anchor, Held::Items(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_tag(tag.is_some(), span);
                self.begin(span, anchor, Held::Pairs(Vec::new(), NextIs::Key))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    /// The place of a quoted text up to its closing quote: the parser adds the
    /// blanks and the comment after it.
    fn quoted(&self, span: Span, quote: char) -> Span {
        let text = self.source.slice(span);
        let mut escaped = false;
        let mut end = None;
        for (at, char) in text
            .char_indices()
            .skip_while(|(_, char)| *char != quote)
            .skip(1)
        {
            if char == quote && !escaped {
                // Two single quotes are one quote of the text.
                let doubled = quote == '\'' && text[at + 1..].starts_with(quote);
                if !doubled {
                    end = Some(at + 1);
                    break;
                }
                escaped = true;
            } else {
                escaped = quote == '"' && char == '\\' && !escaped;
            }
        }
        Span::new(span.start..end.map_or(span.end(), |end| span.start + end))
    }

    /// The place of a scalar: blanks after a block are none of it, and where
    /// nothing is written its key or dash stands for it.
    fn scalar(&self, scalar: Scalar, span: Span) -> Node {
        let written = self.source.slice(span).trim_end().len();
        let mut span = Span::new(span.start..span.start + written);
        if scalar.plain && scalar.text.is_empty() && written == 0 {
            span = match self.open.last().map(|open| &open.held) {
                Some(Held::Pairs(_, NextIs::ValueOf(key))) => key.span,
                Some(Held::Items(_)) => {
                    let dash = self.source.text()[..span.start].rfind('-');
                    dash.map_or(span, |dash| Span::new(dash..dash + 1))
                }
                _ => span,
            };
        }
        Node {
            span,
            aliased: false,
            anchored: false,
            flow: false,
            kind: Kind::Scalar(scalar),
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, held: Held) -> Result<(), Fatal> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!(
                "lists and mappings are nested more than {MAX_DEPTH} levels \
                                   deep here"
            );
            return Err(Box::new(
                Problem::new(Code::TooLarge, span, message)
                    .help("a scenario needs about five levels; perhaps a bracket was not closed")
                    .label("this level exceeds the limit"),
            ));
        }
        self.open.push(Open {
            start: span.start,
            end: span.end(),
            flow: self.source.slice(span).trim_end().ends_with(['[', '{']),
            anchor,
            held,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Fatal> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // The end of a block is noticed at the next token, after blanks and
        // comments; its last value is where it ends for a reader. The end of
        // brackets is the bracket, and the parser adds the blanks around it.
        let end = if open.flow {
            let bracket = self.source.slice(span).find([']', '}']);
            bracket.map_or(span.end(), |at| span.start + at + 1)
        } else {
            open.end
        };
        let kind = match open.held {
            Held::Items(items) => Kind::Sequence(items),
            Held::Pairs(pairs, _) => Kind::Mapping(self.without_duplicates(pairs)),
        };
        let node = Node {
            span: Span::new(open.start..end),
            aliased: false,
            anchored: false,
            flow: open.flow,
            kind,
        };
        self.add(node, open.anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fatal> {
        let Some(meant) = self.anchors.get(&anchor) else {
            let message = format!("{} contains itself", ticked(self.source.slice(span)));
            return Err(Box::new(
                Problem::new(Code::YamlSyntax, span, message)
                    .label("used inside its own value")
                    .help("repeat the value here, or put `&` on a smaller part of it"),
            ));
        };
        let weight = meant.weight();
        self.spend(weight, span)?;
        let node = Node {
            span,
            aliased: true,
            anchored: false,
            flow: meant.flow,
            kind: meant.kind.clone(),
        };
        self.weight += weight;
        self.attach(node)
    }

    /// Adds a finished node, and remembers it if it has a name.
    fn add(&mut self, mut node: Node, anchor: usize) -> Result<(), Fatal> {
        // Lists and mappings paid for their content when it was added.
        let own = match &node.kind {
            Kind::Scalar(_) => node.weight(),
            Kind::Sequence(_) | Kind::Mapping(_) => 64,
        };
        self.weight += own;
        if anchor != 0 {
            node.anchored = true;
            self.weight += node.weight();
            self.anchors.insert(anchor, node.clone());
        }
        self.spend(0, node.span)?;
        self.attach(node)
    }

    fn attach(&mut self, node: Node) -> Result<(), Fatal> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.end = open.end.max(node.span.end());
        match &mut open.held {
            Held::Items(items) => items.push(node),
            Held::Pairs(pairs, next) => match std::mem::replace(next, NextIs::Key) {
                NextIs::Key => *next = key(self.source, self.findings, node)?,
                NextIs::ValueOf(key) => pairs.push((key, node)),
                NextIs::Dropped => {}
            },
        }
        Ok(())
    }

    fn spend(&self, weight: usize, span: Span) -> Result<(), Fatal> {
        if self.weight + weight <= MAX_WEIGHT {
            return Ok(());
        }
        Err(Box::new(
            Problem::new(
                Code::TooLarge,
                span,
                "this file is too large once its aliases are expanded",
            )
            .label("this alias makes it too large")
            .help(
                "an alias repeats the whole value of its anchor, including the aliases in it; \
                 use fewer aliases, or split the scenario",
            ),
        ))
    }

    fn without_duplicates(&mut self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut first: HashMap<String, Span> = HashMap::new();
        let mut kept: Vec<Pair> = Vec::with_capacity(pairs.len());
        let many = pairs.len() > 8;
        for (key, value) in pairs {
            let before = if many {
                first.get(&key.value).copied()
            } else {
                let same = kept.iter().find(|(other, _)| other.value == key.value);
                same.map(|(other, _)| other.span)
            };
            if let Some(before) = before {
                self.findings.add(duplicate_key(&key, before));
                continue;
            }
            if many {
                first.insert(key.value.clone(), key.span);
            }
            kept.push((key, value));
        }
        kept
    }

    fn refuse_tag(&mut self, tagged: bool, span: Span) {
        if tagged {
            let line = self.source.first_line_of(span);
            let text = self.source.slice(line);
            let span = text
                .split_whitespace()
                .next()
                .map_or(line, |word| Span::new(line.start..line.start + word.len()));
            self.findings.add(
                Problem::new(Code::YamlTag, span, "YAML tags are not supported")
                    .label("a word that begins with `!` is a tag")
                    .help("remove it; if it is part of the text, put the text in quotes: \"!…\""),
            );
        }
    }
}

/// A finished node in place of a key.
fn key(source: &Source, findings: &mut Findings, node: Node) -> Result<NextIs, Fatal> {
    Ok(match node.kind {
        Kind::Scalar(scalar) if scalar.plain && scalar.text == "<<" => {
            findings.add(
                Problem::new(
                    Code::MergeKey,
                    node.span,
                    "merge keys (`<<`) are not supported",
                )
                .label("this would merge another mapping into this one")
                .help(
                    "write the keys out; an alias can only replace a whole value: `region: \
                       *panel`",
                ),
            );
            NextIs::Dropped
        }
        Kind::Scalar(scalar) => NextIs::ValueOf(Spanned::new(scalar.text, node.span)),
        Kind::Sequence(_) | Kind::Mapping(_) => {
            return Err(Box::new(syntax::key_is_no_word(source, node.span)));
        }
    })
}

fn several_documents(start: usize) -> Problem {
    let span = Span::new(start..start + 3);
    Problem::new(
        Code::SeveralDocuments,
        span,
        "this file contains more than one YAML document",
    )
    .label("the second document begins here")
    .help("a file holds one scenario: remove this `---`, or move what follows it to another file")
}

fn duplicate_key(key: &Spanned<String>, first: Span) -> Problem {
    let name = ticked(&key.value);
    Problem::new(
        Code::DuplicateKey,
        key.span,
        format!("{name} is written twice in one mapping"),
    )
    .label("again here")
    .related(first, "first here")
    .help("remove one of the two; if they belong to two steps, begin each step with its own dash")
}
