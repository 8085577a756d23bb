//! The scenarios that are part of the program.

use crate::place::nearest;

/// Name and text of each built-in scenario, in the order in which they are listed.
pub const BUILT_IN: &[(&str, &str)] = &[
    (
        "quickstart",
        include_str!("../../scenarios/quickstart.yaml"),
    ),
    (
        "documented-samples",
        include_str!("../../scenarios/documented-samples.yaml"),
    ),
    (
        "departments",
        include_str!("../../scenarios/departments.yaml"),
    ),
    (
        "certificates",
        include_str!("../../scenarios/certificates.yaml"),
    ),
    ("tokens", include_str!("../../scenarios/tokens.yaml")),
    (
        "bulk-enroll",
        include_str!("../../scenarios/bulk-enroll.yaml"),
    ),
    (
        "staff-only",
        include_str!("../../scenarios/staff-only.yaml"),
    ),
    ("long-list", include_str!("../../scenarios/long-list.yaml")),
    ("pages", include_str!("../../scenarios/pages.yaml")),
    (
        "learner-and-admin",
        include_str!("../../scenarios/learner-and-admin.yaml"),
    ),
    ("flaky", include_str!("../../scenarios/flaky.yaml")),
    (
        "expiring-token",
        include_str!("../../scenarios/expiring-token.yaml"),
    ),
    (
        "lost-reply",
        include_str!("../../scenarios/lost-reply.yaml"),
    ),
    (
        "moving-pages",
        include_str!("../../scenarios/moving-pages.yaml"),
    ),
    ("slow", include_str!("../../scenarios/slow.yaml")),
    (
        "maintenance",
        include_str!("../../scenarios/maintenance.yaml"),
    ),
];

/// The text of the built-in scenario of this name.
pub fn built_in(name: &str) -> Option<&'static str> {
    let known = BUILT_IN.iter().find(|(known, _)| *known == name);
    known.map(|(_, text)| *text)
}

/// What to say of a name that no built-in scenario has: what is wrong, and the nearest right name.
pub fn unknown_built_in(name: &str) -> (String, Option<String>) {
    let names: Vec<_> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let what = format!(
        "no built-in scenario is called `{name}`, expected {} or a path with a `/` or ending in `.yaml`",
        list.join(", ")
    );
    (
        what,
        nearest(name, names).map(|name| format!("did you mean `{name}`?")),
    )
}
