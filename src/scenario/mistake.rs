//! The kinds of mistakes in YAML, recognized by what the parser says about them.
//!
//! The parser has no kinds of errors: its sentences, written out in full here, are all that it
//! gives. So `Cargo.toml` names one exact version of it, and the test below has a text for each
//! sentence: it shows which sentences of another version differ.

/// What is wrong where the parser gave up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mistake {
    /// Brackets are nested too deeply.
    TooDeep,
    /// No blank after a colon or a dash.
    MissingBlank,
    /// A colon where no key can be.
    SecondColon,
    /// A bracket that is not closed, or closes nothing.
    Bracket,
    /// A quote that is not closed.
    OpenQuote,
    /// An alias of nothing.
    UnknownAnchor,
    /// A text without quotes that begins with a character of YAML's own.
    BadStart,
    /// Something after a closing quote.
    AfterQuote,
    /// An escape that does not exist.
    Escape,
    /// A line that should have a colon.
    NoColon,
    /// An entry of a list where none can be.
    Entry,
    /// A line in a column where nothing else begins.
    Indentation,
}

/// What the parser says, whole sentences.
const SENTENCES: &[(Mistake, &[&str])] = &[
    (Mistake::TooDeep, &["recursion limit exceeded"]),
    (
        Mistake::MissingBlank,
        &[
            "'-' must be followed by a valid YAML whitespace",
            "':' may not precede any of `[{` in flow mapping",
        ],
    ),
    (
        Mistake::SecondColon,
        &[
            "illegal placement of ':' indicator",
            "mapping values are not allowed in this context",
        ],
    ),
    (
        Mistake::Bracket,
        &[
            "misplaced bracket",
            "while parsing a flow mapping, did not find expected ',' or '}'",
            "while parsing a flow sequence, expected ',' or ']'",
        ],
    ),
    (
        Mistake::OpenQuote,
        &[
            "invalid indentation in quoted scalar",
            "while scanning a quoted scalar, found unexpected document indicator",
            "while scanning a quoted scalar, found unexpected end of stream",
        ],
    ),
    (
        Mistake::UnknownAnchor,
        &["while parsing node, found unknown anchor"],
    ),
    (
        Mistake::BadStart,
        &[
            "unexpected character: `@'",
            "unexpected character: `%'",
            "unexpected character: ``'",
            "plain scalar cannot start with '-' followed by ,[]{}",
            "missing explicit document end marker before directive",
            "while scanning a directive, could not find expected directive name",
            "while scanning a directive, did not find expected comment or line break",
            "while scanning a YAML directive, did not find expected digit or '.' character",
            "while scanning a YAML directive, did not find expected version number",
        ],
    ),
    (
        Mistake::AfterQuote,
        &["invalid trailing content after double-quoted scalar"],
    ),
    (
        Mistake::Escape,
        &[
            "while parsing a quoted scalar, did not find expected hexadecimal number",
            "while parsing a quoted scalar, found invalid Unicode character escape code",
            "while parsing a quoted scalar, found unknown escape character",
        ],
    ),
    (
        Mistake::NoColon,
        &["simple key expect ':'", "simple key expected"],
    ),
    (
        Mistake::Entry,
        &["block sequence entries are not allowed in this context"],
    ),
    (
        Mistake::Indentation,
        &[
            "a block scalar content cannot start with a tab",
            "invalid indentation",
            "tab cannot be used as indentation",
            "tabs disallowed within this context (block indentation)",
            "while parsing a block collection, did not find expected '-' indicator",
            "while parsing a block mapping, did not find expected key",
            "while scanning a block scalar, did not find expected comment or line break",
            "while scanning a block scalar, found an indentation indicator equal to 0",
            "wrongly indented line in block scalar",
        ],
    ),
];

impl Mistake {
    /// The mistake that the parser describes in these words; `None` for one that nobody makes in a
    /// scenario, such as in a tag.
    pub(super) fn of(sentence: &str) -> Option<Self> {
        let mut kinds = SENTENCES.iter();
        let found = kinds.find(|(_, sentences)| sentences.contains(&sentence));
        found.map(|(mistake, _)| *mistake)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::yaml, *};

    /// For each sentence a text of which the parser says it.
    const TEXTS: &[(&str, &str)] = &[
        (
            "'-' must be followed by a valid YAML whitespace",
            "-\t- b\n",
        ),
        (
            "':' may not precede any of `[{` in flow mapping",
            "{ a:[1] }\n",
        ),
        ("illegal placement of ':' indicator", "[a\nb: c\n"),
        (
            "mapping values are not allowed in this context",
            "a: b: c\n",
        ),
        ("misplaced bracket", "a: ]\n"),
        (
            "while parsing a flow mapping, did not find expected ',' or '}'",
            "a: {b]\n",
        ),
        (
            "while parsing a flow sequence, expected ',' or ']'",
            "a: [b\n",
        ),
        (
            "invalid indentation in quoted scalar",
            "a:\n  b: \"c\nd\"\n",
        ),
        (
            "while scanning a quoted scalar, found unexpected document indicator",
            "a: \"b\n--- c\n",
        ),
        (
            "while scanning a quoted scalar, found unexpected end of stream",
            "a: \"b\n",
        ),
        ("while parsing node, found unknown anchor", "a: *b\n"),
        ("unexpected character: `@'", "a: @b\n"),
        ("unexpected character: `%'", "a: %b\n"),
        ("unexpected character: ``'", "a: `b\n"),
        (
            "plain scalar cannot start with '-' followed by ,[]{}",
            "a: [-]\n",
        ),
        (
            "missing explicit document end marker before directive",
            "a: b\n%c\n",
        ),
        (
            "while scanning a directive, could not find expected directive name",
            "% b\n",
        ),
        (
            "while scanning a directive, did not find expected comment or line break",
            "%YAML 1.2 x\n---\n",
        ),
        (
            "while scanning a YAML directive, did not find expected version number",
            "%YAML x\n---\n",
        ),
        (
            "while scanning a YAML directive, did not find expected digit or '.' character",
            "%YAML 1\n---\n",
        ),
        (
            "invalid trailing content after double-quoted scalar",
            "a: 'b' c\n",
        ),
        (
            "while parsing a quoted scalar, did not find expected hexadecimal number",
            "a: \"\\xzz\"\n",
        ),
        (
            "while parsing a quoted scalar, found invalid Unicode character escape code",
            "a: \"\\ud800\"\n",
        ),
        (
            "while parsing a quoted scalar, found unknown escape character",
            "a: \"\\q\"\n",
        ),
        ("simple key expect ':'", "a: 1\nb\n"),
        ("simple key expected", "? a\n:b"),
        (
            "block sequence entries are not allowed in this context",
            "a: - b\n",
        ),
        (
            "a block scalar content cannot start with a tab",
            "a: |\n\tb\n",
        ),
        ("invalid indentation", "a:\n  - [b,\nc]\n"),
        ("tab cannot be used as indentation", "a: \"b\n\tc\"\n"),
        (
            "tabs disallowed within this context (block indentation)",
            "a:\n\t- b\n",
        ),
        (
            "while parsing a block collection, did not find expected '-' indicator",
            "- a\nb: c\n",
        ),
        (
            "while parsing a block mapping, did not find expected key",
            "a: b\n- c\n",
        ),
        (
            "while scanning a block scalar, did not find expected comment or line break",
            "a: | b\n",
        ),
        (
            "while scanning a block scalar, found an indentation indicator equal to 0",
            "a: |0\n b\n",
        ),
        ("wrongly indented line in block scalar", "a: |2\n b\n"),
    ];

    #[test]
    fn the_parser_still_says_each_sentence() {
        for (sentence, text) in TEXTS {
            assert_eq!(
                yaml::complaint(text).as_deref(),
                Some(*sentence),
                "{text:?}"
            );
        }
        let deep = yaml::complaint(&"[".repeat(300));
        assert_eq!(deep.as_deref(), Some("recursion limit exceeded"));
    }

    #[test]
    fn every_sentence_has_a_text_that_shows_it_and_means_one_mistake() {
        let known: Vec<&str> = SENTENCES
            .iter()
            .flat_map(|(_, all)| *all)
            .copied()
            .collect();
        for sentence in &known {
            let shown = TEXTS.iter().filter(|(shown, _)| shown == sentence).count();
            let expected = usize::from(*sentence != "recursion limit exceeded");
            assert_eq!(shown, expected, "{sentence}");
            assert_eq!(known.iter().filter(|other| *other == sentence).count(), 1);
        }
        assert_eq!(known.len(), TEXTS.len() + 1);
        assert_eq!(Mistake::of("the handle wasn't declared"), None);
    }

    #[test]
    fn no_other_version_of_the_parser_is_built() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(
            manifest.contains("\nsaphyr-parser = \"=0."),
            "see the top of this file"
        );
    }
}
