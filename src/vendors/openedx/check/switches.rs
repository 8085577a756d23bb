//! Switches whose values are more than a word, and those that would do nothing.

use super::Check;
use crate::format::{FileId, Firsts, Sourced, Text, check_origin};
use crate::place::{Place, Spot, cut};
use crate::platform::References as _;
use crate::vendors::openedx::behaviour::{NumericIdentifiers, Profile, UnknownCourse};
use crate::vendors::openedx::merged::Section;
use crate::vendors::openedx::written::Behaviour;

impl Check<'_> {
    pub(super) fn switches(&mut self, section: &Section) {
        for Sourced { file, value } in &section.behaviours {
            for identifier in value.value.failing_identifiers.iter().flatten() {
                self.failing_identifier(*file, identifier);
            }
            let mut origins = Firsts::new();
            for origin in value.value.cors_origins.iter().flatten() {
                check_origin(*file, origin, self.problems);
                let text: &str = &origin.value;
                let what = format!("origin `{}`", cut(text));
                self.only_once((*file, origin.spot), text, &what, &mut origins);
            }
        }
        // The profile may be what could not be read.
        let is_whole = |it: &Sourced<Place<Behaviour>>| self.lost.is_whole(it.file, it.value.spot);
        if section.behaviours.iter().all(is_whole) {
            self.contradictions(section);
        }
    }

    /// Bulk enroll cuts what it is sent at commas and white space.
    fn failing_identifier(&mut self, file: FileId, written: &Place<Text>) {
        let text: &str = &written.value;
        if text.is_empty() || text.contains(|sign: char| sign == ',' || sign.is_whitespace()) {
            let what = format!(
                "`{}` is never one identifier, expected text without commas and spaces",
                cut(text)
            );
            self.problems.at(file, written.spot, what, None);
        }
    }

    /// A switch is refused where its profile does something else than it says.
    fn contradictions(&mut self, section: &Section) {
        let profile = self.behaviour.profile;
        for (says, is_contradicted, what, cure) in CONTRADICTIONS {
            // The last file that has the switch decides.
            let mut files = section.behaviours.iter().rev();
            let said = files.find_map(|it| Some((it.file, says(&it.value.value)?)));
            if let Some((file, (spot, true))) = said
                && is_contradicted(profile)
            {
                let cure = cure.map(str::to_owned);
                self.problems.at(file, spot, *what, cure);
            }
        }
    }
}

/// Where a switch is written, if it is, and whether it has the value in question; in which profiles it
/// does not do that; how to say so; and the cure.
type Contradiction = (
    fn(&Behaviour) -> Option<(Spot, bool)>,
    fn(Profile) -> bool,
    &'static str,
    Option<&'static str>,
);

const CONTRADICTIONS: &[Contradiction] = &[
    (
        |it| is(it.strict_slash.as_ref(), true),
        |profile| profile == Profile::Legacy,
        "`strict_slash` is `true`, expected `false` or none: in the legacy profile every path works that \
         begins right",
        None,
    ),
    (
        |it| {
            is(
                it.numeric_identifiers.as_ref(),
                NumericIdentifiers::ServerError,
            )
        },
        |profile| profile == Profile::Ulmo,
        "`numeric_identifiers` is `server_error`, expected `text` or none: in the ulmo profile numbers are \
         text",
        None,
    ),
    (
        |it| is(it.unknown_course.as_ref(), UnknownCourse::Enroll),
        |profile| profile != Profile::Ulmo,
        "`unknown_course` is `enroll`, expected `not_found` or none: only the ulmo profile enrolls into \
         courses that it does not know",
        Some("write `profile: ulmo`"),
    ),
];

fn is<T: PartialEq>(written: Option<&Place<T>>, value: T) -> Option<(Spot, bool)> {
    written.map(|place| (place.spot, place.value == value))
}
