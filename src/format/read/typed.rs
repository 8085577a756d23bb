//! Reads a typed value from a tree, places included.

use std::collections::HashSet;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::tree::{Kind, Node, Style};
use super::walk::{drop_record, is_nameless};
use super::{Dropped, Fault, missing_key, number};
use crate::format::native::TEXT;
use crate::place::{PLACED, Spot};

/// How many faults that only the types know are reported of one file.
const MAX_FAULTS: usize = 100;

/// Reads `root` if no type refuses anything of it.
pub(super) fn sound<T: DeserializeOwned>(root: &Node<'_>) -> Option<T> {
    T::deserialize(Reader::of(root)).ok()
}

/// Reads `root`. What a type refuses though the schema allows it is reported, cut out, and the rest read again.
pub(super) fn read<T: DeserializeOwned>(
    root: &mut Node<'_>,
    faults: &mut Vec<Fault>,
    dropped: &mut Dropped,
) -> Option<T> {
    let mut cut_from = HashSet::new();
    for _ in 0..MAX_FAULTS {
        let refusal = match T::deserialize(Reader::of(root)) {
            Ok(value) => return Some(value),
            Err(refusal) => *refusal.0,
        };
        let spot = refusal.spot.unwrap_or(root.written);
        // What a mapping lacks because it was cut out has been reported as what it was.
        let is_known = refusal.is_lack && cut_from.contains(&spot) || spot.is_nowhere();
        if !is_known {
            faults.push(Fault::new(spot, refusal.what));
        }
        if refusal.path.is_empty() {
            break;
        }
        if let (Kind::Map(entries), Some(step)) = (&root.kind, refusal.path.last())
            && let Some(key) = entries.get(*step).and_then(|(key, _)| key.text())
        {
            dropped.keys.insert(key.to_owned());
        }
        cut_from.insert(cut(root, &refusal.path, dropped));
    }
    dropped.unknown = true;
    None
}

/// Removes the node at the end of `path`, whose last step comes first; says where its parent stands.
fn cut(node: &mut Node<'_>, path: &[usize], dropped: &mut Dropped) -> Spot {
    let spot = node.written;
    let Some((step, inner)) = path.split_last() else {
        return spot;
    };
    let last = inner.is_empty();
    match &mut node.kind {
        Kind::List(items) if last => {
            let item = items.remove(*step);
            dropped.unknown |= is_nameless(&item);
            drop_record(&item, dropped);
        }
        Kind::Map(entries) if last => drop_record(&entries.remove(*step).1, dropped),
        Kind::List(items) => return cut(&mut items[*step], inner, dropped),
        Kind::Map(entries) => return cut(&mut entries[*step].1, inner, dropped),
        Kind::Scalar { .. } => {}
    }
    spot
}

/// Why a type did not take a value, and the way to that value. In a box, as nearly every value is taken.
#[derive(Debug)]
struct Refusal(Box<Why>);

#[derive(Debug)]
struct Why {
    what: String,
    /// A required key is not there.
    is_lack: bool,
    spot: Option<Spot>,
    /// Positions within lists and mappings, the innermost first.
    path: Vec<usize>,
}

// None of these is part of the code of each type.
impl Refusal {
    #[cold]
    #[inline(never)]
    fn new(what: String, is_lack: bool) -> Refusal {
        Refusal(Box::new(Why {
            what,
            is_lack,
            spot: None,
            path: Vec::new(),
        }))
    }

    #[cold]
    #[inline(never)]
    fn at(mut self, node: &Node<'_>) -> Refusal {
        self.0.spot.get_or_insert(node.written);
        self
    }

    #[cold]
    #[inline(never)]
    fn below(mut self, step: usize) -> Refusal {
        self.0.path.push(step);
        self
    }

    /// Half an enum is none: what is wrong within it is wrong with all of it.
    #[cold]
    #[inline(never)]
    fn of_the_whole(mut self) -> Refusal {
        self.0.path.clear();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<M: fmt::Display>(message: M) -> Refusal {
        Refusal::new(message.to_string(), false)
    }

    fn missing_field(field: &'static str) -> Refusal {
        Refusal::new(missing_key(field), true)
    }
}

#[derive(Clone, Copy)]
struct Reader<'n, 'a> {
    node: &'n Node<'a>,
    /// It is the value of a struct's field: one that is left blank (`users:`) stands for an empty list or
    /// mapping.
    is_field: bool,
}

impl<'n, 'a> Reader<'n, 'a> {
    fn of(node: &'n Node<'a>) -> Self {
        Reader {
            node,
            is_field: false,
        }
    }

    fn is_left_blank(self) -> bool {
        self.is_field && self.node.is_null()
    }
}

impl Reader<'_, '_> {
    fn refuse<T>(self, expected: &dyn de::Expected) -> Result<T, Refusal> {
        Err(self.refusal(expected))
    }

    #[cold]
    #[inline(never)]
    fn refusal(self, expected: &dyn de::Expected) -> Refusal {
        let unexpected = match &self.node.kind {
            Kind::Scalar { .. } if self.node.is_null() => de::Unexpected::Unit,
            Kind::Scalar { text, .. } => de::Unexpected::Str(text),
            Kind::List(_) => de::Unexpected::Seq,
            Kind::Map(_) => de::Unexpected::Map,
        };
        let refusal: Refusal = de::Error::invalid_type(unexpected, expected);
        refusal.at(self.node)
    }

    fn list<'de, V: Visitor<'de>>(
        self,
        items: &[Node<'_>],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor
            .visit_seq(Items { items, next: 0 })
            .map_err(|refusal| refusal.at(self.node))
    }

    fn map<'de, V: Visitor<'de>>(
        self,
        entries: &[(Node<'_>, Node<'_>)],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor
            .visit_map(Entries {
                entries,
                next: 0,
                are_fields: false,
            })
            .map_err(|refusal| refusal.at(self.node))
    }
}

macro_rules! whole_numbers {
    ($($ask:ident => $answer:ident: $number:ty),+ $(,)?) => {$(
        fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            let value = self.node.plain().and_then(number::integer);
            match value.and_then(|value| <$number>::try_from(value).ok()) {
                Some(value) => visitor.$answer(value).map_err(|refusal: Refusal| refusal.at(self.node)),
                None => self.refuse(&visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let (text, style) = match &self.node.kind {
            Kind::List(items) => return self.list(items, visitor),
            Kind::Map(entries) => return self.map(entries, visitor),
            Kind::Scalar { text, style } => (text, *style),
        };
        let answer = match Look::of(text, style) {
            Look::Text => visitor.visit_str(text),
            Look::Null => visitor.visit_unit(),
            Look::Boolean(value) => visitor.visit_bool(value),
            Look::Whole(value) => visitor.visit_u64(value),
            Look::Negative(value) => visitor.visit_i64(value),
            Look::Float(value) => visitor.visit_f64(value),
        };
        answer.map_err(|refusal: Refusal| refusal.at(self.node))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.node.plain().and_then(number::boolean) {
            Some(value) => visitor.visit_bool(value),
            None => self.refuse(&visitor),
        }
    }

    whole_numbers! {
        deserialize_u8 => visit_u8: u8, deserialize_u16 => visit_u16: u16,
        deserialize_u32 => visit_u32: u32, deserialize_u64 => visit_u64: u64,
        deserialize_i8 => visit_i8: i8, deserialize_i16 => visit_i16: i16,
        deserialize_i32 => visit_i32: i32, deserialize_i64 => visit_i64: i64,
        deserialize_i128 => visit_i128: i128, deserialize_u128 => visit_u128: u128,
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let value = match self.node.plain() {
            Some(text) if !led_by_zero(text) => number::float(text),
            Some(_) | None => None,
        };
        match value.filter(|value| value.is_finite()) {
            Some(value) => visitor
                .visit_f64(value)
                .map_err(|refusal: Refusal| refusal.at(self.node)),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.node.text().filter(|_| !self.node.is_null()) {
            Some(text) => visitor
                .visit_str(text)
                .map_err(|refusal: Refusal| refusal.at(self.node)),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.node.text() {
            Some(text) => visitor
                .visit_str(text)
                .map_err(|refusal: Refusal| refusal.at(self.node)),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        // What can do without the value needs nothing in its place.
        if self.node.is_null() || self.node.is_stand_in() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        if name == PLACED {
            visitor.visit_seq(Placed {
                node: self.node,
                next: 0,
            })
        } else if name == TEXT {
            if self.node.plain().is_some_and(number::is_no_text) {
                self.refuse(&visitor)
            } else {
                self.deserialize_str(visitor)
            }
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let answer = match &self.node.kind {
            Kind::Scalar { text, .. } => visitor.visit_enum(StrDeserializer::<Refusal>::new(text)),
            Kind::Map(entries) => match entries.as_slice() {
                [(key, value)] => visitor.visit_enum(Variant { key, value }),
                _ => self.refuse(&"a mapping with one key"),
            },
            Kind::List(_) => self.refuse(&visitor),
        };
        answer.map_err(|refusal| refusal.at(self.node))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match &self.node.kind {
            Kind::List(items) => self.list(items, visitor),
            Kind::Scalar { .. } if self.is_left_blank() => self.list(&[], visitor),
            Kind::Scalar { .. } | Kind::Map(_) => self.refuse(&visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match &self.node.kind {
            Kind::Map(entries) => self.map(entries, visitor),
            Kind::Scalar { .. } if self.is_left_blank() => self.map(&[], visitor),
            Kind::Scalar { .. } | Kind::List(_) => self.refuse(&visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let entries = match &self.node.kind {
            Kind::Map(entries) => entries.as_slice(),
            Kind::Scalar { .. } if self.is_left_blank() => &[],
            Kind::Scalar { .. } | Kind::List(_) => return self.refuse(&visitor),
        };
        visitor
            .visit_map(Entries {
                entries,
                next: 0,
                are_fields: true,
            })
            .map_err(|refusal| refusal.at(self.node))
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

/// What a scalar looks like.
enum Look {
    Text,
    Null,
    Boolean(bool),
    Whole(u64),
    Negative(i64),
    Float(f64),
}

impl Look {
    /// Not part of the code of each type.
    #[inline(never)]
    fn of(text: &str, style: Style) -> Look {
        if style != Style::Plain {
            return Look::Text;
        }
        if number::is_null(text) {
            return Look::Null;
        }
        if let Some(value) = number::boolean(text) {
            return Look::Boolean(value);
        }
        let whole = number::integer(text);
        if let Some(value) = whole.and_then(|value| u64::try_from(value).ok()) {
            return Look::Whole(value);
        }
        if let Some(value) = whole.and_then(|value| i64::try_from(value).ok()) {
            return Look::Negative(value);
        }
        match number::float(text).filter(|value| value.is_finite() && !led_by_zero(text)) {
            Some(value) => Look::Float(value),
            None => Look::Text,
        }
    }
}

/// `007` keeps its zeros: it is text.
fn led_by_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

struct Items<'n, 'a> {
    items: &'n [Node<'a>],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some(item) = self.items.get(self.next) else {
            return Ok(None);
        };
        let step = self.next;
        self.next += 1;
        let value = seed.deserialize(Reader::of(item));
        value
            .map(Some)
            .map_err(|refusal| refusal.at(item).below(step))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

struct Entries<'n, 'a> {
    entries: &'n [(Node<'a>, Node<'a>)],
    next: usize,
    /// They are the fields of a struct.
    are_fields: bool,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some((key, _)) = self.entries.get(self.next) else {
            return Ok(None);
        };
        let value = seed.deserialize(Reader::of(key));
        value
            .map(Some)
            .map_err(|refusal| refusal.at(key).below(self.next))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        let Some((_, value)) = self.entries.get(self.next) else {
            return Err(de::Error::custom("a value was asked for without its key"));
        };
        let step = self.next;
        self.next += 1;
        let reader = Reader {
            node: value,
            is_field: self.are_fields,
        };
        seed.deserialize(reader)
            .map_err(|refusal| refusal.at(value).below(step))
    }
}

/// `{variant: content}`.
struct Variant<'n, 'a> {
    key: &'n Node<'a>,
    value: &'n Node<'a>,
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Refusal;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refusal> {
        let variant = seed
            .deserialize(Reader::of(self.key))
            .map_err(|refusal| refusal.at(self.key))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        if self.value.is_null() {
            Ok(())
        } else {
            Reader::of(self.value).refuse(&"nothing")
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refusal> {
        seed.deserialize(Reader::of(self.value))
            .map_err(|refusal| refusal.at(self.value).of_the_whole())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        Reader::of(self.value)
            .deserialize_seq(visitor)
            .map_err(|refusal| refusal.of_the_whole())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        Reader::of(self.value)
            .deserialize_map(visitor)
            .map_err(|refusal| refusal.of_the_whole())
    }
}

/// A value that wants to know its place: line, column and value.
struct Placed<'n, 'a> {
    node: &'n Node<'a>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Placed<'_, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let step = self.next;
        self.next += 1;
        let part = match step {
            0 => seed.deserialize(self.node.used.line.into_deserializer()),
            1 => seed.deserialize(self.node.used.column.into_deserializer()),
            _ => seed.deserialize(Reader::of(self.node)),
        };
        part.map(Some)
    }
}
