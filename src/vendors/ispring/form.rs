//! Forms and queries as PHP reads them: `a[]=1`, `a[0]=1`, `a[id][]=1` nest.

use serde_json::{Map, Value};

/// How deep names may nest, as in PHP.
const DEEPEST: usize = 64;

/// The key of whatever nests deeper. It is no index, so a filter that nests too deep is refused
/// rather than passed over: without it the list would be that of the whole account.
const TOO_DEEP: &str = "too deep";

/// Nests the pairs by the brackets in their names. A name without brackets that comes again
/// replaces what was there or, if it is one of `lists`, joins it.
pub fn nest<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    lists: &[&str],
) -> Map<String, Value> {
    let mut root = Map::new();
    for (at, (name, value)) in pairs.enumerate() {
        let (first, keys) = keys(name);
        let appended = appended(at);
        let value = Value::String(value.to_owned());
        let joins = lists.contains(&first.as_str());
        let slot = root.entry(first).or_insert(Value::Null);
        let mut keys = keys;
        if joins && !slot.is_null() && (keys.is_empty() || slot.is_string()) {
            // `a=1&a=2` and `a=1&a[]=2` keep both.
            if slot.is_string() {
                let before = slot.take();
                put(slot, &["0"], &appended, before);
            }
            keys = vec![""];
        }
        put(slot, &keys, &appended, value);
    }
    root
}

/// The key that `[]` means for the parameter at this place. PHP counts on from the greatest number
/// in use; any number that no sender writes does as well here, where only the order counts in which
/// keys came, and is found without looking at the others.
fn appended(at: usize) -> String {
    format!("9{at:018}")
}

/// `courseIds[id][0]` is `courseIds` and the keys `id`, `0`; an unclosed bracket is part of the name.
fn keys(name: &str) -> (String, Vec<&str>) {
    let Some((first, mut rest)) = name.split_once('[') else {
        return (name.to_owned(), Vec::new());
    };
    let mut keys = Vec::new();
    loop {
        let Some((key, after)) = rest.split_once(']') else {
            return if keys.is_empty() {
                (name.to_owned(), Vec::new())
            } else {
                (first.to_owned(), keys)
            };
        };
        keys.push(key);
        if keys.len() > DEEPEST {
            return (first.to_owned(), vec![TOO_DEEP]);
        }
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => return (first.to_owned(), keys),
        }
    }
}

/// Puts `value` at `keys` below `slot`; an empty key means `appended`.
fn put(slot: &mut Value, keys: &[&str], appended: &str, value: Value) {
    let Some((key, keys)) = keys.split_first() else {
        *slot = value;
        return;
    };
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(fields) = slot {
        let key = if key.is_empty() { appended } else { key };
        let slot = fields.entry(key).or_insert(Value::Null);
        put(slot, keys, appended, value);
    }
}
