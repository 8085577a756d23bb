//! XML bodies as nested fields. Whatever a harmless client never sends is refused: a document
//! type, an entity of its own, a second root, endless nesting.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

/// How deep elements may nest; the deepest documented body has three levels.
const DEEPEST: usize = 32;

/// How many attributes one element may have; no documented body has any.
const ATTRIBUTES_AT_MOST: usize = 64;

/// The children of the root, whatever the root is called.
///
/// Text of elements, repeated elements as lists; attributes, comments and instructions are passed
/// over. A namespace prefix is not part of a name.
///
/// # Errors
/// What is wrong with the document.
pub fn read(body: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8".to_owned())?;
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
            Event::Start(start) => {
                if root.is_some() {
                    return Err("it goes on after its root element".to_owned());
                }
                if open.len() >= DEEPEST {
                    return Err(format!("it nests deeper than {DEEPEST} elements"));
                }
                check_attributes(&start)?;
                open.push(Element::named(start.local_name().as_ref()));
            }
            Event::Empty(empty) => {
                check_attributes(&empty)?;
                let element = Element::named(empty.local_name().as_ref());
                close(element, &mut open, &mut root)?;
            }
            Event::End(_) => {
                let element = open.pop().ok_or("it closes what it did not open")?;
                close(element, &mut open, &mut root)?;
            }
            Event::Text(text) if text.contains("]]>") => {
                return Err("it holds `]]>` outside a CDATA section".to_owned());
            }
            Event::Text(text) => {
                add_text(&text.xml10_content(), &mut open)?;
            }
            Event::CData(text) => {
                add_text(&text.xml10_content(), &mut open)?;
            }
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
    if let Some(element) = open.last() {
        return Err(format!("<{}> is not closed", element.name));
    }
    match root.ok_or("it has no root element")? {
        Value::Object(fields) => Ok(fields),
        // `<request/>` and `<request>text</request>` have no fields.
        _ => Ok(Map::new()),
    }
}

/// Attributes say nothing here, but broken ones make a broken document.
fn check_attributes(start: &BytesStart<'_>) -> Result<(), String> {
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
    }
    Ok(())
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

/// An element whose end has not come yet.
struct Element {
    name: String,
    text: String,
    children: Map<String, Value>,
}

impl Element {
    fn named(name: &str) -> Self {
        Element {
            name: name.to_owned(),
            text: String::new(),
            children: Map::new(),
        }
    }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Value>) -> Result<(), String> {
    let value = match element.children.is_empty() {
        true => Value::String(element.text),
        false => Value::Object(element.children),
    };
    let Some(parent) = open.last_mut() else {
        return match root.replace(value) {
            None => Ok(()),
            Some(_) => Err("it has a second root element".to_owned()),
        };
    };
    match parent.children.entry(element.name) {
        serde_json::map::Entry::Vacant(slot) => {
            slot.insert(value);
        }
        serde_json::map::Entry::Occupied(mut slot) => match slot.get_mut() {
            Value::Array(values) => values.push(value),
            first => *first = Value::Array(vec![first.take(), value]),
        },
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
    if let Some(character) = number {
        return match is_character(character) {
            true => Ok(character),
            false => Err(format!("{character:?} is nothing that XML knows")),
        };
    }
    match &**entity {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(format!("&{other}; stands for nothing")),
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
