//! Which plain scalars are null, booleans and numbers: YAML 1.2, as the YAML crate reads typed values.

/// A value left blank.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// `true` and `false`; never `yes`, `no`, `on`, `off`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A whole number: decimal without a leading zero, or `0x`, `0o`, `0b`. No underscores: so parted it is text.
pub(super) fn integer(text: &str) -> Option<i128> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixed = |low, high| rest.strip_prefix(low).or_else(|| rest.strip_prefix(high));
    let (radix, digits) = if let Some(digits) = prefixed("0x", "0X") {
        (16, digits)
    } else if let Some(digits) = prefixed("0o", "0O") {
        (8, digits)
    } else if let Some(digits) = prefixed("0b", "0B") {
        (2, digits)
    } else if rest.starts_with('0') && rest != "0" {
        return None;
    } else {
        (10, rest)
    };
    // Rust also reads a second sign.
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let size = i128::from_str_radix(digits, radix).ok()?;
    Some(if negative { -size } else { size })
}

/// A number, whole or not.
pub(super) fn float(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    match unsigned {
        ".inf" | ".Inf" | ".INF" => Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        // Rust also reads `inf` and `nan`, which are words here.
        _ => text.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}

/// Whether a plain scalar is a boolean, or a number that is not whole or not written as if it were, and so
/// is text in quotes only.
pub(in crate::format) fn is_no_text(text: &str) -> bool {
    // Most texts are neither, which their first letter tells.
    let is_candidate =
        text.starts_with(|first: char| first.is_ascii_digit() || "+-.tTfF".contains(first));
    let is_fraction = || {
        let value = float(text);
        value.is_some_and(|value| text.contains('.') || value.fract() != 0.0)
    };
    is_candidate && (boolean(text).is_some() || is_fraction())
}
