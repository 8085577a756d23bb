//! The names of people, courses and departments.

use fake::locales::{Data, EN};

use super::stream::{Stream, below};

/// A given name.
pub(super) fn given(stream: &mut Stream) -> &'static str {
    stream.pick(EN::NAME_FIRST_NAME).copied().unwrap_or("Ada")
}

/// A family name.
pub(super) fn family(stream: &mut Stream) -> &'static str {
    stream
        .pick(EN::NAME_LAST_NAME)
        .copied()
        .unwrap_or("Lovelace")
}

/// `ada.lovelace.17@example.com`: unique, as the index is.
pub(super) fn email(given: &str, family: &str, index: u32) -> String {
    let mut email = joined(given, family, index, '.', usize::MAX);
    email.push_str("@example.com");
    email
}

/// `ada_lovelace_17`: unique, at most 30 letters, digits and underscores, as the strictest vendor asks.
pub(super) fn username(given: &str, family: &str, index: u32) -> String {
    // Two underscores and at most ten digits leave 18 letters.
    joined(given, family, index, '_', 9)
}

/// Names in at most so many plain letters each, and the index.
fn joined(given: &str, family: &str, index: u32, separator: char, most: usize) -> String {
    let mut text = String::with_capacity(48);
    for name in [given, family] {
        let plain = name.chars().filter(char::is_ascii_alphanumeric).take(most);
        text.extend(plain.map(|letter| letter.to_ascii_lowercase()));
        text.push(separator);
    }
    text.push_str(&index.to_string());
    text
}

/// The index at the end of a user name or of an address's local part.
pub(super) fn index_at_end(text: &str) -> Option<u32> {
    let digits = text.rsplit(['.', '_']).next()?;
    digits.parse().ok()
}

const SUBJECTS: [&str; 25] = [
    "Accessibility",
    "Anti-Corruption",
    "Business Writing",
    "Change Management",
    "Conflict Resolution",
    "Contract Law",
    "Customer Service",
    "Data Analysis",
    "Data Protection",
    "Diversity and Inclusion",
    "Environmental Management",
    "Ergonomics",
    "Financial Reporting",
    "Fire Safety",
    "First Aid",
    "Information Security",
    "Negotiation",
    "Presentation Skills",
    "Product Knowledge",
    "Project Management",
    "Quality Assurance",
    "Remote Work",
    "Team Leadership",
    "Time Management",
    "Workplace Safety",
];

/// The words before and after the subject. No two forms make the same title of different subjects.
const FORMS: [(&str, &str); 16] = [
    ("", ": Essentials"),
    ("Introduction to ", ""),
    ("Advanced ", ""),
    ("", " in Practice"),
    ("", " for Managers"),
    ("", " for New Hires"),
    ("", ": Annual Refresher"),
    ("", ": Case Studies"),
    ("", " Workshop"),
    ("", " Certification"),
    ("", ": Policies and Procedures"),
    ("Getting Started with ", ""),
    ("Mastering ", ""),
    ("", " at a Glance"),
    ("", ": Tools and Templates"),
    ("Train the Trainer: ", ""),
];

/// Coprime to the number of titles, so that steps of this size meet each title once.
const TITLE_STEP: u64 = 147;

/// A course's title. All differ: from the 401st on they have a numeral. `any` is a draw of the seed.
pub(super) fn title(any: u64, course: u32) -> String {
    let titles = (SUBJECTS.len() * FORMS.len()) as u64;
    let place = (u64::from(course) * TITLE_STEP + below(any, titles)) % titles;
    let subject = SUBJECTS[(place as usize) % SUBJECTS.len()];
    let (before, after) = FORMS[(place as usize) / SUBJECTS.len()];
    numbered(
        format!("{before}{subject}{after}"),
        u64::from(course) / titles,
    )
}

const FUNCTIONS: [&str; 16] = [
    "Sales",
    "Operations",
    "Finance",
    "Engineering",
    "Customer Support",
    "Marketing",
    "Human Resources",
    "Logistics",
    "Legal",
    "Product",
    "Procurement",
    "Research",
    "Quality",
    "Facilities",
    "IT",
    "Production",
];

const REGIONS: [&str; 10] = [
    "EMEA",
    "Americas",
    "APAC",
    "Nordics",
    "Benelux",
    "Iberia",
    "DACH",
    "Central Europe",
    "Middle East",
    "Africa",
];

/// A department's name from its way down the tree: which child at each level. `any` is a draw of the seed.
pub(super) fn department(any: u64, way: &[u64]) -> String {
    let mut parts = Vec::with_capacity(3);
    for (depth, child) in way.iter().enumerate() {
        parts.push(match depth {
            0 => nth(&FUNCTIONS, any, *child),
            1 => nth(&REGIONS, any, *child),
            _ => format!("Team {}", child + 1),
        });
    }
    if parts.is_empty() {
        return "Head Office".to_owned();
    }
    parts.join(" / ")
}

fn nth(list: &[&str], any: u64, n: u64) -> String {
    let length = list.len() as u64;
    let place = (n + below(any, length)) % length;
    numbered(list[place as usize].to_owned(), n / length)
}

/// A name with the numeral of its round through the list, so that no name comes twice.
fn numbered(name: String, round: u64) -> String {
    match round {
        0 => name,
        _ => format!("{name} {}", round + 1),
    }
}
