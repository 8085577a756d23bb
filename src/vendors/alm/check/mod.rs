//! From the `alm` section as written to records as meant; everything that is wrong at once.

mod catalog;
mod credentials;
mod enrollments;
mod instances;
mod references;
mod removed;
mod users;

use std::sync::Arc;

use jiff::Timestamp;

use super::behaviour::Behaviour;
use super::generated::Generated;
use super::merged::Section;
use super::records::{Second, decimal};
use super::world::Base;
use crate::format::{Lost, Problems, Sourced, check_origin};
use crate::place::cut;
use crate::platform::{Hints, References};
use credentials::Credentials;

/// The account where the scenario does not say.
const ACCOUNT: &str = "1234";

/// Reads the section. What is wrong goes to `problems`; the result is of use only if nothing is.
///
/// `generated` is the population as Adobe shows it, `start` when the scenario starts.
pub fn check(
    section: &Section,
    lost: &Lost,
    generated: Option<Arc<Generated>>,
    start: Timestamp,
    problems: &mut Problems,
) -> Base {
    let mut check = Check {
        lost,
        generated: generated.as_ref(),
        problems,
        hints: Hints::default(),
    };

    let account = check.account(section);
    check.origins(section);
    let people = check.users(&section.users);
    let catalog = check.learning_objects(&section.learning_objects);
    let enrollments = check.enrollments(section, &people, &catalog, Second::of(start));
    let Credentials { tokens, clients } = check.credentials(section, &people);
    Base {
        account,
        users: Arc::new(people.base),
        emails: people.emails,
        learning_objects: Arc::new(catalog.learning_objects),
        instances: Arc::new(catalog.instances),
        enrollments: Arc::new(enrollments),
        tokens,
        clients,
        behaviour: Behaviour::from(&section.behaviour),
        written: section.unchanging(),
        generated,
    }
}

struct Check<'a> {
    lost: &'a Lost,
    generated: Option<&'a Arc<Generated>>,
    problems: &'a mut Problems,
    hints: Hints,
}

impl References for Check<'_> {
    fn tools(&mut self) -> (&Lost, &mut Problems, &mut Hints) {
        (self.lost, self.problems, &mut self.hints)
    }
}

impl Check<'_> {
    fn account(&mut self, section: &Section) -> String {
        let Some(Sourced { file, value }) = &section.account else {
            return ACCOUNT.to_owned();
        };
        let text: &str = &value.value;
        if decimal(text).is_none() && !value.spot.is_nowhere() {
            let what = format!(
                "`{}` is not the id of an account, expected digits such as {ACCOUNT}",
                cut(text)
            );
            self.problems.at(*file, value.spot, what, None);
        }
        text.to_owned()
    }

    fn origins(&mut self, section: &Section) {
        for Sourced { file, value } in &section.cors_origins {
            check_origin(*file, value, self.problems);
        }
    }
}
