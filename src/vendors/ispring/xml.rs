//! XML bodies as nested fields.

use serde_json::map::Entry;
use serde_json::{Map, Value};

use crate::xml::{self, Element};

/// How deep elements may nest; the deepest documented body has three levels.
const DEEPEST: usize = 32;

/// The children of the root, whatever the root is called.
///
/// Text of elements, repeated elements as lists; attributes, comments and instructions are passed
/// over. A namespace prefix is not part of a name.
///
/// # Errors
/// What is wrong with the document.
pub fn read(body: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8".to_owned())?;
    let root = xml::read(text, DEEPEST)?;
    // `<request/>` and `<request>text</request>` have no fields.
    Ok(fields(root.children))
}

fn fields(children: Vec<Element>) -> Map<String, Value> {
    let mut fields = Map::new();
    for child in children {
        let name = child.local_name().to_owned();
        let value = if child.children.is_empty() {
            Value::String(child.text)
        } else {
            Value::Object(self::fields(child.children))
        };
        match fields.entry(name) {
            Entry::Vacant(slot) => {
                slot.insert(value);
            }
            Entry::Occupied(mut slot) => match slot.get_mut() {
                Value::Array(values) => values.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }
    fields
}
