//! Enrollments: what a user is enrolled in, how far it is, and that this makes sense.

use std::collections::HashMap;
use std::sync::Arc;

use super::Check;
use super::catalog::Catalog;
use super::users::People;
use crate::format::{FileId, Sourced, Text};
use crate::place::{Place, Spot};
use crate::records::{self, Source};
use crate::vendors::alm::generated;
use crate::vendors::alm::merged::Section;
use crate::vendors::alm::records::{
    Enrollment, EnrollmentState, Instance, InstanceId, InstanceNumber, Rare, Second,
};
use crate::vendors::alm::written;

/// An enrollment's own dates, and how far it is.
struct Course {
    state: EnrollmentState,
    enrolled: Second,
    started: Option<Second>,
    completed: Option<Second>,
}

impl Check<'_> {
    pub(super) fn enrollments(
        &mut self,
        section: &Section,
        people: &People,
        catalog: &Catalog,
        start: Second,
    ) -> records::Base<Enrollment> {
        let computed = self.generated.map(|it| -> Arc<dyn Source<Enrollment>> {
            Arc::new(generated::Enrollments(Arc::clone(it)))
        });
        let removed = self.removed(section, people, catalog, computed);
        let mut listed = Vec::with_capacity(section.enrollments.len());
        let mut seats: HashMap<InstanceNumber, u32> = HashMap::new();
        for Sourced { file, value } in &section.enrollments {
            let file = *file;
            let user = self.refers(file, &value.user, &people.ids);
            let instance = self.refers(file, &value.instance, &catalog.instance_ids);
            self.bounds(file, value);
            let course = self.course(file, value, start);
            let deadline = self.second(file, value.deadline.as_ref());
            let last_access = self.second(file, value.last_access.as_ref());
            let (Some((user_id, user)), Some((id, number))) = (user, instance) else {
                continue;
            };
            if value.user.spot.is_nowhere() || removed.has((user, number), file) {
                continue;
            }
            // An instance that could not be read has a number and no place.
            let Some(instance) = catalog.instances.at(number) else {
                continue;
            };
            self.seats(file, value, &course, &instance, &mut seats);
            listed.push(Enrollment {
                user,
                user_id,
                deadline: deadline.or(instance.deadline),
                last_access,
                ..enrollment(value, (id, number), course)
            });
        }
        removed.base(listed)
    }

    /// Numbers that have bounds.
    fn bounds(&mut self, file: FileId, written: &written::Enrollment) {
        if let Some(progress) = written.progress.as_ref().filter(|it| it.value > 100) {
            let what = format!(
                "`progress` is `{}`, expected percent from 0 to 100",
                progress.value
            );
            self.problems.at(file, progress.spot, what, None);
        }
        let rating = written.rating.as_ref();
        if let Some(rating) = rating.filter(|it| !(1..=5).contains(&it.value)) {
            let what = format!("`rating` is `{}`, expected stars from 1 to 5", rating.value);
            self.problems.at(file, rating.spot, what, None);
        }
        let price = written.purchased_price.as_ref();
        if let Some(price) = price.filter(|it| !(it.value.is_finite() && it.value >= 0.0)) {
            let what = format!(
                "`purchased_price` is `{}`, expected a number from 0",
                price.value
            );
            self.problems.at(file, price.spot, what, None);
        }
    }

    /// The dates and the state, each following from the other where it is left out.
    fn course(&mut self, file: FileId, written: &written::Enrollment, start: Second) -> Course {
        let enrolled = self.second(file, written.enrolled.as_ref());
        let started = self.second(file, written.started.as_ref());
        let completed = self.second(file, written.completed.as_ref());
        let derived = match (&written.completed, &written.started) {
            (Some(_), _) => EnrollmentState::Completed,
            (None, Some(_)) => EnrollmentState::Started,
            (None, None) => EnrollmentState::Enrolled,
        };
        let state = written.state.as_ref().map_or(derived, |it| it.value);
        // The state may be what could not be read.
        if self.lost.is_whole(file, written.user.spot) {
            self.fits_state(file, written, state);
        }
        self.in_order(file, written, [enrolled, started, completed], start);
        let enrolled = enrolled.unwrap_or(start);
        let is_begun = matches!(state, EnrollmentState::Started | EnrollmentState::Completed);
        let started = started.or(is_begun.then_some(enrolled));
        let is_completed = state == EnrollmentState::Completed;
        Course {
            state,
            enrolled,
            started,
            completed: completed.or(started.filter(|_| is_completed)),
        }
    }

    /// Nothing is begun before it was made, nor completed before it was begun.
    fn in_order(
        &mut self,
        file: FileId,
        written: &written::Enrollment,
        [enrolled, started, completed]: [Option<Second>; 3],
        start: Second,
    ) {
        let earlier = |at: Option<Second>, bound: Option<Second>| {
            at.zip(bound).is_some_and(|(at, bound)| at < bound)
        };
        let made = match written.enrolled {
            Some(_) => enrolled,
            None => Some(start),
        };
        let before_made = match written.enrolled {
            Some(_) => "is before `enrolled`, expected it then or later",
            None => "is before the scenario's start, expected an `enrolled` that is earlier",
        };
        let spot =
            |place: &Option<Place<Text>>| place.as_ref().map_or(written.user.spot, |it| it.spot);
        if earlier(started, made) {
            let what = format!("`started` {before_made}");
            self.problems.at(file, spot(&written.started), what, None);
        } else if earlier(completed, started) {
            let what = "`completed` is before `started`, expected it then or later";
            self.problems.at(file, spot(&written.completed), what, None);
        } else if earlier(completed, made) {
            let what = format!("`completed` {before_made}");
            self.problems.at(file, spot(&written.completed), what, None);
        }
    }

    /// Refuses what a state cannot have.
    fn fits_state(&mut self, file: FileId, written: &written::Enrollment, state: EnrollmentState) {
        let name = state_name(state);
        let progress = written.progress.as_ref();
        let mut refuse = |spot: Spot, key: &str, expected: &str| {
            let what = format!("`{key}` does not go with the state {name}, expected {expected}");
            self.problems.at(file, spot, what, None);
        };
        if let Some(started) = written.started.as_ref().filter(|_| !may_be_begun(state)) {
            refuse(started.spot, "started", "the state STARTED, or none");
        }
        let is_open = matches!(state, EnrollmentState::Started) || !may_be_begun(state);
        if let Some(completed) = written.completed.as_ref().filter(|_| is_open) {
            refuse(completed.spot, "completed", "the state COMPLETED, or none");
        }
        match progress {
            Some(it) if state == EnrollmentState::Completed && it.value != 100 => {
                refuse(it.spot, "progress", "100");
            }
            Some(it) if !may_be_begun(state) && it.value != 0 => refuse(it.spot, "progress", "0"),
            Some(_) | None => {}
        }
    }

    /// Who holds a seat counts, who waits for one does not.
    fn seats(
        &mut self,
        file: FileId,
        written: &written::Enrollment,
        course: &Course,
        instance: &Instance,
        taken: &mut HashMap<InstanceNumber, u32>,
    ) {
        let Some(limit) = instance.seat_limit.filter(|_| course.state.holds_seat()) else {
            return;
        };
        let taken = taken.entry(instance.number).or_default();
        *taken += 1;
        if *taken > limit {
            let what = format!(
                "`{}` has a `seat_limit` of {limit}, expected no more enrollments but those with the \
                 state WAITING",
                instance.id
            );
            self.problems.at(file, written.instance.spot, what, None);
        }
    }
}

/// Whether an enrollment in this state may have been begun: also the proof of an external certification
/// waits for approval and is rejected.
fn may_be_begun(state: EnrollmentState) -> bool {
    match state {
        EnrollmentState::Started
        | EnrollmentState::Completed
        | EnrollmentState::PendingApproval
        | EnrollmentState::Rejected => true,
        EnrollmentState::Enrolled
        | EnrollmentState::PendingAcceptance
        | EnrollmentState::Waiting => false,
    }
}

const fn state_name(state: EnrollmentState) -> &'static str {
    match state {
        EnrollmentState::Enrolled => "ENROLLED",
        EnrollmentState::Started => "STARTED",
        EnrollmentState::Completed => "COMPLETED",
        EnrollmentState::PendingApproval => "PENDING_APPROVAL",
        EnrollmentState::PendingAcceptance => "PENDING_ACCEPTANCE",
        EnrollmentState::Waiting => "WAITING",
        EnrollmentState::Rejected => "REJECTED",
    }
}

/// The enrollment, but for whose it is and what the instance adds.
fn enrollment(
    written: &written::Enrollment,
    (instance_id, instance): (InstanceId, InstanceNumber),
    course: Course,
) -> Enrollment {
    let is_completed = course.state == EnrollmentState::Completed;
    let progress = written.progress.as_ref().map(|it| it.value);
    let value = |place: &Option<Place<u32>>| place.as_ref().map(|it| it.value);
    Enrollment {
        user: 0,
        user_id: 0,
        instance,
        instance_id,
        source: written.source.unwrap_or_default(),
        state: course.state,
        enrolled: course.enrolled,
        deadline: None,
        started: course.started,
        completed: course.completed,
        last_access: None,
        progress: progress.unwrap_or(if is_completed { 100 } else { 0 }),
        score: written.score.unwrap_or(0),
        passed: written.passed.as_ref().map_or(is_completed, |it| it.value),
        rare: Rare {
            rating: value(&written.rating),
            url: written.url.as_ref().map(|it| it.0.clone()),
            purchased_price: written.purchased_price.as_ref().map(|it| it.value),
        }
        .boxed(),
    }
}
