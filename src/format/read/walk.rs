//! Holds a tree against a JSON Schema: reports every key and value that does not fit, and cuts it out.

use std::collections::HashMap;
use std::mem;

use serde_json::Value;

use super::shape::{
    self, Shape, did_you_mean, expected, found, keys_of, may_be, one_of, quoted, words,
};
use super::tree::{Kind, Node};
use super::{Dropped, Fault, missing_key, number};
use crate::place::{Spot, nearest};

/// The schema that everything fits.
static ANYTHING: Value = Value::Bool(true);

/// Keys whose value names the record they stand in.
const NAMING: [&str; 5] = ["id", "key", "username", "user", "client_id"];

/// Keys whose value, or what stands in its place by mistake, is never shown.
const SECRET: [&str; 9] = [
    "token",
    "refresh_token",
    "code",
    "codes",
    "expired_jwts",
    "client_secret",
    "password",
    "jwt_secret",
    "credentials",
];

/// Cuts all that does not fit `schema` out of `root`. The flag says whether the root itself is sound.
pub(super) fn prune(root: &mut Node<'_>, schema: &Value) -> (bool, Vec<Fault>, Dropped) {
    let mut walk = Walk {
        schema,
        faults: Vec::new(),
        dropped: Dropped::default(),
        at_the_top: true,
    };
    let sound = walk.fits(root, schema, "the file", "the file");
    (sound, walk.faults, walk.dropped)
}

struct Walk<'s> {
    schema: &'s Value,
    faults: Vec<Fault>,
    dropped: Dropped,
    /// No mapping was entered yet.
    at_the_top: bool,
}

/// A mapping that is being walked through.
struct Place<'s, 'n> {
    /// Where it is written.
    written: Spot,
    /// Where it is used.
    used: Spot,
    /// What reports call it.
    name: &'n str,
    /// The form it has, unless any will do.
    shape: Option<Shape<'s>>,
    /// The keys that the form declares.
    declared: Vec<&'s str>,
    /// The keys that it must have.
    required: Vec<&'s str>,
}

impl<'s, 'n> Place<'s, 'n> {
    fn new(node: (Spot, Spot), name: &'n str, shape: Option<Shape<'s>>) -> Self {
        let required = shape.and_then(|shape| shape.get("required")?.as_array());
        Place {
            written: node.0,
            used: node.1,
            name,
            shape,
            declared: shape.map(keys_of).unwrap_or_default(),
            required: required
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
        }
    }

    /// The declared key that was meant, or what was written.
    fn meant<'k>(&self, key: &'k str) -> &'k str
    where
        's: 'k,
    {
        if self.declared.contains(&key) {
            return key;
        }
        nearest(key, self.declared.iter().copied()).unwrap_or(key)
    }
}

impl<'s> Walk<'s> {
    /// Whether the value, called `name` in reports, fits once its faulty parts are cut out. `path` is what
    /// reports call it where something is in it.
    fn fits(&mut self, node: &mut Node<'_>, schema: &'s Value, name: &str, path: &str) -> bool {
        let shapes = shape::shapes(self.schema, schema);
        let anything = shapes.is_empty();
        let blank = node.is_null();
        let spots = (node.written, node.used);
        let fits = match &mut node.kind {
            Kind::Scalar { .. } if anything => true,
            Kind::Scalar { .. } if blank => shapes.iter().any(|shape| may_be(shape, "null")),
            Kind::Scalar { text, style } => shapes
                .iter()
                .any(|shape| shape::accepts(shape, text, *style)),
            Kind::List(items) => {
                let list = shapes.iter().find(|shape| may_be(shape, "array"));
                let schema = list
                    .and_then(|shape| shape.get("items"))
                    .unwrap_or(&ANYTHING);
                let fits = anything || list.is_some();
                if fits {
                    self.keep_sound_items(items, schema, name);
                }
                fits
            }
            Kind::Map(entries) if anything => {
                return self.mapping_fits(&Place::new(spots, path, None), entries);
            }
            Kind::Map(entries) => {
                let mappings = shape::mappings(&shapes);
                match shape::meant(&mappings, entries) {
                    Some(meant) => {
                        return self.mapping_fits(&Place::new(spots, path, Some(meant)), entries);
                    }
                    None if entries.is_empty() || mappings.is_empty() => false,
                    None => {
                        let known: Vec<_> =
                            mappings.iter().flat_map(|shape| keys_of(shape)).collect();
                        for (key, _) in entries {
                            self.report_unknown(key, &known, path);
                        }
                        return false;
                    }
                }
            }
        };
        if !fits {
            self.report_wrong(node, &shapes, name);
        }
        fits
    }

    fn keep_sound_items(&mut self, items: &mut Vec<Node<'_>>, schema: &'s Value, name: &str) {
        let name = format!("an item of {name}");
        items.retain_mut(|item| {
            let fits = self.fits(item, schema, &name, &name);
            if !fits {
                self.dropped.unknown |= is_nameless(item);
                drop_record(item, &mut self.dropped);
            }
            fits
        });
    }

    /// Whether a mapping has all its required keys, once the faulty ones are cut out. A text that it
    /// lacks is put in empty, so that the rest of a record is looked through all the same.
    fn mapping_fits(
        &mut self,
        place: &Place<'s, '_>,
        entries: &mut Vec<(Node<'_>, Node<'_>)>,
    ) -> bool {
        let at_the_top = mem::take(&mut self.at_the_top);
        let mut seen = HashMap::new();
        let mut is_maimed = false;
        let mut is_maimed_beside_its_name = false;
        entries.retain_mut(|(key, value)| {
            let before = self.faults.len();
            let fits = self.entry_fits(key, value, place, &mut seen);
            if at_the_top
                && self.faults.len() > before
                && let Some(text) = key.text()
            {
                self.dropped.keys.insert(place.meant(text).to_owned());
            }
            if !fits {
                is_maimed = true;
                is_maimed_beside_its_name |= !is_naming(key);
                drop_record(value, &mut self.dropped);
            }
            fits
        });
        if is_maimed {
            self.dropped.maimed.insert(place.used);
            let named = entries.iter().filter(|(key, _)| is_naming(key));
            self.dropped
                .maimed
                .extend(named.map(|(_, value)| value.used));
        }
        for key in place
            .required
            .iter()
            .filter(|key| !seen.contains_key(**key))
        {
            self.faults
                .push(Fault::new(place.written, missing_key(key)));
        }
        let mut fits = true;
        for required in &place.required {
            if entries.iter().any(|(key, _)| key.text() == Some(required)) {
                continue;
            }
            let schema = self.schema_of(required, place.shape);
            if !schema.is_some_and(|schema| shape::takes_text(self.schema, schema)) {
                fits = false;
                continue;
            }
            let key = Node::key(required);
            if is_maimed_beside_its_name && is_naming(&key) {
                self.dropped.maimed.insert(Spot::default());
            }
            entries.push((key, Node::stand_in()));
        }
        fits
    }

    /// Whether an entry of a mapping may stay. `seen` knows the lines of the keys before it.
    fn entry_fits(
        &mut self,
        key: &Node<'_>,
        value: &mut Node<'_>,
        place: &Place<'s, '_>,
        seen: &mut HashMap<String, u32>,
    ) -> bool {
        let Some(text) = key.text() else {
            let what = format!("a key of {} is {}, expected text", place.name, found(key));
            self.faults.push(Fault::new(key.written, what));
            return false;
        };
        if let Some(first) = seen.get(text) {
            let what = format!("duplicate key {}, first at line {first}", quoted(text));
            self.faults.push(Fault::new(key.written, what));
            return false;
        }
        seen.insert(text.to_owned(), key.written.line);
        let may_be_blank = place.declared.contains(&text) && !place.required.contains(&text);
        match self.schema_of(text, place.shape) {
            // Such a key may be left blank as well as out.
            Some(_) if value.is_null() && may_be_blank => true,
            Some(schema) => {
                let name = quoted(text);
                // Within a mapping that has a name itself.
                let path = match place.name.strip_prefix('`') {
                    Some(outer) => format!("`{}.{}", outer.trim_end_matches('`'), &name[1..]),
                    None => name.clone(),
                };
                self.fits(value, schema, &name, &path)
            }
            None => {
                let names = place.shape.map(|shape| self.names(shape));
                let known = [&*place.declared, &*names.unwrap_or_default()].concat();
                self.report_unknown(key, &known, place.name);
                false
            }
        }
    }

    /// The schema of the value under `key`; none if there may be no such key.
    fn schema_of(&self, key: &str, shape: Option<Shape<'s>>) -> Option<&'s Value> {
        let Some(shape) = shape else {
            return Some(&ANYTHING);
        };
        let properties = shape.get("properties").and_then(Value::as_object);
        if let Some(schema) = properties.and_then(|properties| properties.get(key)) {
            return Some(schema);
        }
        let names = self.names(shape);
        if !names.is_empty() && !names.contains(&key) {
            return None;
        }
        match shape.get("additionalProperties").unwrap_or(&ANYTHING) {
            Value::Bool(false) => None,
            schema => Some(schema),
        }
    }

    /// The names that keys may have, beside `properties`; none if they are free.
    fn names(&self, shape: Shape<'s>) -> Vec<&'s str> {
        let Some(schema) = shape.get("propertyNames") else {
            return Vec::new();
        };
        let shapes = shape::shapes(self.schema, schema);
        shapes.iter().flat_map(|shape| words(shape)).collect()
    }

    fn report_unknown(&mut self, key: &Node<'_>, known: &[&str], name: &str) {
        let text = key.text().unwrap_or_default();
        // `token:abc` is one word.
        let split = text.split_once(':').filter(|(key, _)| known.contains(key));
        let (shown, cure) = match split {
            Some((key, _)) => (format!("`{key}:…`"), Some(SPACE.to_owned())),
            None => (quoted(text), did_you_mean(text, known)),
        };
        let what = format!("unknown key {shown} in {name}, expected {}", one_of(known));
        let fault = Fault::new(key.written, what).with_cure(cure);
        self.faults.push(fault);
    }

    fn report_wrong(&mut self, node: &Node<'_>, shapes: &[Shape<'s>], name: &str) {
        let words: Vec<_> = shapes.iter().flat_map(|shape| words(shape)).collect();
        let cure = || node.text().and_then(|text| did_you_mean(text, &words));
        let (found, cure) = match shape::needless(node, shapes) {
            Some((found, cure)) => (found, Some(cure.to_owned())),
            None if is_colon_alone(node, shapes) => (found(node), Some(SPACE.to_owned())),
            None => (found(node), cure()),
        };
        let is_secret = SECRET.iter().any(|key| name.ends_with(&format!("`{key}`")));
        let found = match node.kind {
            Kind::Scalar { .. } if is_secret && node.plain().is_some_and(number::is_no_text) => {
                "a boolean or a fraction".to_owned()
            }
            Kind::Scalar { .. } if is_secret && !node.is_null() => "text".to_owned(),
            _ => found,
        };
        let what = format!("{name} is {found}, expected {}", expected(shapes));
        self.faults
            .push(Fault::new(node.written, what).with_cure(cure));
    }
}

/// The cure for `key:value`.
const SPACE: &str = "a space belongs behind the colon";

/// Whether a mapping is wanted and its key and value are one word. Ids have colons too: a word whose
/// beginning is no key of the mapping is not said to lack a space.
fn is_colon_alone(node: &Node<'_>, shapes: &[Shape<'_>]) -> bool {
    let is_free = |key: &str| {
        !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let Some((key, rest)) = node.plain().and_then(|text| text.split_once(':')) else {
        return false;
    };
    let mappings = shape::mappings(shapes);
    let mut keys = mappings.iter().map(|shape| shape::keys_of(shape));
    keys.any(|keys| {
        if keys.is_empty() {
            is_free(key) && !rest.starts_with("//")
        } else {
            keys.contains(&key)
        }
    })
}

/// Notes which ids go missing with a value.
pub(super) fn drop_record(node: &Node<'_>, dropped: &mut Dropped) {
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(items) => {
            for item in items {
                dropped.unknown |= is_nameless(item);
                drop_record(item, dropped);
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                match value.text() {
                    Some(_) if value.is_stand_in() => {}
                    Some(text) if is_naming(key) => {
                        dropped.ids.insert(text.to_lowercase());
                    }
                    _ => {
                        // Where records should stand in a list, their names are keys.
                        if let (Some(name), Kind::Map(_)) = (key.text(), &value.kind) {
                            dropped.ids.insert(name.to_lowercase());
                        }
                        drop_record(value, dropped);
                    }
                }
            }
        }
    }
}

/// Whether a record has no name, perhaps because the name is the very thing that is faulty.
pub(super) fn is_nameless(record: &Node<'_>) -> bool {
    match &record.kind {
        Kind::Map(entries) => !entries
            .iter()
            .any(|(key, value)| value.text().is_some() && !value.is_stand_in() && is_naming(key)),
        Kind::Scalar { .. } | Kind::List(_) => false,
    }
}

/// Whether the value under this key names the record.
fn is_naming(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| NAMING.contains(&key))
}
