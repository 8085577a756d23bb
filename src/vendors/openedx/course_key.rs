//! Course keys, as upstream's opaque-keys reads them.

use std::borrow::Cow;

use super::slug::is_word;

/// Whether a text is a course key.
pub fn is_course_key(text: &str) -> bool {
    canonical(text).is_some()
}

/// The key as upstream writes it. None: the text is none.
///
/// Without a colon it is the old form, `org/course/run`. With one it names its form before the first colon,
/// and goes on in segments with `+` between them: two or three that are the course, then what is
/// pinned of it. Of that, a branch and a version stay; a type and a block are passed over.
pub fn canonical(text: &str) -> Option<Cow<'_, str>> {
    match text.split_once(':') {
        None => is_old_key(text).then_some(Cow::Borrowed(text)),
        Some(("course-v1" | "slashes", rest)) => new_key("course-v1", rest, 3),
        // A legacy library. It has no run; one that is sent all the same is passed over.
        Some(("library-v1", rest)) => new_key("library-v1", rest, 2),
        Some(_) => None,
    }
}

/// The run of an old key may be empty, nothing else.
fn is_old_key(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(4, '/').collect();
    let [org, course, run] = parts[..] else {
        return false;
    };
    let is_part = |part: &str| part.chars().all(|c| is_word(c) || "-.%".contains(c));
    !org.is_empty() && !course.is_empty() && [org, course, run].into_iter().all(is_part)
}

/// A new key names a course by `parts` parts, or the version that it means.
fn new_key<'a>(form: &str, text: &'a str, parts: usize) -> Option<Cow<'a, str>> {
    let segments: Vec<&str> = text.split('+').collect();
    let named = segments.iter().take_while(|it| is_id(it)).count();
    let Pins { branch, version } = Pins::read(&segments[named..])?;
    let is_key = match version {
        Some(version) => matches!(named, 0 | 2 | 3) && version.len() == 24,
        None => (parts..=3).contains(&named),
    };
    // Too few parts are none.
    let shown = if named < parts { 0 } else { parts };
    let mut pieces: Vec<String> = segments[..shown].iter().map(|&it| it.to_owned()).collect();
    pieces.extend(branch.map(|it| format!("branch@{it}")));
    pieces.extend(version.map(|it| format!("version@{it}")));
    is_key.then(|| format!("{form}:{}", pieces.join("+")).into())
}

/// What comes behind the course: a branch, a version, a type and a block, each once at most and in this
/// order.
struct Pins<'a> {
    branch: Option<&'a str>,
    version: Option<&'a str>,
}

impl<'a> Pins<'a> {
    fn read(mut segments: &[&'a str]) -> Option<Pins<'a>> {
        let mut take = |prefix: &str, is_value: fn(&str) -> bool| {
            let (first, rest) = segments.split_first()?;
            let value = first.strip_prefix(prefix)?;
            let value = is_value(value).then_some(value)?;
            segments = rest;
            Some(value)
        };
        let branch = take("branch@", is_id);
        let version = take("version@", is_hex);
        take("type@", is_id);
        take("block@", is_block_id);
        segments.is_empty().then_some(Pins { branch, version })
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_word(c) || "-~.:".contains(c))
}

fn is_block_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_word(c) || "-~.:%".contains(c))
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_course_key};

    // Each was given to opaque-keys 4.0.0.
    const KEYS: &[&str] = &[
        "course-v1:edX+DemoX+Demo_Course",
        "course-v1:MITx+6.00.1x+3T2015",
        "course-v1:é+b+c",
        "course-v1:a~b+c:d+e.f-g_h",
        "course-v1:o+n+r+branch@draft",
        "course-v1:o+n+r+branch@d+version@519665f6223ebd6980884f2b",
        "course-v1:o+n+r+version@519665f6223ebd6980884f2b",
        "course-v1:o+n+version@519665f6223ebd6980884f2b",
        "course-v1:version@519665f6223ebd6980884f2b",
        "course-v1:a+b+c+type@x",
        "course-v1:a+b+c+block@y",
        "course-v1:a+b+c+type@problem+block@x%",
        "slashes:a+b+c",
        "library-v1:org+lib",
        "library-v1:org+lib+run",
        "library-v1:org+lib+branch@x",
        "library-v1:version@519665f6223ebd6980884f2b",
        "edX/DemoX/Demo_Course",
        "é/a%/b.c-d",
        "a/b/",
    ];
    const OTHERS: &[&str] = &[
        "",
        ":",
        "foo",
        "bad",
        "course-v1:",
        "course-v1:MOOCit-demo-1",
        "course-v1:edX+DemoX",
        "course-v1:a+b+c+d",
        "course-v1:a+b+c@x",
        "course-v1:a+b+c+",
        "course-v1:+a+b+c",
        "course-v1:++",
        "course-v1:a+b+c\n",
        "course-v1:a b+c+d",
        "course-v1:a%+b+c",
        " course-v1:a+b+c",
        "course-v2:a+b+c",
        "COURSE-V1:a+b+c",
        "course-v1:a/b/c",
        "course-v1:a+b+branch@x",
        "course-v1:branch@x",
        "course-v1:version@51",
        "course-v1:a+version@519665f6223ebd6980884f2b",
        "course-v1:a+b+c+version@519665F6223ebd6980884f2b",
        "course-v1:a+b+c+version@519665f6223ebd6980884f2b+branch@x",
        "course-v1:a+b+c+block@y+type@x",
        "library-v1:org",
        "lib:org:slug",
        "block-v1:a+b+c+type@x+block@y",
        "slashes:a/b/c",
        "i4x://a/b/c/d",
        "org/num",
        "a/b/c/d",
        "a~/b/c",
        "a/b/c:d",
        "a b/b/c",
        "a/b/c\n",
        "a//c",
        "/b/c",
    ];

    #[test]
    fn keys_are_what_opaque_keys_takes_for_keys() {
        for key in KEYS {
            assert!(is_course_key(key), "{key:?}");
        }
        for other in OTHERS {
            assert!(!is_course_key(other), "{other:?}");
        }
    }

    // Each was given to opaque-keys 4.0.0.
    const WRITTEN: &[(&str, &str)] = &[
        ("slashes:o+c+1", "course-v1:o+c+1"),
        ("slashes:o+c+1+branch@x", "course-v1:o+c+1+branch@x"),
        ("course-v1:o+c+1+type@x", "course-v1:o+c+1"),
        ("course-v1:o+c+1+block@y", "course-v1:o+c+1"),
        (
            "course-v1:o+c+1+branch@d+type@x+block@y",
            "course-v1:o+c+1+branch@d",
        ),
        ("course-v1:o+c+version@V", "course-v1:version@V"),
        ("course-v1:version@V+type@x", "course-v1:version@V"),
        ("slashes:a+b+c+version@V", "course-v1:a+b+c+version@V"),
        ("library-v1:o+c+run", "library-v1:o+c"),
        ("library-v1:o+c+run+branch@x", "library-v1:o+c+branch@x"),
        (
            "library-v1:o+c+version@V+type@x",
            "library-v1:o+c+version@V",
        ),
        ("library-v1:version@V", "library-v1:version@V"),
        ("a/b/", "a/b/"),
    ];

    #[test]
    fn keys_are_written_as_opaque_keys_writes_them() {
        let version = |key: &str| key.replace('V', "519665f6223ebd6980884f2b");
        for (sent, written) in WRITTEN {
            assert_eq!(
                canonical(&version(sent)),
                Some(version(written).into()),
                "{sent:?}"
            );
        }
    }
}
