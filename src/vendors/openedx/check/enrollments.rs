//! Enrollments, what was achieved in them, and those taken away.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Check;
use super::courses::Courses;
use super::users::Accounts;
use crate::format::{Decimal, FileId, Sourced, Text};
use crate::place::{Place, cut};
use crate::platform::{Pairs, References as _, Removals, enrollment_of};
use crate::records::{self, Source};
use crate::vendors::openedx::generated;
use crate::vendors::openedx::merged::Section;
use crate::vendors::openedx::records::{
    CourseNumber, Enrollment, Name, Results, UserNumber, whole_micros,
};
use crate::vendors::openedx::written;
use crate::vendors::openedx::written::RemovedEnrollment;

/// What an enrollment is known by.
type Pair = (UserNumber, CourseNumber);

/// The enrollments as meant.
pub(super) struct Enrolled {
    pub(super) base: records::Base<Enrollment>,
    pub(super) cohorts: BTreeMap<Pair, Arc<str>>,
}

impl Check<'_> {
    pub(super) fn enrollments(
        &mut self,
        section: &Section,
        accounts: &Accounts,
        courses: &Courses,
        start: Timestamp,
    ) -> Enrolled {
        let computed = self.generated.map(|it| -> Arc<dyn Source<Enrollment>> {
            Arc::new(generated::Enrollments(Arc::clone(it)))
        });
        let removed = self.removed(section, accounts, courses, computed);
        let mut cohorts = BTreeMap::new();
        let mut listed = Vec::with_capacity(section.enrollments.len());
        for Sourced { file, value } in &section.enrollments {
            let file = *file;
            let user = self.living(file, &value.username, accounts);
            let course = self.refers(file, &value.course, &courses.names);
            let cohort = course.zip(value.cohort.as_ref());
            let cohort = cohort.and_then(|(course, name)| self.cohort(file, name, course, courses));
            let created = value.created.as_ref();
            let created = created.map_or(Some(start), |place| self.instant(file, place));
            let results = self.results(file, value);
            let (Some(user), Some(course), Some(created)) = (user, course, created) else {
                continue;
            };
            if value.username.spot.is_nowhere() || removed.has((user, course), file) {
                continue;
            }
            if let Some(cohort) = cohort {
                cohorts.insert((user, course), cohort);
            }
            listed.push(Enrollment {
                user,
                course,
                name: Name::of(&value.username.value),
                created: whole_micros(created),
                mode: value.mode.unwrap_or_default(),
                active: value.active.unwrap_or(true),
                results: (results != Results::default()).then(|| Arc::new(results)),
            });
        }
        Enrolled {
            base: removed.base(listed),
            cohorts,
        }
    }

    /// The enrollments that are taken away.
    fn removed(
        &mut self,
        section: &Section,
        accounts: &Accounts,
        courses: &Courses,
        computed: Option<Arc<dyn Source<Enrollment>>>,
    ) -> Removals<Enrollment> {
        let mut removed = Removals::new(computed);
        if section.removed_enrollments.is_empty() {
            return removed;
        }
        let listed = section.enrollments.iter().map(|it| &it.value);
        let listed: Pairs<'_> = listed.map(|it| (&it.username, &it.course)).collect();
        for Sourced { file, value } in &section.removed_enrollments {
            let file = *file;
            let RemovedEnrollment { username, course } = value;
            let user = self.refers(file, username, &accounts.names);
            let number = self.refers(file, course, &courses.names);
            let Some(pair) = user.zip(number) else {
                continue;
            };
            let what = enrollment_of(username, course);
            if removed.add((file, username.spot), pair, &what, self.problems) {
                self.refers_to_pair(file, (username, course), &what, &listed);
            }
        }
        removed
    }

    /// The cohort of this name in a course.
    pub(super) fn cohort(
        &mut self,
        file: FileId,
        written: &Place<Text>,
        course: CourseNumber,
        courses: &Courses,
    ) -> Option<Arc<str>> {
        let found = courses.base.at(course)?;
        let cohort = found.cohort(&written.value).cloned();
        if cohort.is_none() && !courses.maimed.contains(&course) {
            let known: Vec<String> = found.cohorts.iter().map(|it| it.to_string()).collect();
            let hint = self.hints.nearest(&written.value, &known);
            let what = format!(
                "there is no cohort `{}` in course `{}`, expected one that the course lists",
                cut(&written.value),
                cut(&found.key)
            );
            self.problems.at(file, written.spot, what, hint);
        }
        cohort
    }

    fn results(&mut self, file: FileId, written: &written::Enrollment) -> Results {
        let passed = written.passed.as_ref();
        let last_date = written.last_date.as_ref();
        Results {
            completion: self.share(file, "completion", written.completion.as_ref()),
            grade: self.share(file, "grade", written.grade.as_ref()),
            letter_grade: written.letter_grade.as_ref().map(|text| text.0.clone()),
            passed: passed.and_then(|place| self.instant(file, place)),
            last_date: last_date.and_then(|place| self.date(file, place)),
        }
    }

    /// A number that is sent as it is written.
    fn share(
        &mut self,
        file: FileId,
        key: &str,
        written: Option<&Place<Decimal>>,
    ) -> Option<String> {
        let written = written.filter(|place| !place.spot.is_nowhere())?;
        let text = &written.value.0;
        if !is_share(text) {
            let what = format!(
                "`{key}` is `{}`, expected a decimal number from 0 to 1, such as \"0.80\"",
                cut(text)
            );
            self.problems.at(file, written.spot, what, None);
        }
        Some(text.clone())
    }
}

/// Whether a text is a decimal number from 0 to 1, without sign and exponent.
fn is_share(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |digit: u8| part.bytes().all(|byte| byte == digit);
    let is_part = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_part && (whole == "0" || (whole == "1" && digits(b'0')))
}
