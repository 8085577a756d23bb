//! Origins that browsers may call from, in any vendor's switches.

use super::{FileId, Problems, Text};
use crate::place::{Place, cut};

/// Notes what is no origin.
pub fn check_origin(file: FileId, written: &Place<Text>, problems: &mut Problems) {
    let text: &str = &written.value;
    if is_origin(text) {
        return;
    }
    let what = format!(
        "`{}` is not an origin, expected one as browsers send it, such as https://app.example.com",
        cut(text)
    );
    let cure = origin_of(text).map(|origin| format!("did you mean `{}`?", cut(&origin)));
    problems.at(file, written.spot, what, cure);
}

/// Whether a text is what browsers send as `Origin`: no path, no slash at the end, no capital letters.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else {
        return false;
    };
    let is_scheme =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
    let is_host =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._:[]".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(is_scheme)
        && !host.is_empty()
        && host.bytes().all(is_host)
}

/// The origin of a URL.
fn origin_of(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", &text));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let origin = format!("{scheme}://{host}");
    (host.contains(['.', ':']) && is_origin(&origin)).then_some(origin)
}
