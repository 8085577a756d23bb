//! How a user does in a part of an instance.

use super::{Context, Members, Module, Ref, Related, Relation, Resource};
use crate::vendors::alm::records::{Enrollment, EnrollmentState, Instance, Second};

/// How a user does in a module. Scenarios grade whole enrollments: an only module has done what
/// its enrollment has, several are all done once the enrollment is, and untouched before.
#[derive(Debug)]
pub struct Grade {
    module: Module,
    user: u64,
    started: Option<Second>,
    completed: Option<Second>,
    is_completed: bool,
    passed: bool,
    progress: u32,
    score: u32,
}

impl Grade {
    /// The grade of a module. None: the instance has no such module.
    pub fn of(enrollment: &Enrollment, instance: &Instance, module: Module) -> Option<Grade> {
        Module::all_of(instance).find(|it| *it == module)?;
        let is_only = Module::all_of(instance).count() == 1;
        let is_completed = enrollment.state == EnrollmentState::Completed;
        let mut grade = Grade {
            module,
            user: enrollment.user_id,
            started: None,
            completed: None,
            is_completed,
            passed: false,
            progress: 0,
            score: 0,
        };
        if is_only || is_completed {
            grade.started = enrollment.started;
            grade.completed = enrollment.completed.filter(|_| is_completed);
            grade.passed = enrollment.passed;
            grade.progress = enrollment.progress;
        }
        if is_only {
            grade.score = enrollment.score;
        }
        Some(grade)
    }
}

impl Resource for Grade {
    fn reference(&self) -> Ref {
        Ref::Grade(self.module, self.user)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.put("completed", &self.is_completed);
        members.instant("dateCompleted", self.completed);
        members.instant("dateStarted", self.started);
        members.instant("dateSuccess", self.completed.filter(|_| self.passed));
        // No document says how long it took.
        members.put("duration", &0);
        members.put("hasPassed", &self.passed);
        members.put("progressPercent", &self.progress);
        members.put("score", &self.score);
    }

    fn related(&self, relation: Relation, _: &Context<'_>) -> Related {
        match relation {
            Relation::LoResource => Related::One(Ref::LoResource(self.module)),
            _ => Related::Nothing,
        }
    }
}
