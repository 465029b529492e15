//! The fields of the language as data.
//!
//! A field's name, kind, words and example are written once, where it is declared; the reader, the
//! messages, the schema for editors and the reference take them from there.

/// One named value of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What kind of value it takes, for programs.
    pub form: Form,
    /// The same for people, with its article: `a duration`.
    pub takes: &'static str,
    /// A right value, as YAML in one line.
    pub example: &'static str,
    /// What it is for, in one sentence without a dot.
    pub doc: &'static str,
    /// Whether it must be there.
    pub required: bool,
}

/// The kinds of value that a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any scalar, as it is written.
    Text,
    /// A scalar of one line with something in it.
    Line,
    /// `true` or `false`.
    Boolean,
    /// `true`, `false` or `mixed`.
    Checked,
    /// A whole number.
    Integer {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
    },
    /// `500ms`.
    Duration,
    /// `10%`.
    Percentage,
    /// `4GiB`.
    Memory,
    /// `1280x800`, of a screen.
    Size,
    /// The same of a window, which can be smaller and larger.
    WindowSize,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The status of a command, or `any`.
    ExitCode,
    /// The name of a key.
    Key,
    /// Keys with `+` between them, or a list of keys.
    Chord,
    /// A list of keys.
    Keys,
    /// A list of lines.
    Lines,
    /// A list of languages.
    Languages,
    /// A list of Debian packages.
    Packages,
    /// A list of texts.
    Texts,
    /// A path, or a list of them.
    Paths,
    /// Names with their texts.
    Variables,
    /// The same; a name without a text has to be given by whoever uses the file.
    Inputs,
    /// `[x, y]`, in pixels.
    Offset,
    /// `[x, y]` or `50%,50%`.
    Position,
    /// Something to point at.
    Target,
    /// A list of targets.
    TargetList,
    /// A list of targets that appear together.
    Together,
    /// A place in which a target is looked for.
    Within,
    /// What identifies a window.
    Window,
    /// A region's name or a rectangle.
    Area,
    /// A list of areas.
    Areas,
    /// What a text has to be like.
    Check,
    /// A condition.
    Condition,
    /// Names with their rectangles.
    RegionTable,
    /// Names with their targets.
    TargetTable,
    /// Rows of names and values.
    Matrix,
    /// A list of widgets, each with those in it.
    Tree,
    /// A list of steps.
    Steps,
    /// A mapping whose keys are defined elsewhere.
    Values,
    /// A mapping of these fields.
    Mapping(&'static Shape),
    /// A mapping of these fields, or a scalar that fills the one of that name.
    Short(&'static Shape, &'static str),
}

impl Field {
    /// A field called `name`.
    #[must_use]
    pub const fn new(
        name: &'static str,
        form: Form,
        takes: &'static str,
        example: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            form,
            takes,
            example,
            doc,
            required: false,
        }
    }

    /// The same where it must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    /// Key and example: `timeout: 10s`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}", self.name, self.example)
    }

    /// The same under another name, as where a verb's word stands for its
    /// first field.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

/// The fields that some mapping may have.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What has them, for messages: `` `click` ``.
    pub owner: &'static str,
    /// The fields.
    pub fields: &'static [Field],
    /// Whether it is the argument of a verb, next to which modifiers are written.
    pub is_of_verb: bool,
}

impl Shape {
    /// The fields of a mapping.
    #[must_use]
    pub const fn new(owner: &'static str, fields: &'static [Field]) -> Self {
        Self {
            owner,
            fields,
            is_of_verb: false,
        }
    }

    /// The fields of a verb.
    #[must_use]
    pub const fn of_verb(owner: &'static str, fields: &'static [Field]) -> Self {
        Self {
            owner,
            fields,
            is_of_verb: true,
        }
    }

    /// The names of the fields that must be there.
    pub fn required(&self) -> impl Iterator<Item = &'static str> + use<> {
        let required = self.fields.iter().filter(|field| field.required);
        required.map(|field| field.name)
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The fields of several tables, one after another. `N` is their total number, which the compiler
/// checks.
#[must_use]
pub(super) const fn joined<const N: usize>(tables: &[&[Field]]) -> [Field; N] {
    let mut all = [Field::new("", Form::Text, "", "", ""); N];
    let (mut table, mut at, mut count) = (0, 0, 0);
    while table < tables.len() {
        if at == tables[table].len() {
            (table, at) = (table + 1, 0);
        } else {
            all[count] = tables[table][at];
            (at, count) = (at + 1, count + 1);
        }
    }
    assert!(count == N, "as many fields as `N` says");
    all
}
