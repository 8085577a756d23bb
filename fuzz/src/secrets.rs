//! What the journal writes down holds no secret, whatever stands around it.

use enrollmock::internals::journal::mask;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

/// The secret.
const SECRET: &str = "Zq7XvW3pKj9RsYt2";

/// How secrets are called.
const NAMES: &[&str] = &["password", "client_secret", "access_token", "refresh_token"];

/// Puts a secret among the bytes as the first byte says, and looks for it in what is kept.
pub fn are_masked(data: &[u8]) {
    let Some(([how, name], around)) = data.split_first_chunk::<2>() else {
        return;
    };
    let name = NAMES[usize::from(*name) % NAMES.len()];
    let text = String::from_utf8_lossy(around);
    // The fuzzer learns it from the comparison.
    if text.contains(SECRET) {
        return;
    }
    match how % 7 {
        // Bytes as they come: the mask adds no more than itself.
        0 => {
            let kept = mask::body(around);
            let names = around.len() / 4 + 1;
            assert!(kept.len() <= around.len() + names * mask::MASK.len());
            mask::sentence(text.clone().into_owned());
            mask::text(&text);
        }
        1 => in_body(&json!({ "around": text, name: SECRET }).to_string()),
        2 => {
            let list = json!([text, { "inner": { name: SECRET } }, Value::Null]);
            in_body(&serde_json::to_string_pretty(&list).unwrap_or_default());
        }
        3 => {
            let around = percent_encode(around, NON_ALPHANUMERIC);
            in_body(&format!("{around}=1&{name}={SECRET}&x={around}"));
        }
        4 => {
            let around = quick_xml::escape::escape(&*text);
            in_body(&format!(
                "<a><b>{around}</b><{name}>{SECRET}</{name}><b>{around}</b></a>"
            ));
        }
        5 => {
            let around = percent_encode(around, NON_ALPHANUMERIC);
            let query = format!("{around}&{around}={around}&{name}={SECRET}");
            is_gone(mask::query(&query).as_bytes(), &query);
        }
        _ => in_headers(around),
    }
}

fn in_body(body: &str) {
    is_gone(&mask::body(body.as_bytes()), body);
}

fn in_headers(around: &[u8]) {
    let value = [around, b" ", SECRET.as_bytes()].concat();
    let Ok(value) = HeaderValue::from_bytes(&value) else {
        return;
    };
    for name in ["authorization", "cookie", "x-csrftoken", "x-session-token"] {
        let name = HeaderName::from_static(name);
        let headers = HeaderMap::from_iter([(name.clone(), value.clone())]);
        let masked = mask::headers(&headers);
        is_gone(masked[&name].as_bytes(), name.as_str());
    }
}

fn is_gone(kept: &[u8], of: &str) {
    let kept = String::from_utf8_lossy(kept);
    assert!(!kept.contains(SECRET), "{kept} is kept of {of}");
}
