//! XML as a value, to compare documents that may be written differently.

use std::fmt;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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
    let mut reader = Reader::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) if open.len() < DEEPEST => open.push(Element::of(&start)?),
            Event::Start(_) => return Err(format!("it nests deeper than {DEEPEST} elements")),
            Event::Empty(empty) => close(Element::of(&empty)?, &mut open, &mut root)?,
            Event::End(_) => {
                let element = open.pop().ok_or("it closes what it did not open")?;
                close(element, &mut open, &mut root)?;
            }
            Event::Text(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::CData(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::GeneralRef(entity) => {
                let number = entity
                    .resolve_char_ref()
                    .map_err(|error| error.to_string())?;
                let character = match (number, &*entity) {
                    (Some(character), _) => character,
                    (None, "lt") => '<',
                    (None, "gt") => '>',
                    (None, "amp") => '&',
                    (None, "apos") => '\'',
                    (None, "quot") => '"',
                    (None, other) => return Err(format!("&{other}; stands for nothing")),
                };
                add_text(character.encode_utf8(&mut [0; 4]), &mut open)?;
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (open.last(), root) {
        (Some(element), _) => Err(format!("<{}> is not closed", element.name)),
        (None, Some(root)) => Ok(root),
        (None, None) => Err("it has no root element".to_owned()),
    }
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Result<Element, String> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::default())
                .map_err(|error| error.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        attributes.sort();
        Ok(Element {
            name: start.name().as_ref().to_owned(),
            attributes,
            text: String::new(),
            children: Vec::new(),
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

fn close(
    mut element: Element,
    open: &mut [Element],
    root: &mut Option<Element>,
) -> Result<(), String> {
    // Between elements, whitespace is layout.
    if !element.children.is_empty() && element.text.trim().is_empty() {
        element.text.clear();
    }
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None if root.is_none() => *root = Some(element),
        None => return Err("it has a second root element".to_owned()),
    }
    Ok(())
}

fn add_text(text: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("it has text outside its root element".to_owned()),
    }
    Ok(())
}
