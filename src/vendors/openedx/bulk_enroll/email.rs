//! E-mail addresses as Django's validator takes them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::idna::to_ascii;

/// The most characters of an address.
const LONGEST: usize = 320;

/// The most characters of a label of a domain.
const LONGEST_LABEL: usize = 63;

/// Whether a text passes for an e-mail address. A domain beyond ASCII is one if its ASCII form is.
pub fn is_email(text: &str) -> bool {
    if text.chars().count() > LONGEST {
        return false;
    }
    let Some((user, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_user = is_dot_atom(user) || is_quoted(user);
    is_user && (domain == "localhost" || is_domain(domain) || is_address(domain))
}

fn is_dot_atom(user: &str) -> bool {
    let is_atom = |c: char| is_letter_or_digit(c) || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
}

/// In double quotes; those inside and backslashes have a backslash before them.
fn is_quoted(user: &str) -> bool {
    let inside = user.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let Some(inside) = inside.filter(|_| user.len() > 1) else {
        return false;
    };
    let is_plain = |c: char| {
        matches!(c, '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '!' | '#'..='[' | ']'..='\u{7f}')
            || is_letter_beyond(c)
    };
    let is_escapable = |c: char| {
        matches!(c, '\u{1}'..='\u{9}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{7f}')
            || is_letter_beyond(c)
    };
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let is_fine = match c {
            '\\' => chars.next().is_some_and(is_escapable),
            other => is_plain(other),
        };
        if !is_fine {
            return false;
        }
    }
    true
}

/// As it is, or in its ASCII form.
fn is_domain(domain: &str) -> bool {
    is_plain_domain(domain) || to_ascii(domain).is_some_and(|ascii| is_plain_domain(&ascii))
}

/// At least two labels, the last one of two characters or more.
fn is_plain_domain(domain: &str) -> bool {
    let Some((labels, last)) = domain.rsplit_once('.') else {
        return false;
    };
    let is_long = (2..=LONGEST_LABEL).contains(&last.chars().count());
    let is_top = is_long && !last.ends_with('-') && last.chars().all(is_of_label);
    is_top && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let edges = [label.chars().next(), label.chars().next_back()];
    let has_edges = edges.into_iter().all(|c| c.is_some_and(is_letter_or_digit));
    let is_short = label.chars().count() <= LONGEST_LABEL;
    has_edges && is_short && label.chars().all(is_of_label)
}

fn is_of_label(c: char) -> bool {
    c == '-' || is_letter_or_digit(c)
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_letter_beyond(c)
}

/// Those beyond ASCII that Python's `re` takes for an I, an S or a K when case does not count.
fn is_letter_beyond(c: char) -> bool {
    matches!(c, '\u{130}' | '\u{131}' | '\u{17f}' | '\u{212a}')
}

/// `[127.0.0.1]`, `[::1]`.
fn is_address(domain: &str) -> bool {
    let inside = domain.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inside.is_some_and(|it| it.parse::<Ipv4Addr>().is_ok() || it.parse::<Ipv6Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::is_email;

    // Each was given to Django 3.2's validator.
    const ADDRESSES: &[&str] = &[
        "a@b.co",
        "A@B.CO",
        "a+tag@b.co",
        "a@localhost",
        "a@[127.0.0.1]",
        "a@[::1]",
        "a@é.co",
        "a@[::ffff:1.2.3.4]",
        "\"a\\\"b\"@c.co",
        "\"\"@b.co",
        "\"a@b\"@c.co",
        "a@b-c.d-e",
        "a@1.23",
        "a@b.-co",
        "a@xn--9ca.co",
        "ſ@b.co",
        "a@\u{212a}.co",
        "a@é.é",
        "a@b.é-",
        "a@b.c\u{3002}co",
        "a@é\u{3002}co",
        "{}|~@b.co",
        "a.b.c@d.e.fg",
        "a@b.日本",
        "a@e\u{301}.co",
        "a@नमस्ते.भारत",
        "a@🎉.co",
        "a@❤.co",
        "a@ﬁ.co",
        "a@\u{17f}\u{17f}.ß",
    ];
    const OTHERS: &[&str] = &[
        "",
        "a",
        "a@b",
        "a@b.c",
        "a@",
        "@b.co",
        ".a@b.co",
        "a.@b.co",
        "a..b@c.co",
        "a@-b.co",
        "a@b-.co",
        "a@b.co.",
        "é@b.co",
        "a@.co",
        "a@b..co",
        "a@b.co-",
        "a@LOCALHOST",
        "a@[127.0.0.01]",
        "a@[1.2.3]",
        "a@[]",
        "a@[g::1]",
        "\"a\"b\"@c.co",
        "\"@b.co",
        "a\"b\"@c.co",
        "a@b_c.co",
        "a(b)@c.co",
        "a@@b.co",
        "a@é",
        "a@é..co",
        "a@ß.\u{17f}",
        "a@xn--İ1é.ß",
        "a@localhost.²",
        "a@é_.co",
        "a@אa.co",
    ];

    #[test]
    fn addresses_are_what_django_takes_for_addresses() {
        for address in ADDRESSES {
            assert!(is_email(address), "{address:?}");
        }
        for other in OTHERS {
            assert!(!is_email(other), "{other:?}");
        }
    }

    #[test]
    fn long_labels_and_long_addresses_are_none() {
        let label = "b".repeat(63);
        assert!(is_email(&format!("a@{label}.{label}")));
        assert!(!is_email(&format!("a@{label}b.co")));
        assert!(!is_email(&format!("a@b.{label}b")));
        assert!(is_email(&format!("{}@b.co", "a".repeat(315))));
        assert!(!is_email(&format!("{}@b.co", "a".repeat(316))));
    }
}
