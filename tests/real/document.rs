//! The machine-readable description of the API, `schema/desktop-api.openapi.json`.

use serde_json::{Value, json};

/// The whole document.
pub(crate) struct Document(Value);

/// One method of one path.
pub(crate) struct Operation {
    pub(crate) id: String,
    /// `GET`, `PUT`, `POST`, or `DELETE`.
    pub(crate) method: reqwest::Method,
    /// With its parameter in braces.
    pub(crate) path: String,
    /// Every status that can come.
    pub(crate) statuses: Vec<u16>,
    /// The names of the parameters that stand in its query.
    pub(crate) query: Vec<String>,
    /// The schema of its JSON body, if it takes one.
    pub(crate) body: Option<Value>,
    answers: Value,
}

impl Document {
    pub(crate) fn read() -> Self {
        let text = include_str!("../../schema/desktop-api.openapi.json");
        Self(serde_json::from_str(text).unwrap())
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            for (method, about) in methods.as_object().unwrap() {
                if method == "parameters" {
                    continue;
                }
                let answers = &about["responses"];
                let statuses = answers.as_object().unwrap().keys();
                let query = self.parameters(&about["parameters"]);
                let body = &about["requestBody"]["content"]["application/json"]["schema"];
                all.push(Operation {
                    id: about["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    statuses: statuses.map(|status| status.parse().unwrap()).collect(),
                    query,
                    body: (!body.is_null()).then(|| body.clone()),
                    answers: answers.clone(),
                });
            }
        }
        all
    }

    /// The names of those of a list of parameters that stand in a query.
    fn parameters(&self, list: &Value) -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        let parameters = list.map(|parameter| {
            let name = parameter["$ref"].as_str();
            let shared = name.and_then(|name| self.0.pointer(name.trim_start_matches('#')));
            shared.unwrap_or(parameter)
        });
        let of_query = parameters.filter(|parameter| parameter["in"] == "query");
        of_query
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Holds a value against a schema of the document.
    pub(crate) fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("; "))
        }
    }

    /// Whether a body is one that its schema describes, with what JSON Schema cannot
    /// say of how a number is written.
    pub(crate) fn takes(&self, schema: &Value, body: &Value) -> bool {
        let is_written = |(field, about): &(String, Value)| {
            let (value, written) = (&body[field], &about["x-written"]);
            let pattern = written.as_str().map(|it| regex::Regex::new(it).unwrap());
            pattern.is_none_or(|it| !value.is_number() || it.is_match(&value.to_string()))
        };
        self.fields(schema).iter().all(is_written) && self.check(schema, body).is_ok()
    }

    /// The fields of a body's schema, by name.
    pub(crate) fn fields(&self, schema: &Value) -> Vec<(String, Value)> {
        let name = schema["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next());
        let schema = name.map_or(schema, |name| &self.0["components"]["schemas"][name]);
        let fields = schema["properties"].as_object().unwrap();
        fields
            .iter()
            .map(|(name, about)| (name.clone(), about.clone()))
            .collect()
    }
}

impl Operation {
    /// The schema of its JSON answer with this status, if that is JSON.
    pub(crate) fn answer(&self, status: u16) -> Option<Value> {
        let answer = &self.answers[status.to_string()];
        let shared = answer["$ref"].is_string();
        let schema = &answer["content"]["application/json"]["schema"];
        if shared {
            return Some(json!({"$ref": "#/components/schemas/Error"}));
        }
        (!schema.is_null()).then(|| schema.clone())
    }
}
