//! The JSON Schema of scenario files, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::ScenarioFile;

/// The JSON Schema of scenario files, as `scenarios/schema.json` holds it.
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<ScenarioFile>().to_value();
    allow_blanks(&mut schema);
    let mut text = format!("{schema:#}");
    text.push('\n');
    text
}

/// A key that may be left out may be left blank too: `users:` means the same as no `users`.
fn allow_blanks(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            let required = keywords.get("required").cloned().unwrap_or_default();
            let is_required = |key: &str| {
                required
                    .as_array()
                    .is_some_and(|all| all.iter().any(|each| each == key))
            };
            let properties = keywords
                .get_mut("properties")
                .and_then(Value::as_object_mut);
            for (key, property) in properties.into_iter().flatten() {
                if !is_required(key) {
                    allow_blank(property);
                }
                // That a key left out is as good as blank says nothing more.
                if let Some(keywords) = property.as_object_mut() {
                    keywords.retain(|keyword, value| keyword != "default" || !value.is_null());
                }
            }
            keywords.values_mut().for_each(allow_blanks);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_blanks),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn allow_blank(property: &mut Value) {
    let Some(keywords) = property.as_object_mut() else {
        return;
    };
    match keywords.get_mut("type") {
        Some(Value::Array(kinds)) if !kinds.iter().any(|kind| kind == "null") => {
            kinds.push(json!("null"))
        }
        Some(kind @ Value::String(_)) => *kind = json!([kind.take(), "null"]),
        _ => {
            if let Some(target) = keywords.remove("$ref") {
                keywords.insert(
                    "anyOf".to_owned(),
                    json!([{ "$ref": target }, { "type": "null" }]),
                );
            }
        }
    }
}
