//! XML bodies as nested fields. Whatever a harmless client never sends is refused: a document
//! type, an entity of its own, a second root, endless nesting.

use serde_json::map::Entry;
use serde_json::{Map, Value};

use crate::xml::{self, Rules, Start, Strict};

const RULES: Rules = Rules {
    // The deepest documented body has three levels.
    deepest: 32,
    strict: Some(Strict {
        // No documented body has any.
        attributes_at_most: 64,
    }),
};

/// The children of the root, whatever the root is called.
///
/// Text of elements, repeated elements as lists; attributes, comments and instructions are passed
/// over. A namespace prefix is not part of a name.
///
/// # Errors
/// What is wrong with the document.
pub fn read(body: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8".to_owned())?;
    let root: Element = xml::read(text, RULES)?;
    // `<request/>` and `<request>text</request>` have no fields.
    Ok(root.children)
}

/// A field: a text, or fields of its own.
struct Element {
    name: String,
    text: String,
    children: Map<String, Value>,
}

impl xml::Element for Element {
    /// Attributes say nothing here.
    fn begin(start: &Start<'_>) -> Result<Self, String> {
        Ok(Element {
            name: start.local_name().to_owned(),
            text: String::new(),
            children: Map::new(),
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn add_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn add_child(&mut self, child: Self) {
        let value = match child.children.is_empty() {
            true => Value::String(child.text),
            false => Value::Object(child.children),
        };
        match self.children.entry(child.name) {
            Entry::Vacant(slot) => {
                slot.insert(value);
            }
            Entry::Occupied(mut slot) => match slot.get_mut() {
                Value::Array(values) => values.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }
}
