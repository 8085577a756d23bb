//! From the `openedx` section as written to records as meant; everything that is wrong at once.

mod courses;
mod credentials;
mod enrollments;
mod invitations;
mod references;
mod switches;
mod users;

use std::sync::Arc;

use jiff::Timestamp;

use super::behaviour::Behaviour;
use super::generated::Generated;
use super::merged::Section;
use super::world::Base;
use crate::format::{Lost, Problems};
use crate::platform::{Hints, References};
use credentials::Credentials;
use users::Accounts;

/// What JWTs are signed with where the scenario does not say.
const JWT_SECRET: &str = "enrollmock-not-a-secret";

/// Reads the section. What is wrong goes to `problems`; the result is of use only if nothing is.
///
/// `generated` is the population as Open edX shows it, `start` when the scenario starts.
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
        behaviour: (&section.behaviour).into(),
        problems,
        hints: Hints::default(),
    };

    check.switches(section);
    let courses = check.courses(&section.courses);
    let accounts = check.users(&section.users, &courses);
    let mut enrolled = check.enrollments(section, &accounts, &courses, start);
    let cohorts = &mut enrolled.cohorts;
    let invited = check.invitations(&section.invitations, &accounts, &courses, cohorts);
    let made_up = courses.made_up();
    let Credentials { tokens, clients } = check.credentials(section, &accounts);
    let jwt_secret = check.jwt_secret(section);
    let behaviour = check.behaviour;
    let Accounts {
        names,
        base: users,
        usernames,
        emails,
        retired,
        retired_emails,
    } = accounts;
    Base {
        users: Arc::new(users),
        usernames,
        emails,
        retired,
        retired_emails,
        next_user: names.table.next,
        courses: Arc::new(courses.base),
        next_course: courses.names.table.next,
        keys: courses.names.table.numbers,
        enrollments: Arc::new(enrolled.base),
        cohorts: Arc::new(enrolled.cohorts),
        invitations: Arc::new(invited.invitations),
        awaiting_cohorts: Arc::new(invited.awaiting),
        made_up,
        generated,
        tokens,
        clients,
        jwt_secret,
        behaviour,
        written: section.unchanging(),
    }
}

struct Check<'a> {
    lost: &'a Lost,
    generated: Option<&'a Arc<Generated>>,
    behaviour: Behaviour,
    problems: &'a mut Problems,
    hints: Hints,
}

impl References for Check<'_> {
    fn tools(&mut self) -> (&Lost, &mut Problems, &mut Hints) {
        (self.lost, self.problems, &mut self.hints)
    }
}
