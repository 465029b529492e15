//! The kinds of value as schemas.

use serde_json::{Value, json};

use super::{Schema, digits};
use crate::{
    input::Chord,
    language::{LANGUAGES, Language},
    limits::{HEIGHT, HELD_KEYS, SIDE, WIDTH},
    scenario::{
        CHECK, RECT, SIGHT, TARGET, TEXT_CONDITION, TOGETHER, WINDOW,
        screen::FAR,
        shape::{Form, Shape},
    },
};

const SCALAR: [&str; 4] = ["string", "number", "boolean", "null"];

impl Schema {
    pub(super) fn form(&mut self, form: Form) -> Value {
        match form {
            Form::Text => self.refer("text", |_| scalar("a text")),
            Form::Line => self.refer("line", |_| line()),
            Form::Boolean => self.refer("truth", |_| open("boolean", "`true` or `false`")),
            Form::Checked => self.refer("checked", |_| checked()),
            Form::Integer { least, most } => integer(least, most),
            Form::ExitCode => self.refer("exit-code", |_| exit_code()),
            Form::Choice(words) => choice(words),
            Form::Duration | Form::Percentage | Form::Memory | Form::Size | Form::WindowSize => {
                self.notation(form)
            }
            Form::Key => self.refer("key", |_| key()),
            Form::Chord => self.refer("keys", |_| chord()),
            // More keys are never held down, see `verb::held`.
            Form::Keys => {
                json!({ "type": "array", "items": self.form(Form::Key), "maxItems": HELD_KEYS })
            }
            Form::Lines => self.list(Form::Line, 0),
            Form::Languages => {
                let codes = LANGUAGES.map(Language::code);
                json!({ "type": "array", "items": choice(&codes) })
            }
            Form::Packages => {
                let name = word(
                    &[digits::PACKAGE.to_owned()],
                    "the name of a Debian package",
                );
                json!({ "type": "array", "items": name })
            }
            Form::Texts => self.list(Form::Text, 0),
            Form::Paths => json!({ "anyOf": [self.form(Form::Line), self.list(Form::Line, 1)] }),
            Form::Variables => self.table(Form::Text, None),
            Form::Inputs => self.table(Form::Text, Some(digits::WORD)),
            Form::Offset => self.refer("pixel", |_| pixel()),
            Form::Position => self.position(),
            Form::Target => self.target(),
            Form::TargetList => self.list(Form::Target, 1),
            Form::Together => self.together(),
            Form::Within => self.within(),
            Form::Window => self.either("window", Form::Text, &WINDOW),
            Form::Area => self.either("area", Form::Line, &RECT),
            Form::Areas => self.list(Form::Area, 0),
            Form::Check => self.either("check", Form::Text, &CHECK),
            Form::Condition => self.condition(),
            Form::RegionTable => {
                let rectangle = self.mapping("rectangle", &RECT);
                json!({ "type": "object", "additionalProperties": rectangle })
            }
            Form::TargetTable => {
                let name = format!("^{}$", digits::NAME);
                self.table(Form::Target, Some(&name))
            }
            Form::Matrix => self.matrix(),
            Form::Tree => self.refer("tree", |_| tree()),
            Form::Steps => json!({ "type": "array", "items": self.step() }),
            Form::Mapping(shape) => Value::Object(self.object(shape)),
            Form::Values => json!({ "type": "object" }),
            Form::Short(shape, name) => {
                let short = shape.field(name).map(|field| self.form(field.form));
                json!({ "anyOf": [short, self.object(shape)] })
            }
        }
    }

    fn notation(&mut self, form: Form) -> Value {
        match form {
            Form::Percentage => self.refer("percentage", |_| {
                word(
                    &[digits::percentage()],
                    "a number from 0 to 100 and `%`, such as `10%`",
                )
            }),
            Form::Memory => self.refer("memory", |_| {
                word(
                    &[digits::memory()],
                    "a whole number and `MiB` or `GiB`, such as `4GiB`",
                )
            }),
            Form::Size => self.refer("size", |_| {
                word(
                    &[digits::size(WIDTH, HEIGHT)],
                    "width, `x`, height in pixels, such as `1280x800`",
                )
            }),
            Form::WindowSize => self.refer("window-size", |_| {
                word(
                    &[digits::size(SIDE, SIDE)],
                    "width, `x`, height in pixels, such as `800x600`",
                )
            }),
            _ => self.refer("duration", |_| {
                word(
                    &[digits::duration()],
                    "a number and `ms`, `s` or `m`, such as `10s`",
                )
            }),
        }
    }

    /// A mapping of the fields of `shape`, as a definition.
    fn mapping(&mut self, name: &'static str, shape: &'static Shape) -> Value {
        self.refer(name, |schema| Value::Object(schema.object(shape)))
    }

    /// A scalar, or a mapping.
    fn either(&mut self, name: &'static str, form: Form, shape: &'static Shape) -> Value {
        self.refer(
            name,
            |schema| json!({ "anyOf": [schema.form(form), schema.object(shape)] }),
        )
    }

    fn list(&mut self, form: Form, least: usize) -> Value {
        let items = self.form(form);
        if least == 0 {
            return json!({ "type": "array", "items": items });
        }
        json!({ "type": "array", "items": items, "minItems": least })
    }

    /// Names with a value each.
    fn table(&mut self, form: Form, names: Option<&str>) -> Value {
        let value = self.form(form);
        match names {
            None => json!({ "type": "object", "additionalProperties": value }),
            Some(pattern) => json!({
                "type": "object",
                "propertyNames": { "pattern": pattern },
                "additionalProperties": value,
            }),
        }
    }

    fn position(&mut self) -> Value {
        self.refer("position", |schema| {
            let share = digits::percentage();
            let words = [format!(r"{share}\s*,\s*{share}"), digits::NAME.to_owned()];
            let word = word(&words, "`50%,50%`, or the name of a target");
            json!({ "anyOf": [word, schema.form(Form::Offset)] })
        })
    }

    fn target(&mut self) -> Value {
        self.refer("target", |schema| {
            let position = schema.form(Form::Position);
            json!({ "anyOf": [position, schema.mapping("target-keys", &TARGET)] })
        })
    }

    /// Targets of which the first has no other one before it.
    fn together(&mut self) -> Value {
        self.refer("targets-together", |schema| {
            let first = schema.form(Form::Target);
            let position = schema.form(Form::Position);
            let keys = schema.mapping("target-keys-together", &TOGETHER);
            json!({
                "type": "array",
                "items": [first],
                "additionalItems": { "anyOf": [position, keys] },
                "minItems": 1,
            })
        })
    }

    /// A target that is not only a place.
    pub(super) fn seen(&mut self) -> Value {
        self.refer("seen-target", |schema| {
            let name = word(&[digits::NAME.to_owned()], "the name of a target");
            let mut keys = schema.object(&TARGET);
            if let Some(properties) = keys.get_mut("properties").and_then(Value::as_object_mut) {
                properties.remove("position");
            }
            json!({ "anyOf": [name, keys] })
        })
    }

    fn within(&mut self) -> Value {
        self.refer("within", |schema| {
            json!({ "anyOf": [
                schema.form(Form::Line),
                schema.mapping("rectangle", &RECT),
                schema.mapping("target-keys", &TARGET),
            ] })
        })
    }

    fn condition(&mut self) -> Value {
        self.refer("condition", |schema| {
            let name = word(&[digits::NAME.to_owned()], "the name of a target");
            json!({ "anyOf": [
                name,
                { "type": "boolean" },
                schema.object(&SIGHT),
                schema.object(&TEXT_CONDITION),
            ] })
        })
    }

    /// Rows, or the lists that rows are made of.
    fn matrix(&mut self) -> Value {
        let row = self.table(Form::Text, Some(digits::WORD));
        let axis = self.list(Form::Text, 1);
        json!({ "anyOf": [
            { "type": "array", "items": row, "minItems": 1 },
            {
                "type": "object",
                "propertyNames": { "pattern": digits::WORD },
                "additionalProperties": axis,
                "minProperties": 1,
            },
        ] })
    }
}

fn scalar(takes: &str) -> Value {
    json!({ "type": SCALAR, "errorMessage": format!("expected {takes}") })
}

/// A scalar of one line with something in it.
fn line() -> Value {
    let message = "expected one line of text";
    json!({
        "type": SCALAR,
        "pattern": format!(r"^\s*\S([^\n]*\S)?\s*$|{}", digits::INTERPOLATION),
        "errorMessage": message,
        "patternErrorMessage": message,
    })
}

/// A word of some notation.
pub(super) fn word(alternatives: &[String], takes: &str) -> Value {
    let message = format!("expected {takes}");
    json!({
        "type": "string",
        "pattern": digits::or_interpolation(alternatives),
        "errorMessage": message,
        "patternErrorMessage": message,
    })
}

/// A value of `kind`, or a text with something to look up.
fn open(kind: &str, takes: &str) -> Value {
    let message = format!("expected {takes}");
    json!({
        "type": [kind, "string"],
        "pattern": digits::INTERPOLATION,
        "errorMessage": message,
        "patternErrorMessage": message,
    })
}

/// Widgets, each a line, or a line with what is in it.
fn tree() -> Value {
    let inner = json!({ "anyOf": [
        { "type": SCALAR },
        { "$ref": "#/definitions/tree" },
    ] });
    json!({ "type": "array", "minItems": 1, "items": { "anyOf": [
        { "type": SCALAR },
        {
            "type": "object",
            "additionalProperties": inner,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ] } })
}

fn checked() -> Value {
    let message = "expected `true`, `false` or `mixed`";
    json!({
        "type": ["boolean", "string"],
        "pattern": format!("^mixed$|{}", digits::INTERPOLATION),
        "errorMessage": message,
        "patternErrorMessage": message,
    })
}

/// A whole number; what can only be one number is written out.
fn integer(least: i64, most: i64) -> Value {
    if least == most {
        return json!({ "type": "integer", "const": least });
    }
    let mut number = open("integer", "a whole number");
    number["minimum"] = json!(least);
    number["maximum"] = json!(most);
    number
}

fn exit_code() -> Value {
    let mut status = open("integer", "a whole number from 0 to 255, or `any`,");
    status["pattern"] = json!(format!("^any$|{}", digits::INTERPOLATION));
    status["minimum"] = json!(0);
    status["maximum"] = json!(255);
    status
}

fn choice(words: &[&str]) -> Value {
    json!({ "anyOf": [
        { "enum": words },
        { "type": "string", "pattern": digits::INTERPOLATION },
    ] })
}

/// A key's name; the keys of digits are numbers to YAML.
fn key() -> Value {
    let message = "expected the name of a key";
    json!({
        "type": ["string", "integer"],
        "minimum": 0,
        "maximum": 9,
        "pattern": r"\S",
        "errorMessage": message,
        "patternErrorMessage": message,
    })
}

fn chord() -> Value {
    let list = json!({
        "type": "array",
        "items": key(),
        "minItems": 1,
        "maxItems": Chord::MAX_KEYS,
    });
    json!({ "anyOf": [key(), list] })
}

fn pixel() -> Value {
    let coordinate = integer(-FAR, FAR);
    json!({ "type": "array", "items": coordinate, "minItems": 2, "maxItems": 2 })
}
