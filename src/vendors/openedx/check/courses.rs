//! Courses: what enrollments, invitations and administrators refer to.

use std::sync::Arc;

use super::Check;
use super::references::Names;
use crate::format::{FileId, Firsts, Sourced};
use crate::place::cut;
use crate::platform::References as _;
use crate::records::{self, Listed, Source};
use crate::vendors::openedx::generated::{self, Generated};
use crate::vendors::openedx::list_fields::slug;
use crate::vendors::openedx::records::{Course, CourseNumber, Mode};
use crate::vendors::openedx::written;

/// The courses, and what leads to them.
pub(super) struct Courses {
    pub(super) names: Names,
    pub(super) base: records::Base<Arc<Course>>,
    /// Listed courses whose cohorts could not all be read.
    pub(super) maimed: Vec<CourseNumber>,
}

impl Courses {
    /// How many of the listed ones the scenario does not set up.
    pub(super) fn made_up(&self) -> u64 {
        let numbers = self.names.table.numbers.values();
        let courses = numbers.filter_map(|number| self.base.at(*number));
        courses.filter(|course| course.made_up).count() as u64
    }
}

impl Check<'_> {
    pub(super) fn courses(&mut self, written: &[Sourced<written::Course>]) -> Courses {
        let names = Names::new(
            ("course", "key"),
            self.generated,
            Generated::courses,
            Generated::course_of_key,
            |_, _| None,
            written.iter().map(|course| &course.value.key),
        );
        let mut listed = Vec::with_capacity(written.len());
        let mut maimed = Vec::new();
        for Sourced { file, value } in written {
            self.key(*file, value);
            self.modes_and_cohorts(*file, value);
            if value.key.spot.is_nowhere() {
                continue;
            }
            let Some(number) = names.get(&value.key.value) else {
                continue;
            };
            if !self.lost.is_whole(*file, value.key.spot) {
                maimed.push(number);
            }
            listed.push(Arc::new(course(number, value)));
        }
        let computed = self.generated.map(|it| -> Arc<dyn Source<Arc<Course>>> {
            Arc::new(generated::Courses(Arc::clone(it)))
        });
        Courses {
            names,
            base: records::Base::new(computed, Listed::new(listed), []),
            maimed,
        }
    }

    /// On the wire keys stand in lists with commas between them.
    fn key(&mut self, file: FileId, course: &written::Course) {
        let key = &course.key;
        let splits = |sign: char| sign == ',' || sign.is_control();
        if !key.spot.is_nowhere() && (key.value.is_empty() || key.value.contains(splits)) {
            let what = format!(
                "`{}` is not a course key, expected text without commas and line ends, such as \
                 course-v1:edX+DemoX+Demo_Course",
                cut(&key.value)
            );
            self.problems.at(file, key.spot, what, None);
        }
    }

    fn modes_and_cohorts(&mut self, file: FileId, course: &written::Course) {
        let mut modes = Firsts::new();
        for mode in &course.modes {
            let what = format!("mode `{}`", slug(mode.value));
            self.only_once((file, mode.spot), mode.value, &what, &mut modes);
        }
        let mut cohorts = Firsts::new();
        for cohort in &course.cohorts {
            let name: &str = &cohort.value;
            if name.is_empty() {
                let what = "a cohort has no name, expected one";
                self.problems.at(file, cohort.spot, what, None);
            } else if name.contains(',') && !cohort.spot.is_nowhere() {
                let what = format!(
                    "no request can name the cohort `{}`, expected a name without commas",
                    cut(name)
                );
                self.problems.at(file, cohort.spot, what, None);
            }
            let what = format!("cohort `{}`", cut(name));
            self.only_once((file, cohort.spot), name, &what, &mut cohorts);
        }
    }
}

fn course(number: CourseNumber, written: &written::Course) -> Course {
    let key = &written.key.value.0;
    let name = written.name.as_ref().map_or(key, |name| &name.0);
    let modes: Vec<Mode> = written.modes.iter().map(|mode| mode.value).collect();
    let cohorts = written.cohorts.iter();
    Course {
        number,
        name: name.clone(),
        key: key.clone(),
        modes: if modes.is_empty() {
            [Mode::default()].into()
        } else {
            modes.into()
        },
        cohorts: cohorts.map(|name| Arc::from(&*name.value.0)).collect(),
        made_up: written.made_up.unwrap_or(false),
    }
}
