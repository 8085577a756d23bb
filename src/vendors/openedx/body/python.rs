//! Values as Python has them after reading JSON, and how Python prints them: error texts quote them.

use std::fmt::Write as _;

/// A value that Python's `json` makes.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number of any size, in decimal digits without leading zeros.
    Int(String),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// Text.
    Str(Text),
    /// A list.
    List(Vec<Value>),
    /// A dictionary, in the order in which its keys first came.
    Dict(Vec<(Text, Value)>),
}

/// Text that may hold halves of surrogate pairs, as Python's may and Rust's may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text without the halves.
    whole: String,
    /// The halves, each with the place in `whole` that it stands before.
    halves: Vec<(usize, u16)>,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text {
            whole: text.to_owned(),
            halves: Vec::new(),
        }
    }
}

impl Text {
    /// Adds what stands in the source as it is.
    pub fn push_str(&mut self, text: &str) {
        self.whole.push_str(text);
    }

    /// Adds the character of this code point, or half of one.
    pub fn push_code(&mut self, code: u32) {
        match (char::from_u32(code), u16::try_from(code)) {
            (Some(character), _) => self.whole.push(character),
            (None, Ok(half)) => self.halves.push((self.whole.len(), half)),
            (None, Err(_)) => {}
        }
    }

    /// The text. None: there are halves in it, so it cannot be sent as UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        self.halves.is_empty().then_some(&*self.whole)
    }

    /// The first half of a surrogate pair that has no other half.
    pub fn first_half(&self) -> Option<u16> {
        self.halves.first().map(|(_, half)| *half)
    }

    /// Whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.halves.is_empty() && self.whole.chars().all(is_space)
    }

    /// Whether a character is in it.
    pub fn contains(&self, character: char) -> bool {
        self.whole.contains(character)
    }

    /// The parts between the commas.
    pub fn split_at_commas(&self) -> Vec<Text> {
        let mut parts = Vec::new();
        let mut halves = self.halves.iter().peekable();
        let mut start = 0;
        for part in self.whole.split(',') {
            let end = start + part.len();
            let mut text = Text::from(part);
            while let Some((at, half)) = halves.next_if(|(at, _)| *at <= end) {
                text.halves.push((at - start, *half));
            }
            parts.push(text);
            start = end + 1;
        }
        parts
    }
}

impl Value {
    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
        }
    }

    /// Whether Python takes it for true.
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::None => false,
            Value::Bool(it) => *it,
            Value::Int(digits) => digits != "0",
            Value::Float(it) => *it != 0.0,
            Value::Str(text) => *text != Text::default(),
            Value::List(items) => !items.is_empty(),
            Value::Dict(items) => !items.is_empty(),
        }
    }

    /// Whether Python takes it for equal to 0 or to 1: `1 == 1.0 == True`.
    pub fn as_bit(&self) -> Option<bool> {
        match self {
            Value::Bool(it) => Some(*it),
            Value::Int(digits) if digits == "0" => Some(false),
            Value::Int(digits) if digits == "1" => Some(true),
            Value::Float(0.0) => Some(false),
            Value::Float(1.0) => Some(true),
            Value::Int(_) | Value::Float(_) => None,
            Value::None | Value::Str(_) | Value::List(_) | Value::Dict(_) => None,
        }
    }

    /// What `str` makes of it. None: it cannot be sent as UTF-8.
    pub fn to_str(&self) -> Option<String> {
        match self {
            Value::Str(text) => text.as_str().map(str::to_owned),
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::List(_)
            | Value::Dict(_) => {
                let mut out = String::new();
                self.write_repr(&mut out);
                Some(out)
            }
        }
    }

    /// What `repr` makes of it.
    fn write_repr(&self, out: &mut String) {
        match self {
            Value::None => out.push_str("None"),
            Value::Bool(true) => out.push_str("True"),
            Value::Bool(false) => out.push_str("False"),
            Value::Int(digits) => out.push_str(digits),
            Value::Float(number) => write_float(*number, out),
            Value::Str(text) => write_text(text, out),
            Value::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    item.write_repr(out);
                }
                out.push(']');
            }
            Value::Dict(items) => {
                out.push('{');
                for (at, (key, item)) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    write_text(key, out);
                    out.push_str(": ");
                    item.write_repr(out);
                }
                out.push('}');
            }
        }
    }
}

/// The shortest digits that read back the same; an exponent below 10⁻⁴ and from 10¹⁶ on.
fn write_float(number: f64, out: &mut String) {
    if number.is_infinite() {
        out.push_str(if number > 0.0 { "inf" } else { "-inf" });
        return;
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let fixed = number.to_string();
        out.push_str(&fixed);
        if !fixed.contains('.') {
            out.push_str(".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let exponent = exponent.abs();
        // Writing to a text cannot fail.
        let _ = write!(out, "{digits}e{sign}{exponent:02}");
    }
}

/// In single quotes, unless only double ones save an escape.
fn write_text(text: &Text, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    let mut halves = text.halves.iter().peekable();
    let ends = text.whole.char_indices().map(|(at, c)| (at, Some(c)));
    for (at, character) in ends.chain([(text.whole.len(), None)]) {
        while let Some((_, half)) = halves.next_if(|(place, _)| *place <= at) {
            let _ = write!(out, "\\u{half:04x}");
        }
        if let Some(character) = character {
            write_char(character, quote, out);
        }
    }
    out.push(quote);
}

fn write_char(character: char, quote: char, out: &mut String) {
    let code = u32::from(character);
    let _ = match character {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\\' => out.write_str("\\\\"),
        _ if character == quote => write!(out, "\\{character}"),
        _ if is_printable(character) => out.write_char(character),
        _ if code <= 0xff => write!(out, "\\x{code:02x}"),
        _ if code <= 0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Whether Python prints a character as it is. Rust goes by the same classes, but escapes what combines
/// with the character before it where there is none.
fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\0'..='\u{9f}' => false,
        _ => format!("a{character}").escape_debug().nth(1) == Some(character),
    }
}

/// Whether Python takes a character for white space. Rust leaves four separators out.
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
