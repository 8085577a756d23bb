//! Names of hosts in their ASCII form, as Python's codec `idna` writes them: the rules of 2003, with
//! characters that Unicode 3.2 did not know let through.

use stringprep::tables;
use unicode_normalization::UnicodeNormalization as _;

/// What the ASCII form of a label begins with.
const PREFIX: &str = "xn--";

/// The most characters of a label.
const LONGEST: usize = 63;

/// A name in its ASCII form. None: it has none.
pub fn to_ascii(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_owned());
    }
    let is_dot = |c: char| matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}');
    // Behind the last dot there may be nothing.
    let name = match name.strip_suffix(is_dot) {
        Some(name) => (name, "."),
        None => (name, ""),
    };
    let labels: Option<Vec<String>> = name.0.split(is_dot).map(label).collect();
    Some(labels?.join(".") + name.1)
}

fn label(text: &str) -> Option<String> {
    let label = if text.is_ascii() {
        text.to_owned()
    } else {
        prepared(text)?
    };
    let label = match label.is_ascii() {
        true => label,
        false if label.starts_with(PREFIX) => return None,
        false => format!("{PREFIX}{}", punycode(&label)?),
    };
    (1..=LONGEST).contains(&label.len()).then_some(label)
}

/// RFC 3491. None: it is prohibited.
fn prepared(text: &str) -> Option<String> {
    let kept = text
        .chars()
        .filter(|c| !tables::commonly_mapped_to_nothing(*c));
    let mapped: Vec<char> = kept.flat_map(tables::case_fold_for_nfkc).collect();
    let mut label = String::new();
    // Normalized by the tables of Unicode 3.2, which leave alone what they do not know.
    let is_known = |c: &char| !tables::unassigned_code_point(*c);
    for run in mapped.chunk_by(|one, other| is_known(one) == is_known(other)) {
        if run.first().is_some_and(is_known) {
            label.extend(run.iter().copied().nfkc())
        } else {
            label.extend(run)
        }
    }
    let is_fine = !label.chars().any(is_prohibited) && has_one_direction(&label);
    is_fine.then_some(label)
}

fn is_prohibited(c: char) -> bool {
    tables::non_ascii_space_character(c)
        || tables::non_ascii_control_character(c)
        || tables::private_use(c)
        || tables::non_character_code_point(c)
        || tables::inappropriate_for_plain_text(c)
        || tables::inappropriate_for_canonical_representation(c)
        || tables::change_display_properties_or_deprecated(c)
        || tables::tagging_character(c)
}

/// What is written from right to left begins and ends so, and nothing else is in it.
fn has_one_direction(label: &str) -> bool {
    let is_right = tables::bidi_r_or_al;
    if !label.contains(is_right) {
        return true;
    }
    label.starts_with(is_right) && label.ends_with(is_right) && !label.contains(tables::bidi_l)
}

/// RFC 3492. None: it is too long to count.
fn punycode(label: &str) -> Option<String> {
    let mut written: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(written.len()).ok()?;
    if basic > 0 {
        written.push('-');
    }
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    let count = u32::try_from(points.len()).ok()?;
    let (mut least, mut delta, mut bias, mut done) = (0x80, 0_u32, 72, basic);
    while done < count {
        let next = points.iter().copied().filter(|it| *it >= least).min()?;
        delta = delta.checked_add((next - least).checked_mul(done + 1)?)?;
        for point in &points {
            if *point < next {
                delta = delta.checked_add(1)?;
            }
            if *point == next {
                write_number(&mut written, delta, bias);
                bias = adapted(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        least = next + 1;
    }
    Some(written)
}

fn write_number(written: &mut String, mut number: u32, bias: u32) {
    for place in (36..).step_by(36) {
        let threshold = u32::saturating_sub(place, bias).clamp(1, 26);
        if number < threshold {
            break;
        }
        written.push(digit(threshold + (number - threshold) % (36 - threshold)));
        number = (number - threshold) / (36 - threshold);
    }
    written.push(digit(number));
}

fn digit(value: u32) -> char {
    let offset = if value < 26 { b'a' } else { b'0' - 26 };
    u8::try_from(value).map_or('0', |value| char::from(value + offset))
}

fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = delta / if is_first { 700 } else { 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::to_ascii;

    #[test]
    fn names_are_written_as_python_writes_them() {
        // Each was given to Python's codec.
        for (name, expected) in [
            ("\u{e9}.co", Some("xn--9ca.co")),
            ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
            (
                "\u{65e5}\u{672c}\u{8a9e}\u{3002}jp",
                Some("xn--wgv71a119e.jp"),
            ),
            (
                "\u{4e2d}\u{56fd}.\u{4e2d}\u{56fd}",
                Some("xn--fiqs8s.xn--fiqs8s"),
            ),
            ("\u{130}.co", Some("xn--i-9bb.co")),
            ("\u{fb01}.co", Some("fi.co")),
            ("\u{df}.co", Some("ss.co")),
            ("\u{17f}.\u{17f}", Some("s.s")),
            ("\u{b2}", Some("2")),
            ("e\u{301}.co", Some("xn--9ca.co")),
            (
                "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}.\u{92d}\u{93e}\u{930}\u{924}",
                Some("xn--h2bhs4b8d8a.xn--h2brj9c"),
            ),
            ("\u{1f389}.co", Some("xn--dk8h.co")),
            ("\u{2764}.co", Some("xn--qei.co")),
            ("\u{5d0}\u{5d1}.co", Some("xn--4dbc.co")),
            ("\u{5d0}a.co", None),
            ("\u{5d0}\u{5d1}1.co", None),
            ("xn--\u{e9}.co", None),
            ("\u{e9}..co", None),
            ("\u{e9}.", Some("xn--9ca.")),
            ("a\u{a0}\u{e9}.co", Some("xn--a\u{20}-cja.co")),
            ("a\u{200d}\u{e9}.co", Some("xn--a-bga.co")),
            ("\u{2603}\u{2603}\u{2603}.co", Some("xn--n3haa.co")),
            (
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}.co",
                None,
            ),
            (
                "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}.co",
                Some("xn--9caaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.co"),
            ),
            ("\u{1f100}\u{e9}.co", Some("xn--9ca1115w.co")),
            ("\u{e9}_a.co", Some("xn--_a-9ia.co")),
            ("-\u{e9}.co", Some("xn----bga.co")),
            ("\u{c0}-1.com", Some("xn---1-iia.com")),
            ("\u{e9}\u{e000}", None),
            (
                "\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}\u{c0}\u{c9}\u{ce}",
                Some("xn--0caaaaaaaa8ebbbbbbb5eccccccc"),
            ),
            ("\u{24b6}.co", Some("a.co")),
            ("localhost.\u{b2}", Some("localhost.2")),
            ("xn--\u{130}1\u{e9}.\u{df}", None),
            ("\u{378}a.co", Some("xn--a-pib.co")),
        ] {
            assert_eq!(to_ascii(name).as_deref(), expected, "{name:?}");
        }
    }
}
