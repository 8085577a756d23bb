//! What a JSON Schema allows at one place, and how to say it in words.

use serde_json::{Map, Value};

use super::number;
use super::tree::{Kind, Node, Style};
use crate::place::{cut, nearest};

/// How many references may lead to one schema; only a schema that names itself exceeds it.
const MAX_REFERENCES: usize = 16;

/// One of the forms that a value may have.
pub(super) type Shape<'s> = &'s Map<String, Value>;

/// The forms that `schema`, a part of `root`, allows; none if it allows everything.
pub(super) fn shapes<'s>(root: &'s Value, schema: &'s Value) -> Vec<Shape<'s>> {
    let mut shapes = Vec::new();
    collect(root, schema, 0, &mut shapes);
    shapes
}

fn collect<'s>(root: &'s Value, schema: &'s Value, references: usize, shapes: &mut Vec<Shape<'s>>) {
    let Some(keywords) = schema.as_object() else {
        return;
    };
    if let Some(pointer) = keywords.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(pointer.trim_start_matches('#'));
        if let Some(target) = target.filter(|_| references < MAX_REFERENCES) {
            collect(root, target, references + 1, shapes);
        }
        return;
    }
    let choices = keywords.get("anyOf").or_else(|| keywords.get("oneOf"));
    if let Some(choices) = choices.and_then(Value::as_array) {
        for choice in choices {
            collect(root, choice, references, shapes);
        }
    } else if ["type", "const", "enum"]
        .iter()
        .any(|keyword| keywords.contains_key(*keyword))
    {
        shapes.push(keywords);
    }
}

/// Whether any text fits `schema`, a part of `root`.
pub(super) fn takes_text(root: &Value, schema: &Value) -> bool {
    let shapes = shapes(root, schema);
    let is_text = |shape: &Shape<'_>| may_be(shape, "string") && words(shape).is_empty();
    shapes.iter().any(is_text)
}

/// Whether the form names this JSON type.
pub(super) fn may_be(shape: Shape<'_>, kind: &str) -> bool {
    match shape.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|each| each == kind),
        _ => false,
    }
}

/// Whether a scalar that is not blank has this form. Text in quotes is never anything else than text.
pub(super) fn accepts(shape: Shape<'_>, text: &str, style: Style) -> bool {
    let words = words(shape);
    if !words.is_empty() {
        return words.contains(&text);
    }
    let is_text = style != Style::Plain || !is_text_or_integer(shape) || !number::is_no_text(text);
    may_be(shape, "string") && is_text || style == Style::Plain && accepts_plain(shape, text)
}

/// Whether the form is that of texts which may also be written as whole numbers.
fn is_text_or_integer(shape: Shape<'_>) -> bool {
    may_be(shape, "string") && may_be(shape, "integer")
}

/// Whether a scalar that need not be text has this form, which is not text.
fn accepts_plain(shape: Shape<'_>, text: &str) -> bool {
    may_be(shape, "boolean") && number::boolean(text).is_some()
        || may_be(shape, "number") && number::float(text).is_some_and(|value| between(shape, value))
        || may_be(shape, "integer")
            && number::integer(text).is_some_and(|value| within(shape, value))
}

fn within(shape: Shape<'_>, value: i128) -> bool {
    let (least, most) = range(shape);
    least.is_none_or(|least| least <= value) && most.is_none_or(|most| value <= most)
}

fn between(shape: Shape<'_>, value: f64) -> bool {
    let bound = |keyword| shape.get(keyword).and_then(Value::as_f64);
    // Written so that what is not a number is outside.
    bound("minimum").is_none_or(|least| least <= value)
        && bound("maximum").is_none_or(|most| value <= most)
}

/// The least and the most of a number: as the schema says, else as the number's width allows.
fn range(shape: Shape<'_>) -> (Option<i128>, Option<i128>) {
    let bound = |keyword| {
        let value = shape.get(keyword)?;
        value
            .as_i64()
            .map(i128::from)
            .or(value.as_u64().map(i128::from))
    };
    let most = match shape.get("format").and_then(Value::as_str) {
        Some("uint8") => Some(u8::MAX.into()),
        Some("uint16") => Some(u16::MAX.into()),
        Some("uint32") => Some(u32::MAX.into()),
        Some("uint" | "uint64") => Some(u64::MAX.into()),
        Some("int32") => Some(i32::MAX.into()),
        Some("int64") => Some(i64::MAX.into()),
        _ => None,
    };
    let least = match shape.get("format").and_then(Value::as_str) {
        Some("int32") => Some(i32::MIN.into()),
        Some("int64") => Some(i64::MIN.into()),
        _ => None,
    };
    (bound("minimum").or(least), bound("maximum").or(most))
}

/// The words that the form allows, if it is one of a few words.
pub(super) fn words<'s>(shape: Shape<'s>) -> Vec<&'s str> {
    let one = shape.get("const").and_then(Value::as_str);
    let several = shape
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    one.into_iter()
        .chain(several.filter_map(Value::as_str))
        .collect()
}

/// The mappings among the forms.
pub(super) fn mappings<'s>(shapes: &[Shape<'s>]) -> Vec<Shape<'s>> {
    let mappings = shapes
        .iter()
        .copied()
        .filter(|shape| may_be(shape, "object"));
    mappings.collect()
}

/// Of the mappings the one that is meant: the only one, else the one that shares most keys, if any.
pub(super) fn meant<'s>(
    mappings: &[Shape<'s>],
    entries: &[(Node<'_>, Node<'_>)],
) -> Option<Shape<'s>> {
    if let [only] = mappings {
        return Some(only);
    }
    let shared = |shape: Shape<'s>| {
        let keys = entries.iter().filter_map(|(key, _)| key.text());
        keys.filter(|key| keys_of(shape).contains(key)).count()
    };
    let scored = mappings.iter().map(|shape| (shared(shape), *shape));
    let best = scored.max_by_key(|(shared, _)| *shared);
    best.filter(|(shared, _)| *shared > 0)
        .map(|(_, shape)| shape)
}

/// The keys that a mapping declares.
pub(super) fn keys_of<'s>(shape: Shape<'s>) -> Vec<&'s str> {
    let properties = shape.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect()
}

/// What was expected, in words.
pub(super) fn expected(shapes: &[Shape<'_>]) -> String {
    let mut parts = Vec::new();
    let all_words: Vec<_> = shapes.iter().flat_map(|shape| words(shape)).collect();
    if !all_words.is_empty() {
        parts.push(one_of(&all_words));
    }
    for shape in shapes.iter().filter(|shape| words(shape).is_empty()) {
        if may_be(shape, "string") {
            parts.push("text".to_owned());
        } else if may_be(shape, "integer") {
            parts.push(in_range("a whole number", shape));
        } else if may_be(shape, "number") {
            parts.push(in_range("a number", shape));
        }
        for (kind, name) in [("boolean", "true or false"), ("array", "a list")] {
            if may_be(shape, kind) {
                parts.push(name.to_owned());
            }
        }
    }
    match mappings(shapes).as_slice() {
        [] => {}
        [_] => parts.push("a mapping".to_owned()),
        several => {
            let keys: Vec<_> = several.iter().flat_map(|shape| keys_of(shape)).collect();
            parts.push(format!("a mapping with {}", one_of(&keys)));
        }
    }
    parts.join(" or ")
}

/// `` `a` `` or ``one of `a`, `b` ``.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        _ => format!("one of {}", quoted.join(", ")),
    }
}

fn in_range(kind: &str, shape: Shape<'_>) -> String {
    match range(shape) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{kind} from {least} to {most}"),
        (Some(least), None) => format!("{kind} from {least} on"),
        (None, Some(most)) => format!("{kind} up to {most}"),
        (None, None) => kind.to_owned(),
    }
}

/// What stands there instead, in words.
pub(super) fn found(node: &Node<'_>) -> String {
    match &node.kind {
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a mapping".to_owned(),
        Kind::Scalar { .. } if node.is_null() => "blank".to_owned(),
        Kind::Scalar { text, .. } => quoted(text),
    }
}

/// What is said of text that would be right if it were not text: what it is, and the cure.
pub(super) fn needless(node: &Node<'_>, shapes: &[Shape<'_>]) -> Option<(String, &'static str)> {
    let Kind::Scalar { text, style } = &node.kind else {
        return None;
    };
    let fits = |text: &str| shapes.iter().any(|shape| accepts_plain(shape, text));
    match style {
        Style::Quoted if fits(text) => Some((
            format!("{} (text in quotes)", quoted(&format!("\"{text}\""))),
            "take the quotes off",
        )),
        Style::Text if fits(text) => {
            Some((format!("{} (text)", quoted(text)), "write the bare value"))
        }
        Style::Plain
            if number::is_no_text(text) && shapes.iter().any(|it| is_text_or_integer(it)) =>
        {
            Some((quoted(text), "put it in quotes"))
        }
        Style::Plain if text.contains('_') && fits(&text.replace('_', "")) => {
            Some((quoted(text), "leave the underscores out"))
        }
        Style::Plain | Style::Quoted | Style::Text => None,
    }
}

/// The text in backticks, not too long.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", cut(text))
}

/// The nearest of several right words, or the one that it is a part of, as a question.
pub(super) fn did_you_mean(wrong: &str, right: &[&str]) -> Option<String> {
    if right.len() < 2 {
        return None;
    }
    let folded = wrong.to_lowercase();
    let one = folded.strip_suffix('s').unwrap_or(&folded);
    let is_part = |word: &&&str| word.split('_').any(|part| part == folded || part == one);
    let whole: Vec<_> = right.iter().filter(is_part).copied().collect();
    // A part of several is none of them, unless it begins one.
    let word = match whole.as_slice() {
        [] => nearest(wrong, right.iter().copied()),
        [only] => Some(*only),
        several => {
            let mut first = several.iter().filter(|word| word.starts_with(&folded));
            first.next().filter(|_| first.next().is_none()).copied()
        }
    };
    word.map(|word| format!("did you mean `{word}`?"))
}
