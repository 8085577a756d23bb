//! XML as a value, to compare documents that may be written differently.

use std::fmt;

use crate::xml;

/// How deep elements may nest. No answer about enrollments goes deeper.
const DEEPEST: usize = 64;

/// An element with its content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    name: String,
    /// Sorted by name: XML gives their order no meaning.
    attributes: Vec<(String, String)>,
    /// The text of the element. Between children, only text that is more than whitespace counts.
    text: String,
    children: Vec<Element>,
}

/// Reads a document.
///
/// # Errors
/// Why the text is no document.
pub(super) fn read(text: &str) -> Result<Element, String> {
    Element::of(xml::read(text, DEEPEST)?)
}

impl Element {
    fn of(element: xml::Element) -> Result<Element, String> {
        let mut attributes = element.attributes?;
        attributes.sort();
        let children = element.children.into_iter().map(Element::of);
        let children: Vec<Element> = children.collect::<Result<_, _>>()?;
        let mut text = element.text;
        // Between elements, whitespace is layout.
        if !children.is_empty() && text.trim().is_empty() {
            text.clear();
        }
        Ok(Element {
            name: element.name,
            attributes,
            text,
            children,
        })
    }

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
    /// Indented for people, not escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
