//! `on` of a fault: which calls are meant, held against the tables of the vendors.

use hyper::Method;
use hyper::header::{HeaderName, HeaderValue};

use crate::faults::written::{Fields, On as Written};
use crate::faults::{Glob, On};
use crate::format::{FileId, Problems, Text, nearest};
use crate::place::{Place, cut};
use crate::platform::{Row, Vendor};

/// The calls that are meant, as far as they could be read.
pub(in crate::scenario) fn on(file: FileId, written: &Written, problems: &mut Problems) -> On {
    let Written {
        vendor,
        operation,
        method,
        path,
        query,
        headers,
        principal,
    } = written;
    let vendor = vendor.as_ref().map(|vendor| vendor.value);
    let is_there = |text: &&Place<Text>| !text.spot.is_nowhere();
    let rows = operation
        .as_ref()
        .filter(is_there)
        .and_then(|operation| rows_of(file, operation, vendor, problems));
    let method = method
        .as_ref()
        .filter(is_there)
        .and_then(|method| self::method(file, method, vendor, rows.as_deref(), problems));
    let path = path
        .as_ref()
        .filter(is_there)
        .and_then(|path| glob(file, path, problems));
    let pairs = |fields: &Option<Fields>| {
        let fields = fields.iter().flat_map(|fields| &fields.0);
        let pairs = fields.map(|(name, value)| (name.value.clone(), value.value.0.clone()));
        pairs.collect()
    };
    On {
        vendor,
        operation: rows.and_then(|rows| rows.first().map(|row| row.id)),
        method,
        path,
        query: pairs(query),
        headers: headers
            .as_ref()
            .map(|headers| fields(file, headers, problems))
            .unwrap_or_default(),
        principal: principal.as_ref().map(|it| it.value.0.clone()),
    }
}

/// The rows of these vendors.
fn rows(vendor: Option<Vendor>) -> impl Iterator<Item = (Vendor, &'static Row)> {
    let vendors = Vendor::ALL.iter().copied();
    vendors
        .filter(move |it| vendor.is_none_or(|vendor| vendor == *it))
        .flat_map(|vendor| vendor.rows().map(move |row| (vendor, row)))
}

/// The rows of an operation: one name may stand for several spellings of a call.
fn rows_of(
    file: FileId,
    operation: &Place<Text>,
    vendor: Option<Vendor>,
    problems: &mut Problems,
) -> Option<Vec<&'static Row>> {
    let name: &str = &operation.value;
    let found: Vec<_> = rows(vendor)
        .filter(|(_, row)| row.is_called(name))
        .map(|(_, row)| row)
        .collect();
    if !found.is_empty() {
        return Some(found);
    }
    let mut known: Vec<String> = Vec::new();
    for (_, row) in rows(vendor) {
        if !known.iter().any(|known| known == row.id) {
            known.push(row.id.to_owned());
        }
    }
    let whose = vendor.map_or("any vendor", Vendor::title);
    let what = format!(
        "`{}` is no operation of {whose}, expected {}",
        cut(name),
        one_of(&known)
    );
    let others = rows(None).find(|(_, row)| row.is_called(name));
    let cure = match others {
        Some((other, _)) => Some(format!("it is one of `{}`", other.name())),
        None => meant(name, &known),
    };
    problems.at(file, operation.spot, what, cure);
    None
}

/// `` `a` `` or ``one of `a`, `b` ``.
fn one_of(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}

fn meant(wrong: &str, known: &[String]) -> Option<String> {
    // A slip of the pen, else a name of another house.
    let near = nearest(wrong, known);
    let like = || crate::place::nearest(wrong, known.iter().map(String::as_str));
    let name = near.or_else(like)?;
    Some(format!("did you mean `{name}`?"))
}

/// A method that can match: one of the operation's, else one of the vendor's. Where there is GET, there is
/// HEAD; browsers ask everywhere with OPTIONS.
fn method(
    file: FileId,
    written: &Place<Text>,
    vendor: Option<Vendor>,
    operation: Option<&[&'static Row]>,
    problems: &mut Problems,
) -> Option<Method> {
    let mut known: Vec<Method> = Vec::new();
    let mut add = |method: &Method| {
        if !known.contains(method) {
            known.push(method.clone());
        }
    };
    match operation {
        Some(rows) => rows.iter().for_each(|row| add(&row.method)),
        None => {
            rows(vendor).for_each(|(_, row)| add(&row.method));
            add(&Method::OPTIONS);
        }
    }
    if known.contains(&Method::GET) {
        known.push(Method::HEAD);
    }
    let text: &str = &written.value;
    if let Some(method) = known.iter().find(|method| method.as_str() == text) {
        return Some(method.clone());
    }
    let names: Vec<String> = known.iter().map(|method| method.to_string()).collect();
    let whose = match (operation.and_then(|rows| rows.first()), vendor) {
        (Some(row), _) => format!("`{}`", row.id),
        (None, Some(vendor)) => format!("any operation of {}", vendor.title()),
        (None, None) => "any operation".to_owned(),
    };
    let what = format!(
        "`{}` is no method of {whose}, expected {}",
        cut(text),
        one_of(&names)
    );
    let cure = nearest(text, &names).map(|name| format!("did you mean `{name}`?"));
    problems.at(file, written.spot, what, cure);
    None
}

/// A path with `*` in it, that a path of a vendor can fit.
fn glob(file: FileId, written: &Place<Text>, problems: &mut Problems) -> Option<Glob> {
    let text: &str = &written.value;
    let prefix = Vendor::ALL.iter().find_map(|vendor| {
        let rest = text.strip_prefix('/')?.strip_prefix(vendor.name())?;
        rest.starts_with('/').then_some(rest)
    });
    let (wrong, cure) = if let Some(rest) = prefix {
        let cure = format!("did you mean `{}`?", cut(rest));
        ("the vendor's own path, without the prefix", Some(cure))
    } else if let Some((path, _)) = text.split_once(['?', '#']) {
        let cure = format!("did you mean `{}` and `query`?", cut(path));
        ("a path alone", Some(cure))
    } else if text.contains(['{', '}', '[', ']']) {
        ("a path in which `*` alone has a meaning", starred(text))
    } else if text.contains("**") {
        let single = text.split('*').filter(|part| !part.is_empty());
        let mut cure = single.collect::<Vec<_>>().join("*");
        if text.ends_with('*') {
            cure.push('*');
        }
        if text.starts_with('*') {
            cure.insert(0, '*');
        }
        let cure = format!("did you mean `{}`?", cut(&cure));
        ("one `*`: it stands for slashes too", Some(cure))
    } else if !text.starts_with(['/', '*']) {
        let cure = format!("did you mean `/{}`?", cut(text));
        ("a path that begins with `/` or `*`", Some(cure))
    } else {
        return Some(Glob::new(text));
    };
    let what = format!("`path` is `{}`, expected {wrong}", cut(text));
    problems.at(file, written.spot, what, cure);
    None
}

/// The path with `*` for each `{name}`.
fn starred(text: &str) -> Option<String> {
    let mut path = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        path += before;
        path.push('*');
        rest = after.split_once('}')?.1;
    }
    path += rest;
    let is_sound = !path.contains(['}', '[', ']']);
    is_sound.then(|| format!("did you mean `{}`?", cut(&path)))
}

/// Header fields whose names and values can be sent.
pub(super) fn fields(
    file: FileId,
    written: &Fields,
    problems: &mut Problems,
) -> Vec<(HeaderName, HeaderValue)> {
    let mut fields = Vec::new();
    for (name, value) in &written.0 {
        let known = HeaderName::try_from(name.value.as_str());
        if known.is_err() {
            let what = format!(
                "`{}` is no name of a header field, expected one such as X-Request-Id",
                cut(&name.value)
            );
            problems.at(file, name.spot, what, None);
        }
        let sent = HeaderValue::try_from(value.value.as_bytes());
        if sent.is_err() {
            let what = format!(
                "the value of `{}` cannot be sent, expected text on one line",
                cut(&name.value)
            );
            problems.at(file, value.spot, what, None);
        }
        if let (Ok(name), Ok(value)) = (known, sent) {
            fields.push((name, value));
        }
    }
    fields
}
