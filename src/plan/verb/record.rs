//! `record`.

use std::path::Path;

use super::{
    Resolve, Resolver, Verb,
    notation::{Value, literal, map},
    written,
};
use crate::{
    limits,
    scenario::{Code, Problem, Span, Val},
};

/// What happens to the recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// It starts.
    Start {
        /// Its name, safe as a file name and used once in the scenario.
        name: String,
        /// The maximum number of frames per second that are kept for films: 30 or 60.
        frame_rate: u32,
    },
    /// The one that is running stops.
    Stop,
}

impl Verb for Record {
    fn title(&self) -> String {
        match self {
            Self::Start { name, .. } => name.clone(),
            Self::Stop => "stop".to_owned(),
        }
    }

    fn argument(&self, _: &Path) -> Value {
        match self {
            Self::Start { name, frame_rate } => map([
                ("recording", literal(name)),
                ("frame-rate", (*frame_rate).into()),
            ]),
            Self::Stop => map([("recording", "stop".into())]),
        }
    }
}

impl Resolve for written::Record {
    type Meant = Record;

    fn resolve(&self, resolver: &mut Resolver<'_, '_>) -> Option<Record> {
        Some(match self {
            Self::Start(name, rate) => {
                let name = resolver.file_name(name, "recording");
                let rate = resolver.frame_rate(rate.as_ref());
                Record::Start {
                    name: name?,
                    frame_rate: rate?,
                }
            }
            Self::Stop => Record::Stop,
        })
    }
}

impl Resolver<'_, '_> {
    /// The maximum number of frames per second that are kept for films.
    fn frame_rate(&mut self, written: Option<&Val<u32>>) -> Option<u32> {
        let [usual, more] = limits::FRAME_RATES;
        let rate = self.optional(written)?.unwrap_or(usual);
        if limits::FRAME_RATES.contains(&rate) {
            return Some(rate);
        }
        let span = written.map_or_else(Span::default, |written| written.span);
        let message = format!("a recording cannot have {rate} frames a second");
        self.add(
            Problem::new(Code::OutOfRange, span, message)
                .label(format!("expected {usual} or {more}"))
                .help(format!("write `frame-rate: {more}`")),
        );
        None
    }
}
