//! Pieces of a file that are shown again as they were written.

use std::collections::HashMap;

use serde_json::{Number, Value};

use super::tree::{self, Kind, Node, Style};
use super::{number, text_of};
use crate::place::Spot;

/// The mappings that stand at these spots of a file, as JSON. Numbers that JSON would write otherwise stay as
/// they were written, as text.
pub fn pieces(bytes: &[u8], spots: &[Spot]) -> HashMap<Spot, Value> {
    let mut found = HashMap::new();
    let root = text_of(bytes).and_then(tree::build);
    if let Ok(root) = root {
        look(&root, spots, &mut found);
    }
    found
}

fn look(node: &Node<'_>, spots: &[Spot], found: &mut HashMap<Spot, Value>) {
    match &node.kind {
        Kind::Map(_) if spots.contains(&node.used) => {
            found.insert(node.used, json(node));
        }
        Kind::Map(entries) => entries.iter().for_each(|(_, it)| look(it, spots, found)),
        Kind::List(items) => items.iter().for_each(|it| look(it, spots, found)),
        Kind::Scalar { .. } => {}
    }
}

fn json(node: &Node<'_>) -> Value {
    match &node.kind {
        Kind::List(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => {
            let entries = entries.iter();
            let pairs =
                entries.map(|(key, it)| (key.text().unwrap_or_default().to_owned(), json(it)));
            Value::Object(pairs.collect())
        }
        Kind::Scalar { text, style } => match style {
            Style::Plain => scalar(text),
            Style::Quoted | Style::Text => Value::from(&**text),
        },
    }
}

fn scalar(text: &str) -> Value {
    if number::is_null(text) {
        return Value::Null;
    }
    if let Some(value) = number::boolean(text) {
        return Value::Bool(value);
    }
    let whole = number::integer(text).and_then(|it| i64::try_from(it).ok());
    let number = match whole {
        Some(whole) => Some(Number::from(whole)),
        None => number::float(text).and_then(Number::from_f64),
    };
    match number.filter(|number| number.to_string() == text) {
        Some(number) => Value::Number(number),
        None => Value::from(text),
    }
}
