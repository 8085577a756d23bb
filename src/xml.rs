//! XML as a tree. Whatever a harmless document never holds is refused: a document type, an entity of its
//! own, a second root, endless nesting.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

/// How many attributes one element may have; no documented body has any.
const ATTRIBUTES_AT_MOST: usize = 64;

/// An element with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// The name, with its namespace prefix if it has one.
    pub name: String,
    /// Names and values in the order of the document. `Err`: a value refers to what there is not.
    pub attributes: Result<Vec<(String, String)>, String>,
    /// The text of the element, without that of its children.
    pub text: String,
    /// The elements in it, in the order of the document.
    pub children: Vec<Element>,
}

/// Reads a document whose elements nest no deeper than `deepest`.
///
/// # Errors
/// What is wrong with the document.
pub fn read(text: &str, deepest: usize) -> Result<Element, String> {
    if let Some(character) = text.chars().find(|c| !is_character(*c)) {
        return Err(format!("it holds {character:?}, which XML does not know"));
    }
    let mut reader = Reader::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut begun = false;
    loop {
        let first = !std::mem::replace(&mut begun, true);
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(_) if root.is_some() => {
                return Err("it goes on after its root element".to_owned());
            }
            Event::Start(_) if open.len() >= deepest => {
                return Err(format!("it nests deeper than {deepest} elements"));
            }
            Event::Start(start) => open.push(Element::of(&start)?),
            Event::Empty(empty) => close(Element::of(&empty)?, &mut open, &mut root)?,
            Event::End(_) => {
                let element = open.pop().ok_or("it closes what it did not open")?;
                close(element, &mut open, &mut root)?;
            }
            Event::Text(text) if text.contains("]]>") => {
                return Err("it holds `]]>` outside a CDATA section".to_owned());
            }
            Event::Text(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::CData(text) => add_text(&text.xml10_content(), &mut open)?,
            Event::GeneralRef(entity) => {
                let mut buffer = [0; 4];
                add_text(character(&entity)?.encode_utf8(&mut buffer), &mut open)?;
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Decl(declaration) if first => check_encoding(&declaration)?,
            Event::Decl(_) => return Err("its XML declaration does not come first".to_owned()),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match open.last() {
        Some(element) => Err(format!("<{}> is not closed", element.local_name())),
        None => root.ok_or_else(|| "it has no root element".to_owned()),
    }
}

impl Element {
    /// The name without its namespace prefix.
    pub fn local_name(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    fn of(start: &BytesStart<'_>) -> Result<Element, String> {
        let mut attributes = Ok(Vec::new());
        for (at, attribute) in start.attributes().enumerate() {
            if at >= ATTRIBUTES_AT_MOST {
                return Err(format!(
                    "an element has more than {ATTRIBUTES_AT_MOST} attributes"
                ));
            }
            let attribute = attribute.map_err(|error| error.to_string())?;
            if attribute.value.contains('<') {
                return Err("an attribute holds `<`".to_owned());
            }
            let value = attribute.normalized_value(quick_xml::XmlVersion::default());
            match (&mut attributes, value) {
                (Ok(known), Ok(value)) => {
                    known.push((attribute.key.as_ref().to_owned(), value.into_owned()));
                }
                (_, Err(error)) => attributes = Err(error.to_string()),
                (Err(_), Ok(_)) => {}
            }
        }
        Ok(Element {
            name: start.name().as_ref().to_owned(),
            attributes,
            text: String::new(),
            children: Vec::new(),
        })
    }
}

/// Bodies are read as UTF-8, whatever else they say they are.
fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), String> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(format!("it is announced as {name}; UTF-8 is what is read")),
        Some(Err(error)) => Err(error.to_string()),
    }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), String> {
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

/// What `&…;` stands for: one of the five that XML itself knows, or a character's number.
fn character(entity: &BytesRef<'_>) -> Result<char, String> {
    let number = entity
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    match (number, &**entity) {
        (Some(character), _) if is_character(character) => Ok(character),
        (Some(character), _) => Err(format!("{character:?} is nothing that XML knows")),
        (None, "lt") => Ok('<'),
        (None, "gt") => Ok('>'),
        (None, "amp") => Ok('&'),
        (None, "apos") => Ok('\''),
        (None, "quot") => Ok('"'),
        (None, other) => Err(format!("&{other}; stands for nothing")),
    }
}

/// Whether a document may hold this: XML 1.0 leaves out most control characters.
fn is_character(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        other => other >= ' ',
    }
}
