//! Open edX's tables as the scenario file from which they could have been loaded, and what a piece of
//! scenario makes of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::merged::Section;
use super::records::{Course, CourseNumber, Enrollment, Results, User, UserNumber};
use super::tokens::{Holder, Renewal};
use super::world::World;
use super::written;
use crate::format::{Decimal, FileId, Text, counted, if_true, text, unless_default};
use crate::place::{Place, Spot};
use crate::platform::end_of;
use crate::records::Record;
use crate::tokens::Remembered;
use crate::vendors::openedx::written::{Removed, RemovedEnrollment};

impl World {
    /// All that differs from the generated population: records, tokens, switches.
    pub fn state(&self) -> (written::Section, Removed) {
        let (mut section, removed) = self.records(&HashSet::new());
        let issued = self.issued().access().issued();
        let issued = issued.filter_map(|it| self.token(&it));
        section.credentials.extend(issued);
        self.add_renewals(&mut section.credentials);
        section.issued = written::Issued {
            tokens: counted(self.issued().access().count()),
            refresh_tokens: counted(self.issued().refresh().count()),
        };
        (section, removed)
    }

    /// The records as they are, ready for a piece of scenario. Of an account that the piece retires nothing
    /// is left but the account, as upstream's retirement leaves it.
    pub fn before(&self, piece: Option<&written::Section>) -> (written::Section, Removed) {
        let users = piece.iter().flat_map(|section| &section.users);
        let retiring = users.filter(|user| user.retired == Some(true));
        let retiring = retiring.filter_map(|user| self.user_spelled(&user.username.value));
        self.records(&retiring.map(|user| user.number).collect())
    }

    /// Registers the accounts that the first of the merged files lists.
    pub fn register_listed(&mut self, before: &World, merged: &Section, now: Timestamp) {
        for user in merged.users.iter().filter(|user| user.file == FileId(0)) {
            let name: &str = &user.value.username.value;
            if let Some(user) = self.user_spelled(name) {
                self.registers(before.user_spelled(name).as_deref(), &user, now);
            }
        }
    }

    /// The records without what belongs to accounts that go, and the listed credentials that were not taken
    /// back.
    fn records(&self, going: &HashSet<UserNumber>) -> (written::Section, Removed) {
        let stays = |user: UserNumber| !going.contains(&user) && !self.is_retired(user);
        let credentials = self.base.written.credentials.iter();
        let credentials = credentials.filter(|it| {
            let user = it.user.as_ref();
            let user = user.and_then(|name| self.user_spelled(&name.value));
            user.is_some_and(|user| stays(user.number))
        });
        let is_client = |id: &str| self.clients().get(id).is_some_and(|it| stays(it.owner));
        let section = written::Section {
            users: self
                .users
                .differing()
                .iter()
                .map(|it| self.written_user(it))
                .collect(),
            courses: self
                .courses
                .differing()
                .iter()
                .map(|it| course(it))
                .collect(),
            enrollments: self.written_enrollments(stays),
            invitations: self.written_invitations(stays),
            credentials: credentials
                .filter_map(|it| self.credential(it, is_client))
                .collect(),
            expired_jwts: self.expired_jwts(),
            ..self.base.written.clone()
        };
        let gone = self.enrollments.taken_away().into_iter();
        let gone = gone.filter_map(|it| {
            Some(RemovedEnrollment {
                username: text(&self.user(it.user)?.username),
                course: text(&self.course_at(it.course)?.key),
            })
        });
        let removed = Removed {
            enrollments: gone.collect(),
        };
        (section, removed)
    }

    fn written_user(&self, meant: &User) -> written::User {
        let administers = meant.administers.iter();
        let administers = administers.filter_map(|course| self.course_at(*course));
        written::User {
            username: text(&meant.username),
            email: Some(text(&meant.email)),
            active: (!meant.active).then_some(false),
            staff: unless_default(meant.staff),
            disabled: unless_default(meant.disabled),
            retired: unless_default(meant.retired),
            password: meant.password.as_ref().map(text),
            course_admin: administers.map(|course| text(&course.key)).collect(),
        }
    }

    /// The enrollments that differ, and those whose cohort does.
    fn written_enrollments(&self, stays: impl Fn(UserNumber) -> bool) -> Vec<written::Enrollment> {
        let mut enrollments: BTreeMap<_, Enrollment> = BTreeMap::new();
        let in_cohorts = self.cohorts.range(..).into_iter();
        let in_cohorts = in_cohorts.filter_map(|((user, course), _)| self.enrollment(user, course));
        for it in self.enrollments.differing().into_iter().chain(in_cohorts) {
            enrollments.insert(it.place(), it);
        }
        let enrollments = enrollments.values().filter(|it| stays(it.user));
        enrollments
            .filter_map(|it| self.written_enrollment(it))
            .collect()
    }

    fn written_enrollment(&self, meant: &Enrollment) -> Option<written::Enrollment> {
        let nothing = Results::default();
        let Results {
            completion,
            grade,
            letter_grade,
            passed,
            last_date,
        } = meant.results.as_deref().unwrap_or(&nothing);
        let decimal = |number: &String| Place::made(Decimal(number.clone()));
        let cohort = self.cohort(meant.user, meant.course);
        Some(written::Enrollment {
            username: text(&self.user(meant.user)?.username),
            course: text(&self.course_at(meant.course)?.key),
            mode: Some(meant.mode),
            active: (!meant.active).then_some(false),
            created: Some(text(meant.created)),
            cohort: cohort.map(text),
            completion: completion.as_ref().map(decimal),
            grade: grade.as_ref().map(decimal),
            letter_grade: letter_grade.clone().map(Text),
            passed: passed.map(text),
            last_date: last_date.map(text),
        })
    }

    fn written_invitations(&self, stays: impl Fn(UserNumber) -> bool) -> Vec<written::Invitation> {
        let invitations: BTreeMap<_, _> = self.invitations.range(..).into_iter().collect();
        let invitations = invitations.into_iter().filter_map(|((email, course), it)| {
            let used_by = match it.used_by {
                Some(user) if !stays(user) => return None,
                Some(user) => Some(text(&self.user(user)?.username)),
                None => None,
            };
            Some(written::Invitation {
                course: text(&self.course_at(course)?.key),
                auto_enroll: unless_default(it.auto_enroll),
                used_by,
                cohort: self.invited_cohort(&email, course).map(text),
                email: text(email),
            })
        });
        invitations.collect()
    }

    /// The cohort that an enrollment will be in once the invitation was used.
    fn invited_cohort(&self, email: &str, course: CourseNumber) -> Option<Arc<str>> {
        let awaiting = self.awaiting_cohort(email, course);
        awaiting.or_else(|| {
            let user = self.user_with_email(email)?.number;
            match self.enrollment(user, course) {
                // There it is written.
                Some(_) => None,
                None => self.cohort(user, course),
            }
        })
    }

    /// A listed credential as it is now. None: it was taken back, and so was what renews it.
    fn credential(
        &self,
        listed: &written::Credential,
        is_client: impl Fn(&str) -> bool,
    ) -> Option<written::Credential> {
        let mut credential = listed.clone();
        let Some(token) = &listed.token else {
            return Some(credential);
        };
        let is_good =
            |refresh: &Place<Text>| self.issued().refresh().grant(&refresh.value).is_some();
        let renews = listed.refresh_token.as_ref().is_some_and(is_good);
        let is_its = listed
            .client
            .as_ref()
            .is_some_and(|it| is_client(&it.value));
        if !(renews && is_its) {
            credential.refresh_token = None;
            credential.refresh_expires = None;
            credential.client = None;
        }
        if self.issued().access().grant(&token.value).is_none() {
            credential.refresh_token.as_ref()?;
            credential.revoked = Some(Place::made(true));
        }
        if self.issued().access().is_dead(&token.value) {
            credential.expired = Some(Place::made(true));
        }
        Some(credential)
    }

    /// An access token that was issued. None: its account is no more.
    fn token(&self, issued: &Remembered<'_, Holder>) -> Option<written::Credential> {
        let (expires, expired) = end_of(issued);
        Some(written::Credential {
            expires,
            expired,
            ..self.held(issued.token, &issued.grant.principal)?
        })
    }

    /// A token as a credential. None: its account is no more.
    fn held(&self, token: &str, holder: &Holder) -> Option<written::Credential> {
        let user = self.user(holder.user)?;
        (!user.retired).then(|| written::Credential {
            token: Some(text(token)),
            user: Some(text(&user.username)),
            scopes: holder.scopes.iter().map(text).collect(),
            spot: Spot::MADE,
            ..written::Credential::default()
        })
    }

    /// Puts each refresh token that was issued to the access token that came along with it. Where that was
    /// taken back or is forgotten, it is there as one that opens nothing.
    fn add_renewals(&self, credentials: &mut Vec<written::Credential>) {
        let tokens = credentials.iter().enumerate();
        let tokens = tokens.filter_map(|(at, it)| Some((it.token.as_ref()?.value.0.clone(), at)));
        let tokens: HashMap<String, usize> = tokens.collect();
        for Remembered { token, grant, .. } in self.issued().refresh().issued() {
            let Renewal {
                holder,
                client,
                access,
            } = &grant.principal;
            let owner = self.clients().get(client).map(|client| client.owner);
            if owner.is_none_or(|owner| self.is_retired(owner)) {
                continue;
            }
            let at = tokens.get(access).copied().unwrap_or(credentials.len());
            if at == credentials.len() {
                let Some(held) = self.held(access, holder) else {
                    continue;
                };
                let is_revoked = self.issued().access().is_revoked(access);
                credentials.push(written::Credential {
                    revoked: if_true(is_revoked),
                    expired: if_true(!is_revoked),
                    ..held
                });
            }
            let credential = &mut credentials[at];
            credential.refresh_token = Some(text(token));
            credential.refresh_expires = grant.expires.map(text);
            credential.client = Some(text(client));
        }
    }

    /// The signatures of the signed tokens that died before their hour.
    fn expired_jwts(&self) -> Vec<Place<Text>> {
        let issued = self.issued();
        let listed = self.base.written.expired_jwts.iter();
        let listed = listed.filter(|it| issued.is_listed_expired(&it.value));
        let running = issued.expired_signatures().map(text);
        listed.cloned().chain(running).collect()
    }
}

fn course(meant: &Course) -> written::Course {
    let has_name = meant.name != meant.key;
    written::Course {
        key: text(&meant.key),
        name: has_name.then(|| Text(meant.name.clone())),
        modes: meant.modes.iter().copied().map(Place::made).collect(),
        cohorts: meant.cohorts.iter().map(text).collect(),
        made_up: unless_default(meant.made_up),
    }
}
