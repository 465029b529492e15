//! Reading the fields of a request, and reporting all bad ones at once.

use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive};

use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::desktop::wire::FieldError;

/// The fields of one request.
pub(super) struct Fields {
    values: Map<String, Value>,
    /// Whether integers are written as text.
    of_query: bool,
    errors: Vec<FieldError>,
}

impl Fields {
    /// The fields of a JSON body. No body at all is one without fields.
    pub(super) fn of_body(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self::new(Map::new(), false));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self::new(values, false)),
            Ok(_) => Err(Refusal::field("body", "must be a JSON object")),
            Err(error) => Err(Refusal::field("body", format!("is not JSON: {error}"))),
        }
    }

    /// The fields of a query string, in which integers are written as text.
    pub(super) fn of_query(pairs: Vec<(String, String)>) -> Self {
        let values = pairs
            .into_iter()
            .map(|(name, text)| (name, Value::from(text)));
        Self::new(values.collect(), true)
    }

    fn new(values: Map<String, Value>, of_query: bool) -> Self {
        Self {
            values,
            of_query,
            errors: Vec::new(),
        }
    }

    /// An integer within `bounds`; `None` where it is absent or bad. `1.0`,
    /// `"1"` and `true` are bad.
    pub(super) fn integer<N>(&mut self, name: &str, bounds: RangeInclusive<N>) -> Option<N>
    where
        N: TryFrom<i64> + PartialOrd + Display,
    {
        let value = self.value(name)?;
        let number = match value {
            Value::String(text) if self.of_query => text.parse().ok(),
            value => value.as_i64(),
        };
        let number = number.and_then(|number: i64| N::try_from(number).ok());
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            let (low, high) = bounds.into_inner();
            self.bad(name, format!("must be an integer from {low} to {high}"));
        }
        number
    }

    /// A text; `None` where it is absent or bad.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        if let Value::String(text) = value {
            return Some(text.clone());
        }
        self.bad(name, "must be a string");
        None
    }

    /// A list of texts; `None` where it is absent or bad.
    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.value(name)?;
        let texts = value.as_array().and_then(|items| {
            items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.bad(name, "must be a list of strings");
        }
        texts
    }

    /// A list of objects, each read by `read`; `None` where it is absent or bad.
    /// What is bad within it is told with its place: `edits[0].find`.
    pub(super) fn each<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> T) -> Option<Vec<T>> {
        let items = self.value(name)?.as_array().and_then(|items| {
            let members = items.iter().map(|item| item.as_object().cloned());
            members.collect::<Option<Vec<_>>>()
        });
        let Some(items) = items else {
            self.bad(name, "must be a list of objects");
            return None;
        };
        let mut all = Vec::with_capacity(items.len());
        for (index, values) in items.into_iter().enumerate() {
            let mut fields = Self::new(values, false);
            all.push(read(&mut fields));
            for FieldError { field, error } in fields.errors {
                self.bad(&format!("{name}[{index}].{field}"), error);
            }
        }
        Some(all)
    }

    /// A value of any kind; `None` where it is absent.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        self.value(name).cloned()
    }

    /// A boolean; `None` where it is absent or bad.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        if let Value::Bool(value) = value {
            return Some(*value);
        }
        self.bad(name, "must be true or false");
        None
    }

    /// An object whose members are all texts; `None` where it is absent or bad.
    fn map(&mut self, name: &str) -> Option<BTreeMap<String, String>> {
        let value = self.value(name)?;
        let map = value.as_object().and_then(|members| {
            let text =
                |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
            members.iter().map(text).collect::<Option<_>>()
        });
        if map.is_none() {
            self.bad(name, "must be an object of strings");
        }
        map
    }

    /// Variables of an environment: an object of strings with names and values
    /// that a variable can have.
    pub(super) fn variables(&mut self, name: &str) -> Option<BTreeMap<String, String>> {
        let variables = self.map(name)?;
        let bad = |(name, value): (&String, &String)| {
            name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')
        };
        if variables.iter().any(bad) {
            self.bad(
                name,
                "contains a name or value that is not allowed in an environment \
                            variable",
            );
        }
        Some(variables)
    }

    /// Whether the field is there, good or bad.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// `null` is as good as nothing.
    fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// Remembers that fields are missing, of those that must be there.
    pub(super) fn require(&mut self, names: &[&str]) {
        for name in names {
            if !self.has(name) {
                self.bad(name, "is required");
            }
        }
    }

    /// Remembers that there are other fields than these.
    pub(super) fn only(&mut self, names: &[&str]) {
        let others: Vec<String> = self.values.keys().cloned().collect();
        for name in others.iter().filter(|name| !names.contains(&name.as_str())) {
            let known = names.join("`, `");
            self.bad(name, format!("is not a field of this request: `{known}`"));
        }
    }

    /// Remembers that a field is bad.
    pub(super) fn bad(&mut self, name: &str, error: impl Into<String>) {
        self.errors.push(FieldError {
            field: name.to_owned(),
            error: error.into(),
        });
    }

    /// Fails if anything was bad.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Refusal::invalid(self.errors))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::wire::limits::{BUTTON, COORDINATE};

    #[test]
    fn every_bad_field_is_told_at_once() {
        let body = br#"{"x": 1.0, "y": "1", "button": true, "key": null}"#;
        let mut fields = Fields::of_body(body).unwrap();
        assert_eq!(fields.integer("x", COORDINATE), None);
        assert_eq!(fields.integer("y", COORDINATE), None);
        assert_eq!(fields.integer("button", BUTTON), None);
        fields.require(&["key"]);
        assert_eq!(fields.errors.len(), 4);
        assert_eq!(fields.errors[2].error, "must be an integer from 1 to 3");
        assert!(fields.finish().is_err());
    }

    #[test]
    fn in_a_query_digits_are_a_number_or_a_text_as_they_are_asked_for() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let mut fields = Fields::of_query(vec![pair("x", "7"), pair("path", "0755")]);
        assert_eq!(fields.integer("x", COORDINATE), Some(7));
        assert_eq!(fields.text("path").as_deref(), Some("0755"));
        assert!(fields.finish().is_ok());
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        for body in ["[1]", "{", "nul", "\u{0}"] {
            assert!(Fields::of_body(body.as_bytes()).is_err(), "{body}");
        }
    }
}
