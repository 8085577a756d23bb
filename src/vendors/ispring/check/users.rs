//! Users and content: what enrollments refer to.

use std::sync::Arc;

use super::references::lacks_ids;
use super::{Check, Checked, Places};
use crate::format::{FileId, Sourced};
use crate::records::Source;
use crate::vendors::ispring::generated::{self, Generated};
use crate::vendors::ispring::records::{Content, Department, Role, User};
use crate::vendors::ispring::written;

impl Check<'_> {
    pub(super) fn users(
        &mut self,
        written: &[Sourced<written::User>],
        generated: Option<&Arc<Generated>>,
        departments: &Checked<Department>,
    ) -> Checked<Arc<User>> {
        let computed = generated.map(|generated| {
            let source: Arc<dyn Source<Arc<User>>> =
                Arc::new(generated::Users(Arc::clone(generated)));
            source
        });
        let mut places = Places::new(computed.clone());
        let mut listed = Vec::new();
        for Sourced { file, value } in written {
            let role = value.role.unwrap_or_default();
            let department = value.department.as_ref();
            let department = department.and_then(|place| self.refers(*file, place, departments));
            let manages = value.manages.iter();
            let manages: Vec<_> = manages
                .filter_map(|place| self.refers(*file, place, departments))
                .map(|department| department.number)
                .collect();
            // The very role may be what could not be read.
            if self.lost.is_whole(*file, value.id.spot) {
                self.without_effect(*file, role, value);
            }
            if let Some(id) = self.id(*file, &value.id) {
                listed.push(Arc::new(User {
                    id,
                    number: places.of(id),
                    department: department.map(|department| department.number),
                    active: value.active.unwrap_or(true),
                    role,
                    manages: manages.into(),
                    permissions: value.permissions.iter().map(|place| place.value).collect(),
                }));
            }
        }
        let ids = written.iter().map(|user| &user.value.id);
        Checked::new("user", computed, listed, lacks_ids(ids))
    }

    /// What a role does not look at is refused: it would read as if it did something.
    fn without_effect(&mut self, file: FileId, role: Role, user: &written::User) {
        if let Some(first) = user.permissions.first()
            && role != Role::Custom
        {
            let what = "`permissions` are fixed for every role but custom, expected none";
            let cure = "write `role: custom`, or leave `permissions` out".to_owned();
            self.problems.at(file, first.spot, what, Some(cure));
        }
        if let Some(first) = user.manages.first() {
            let what = match role {
                Role::Learner => "a learner manages no departments, expected none",
                Role::AccountAdministrator | Role::AccountOwner => {
                    "this role sees the whole account, expected no `manages`"
                }
                Role::Publisher | Role::DepartmentAdministrator | Role::Custom => return,
            };
            self.problems.at(file, first.spot, what, None);
        }
    }

    pub(super) fn content(
        &mut self,
        written: &[Sourced<written::Content>],
        generated: Option<&Arc<Generated>>,
    ) -> Checked<Content> {
        let computed = generated.map(|generated| {
            let source: Arc<dyn Source<Content>> =
                Arc::new(generated::Courses(Arc::clone(generated)));
            source
        });
        let mut places = Places::new(computed.clone());
        let mut listed = Vec::new();
        for Sourced { file, value } in written {
            if let Some(id) = self.id(*file, &value.id) {
                listed.push(Content {
                    id,
                    number: places.of(id),
                    kind: value.kind.unwrap_or_default(),
                    default_due_hours: value.default_due_hours.as_ref().map(|hours| hours.value),
                });
            }
        }
        let ids = written.iter().map(|content| &content.value.id);
        Checked::new("content", computed, listed, lacks_ids(ids))
    }
}
