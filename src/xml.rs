//! XML read: well-formed documents without a document type, with nesting that has a bound. What becomes of an
//! element is up to whoever reads.

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How much of a document is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How deep elements may nest.
    pub deepest: usize,
    /// What to refuse beyond what cannot be read; `None`: nothing.
    pub strict: Option<Strict>,
}

/// Refuses what XML forbids and a reader could pass over: characters that it does not know, `]]>` in text, `<` in
/// attributes, a declaration that does not come first, encodings other than UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Strict {
    /// How many attributes one element may have.
    pub attributes_at_most: usize,
}

/// What becomes of an element.
pub trait Element: Sized {
    /// The element as it begins.
    ///
    /// # Errors
    /// What is wrong with its attributes.
    fn begin(start: &Start<'_>) -> Result<Self, String>;

    /// The name by which a message calls it.
    fn name(&self) -> &str;

    /// Takes a piece of the text in it.
    fn add_text(&mut self, text: &str);

    /// Takes an element in it that has ended.
    fn add_child(&mut self, child: Self);

    /// Does what is left to do at its end.
    fn end(&mut self) {}
}

/// The start of an element.
#[derive(Debug)]
pub struct Start<'a>(BytesStart<'a>);

impl Start<'_> {
    /// The name with its prefix.
    pub fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attributes in their order, with what their entities stand for.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn attributes(&self) -> Result<Vec<(String, String)>, String> {
        let read = |attribute: Attribute<'_>| {
            let value = attribute.normalized_value(XmlVersion::default());
            let value = value.map_err(|error| error.to_string())?;
            Ok((attribute.key.as_ref().to_owned(), value.into_owned()))
        };
        let attributes = self.0.attributes();
        attributes
            .map(|attribute| read(attribute.map_err(|error| error.to_string())?))
            .collect()
    }

    fn check(&self, strict: Strict) -> Result<(), String> {
        let Strict { attributes_at_most } = strict;
        for (at, attribute) in self.0.attributes().enumerate() {
            if at >= attributes_at_most {
                return Err(format!(
                    "an element has more than {attributes_at_most} attributes"
                ));
            }
            let attribute = attribute.map_err(|error| error.to_string())?;
            if attribute.value.contains('<') {
                return Err("an attribute holds `<`".to_owned());
            }
        }
        Ok(())
    }
}

/// Reads a document: its root with all that is in it. Comments and instructions are passed over.
///
/// # Errors
/// Why it is none.
pub fn read<E: Element>(text: &str, rules: Rules) -> Result<E, String> {
    let Rules { deepest, strict } = rules;
    if strict.is_some()
        && let Some(character) = text.chars().find(|c| !is_character(*c))
    {
        return Err(format!("it holds {character:?}, which XML does not know"));
    }
    let mut reader = Reader::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    let mut tree: Tree<E> = Tree {
        open: Vec::new(),
        root: None,
    };
    let mut begun = false;
    loop {
        let is_first = !std::mem::replace(&mut begun, true);
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(_) if strict.is_some() && tree.root.is_some() => {
                return Err("it goes on after its root element".to_owned());
            }
            Event::Start(_) if tree.open.len() >= deepest => {
                return Err(format!("it nests deeper than {deepest} elements"));
            }
            Event::Start(start) => tree.open.push(begin(start, strict)?),
            Event::Empty(empty) => tree.close(begin(empty, strict)?)?,
            Event::End(_) => {
                let element = tree.open.pop().ok_or("it closes what it did not open")?;
                tree.close(element)?;
            }
            Event::Text(text) if strict.is_some() && text.contains("]]>") => {
                return Err("it holds `]]>` outside a CDATA section".to_owned());
            }
            Event::Text(text) => tree.add_text(&text.xml10_content())?,
            Event::CData(text) => tree.add_text(&text.xml10_content())?,
            Event::GeneralRef(entity) => {
                let character = character(&entity, strict)?;
                tree.add_text(character.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Decl(_) if strict.is_none() => {}
            Event::Decl(declaration) if is_first => check_encoding(&declaration)?,
            Event::Decl(_) => return Err("its XML declaration does not come first".to_owned()),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (tree.open.last(), tree.root) {
        (Some(element), _) => Err(format!("<{}> is not closed", element.name())),
        (None, Some(root)) => Ok(root),
        (None, None) => Err("it has no root element".to_owned()),
    }
}

fn begin<E: Element>(start: BytesStart<'_>, strict: Option<Strict>) -> Result<E, String> {
    let start = Start(start);
    if let Some(strict) = strict {
        start.check(strict)?;
    }
    E::begin(&start)
}

/// The document as far as it was read.
struct Tree<E> {
    /// The elements whose end has not come yet, the root first.
    open: Vec<E>,
    root: Option<E>,
}

impl<E: Element> Tree<E> {
    fn close(&mut self, mut element: E) -> Result<(), String> {
        element.end();
        match self.open.last_mut() {
            Some(parent) => parent.add_child(element),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err("it has a second root element".to_owned()),
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => element.add_text(text),
            None if text.trim().is_empty() => {}
            None => return Err("it has text outside its root element".to_owned()),
        }
        Ok(())
    }
}

/// What is read is UTF-8, whatever else it says it is.
fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), String> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(format!("it is announced as {name}; UTF-8 is what is read")),
        Some(Err(error)) => Err(error.to_string()),
    }
}

/// What `&…;` stands for: one of the five that XML itself knows, or a character's number.
fn character(entity: &BytesRef<'_>, strict: Option<Strict>) -> Result<char, String> {
    let number = entity
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    if let Some(character) = number {
        return match strict.is_none() || is_character(character) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const LENIENT: Rules = Rules {
        deepest: 3,
        strict: None,
    };
    const STRICT: Rules = Rules {
        deepest: 3,
        strict: Some(Strict {
            attributes_at_most: 2,
        }),
    };

    /// All that a reader was told of an element.
    struct Tree {
        name: String,
        content: String,
    }

    impl Element for Tree {
        fn begin(start: &Start<'_>) -> Result<Self, String> {
            let mut name = format!("{}|{}", start.name(), start.local_name());
            for (key, value) in start.attributes()? {
                name += &format!(" {key}={value:?}");
            }
            let content = String::new();
            Ok(Tree { name, content })
        }

        fn name(&self) -> &str {
            &self.name
        }

        fn add_text(&mut self, text: &str) {
            self.content += text;
        }

        fn add_child(&mut self, child: Self) {
            self.content += &child.content;
        }

        fn end(&mut self) {
            self.content = format!("{}[{}]", self.name, self.content);
        }
    }

    fn told(text: &str, rules: Rules) -> Result<String, String> {
        read(text, rules).map(|root: Tree| root.content)
    }

    #[test]
    fn a_document_is_told_as_it_stands_whatever_the_rules() {
        let told_of = [
            ("<a/>", "a|a[]"),
            (
                "\u{FEFF}<?xml version='1.0' encoding='utf-8'?>\n<a>b</a>\n",
                "a|a[b]",
            ),
            (
                "<a>1<n:b x='&lt;\n' w=\"&#65;\"/>2<!-- c --><?d e?></a>",
                "a|a[1n:b|b x=\"< \" w=\"A\"[]2]",
            ),
            (
                "<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x42;<![CDATA[<&]]>\r\n</a>",
                "a|a[<>&'\"AB<&\n]",
            ),
            ("<a><b><c/></b></a>", "a|a[b|b[c|c[]]]"),
        ];
        for (text, expected) in told_of {
            for rules in [LENIENT, STRICT] {
                assert_eq!(told(text, rules).as_deref(), Ok(expected), "{text}");
            }
        }
    }

    #[test]
    fn what_nobody_can_read_is_refused_whatever_the_rules() {
        for (text, expected) in [
            ("", "it has no root element"),
            ("<!-- a -->", "it has no root element"),
            ("<a><b></b>", "<a|a> is not closed"),
            ("<a/><b/>", "it has a second root element"),
            ("<a/>b", "it has text outside its root element"),
            ("&#65;<a/>", "it has text outside its root element"),
            ("<!DOCTYPE a><a/>", "it has a document type"),
            ("<a>&b;</a>", "&b; stands for nothing"),
            (
                "<a><b><c><d></d></c></b></a>",
                "it nests deeper than 3 elements",
            ),
        ] {
            for rules in [LENIENT, STRICT] {
                assert_eq!(told(text, rules), Err(expected.to_owned()), "{text}");
            }
        }
    }

    #[test]
    fn what_a_reader_can_pass_over_is_refused_only_by_the_strict() {
        for (text, expected) in [
            ("<a>\u{1}</a>", "it holds '\\u{1}', which XML does not know"),
            ("<a>&#1;</a>", "'\\u{1}' is nothing that XML knows"),
            ("<a>]]></a>", "it holds `]]>` outside a CDATA section"),
            ("<a b='<'/>", "an attribute holds `<`"),
            (
                "<a b='' c='' d=''/>",
                "an element has more than 2 attributes",
            ),
            (
                " <?xml version='1.0'?><a/>",
                "its XML declaration does not come first",
            ),
            (
                "<?xml version='1.0' encoding='UTF-16'?><a/>",
                "it is announced as UTF-16; UTF-8 is what is read",
            ),
        ] {
            assert!(told(text, LENIENT).is_ok(), "{text}");
            assert_eq!(told(text, STRICT), Err(expected.to_owned()), "{text}");
        }
        // Both refuse it, the strict as soon as it begins.
        let (text, later) = ("<a/><b></b>", "it has a second root element");
        assert_eq!(told(text, LENIENT), Err(later.to_owned()));
        let at_once = "it goes on after its root element";
        assert_eq!(told(text, STRICT), Err(at_once.to_owned()));
    }
}
