//! Enrolling and un-enrolling in one course, state by state as upstream does.

use std::sync::Arc;

use jiff::Timestamp;

use super::fields::{Action, BulkParams};
use super::plan::{Kind, Target};
use super::wire::{Outcome, State};
use crate::platform::Vendor;
use crate::platform::{Mail, Outbox};
use crate::vendors::openedx::records::{Course, Invitation, User};
use crate::vendors::openedx::world::World;

/// What is done in one course.
#[derive(Debug)]
pub struct Work<'a> {
    /// What is asked for.
    pub asked: &'a BulkParams,
    /// Where.
    pub course: &'a Arc<Course>,
    /// In which world.
    pub world: &'a mut World,
    /// Where mails go.
    pub outbox: &'a Outbox,
    /// When.
    pub now: Timestamp,
}

impl Work<'_> {
    /// Works the identifiers off, in order.
    pub fn results(&mut self, targets: &[Target<'_>]) -> Vec<Outcome> {
        let outcomes = targets.iter().map(|target| {
            let identifier = target.identifier.to_owned();
            match &target.kind {
                Kind::Invalid => Outcome::Invalid {
                    identifier,
                    invalid_identifier: true,
                },
                Kind::Failing => Outcome::Failed {
                    identifier,
                    error: true,
                },
                Kind::Person { user, email } => {
                    let user = user.as_deref();
                    let before = self.state(user, email);
                    match self.asked.action {
                        Action::Enroll => self.enroll(user, email, &before),
                        Action::Unenroll => self.unenroll(user, email, &before),
                    }
                    let after = self.state(user, email);
                    Outcome::Done {
                        identifier,
                        before,
                        after,
                    }
                }
            }
        });
        outcomes.collect()
    }

    /// How an address stands to the course.
    fn state(&self, user: Option<&User>, email: &str) -> State {
        let number = user.map(|user| user.number);
        let invitation = self.world.invitation(email, self.course.number);
        // Who used an invitation keeps others from using it; where there is no account, nobody asks.
        let usable = invitation
            .filter(|it| number.is_none() || it.used_by.is_none() || it.used_by == number);
        State {
            user: user.is_some(),
            enrollment: number.is_some_and(|it| self.world.is_enrolled(it, self.course.number)),
            allowed: usable.is_some(),
            auto_enroll: usable.is_some_and(|invitation| invitation.auto_enroll),
            cohort: None,
        }
    }

    /// Active accounts are enrolled, all others invited.
    fn enroll(&mut self, user: Option<&User>, email: &str, before: &State) {
        match user {
            Some(user) if user.active => {
                if !before.enrollment {
                    self.world.keep_course(self.course);
                    let mode = self.course.default_mode();
                    self.world.enroll(user, self.course, mode, self.now);
                }
                self.send("enrolled_enroll", email);
            }
            // An address that was retired is never invited.
            None if self.world.is_retired_email(email) => {}
            Some(_) | None => {
                self.world.keep_course(self.course);
                let course = self.course.number;
                let former = self.world.invitation(email, course);
                let invitation = Invitation {
                    auto_enroll: self.asked.auto_enroll.acts,
                    used_by: former.and_then(|former| former.used_by),
                };
                self.world.put_invitation(email, course, invitation);
                self.send("allowed_enroll", email);
            }
        }
    }

    fn unenroll(&mut self, user: Option<&User>, email: &str, before: &State) {
        if let Some(user) = user
            && before.enrollment
        {
            self.world.unenroll(user.number, self.course.number);
            self.send("enrolled_unenroll", email);
        }
        if before.allowed {
            self.world.remove_invitation(email, self.course.number);
            self.send("allowed_unenroll", email);
        }
    }

    fn send(&self, kind: &'static str, to: &str) {
        if self.asked.email_students.acts {
            self.outbox.send(Mail {
                vendor: Vendor::Openedx,
                kind,
                to: to.to_owned(),
                course: self.course.key.clone(),
                at: self.now,
            });
        }
    }

    /// Puts all who are in, or may come in, into a cohort.
    pub fn put_into_cohort(&mut self, name: &str, targets: &[Target<'_>], results: &mut [Outcome]) {
        let Some(cohort) = self.course.cohort(name) else {
            return;
        };
        for (target, outcome) in targets.iter().zip(results) {
            let Kind::Person { user, email } = &target.kind else {
                continue;
            };
            let Outcome::Done { before, after, .. } = outcome else {
                continue;
            };
            if !after.enrollment && !after.allowed {
                continue;
            }
            before.cohort = Some(None);
            after.cohort = Some(Some(name.to_owned()));
            let (course, cohort) = (self.course.number, Arc::clone(cohort));
            match user {
                Some(user) => {
                    let former = self.world.cohort(user.number, course);
                    before.cohort = Some(former.map(|former| former.as_ref().to_owned()));
                    self.world.put_cohort(user.number, course, cohort);
                }
                // What awaits the person who registers is never told.
                None => self.world.await_cohort(email, course, cohort),
            }
        }
    }
}
