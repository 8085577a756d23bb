//! XML as a value, to compare two documents that may be written differently.

use std::fmt;

use crate::xml::{self, Rules, Start};

/// A file or an answer that goes deeper is no enrollment.
const RULES: Rules = Rules {
    deepest: 64,
    strict: None,
};

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    /// Sorted by name: XML gives their order no meaning.
    attributes: Vec<(String, String)>,
    /// The text in it, and between its children where that is more than whitespace.
    text: String,
    children: Vec<Element>,
}

/// Reads a document.
///
/// # Errors
/// Why it is none.
pub(super) fn read(text: &str) -> Result<Element, String> {
    xml::read(text, RULES)
}

impl xml::Element for Element {
    fn begin(start: &Start<'_>) -> Result<Self, String> {
        let mut attributes = start.attributes()?;
        attributes.sort();
        Ok(Element {
            name: start.name().to_owned(),
            attributes,
            text: String::new(),
            children: Vec::new(),
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn add_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn add_child(&mut self, child: Self) {
        self.children.push(child);
    }

    fn end(&mut self) {
        // Between elements, whitespace is layout.
        if !self.children.is_empty() && self.text.trim().is_empty() {
            self.text.clear();
        }
    }
}

impl Element {
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:1$}<{2}", "", 2 * depth, self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}={value:?}")?;
        }
        if self.children.is_empty() {
            return write!(f, ">{}</{}>", self.text, self.name);
        }
        writeln!(f, ">{}", self.text)?;
        for child in &self.children {
            child.write(f, depth + 1)?;
            writeln!(f)?;
        }
        write!(f, "{:1$}</{2}>", "", 2 * depth, self.name)
    }
}

impl fmt::Display for Element {
    /// Indented, for people; not escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
