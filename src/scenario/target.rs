//! Where to point, as a scenario writes it: one grammar for every verb.

use super::{
    fields::Fields,
    node::{Kind, Node},
    notation::{Notation, Word},
    problem::{Code, Problem, shown},
    reader::{Reader, not_of_type},
    screen::{FAR, RectWritten},
    shape::{Field, Form, Shape},
    source::{Span, Spanned},
    template::{Txt, Val, Value},
    value,
};

/// Something to point at.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it is written.
    pub span: Span,
    /// What it is known by.
    pub look: Look,
    /// Where to look for it.
    pub within: Option<Within>,
    /// Which one of several, from 1.
    pub nth: Option<Val<u32>>,
    /// Added to the middle of what is found.
    pub offset: Option<[Val<i32>; 2]>,
    /// From which score on a place of a picture counts, 0 to 1.
    pub threshold: Option<Val<f64>>,
    /// Whether the background of a picture does not count.
    pub ignore_background: Option<Val<bool>>,
}

impl Target {
    /// Whether it is only a place, which is always there.
    #[must_use]
    pub fn is_place(&self) -> bool {
        match &self.look {
            Look::Pixel(_) => true,
            Look::Word(word) => matches!(word.value, Value::Known(Pointed::Share { .. })),
            _ => false,
        }
    }
}

/// What a target is known by.
#[derive(Clone, Debug)]
pub enum Look {
    /// `[x, y]`.
    Pixel([Val<i32>; 2]),
    /// `50%,50%`, or the name of a target.
    Word(Val<Pointed>),
    /// Pictures, by their paths.
    Images(Vec<Txt>),
    /// A text on the screen.
    Text(Txt),
    /// A window.
    Window(WindowLook),
    /// One of several.
    Any(Vec<Target>),
}

/// What a window is known by.
#[derive(Clone, Debug)]
pub struct WindowLook {
    /// Its title.
    pub title: Option<Txt>,
    /// Its class.
    pub class: Option<Txt>,
}

/// What a target is looked for in.
#[derive(Clone, Debug)]
pub enum Within {
    /// A region, or a target, of this name.
    Named(Txt),
    /// A rectangle.
    Rect(RectWritten),
    /// What another target finds.
    Target(Box<Target>),
}

/// A single word in the place of a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Pointed {
    /// `50%,50%`, shares of the width and the height, each 0 to 1.
    Share {
        /// From the left edge.
        x: f64,
        /// From the top edge.
        y: f64,
    },
    /// The name of a target.
    Name(String),
}

impl Notation for Pointed {
    fn read(word: &Word<'_>) -> Result<Self, Problem> {
        let text = word.text.trim();
        if let Some((x, y)) = text.split_once(',')
            && let (Ok(x), Ok(y)) = (value::percentage(x.trim()), value::percentage(y.trim()))
        {
            return Ok(Self::Share { x, y });
        }
        if is_name(text) {
            Ok(Self::Name(text.to_owned()))
        } else if value::percentage(text).is_ok() {
            Err(cut_by_comma(text, word))
        } else {
            Err(bad_position(text, word.span, word.field))
        }
    }
}

/// Whether a text could be the name of a target: a word that is not already
/// one of the values of YAML.
pub(super) fn is_name(text: &str) -> bool {
    let inner = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
    let value = ["true", "false", "null"]
        .iter()
        .any(|value| text.eq_ignore_ascii_case(value));
    text.starts_with(char::is_alphabetic) && text.chars().all(inner) && !value
}

const OFFSET_EXAMPLE: &str = "[0, 20]";

const POSITION: Field = Field::new(
    "position",
    Form::Position,
    "a position",
    "\"50%,50%\"",
    "a position on the screen, or within `in`: `[x, y]` in pixels, or `50%,50%`",
);

const IMAGE: Field = Field::new(
    "image",
    Form::Paths,
    "the path of a picture",
    "images/save.png",
    "a picture, by its path relative to this file; `*` matches any characters of its name, and \
     a list names several pictures of the same thing; transparent pixels are ignored",
);

const TEXT: Field = Field::new(
    "text",
    Form::Text,
    "a text",
    "Save",
    "a word or phrase on the screen, or a regular expression between slashes",
);

const WINDOW_FIELD: Field = Field::new(
    "window",
    Form::Window,
    "the title of a window",
    "/Save As/",
    "a window by its title, or a regular expression between slashes; `{ title, class }` also \
     checks its class",
);

const ANY: Field = Field::new(
    "any",
    Form::TargetList,
    "a list of targets",
    "[save-button, { text: Save }]",
    "the first of these targets that is visible",
);

const IN: Field = Field::new(
    "in",
    Form::Within,
    "a region or a target",
    "{ window: /Save As/ }",
    "where to look: a region, or the area of another target",
);

const NTH: Field = Field::new(
    "nth",
    Form::Integer {
        least: 1,
        most: 1000,
    },
    "a whole number from 1 to 1000",
    "2",
    "which match to use, counted from the top left",
);

const OFFSET: Field = Field::new(
    "offset",
    Form::Offset,
    "a list of two whole numbers",
    OFFSET_EXAMPLE,
    "pixels to add to the middle of the match",
);

const THRESHOLD: Field = Field::new(
    "threshold",
    Form::Percentage,
    "a percentage",
    "90%",
    "how similar to the picture a match has to be",
);

const IGNORE_BACKGROUND: Field = Field::new(
    "ignore-background",
    Form::Boolean,
    "`true` or `false`",
    "true",
    "whether to ignore the background of the picture: the pixels that have the colour of its \
     edge and are connected with the edge",
);

/// The keys of a target.
pub(super) const FIELDS: [Field; 10] = [
    POSITION,
    IMAGE,
    TEXT,
    WINDOW_FIELD,
    ANY,
    IN,
    NTH,
    OFFSET,
    THRESHOLD,
    IGNORE_BACKGROUND,
];

/// Those that may stand among other keys, where something is looked for.
pub(super) const AMONG_OTHERS: [Field; 8] = [
    IMAGE,
    TEXT,
    WINDOW_FIELD,
    ANY,
    IN,
    NTH,
    THRESHOLD,
    IGNORE_BACKGROUND,
];

/// A target as a mapping.
pub static TARGET: Shape = Shape::new("a target", &FIELDS);

const TITLE: Field = Field::new(
    "title",
    Form::Text,
    "the title of a window",
    "/Save As/",
    "its title, or a regular expression between slashes",
);

const CLASS: Field = Field::new(
    "class",
    Form::Text,
    "the class of a window",
    "Mousepad",
    "its class or instance, or a regular expression between slashes",
);

/// What a window is known by, in full.
pub static WINDOW: Shape = Shape::new("`window`", &[TITLE, CLASS]);

/// The keys that say what a target is known by; it has exactly one.
pub(super) const LOOKS: [&str; 5] = ["position", "image", "text", "window", "any"];

impl Reader {
    /// A target in any of its forms.
    pub(super) fn target(&mut self, node: &Node, field: &Field) -> Option<Target> {
        let look = match &node.kind {
            Kind::Sequence(items) => Look::Pixel(self.pixel(node, items, field)?),
            Kind::Scalar(_) => Look::Word(self.value(node, field)?),
            Kind::Mapping(_) => {
                if let Some(problem) = self.position_keys(node, field) {
                    self.add(problem);
                    return None;
                }
                if let Some(problem) = self.target_in_target(node) {
                    self.add(problem);
                    return None;
                }
                let fields = self.fields(node, &TARGET, node.span)?;
                return self.target_of(&fields, node.span);
            }
        };
        Some(Target {
            span: node.span,
            look,
            within: None,
            nth: None,
            offset: None,
            threshold: None,
            ignore_background: None,
        })
    }

    /// A target whose keys stand among others, which are judged elsewhere.
    pub(super) fn target_of(&mut self, fields: &Fields<'_>, span: Span) -> Option<Target> {
        let before = self.seen();
        let look = self.look(fields, span);
        let target = Target {
            span,
            within: fields.read(self, &IN, Self::within),
            nth: fields.read(self, &NTH, Self::value),
            offset: fields.read(self, &OFFSET, Self::offset),
            threshold: fields.read(self, &THRESHOLD, Self::value),
            ignore_background: fields.read(self, &IGNORE_BACKGROUND, Self::value),
            look: look?,
        };
        if let Some((key, _)) = fields.pair(THRESHOLD.name)
            && !matches!(target.look, Look::Images(_) | Look::Any(_))
        {
            self.add(
                Problem::new(
                    Code::UnknownKey,
                    key.span,
                    "`threshold` is for pictures, and this target has none",
                )
                .label("only pictures are compared by similarity")
                .help("remove it, or look for an `image`"),
            );
        }
        if let Some((key, _)) = fields.pair(IGNORE_BACKGROUND.name)
            && !matches!(target.look, Look::Images(_))
        {
            self.add(
                Problem::new(
                    Code::UnknownKey,
                    key.span,
                    "`ignore-background` is for pictures, and this target has none",
                )
                .label("this target has no background")
                .help("remove it, or write it next to an `image`"),
            );
        }
        (self.seen() == before).then_some(target)
    }

    fn look(&mut self, fields: &Fields<'_>, span: Span) -> Option<Look> {
        let mut written: Vec<_> = LOOKS.iter().filter_map(|name| fields.pair(name)).collect();
        written.sort_by_key(|(key, _)| key.span.start);
        let mut written = written.into_iter();
        let Some(first) = written.next() else {
            self.add(no_look(span));
            return None;
        };
        if let Some((second, _)) = written.next() {
            self.add(two_looks(&first.0, second));
            return None;
        }
        let (key, node) = first;
        let field = TARGET.field(&key.value)?;
        Some(match field.name {
            "position" => match &node.kind {
                Kind::Sequence(items) => Look::Pixel(self.pixel(node, items, field)?),
                _ => Look::Word(self.value(node, field)?),
            },
            "image" => Look::Images(self.paths(node, field)?),
            "text" => Look::Text(self.filled_text(node, field)?),
            "window" => Look::Window(self.window(node, field)?),
            _ => Look::Any(self.any(node, field)?),
        })
    }

    fn paths(&mut self, node: &Node, field: &Field) -> Option<Vec<Txt>> {
        if let Kind::Sequence(_) = &node.kind {
            self.filled(node, field)?;
            return self.entries(node, field, Self::line);
        }
        Some(vec![self.line(node, field)?])
    }

    fn any(&mut self, node: &Node, field: &Field) -> Option<Vec<Target>> {
        self.filled(node, field)?;
        let entry = field.named("target");
        self.entries(node, &entry, Self::target)
    }

    /// A list with something in it.
    fn filled(&mut self, node: &Node, field: &Field) -> Option<()> {
        if matches!(&node.kind, Kind::Sequence(items) if items.is_empty()) {
            self.add(not_of_type(node, field, field.example));
            return None;
        }
        Some(())
    }

    pub(super) fn window(&mut self, node: &Node, field: &Field) -> Option<WindowLook> {
        if !matches!(node.kind, Kind::Mapping(_)) {
            return Some(WindowLook {
                title: Some(self.filled_text(node, field)?),
                class: None,
            });
        }
        let fields = self.fields(node, &WINDOW, node.span)?;
        let before = self.seen();
        let look = WindowLook {
            title: fields.read(self, &TITLE, Self::filled_text),
            class: fields.read(self, &CLASS, Self::filled_text),
        };
        if self.seen() == before && look.title.is_none() && look.class.is_none() {
            self.add(not_of_type(node, field, field.example));
        }
        (self.seen() == before).then_some(look)
    }

    fn within(&mut self, node: &Node, field: &Field) -> Option<Within> {
        if let Kind::Mapping(pairs) = &node.kind {
            let is_rect = |key: &str| matches!(key, "x" | "y" | "width" | "height");
            if pairs.iter().any(|(key, _)| is_rect(&key.value)) {
                return self.rect(node, node.span).map(Within::Rect);
            }
            let target = self.target(node, field)?;
            return Some(Within::Target(Box::new(target)));
        }
        self.line(node, field).map(Within::Named)
    }

    pub(super) fn offset(&mut self, node: &Node, field: &Field) -> Option<[Val<i32>; 2]> {
        if let Kind::Sequence(items) = &node.kind
            && items.len() == 2
        {
            return self.pixel(node, items, field);
        }
        self.add(not_of_type(node, field, field.example));
        None
    }

    /// `[x, y]`.
    fn pixel(&mut self, node: &Node, items: &[Node], field: &Field) -> Option<[Val<i32>; 2]> {
        let number = |node: &Node| match &node.kind {
            Kind::Scalar(scalar) => {
                value::has_interpolation(&scalar.text)
                    || scalar.plain && value::integer(&scalar.text).is_some()
            }
            _ => false,
        };
        let [x, y] = items else {
            self.add(self.bad_position(node, field));
            return None;
        };
        if !number(x) || !number(y) {
            self.add(self.bad_position(node, field));
            return None;
        }
        let coordinate = Field {
            form: Form::Integer {
                least: -FAR,
                most: FAR,
            },
            takes: "a whole number of pixels",
            ..*field
        };
        let (x, y) = (self.value(x, &coordinate), self.value(y, &coordinate));
        Some([x?, y?])
    }

    /// `{ x: 1, y: 2 }`, which other tools write.
    fn position_keys(&self, node: &Node, field: &Field) -> Option<Problem> {
        let Kind::Mapping(pairs) = &node.kind else {
            return None;
        };
        let is_xy = |key: &Spanned<String>| matches!(key.value.as_str(), "x" | "y");
        (!pairs.is_empty() && pairs.iter().all(|(key, _)| is_xy(key)))
            .then(|| self.bad_position(node, field))
    }

    /// `{ target: save, offset: [0, 20] }`, which is near at hand.
    fn target_in_target(&self, node: &Node) -> Option<Problem> {
        let Kind::Mapping(pairs) = &node.kind else {
            return None;
        };
        let (key, named) = pairs.iter().find(|(key, _)| key.value == "target")?;
        let name = shown(self.source.slice(self.source.first_line_of(named.span)), 40);
        let help = if pairs.len() == 1 {
            format!("write `{name}` alone")
        } else {
            format!("write `{{ any: [{name}], … }}` with the other keys next to `any`")
        };
        Some(
            Problem::new(Code::UnknownKey, key.span, "a target has no key `target`")
                .label("this is already inside a target")
                .help(help),
        )
    }

    fn bad_position(&self, node: &Node, field: &Field) -> Problem {
        let line = self.source.first_line_of(node.span);
        bad_position(self.source.slice(line), node.span, field)
    }
}

fn bad_position(text: &str, span: Span, field: &Field) -> Problem {
    let written = shown(text, 40);
    let numbers: Vec<&str> = written
        .split(|c: char| !c.is_ascii_digit() && c != '-' && c != '.' && c != '%')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let whole = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let share = |word: &str| value::percentage(word).is_ok();
    let meant = match numbers[..] {
        [x, y] if whole(x) && whole(y) => format!("[{x}, {y}]"),
        [x, y] if share(x) && share(y) => format!("{x},{y}"),
        _ => field.example.to_owned(),
    };
    Problem::new(
        Code::BadPosition,
        span,
        format!("`{written}` is neither a position nor the name of a target"),
    )
    .label("expected `[x, y]` in pixels, `50%,50%` of the screen, or a name from `targets`")
    .help(format!("write `{}: {meant}`", field.name))
}

/// `{ target: 50%,50% }`: within braces a comma ends the value.
fn cut_by_comma(text: &str, word: &Word<'_>) -> Problem {
    Problem::new(
        Code::BadPosition,
        word.span,
        format!("`{text}` is half of a position"),
    )
    .label("inside `{ }` and `[ ]` a comma ends the value")
    .help(format!(
        "put both numbers in quotes: `{}: \"{text},50%\"`",
        word.field.name
    ))
}

fn no_look(span: Span) -> Problem {
    Problem::new(
        Code::MissingKey,
        span,
        "this target does not say what to look for",
    )
    .label("one of `image`, `text`, `window`, `position`, `any` is missing")
    .help("write `{ text: Save }`, `{ image: images/save.png }` or `{ window: /Save/ }`")
}

fn two_looks(first: &Spanned<String>, second: &Spanned<String>) -> Problem {
    let message = format!(
        "this target has both `{}` and `{}`",
        first.value, second.value
    );
    Problem::new(Code::TwoLooks, second.span, message)
        .label("only one of the two is allowed")
        .related(first.span, "the target already has this")
        .help(format!(
            "for one or the other, write `any: [{{ {}: … }}, {{ {}: … }}]`; to look for one \
             inside the other, use `in: {{ … }}`",
            first.value, second.value
        ))
}

impl<T> Value<T> {
    /// The value, if nothing has to be looked up for it.
    pub(crate) const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Open(_) => None,
        }
    }
}
