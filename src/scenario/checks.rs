//! What can be wrong with a scenario beside keys and types, whatever the vendor.

use super::{Generate, Merged, ScenarioFile};
use crate::format::read::missing_key;
use crate::format::{FileId, Problems, Sourced, dates};
use crate::place::{Place, cut};

/// The most learners that ids leave room for.
const MAX_LEARNERS: u32 = 10_000_000;

/// The most departments.
const MAX_DEPARTMENTS: u32 = 100_000;

/// The most courses: lists that are cut by a part of a course key pass over the enrollments in the others, and
/// ids have room for all enrollments that so many learners may have.
const MAX_COURSES: u32 = 1_000_000;

/// The format's version must be there and be known, in each file.
pub(super) fn version(file: FileId, written: &Place<ScenarioFile>, problems: &mut Problems) {
    let version = &written.value.version;
    if version.spot.line == 0 {
        problems.at(file, written.spot, missing_key("version"), None);
    } else if version.value != 1 {
        let what = format!("`version` is `{}`, expected 1", version.value);
        problems.at(file, version.spot, what, None);
    }
}

/// Checks what is common to all vendors. False: the population, if any, cannot be generated.
pub(super) fn check(merged: &Merged, problems: &mut Problems) -> bool {
    hosts(merged, problems);
    let before = problems.len();
    if let Some(clock) = &merged.clock
        && let Some(now) = &clock.value.now
        && let Err(what) = dates::instant(&now.value)
    {
        problems.at(clock.file, now.spot, what, None);
    }
    if let Some(generate) = &merged.generate {
        population(generate, problems);
    }
    merged.generate.is_none() || problems.len() == before
}

fn population(generate: &Sourced<Generate>, problems: &mut Problems) {
    let file = generate.file;
    let Generate {
        learners,
        departments,
        courses,
        enrollments_per_learner,
        certificate_rate,
        until,
        vendors: _,
    } = &generate.value;
    if let Some(until) = until {
        problems.read(file, until, dates::instant);
    }
    let mut within = |key: &str, number: &Place<u32>, most: u32| {
        let fits = (1..=most).contains(&number.value);
        if !fits {
            let what = format!(
                "`{key}` is `{}`, expected a whole number from 1 to {most}",
                number.value
            );
            problems.at(file, number.spot, what, None);
        }
        fits
    };
    // A number out of its own bounds says nothing about its neighbours.
    let learners_fit = within("learners", learners, MAX_LEARNERS);
    let departments = departments
        .as_ref()
        .filter(|number| within("departments", number, MAX_DEPARTMENTS));
    let courses_fit = courses
        .as_ref()
        .is_none_or(|number| within("courses", number, MAX_COURSES));
    if let Some(departments) = departments
        && learners_fit
        && departments.value > learners.value
    {
        let what = format!(
            "`departments` is `{}`, expected no more than the {} learners",
            departments.value, learners.value
        );
        problems.at(file, departments.spot, what, None);
    }
    if let Some(Place { value: range, spot }) = enrollments_per_learner {
        let courses = courses.as_ref().map_or(1, |courses| courses.value);
        if range.min > range.max {
            let what = format!(
                "`min` is `{}`, expected no more than `max`, {}",
                range.min, range.max
            );
            problems.at(file, *spot, what, None);
        }
        if courses_fit && range.max > courses {
            let what = format!(
                "`max` is `{}`, expected no more than the {courses} courses: nobody has a course twice",
                range.max
            );
            problems.at(file, *spot, what, None);
        }
    }
    if let Some(rate) = certificate_rate
        && !(0.0..=1.0).contains(&rate.value)
    {
        let what = format!(
            "`certificate_rate` is `{}`, expected a number from 0 to 1",
            rate.value
        );
        problems.at(file, rate.spot, what, None);
    }
}

fn hosts(merged: &Merged, problems: &mut Problems) {
    for (vendor, names) in &merged.hosts {
        for name in &names.value {
            if !is_host_name(&name.value) {
                let what = format!(
                    "`{}` is not a Host name for {}, expected one such as learn.example.test",
                    cut(&name.value),
                    vendor.title()
                );
                problems.at(names.file, name.spot, what, cure(&name.value));
            }
        }
    }
}

/// A URL and a port are what people write by mistake.
fn cure(name: &str) -> Option<String> {
    let rest = name.split_once("://").map_or(name, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    (host != name && is_host_name(host)).then(|| format!("did you mean `{host}`?"))
}

fn is_host_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
