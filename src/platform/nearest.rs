//! Of a request that fits no operation: the nearest ones, and what differs.
//!
//! The tables are small constants, and only the beginning of a path is compared, so the cost has a bound
//! whatever was sent.

use hyper::Method;

use super::{Face, Mount, Row, Slash, Vendor, decoded, quoted};
use crate::http::Request;
use crate::place::nearest;

/// How many operations are named.
const NAMED: usize = 3;
/// How many bytes of a path are looked at.
const PATH: usize = 2048;
/// How many segments of a path are compared.
const SEGMENTS: usize = 12;
/// How many bytes of a segment are compared.
const LETTERS: usize = 48;

/// What a segment costs that one path has and the other lacks.
const LACKING: f64 = 0.8;
/// What a segment costs that stands for one that varies: a text that is the same is nearer.
const VARYING: f64 = 0.02;
/// What a segment costs that is another one altogether.
const UNLIKE: f64 = 1.5;
/// What the prefix of a surface costs that was left out.
const UNPREFIXED: f64 = 0.3;
/// What another method costs.
const METHOD: f64 = 0.25;
/// What it costs that the vendor is another one.
const ELSEWHERE: f64 = 0.5;
/// How much of the longer path may differ.
const SHARE: f64 = 0.34;
/// How much farther than the nearest one an operation may be that is named beside it.
const BESIDE: f64 = 0.3;

/// An operation that may have been meant.
struct Candidate {
    cost: f64,
    text: String,
}

/// How one path differs from another, and how much.
#[derive(Clone, Default)]
struct Difference {
    cost: f64,
    what: Vec<String>,
}

/// The operations that a request comes nearest to, the nearest first, each with what differs. `vendor` is
/// whose the request is; None: no vendor's.
pub fn nearest_operations(
    request: &Request,
    vendor: Option<Vendor>,
    mounts: &[Mount],
) -> Vec<String> {
    let path = cut(request.inner(), PATH);
    let mut found: Vec<Candidate> = Vec::new();
    for (mount, path, before) in readings(path, vendor, mounts) {
        let decoded = decoded(path);
        let path = if mount.decodes_paths { &decoded } else { path };
        let sent = Sent::new(path);
        for surface in &mount.surfaces {
            let rows = surface.rows.iter();
            let of = (mount.vendor, surface.face);
            found.extend(rows.filter_map(|row| candidate(of, row, request, &sent, &before)));
        }
    }
    found.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let farthest = found.first().map_or(0.0, |first| first.cost + BESIDE);
    let near = found.into_iter().take_while(|it| it.cost <= farthest);
    let mut named: Vec<String> = Vec::new();
    for Candidate { text, .. } in near {
        if !named.contains(&text) {
            named.push(text);
        }
    }
    named.truncate(NAMED);
    named
}

/// How a path may be meant: whose it may be, the rest behind that vendor's prefix, and what is wrong so far.
fn readings<'a>(
    path: &'a str,
    vendor: Option<Vendor>,
    mounts: &'a [Mount],
) -> Vec<(&'a Mount, &'a str, Difference)> {
    let (first, rest) = first_segment(path);
    let names = mounts.iter().map(|mount| mount.vendor.name());
    let is_mounted = names.clone().any(|name| name == first);
    let inner = if is_mounted { rest } else { path };
    let mut readings: Vec<(&Mount, &str, Difference)> = Vec::new();
    for mount in mounts {
        let owner = mount.vendor;
        let before = match vendor {
            Some(vendor) if vendor != owner => Difference::of(
                ELSEWHERE,
                format!("the path is {}'s, behind /{}", owner.title(), owner.name()),
            ),
            Some(_) | None => Difference::default(),
        };
        readings.push((mount, inner, before));
    }
    // A prefix that is nearly a vendor's.
    if vendor.is_none()
        && let Some(meant) = nearest(cut(first, LETTERS), names)
        && let Some(mount) = mounts.iter().find(|mount| mount.vendor.name() == meant)
    {
        let what = format!("{} should be {meant:?}", quoted(first));
        readings.push((mount, rest, Difference::of(0.1, what)));
    }
    readings
}

/// `/a/b` is `a` and `/b`.
fn first_segment(path: &str) -> (&str, &str) {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split_at(path.find('/').unwrap_or(path.len()))
}

/// A path that was sent, as rows are held against it.
struct Sent<'a> {
    segments: Vec<&'a str>,
    ends_in_slash: bool,
}

impl<'a> Sent<'a> {
    fn new(path: &'a str) -> Self {
        Sent {
            segments: segments(path.strip_suffix('/').unwrap_or(path))
                .take(SEGMENTS)
                .collect(),
            ends_in_slash: path.len() > 1 && path.ends_with('/'),
        }
    }
}

/// The row as one that may have been meant, if the path comes near enough to it.
fn candidate(
    (vendor, face): (Vendor, &dyn Face),
    row: &Row,
    request: &Request,
    sent: &Sent<'_>,
    before: &Difference,
) -> Option<Candidate> {
    let Sent {
        segments: sent,
        ends_in_slash,
    } = sent;
    let prefixes = face.prefixes();
    let whole = prefixes
        .iter()
        .map(|prefix| (format!("{prefix}{}", row.path), Difference::default()));
    let bare = prefixes.first().filter(|_| !prefixes.contains(&""));
    let bare = bare.map(|prefix| {
        let what = format!("{prefix:?} is missing before it");
        (row.path.to_owned(), Difference::of(UNPREFIXED, what))
    });
    let spellings = whole.chain(bare).map(|(spelled, unprefixed)| {
        let known: Vec<&str> = segments(&spelled).collect();
        let farthest = SHARE * sent.len().max(known.len()) as f64;
        // Most rows are too long or too short, whatever their segments are.
        let takes_rest = known.last().is_some_and(|last| last.starts_with("{*"));
        let lacking = sent.len().abs_diff(known.len()) as f64 * LACKING;
        if lacking > farthest && !takes_rest {
            return None;
        }
        let table = table(sent, &known);
        let cost = unprefixed.cost + table[sent.len()][known.len()];
        (cost <= farthest).then(|| {
            let mut what = unprefixed.what;
            what.extend(differences(sent, &known, &table));
            Difference { cost, what }
        })
    });
    let near = spellings.flatten();
    let mut difference = near.min_by(|a, b| a.cost.total_cmp(&b.cost))?;
    if *ends_in_slash && row.slash == Slash::Never {
        let what = "the slash at the end is too much".to_owned();
        difference = difference.and(Difference::of(0.05, what));
    }
    let method = match request.method {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    if row.method != *method {
        let what = format!(
            "it takes {}, not {}",
            row.method,
            cut(method.as_str(), LETTERS)
        );
        difference = difference.and(Difference::of(METHOD, what));
    }
    let Difference { cost, mut what } = before.clone().and(difference);
    if what.is_empty() {
        what.push("the path fits, but not as the scenario sets this vendor up".to_owned());
    }
    let vendor = vendor.name();
    let prefix = prefixes.first().copied().unwrap_or_default();
    Some(Candidate {
        cost,
        text: format!(
            "{vendor} {}, {} {prefix}{}: {}",
            row.id,
            row.method,
            row.path,
            what.join("; ")
        ),
    })
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// The costs of getting from each beginning of the one path to each beginning of the other.
type Table = Vec<Vec<f64>>;

/// What it costs to make the segments sent those of a row: changing, dropping and adding some.
fn table(sent: &[&str], known: &[&str]) -> Table {
    let first = (0..=known.len()).map(|at| at as f64 * LACKING).collect();
    let mut table: Table = vec![first];
    for (i, segment) in sent.iter().enumerate() {
        let above = &table[i];
        let mut line = vec![above[0] + LACKING];
        for (j, other) in known.iter().enumerate() {
            let changed = above[j] + changing(segment, other);
            let dropped = above[j + 1] + dropping(other);
            line.push(changed.min(dropped).min(line[j] + LACKING));
        }
        table.push(line);
    }
    table
}

/// What has to be changed, dropped and added, in the order of the path.
fn differences(sent: &[&str], known: &[&str], table: &Table) -> Vec<String> {
    let (mut i, mut j) = (sent.len(), known.len());
    let mut what = Vec::new();
    while i > 0 || j > 0 {
        let here = table[i][j];
        // The table was made by the same sums, so they come out the same.
        let was = |cost: f64| here.total_cmp(&cost).is_eq();
        let dropped = match j.checked_sub(1) {
            Some(before) => dropping(known[before]),
            None => LACKING,
        };
        if i > 0 && (j == 0 || was(table[i - 1][j] + dropped)) {
            i -= 1;
            if dropped > 0.0 {
                what.push(format!("{} is too much", quoted(sent[i])));
            }
        } else if i > 0 && was(table[i - 1][j - 1] + changing(sent[i - 1], known[j - 1])) {
            (i, j) = (i - 1, j - 1);
            let varies = known[j].starts_with('{') && !sent[i].is_empty();
            if sent[i] != known[j] && !varies {
                what.push(format!("{} should be {:?}", quoted(sent[i]), known[j]));
            }
        } else {
            j -= 1;
            what.push(format!("{:?} is missing", known[j]));
        }
    }
    what.reverse();
    what
}

fn changing(sent: &str, known: &str) -> f64 {
    if sent == known {
        return 0.0;
    }
    if known.starts_with('{') && !sent.is_empty() {
        return VARYING;
    }
    // As many letters as one has more than the other must be added, and those that it lacks too.
    let sent = cut(sent, LETTERS);
    let longer = sent.len().max(known.len());
    if sent.len().abs_diff(known.len()) > longer / 2 || 2 * lacking(sent, known) > longer {
        return UNLIKE;
    }
    let likeness =
        strsim::normalized_damerau_levenshtein(&sent.to_lowercase(), &known.to_lowercase());
    // Two unlike names are no slip of the pen.
    if likeness < 0.5 {
        UNLIKE
    } else {
        (1.0 - likeness).max(0.1)
    }
}

/// How many letters the longer of two ASCII texts has that the other lacks, wherever they stand; of other
/// texts none. To change one into the other takes no fewer steps, and far more to find out.
fn lacking(a: &str, b: &str) -> usize {
    if !a.is_ascii() || !b.is_ascii() {
        return 0;
    }
    let (longer, shorter) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut counts = [0_u8; 128];
    for letter in shorter.bytes() {
        counts[usize::from(letter.to_ascii_lowercase())] += 1;
    }
    let mut lacking = 0;
    for letter in longer.bytes() {
        let left = &mut counts[usize::from(letter.to_ascii_lowercase())];
        match left.checked_sub(1) {
            Some(less) => *left = less,
            None => lacking += 1,
        }
    }
    lacking
}

/// What it costs to drop a segment behind this one of a row: what stands for all the rest takes it.
fn dropping(known: &str) -> f64 {
    match known.starts_with("{*") {
        true => 0.0,
        false => LACKING,
    }
}

/// As much of a client's text as is compared: so many bytes, and whole characters.
fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

impl Difference {
    fn of(cost: f64, what: String) -> Self {
        Difference {
            cost,
            what: vec![what],
        }
    }

    fn and(mut self, other: Difference) -> Self {
        self.cost += other.cost;
        self.what.extend(other.what);
        self
    }
}
