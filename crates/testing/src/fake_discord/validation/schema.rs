//! Validates bodies by Discord's own description, if it is available.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::shared_data::shared_path;

/// The description is large, so it is read once per process. A route's schema is compiled at its first use.
struct OpenApiSchema {
    api: Value,
    compiled: Mutex<HashMap<SchemaRoute, Option<Arc<Validator>>>>,
}

/// A method in lower case and the template of a path.
type SchemaRoute = (String, String);

/// Returns the violations of Discord's description; none if it is missing.
pub(super) fn violations(method: &str, path: &str, body: &Value) -> Vec<String> {
    let Some(validator) = description().and_then(|description| description.validator(method, path)) else {
        return Vec::new();
    };
    let short = |text: String| text.chars().take(600).collect::<String>();
    let body = with_numbers(body.clone());
    let faults = validator.iter_errors(&body);
    faults
        .map(|fault| {
            format!("not as described, at {:?}: {}", fault.instance_path().as_str(), short(fault.to_string()))
        })
        .collect()
}

/// Writes the permissions of commands as numbers, as the description has them. The documentation has texts, like
/// all permissions, and the documentation is right:
/// <https://discord.com/developers/docs/interactions/application-commands#application-command-object>.
fn with_numbers(mut body: Value) -> Value {
    for command in body.as_array_mut().into_iter().flatten() {
        let bits = command.get("default_member_permissions").and_then(Value::as_str);
        if let Some(bits) = bits.and_then(|bits| bits.parse::<u64>().ok()) {
            command["default_member_permissions"] = bits.into();
        }
    }
    body
}

fn description() -> Option<&'static OpenApiSchema> {
    static READ: OnceLock<Option<OpenApiSchema>> = OnceLock::new();
    let read = || {
        let text = fs::read_to_string(shared_path("discord/openapi.json")?).expect("a readable file");
        let api = serde_json::from_str(&text).expect("JSON");
        Some(OpenApiSchema { api, compiled: Mutex::default() })
    };
    READ.get_or_init(read).as_ref()
}

impl OpenApiSchema {
    /// Returns the validator of a route's bodies; `None` if the route has none.
    fn validator(&self, method: &str, path: &str) -> Option<Arc<Validator>> {
        let template = self.template(path)?;
        let key = (method.to_lowercase(), template.to_owned());
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(key).or_insert_with_key(|(method, template)| self.compile(method, template)).clone()
    }

    /// Returns the matching path template with the fewest parameters.
    fn template(&self, path: &str) -> Option<&str> {
        let paths = self.api["paths"].as_object()?.keys().map(String::as_str);
        paths.filter(|template| fits(template, path)).min_by_key(|template| template.matches('{').count())
    }

    fn compile(&self, method: &str, template: &str) -> Option<Arc<Validator>> {
        let body =
            &self.api["paths"][template][method]["requestBody"]["content"]["application/json"]["schema"];
        let schema = json!({
            "allOf": [body.as_object()?],
            "components": { "schemas": self.api["components"]["schemas"] },
        });
        Some(Arc::new(jsonschema::validator_for(&schema).expect("a schema")))
    }
}

fn fits(template: &str, path: &str) -> bool {
    let same = |(part, given): (&str, &str)| part.starts_with('{') || part == given;
    template.split('/').count() == path.split('/').count()
        && template.split('/').zip(path.split('/')).all(same)
}
