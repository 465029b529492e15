//! Plain words for bytes that are not text that YAML allows.

use super::{
    problem::{Code, Problem},
    source::{Defect, Source, Span},
};

/// The problem of a defect of the source.
pub(super) fn explain(source: &Source, defect: Defect) -> Problem {
    match defect {
        Defect::TooLarge => {
            let most = Source::MAX_BYTES >> 20;
            let message = format!("this file is larger than {most} MiB");
            Problem::new(Code::TooLarge, Span::default(), message)
                .help("split the scenario into several files")
        }
        Defect::OtherEncoding => Problem::new(
            Code::BadText,
            Span::default(),
            "this file is written in UTF-16",
        )
        .help("save it as UTF-8"),
        Defect::NotUtf8(offset) => {
            let end = source.text()[offset..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            Problem::new(
                Code::BadText,
                Span::new(offset..offset + end),
                "this file is not UTF-8",
            )
            .label("these bytes are not a character in UTF-8")
            .help("save it as UTF-8; a picture or a program is not a scenario")
        }
        Defect::Control(offset, char) => {
            let escape = match u32::from(char) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code => format!("\\u{code:04x}"),
            };
            let span = Span::new(offset..offset + char.len_utf8());
            Problem::new(
                Code::BadText,
                span,
                "this file contains a control character",
            )
            .label("invisible in most editors")
            .help(format!(
                "remove it, or write it as an escape in double quotes: \"{escape}\""
            ))
        }
    }
}
