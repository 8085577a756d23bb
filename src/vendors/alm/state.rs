//! Adobe's tables as the scenario file from which they could have been loaded, and what a piece of
//! scenario makes of them.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::records::Enrollment;
use super::tokens::Holder;
use super::world::World;
use super::{check, written};
use crate::place::{Place, Spot};
use crate::scenario::{Change, Merged, Problems, RemovedAlm, RemovedAlmEnrollment, Text};
use crate::tokens::Grant;

impl World {
    /// All that differs from the generated population: records, tokens, switches. Of a client's tokens and
    /// codes those are there that its credential has a place for.
    pub fn state(&self) -> (written::Section, RemovedAlm) {
        let (mut section, removed) = self.records();
        for credential in &mut section.credentials {
            self.fill_client(credential);
        }
        let issued = self.issued().access().issued();
        let issued = issued.filter_map(|(token, grant)| self.token(token, &grant));
        section.credentials.extend(issued);
        (section, removed)
    }

    /// The records as they are, ready for a piece of scenario. What the piece lists is there again, if it
    /// was taken away before.
    pub fn before(&self, change: &mut Change) -> (written::Section, RemovedAlm) {
        let (section, mut removed) = self.records();
        let listed = change.alm.iter().flat_map(|section| &section.enrollments);
        let listed: HashSet<(&str, &str)> = listed
            .map(|it| (&*it.user.value, &*it.instance.value))
            .collect();
        removed
            .enrollments
            .retain(|it| !listed.contains(&(&*it.user.value, &*it.instance.value)));
        (section, removed)
    }

    /// What a piece of scenario makes of this world: the piece lies in `merged` as its first file, all
    /// records as its second one. What is wrong goes to `problems`; the result is of use only if nothing is.
    pub fn changed(&self, merged: &Merged, now: Timestamp, problems: &mut Problems) -> World {
        let generated = self.base.generated.clone();
        let base = check(merged, generated, now, problems);
        self.over(Arc::new(base))
    }

    /// The records, and the listed credentials that were not taken back.
    fn records(&self) -> (written::Section, RemovedAlm) {
        let written = &self.base.written;
        let enrollments = self.enrollments.differing();
        let credentials = written.credentials.iter();
        let section = written::Section {
            enrollments: enrollments.iter().map(enrollment).collect(),
            credentials: credentials.filter_map(|it| self.credential(it)).collect(),
            ..written.clone()
        };
        let gone = self.enrollments.taken_away().into_iter();
        let gone = gone.map(|it| RemovedAlmEnrollment {
            user: text(it.user_id),
            instance: text(it.instance_id),
        });
        let removed = RemovedAlm {
            enrollments: gone.collect(),
        };
        (section, removed)
    }

    /// A listed credential as it is now. None: it was taken back.
    fn credential(&self, listed: &written::Credential) -> Option<written::Credential> {
        let mut credential = listed.clone();
        if let Some(token) = &listed.token {
            let expires = self.issued().access().expiry(&token.value)?;
            credential.expires = expires.map(text);
        }
        let codes = self.issued().codes();
        let unused = listed.code.as_ref();
        credential.code = unused
            .filter(|it| codes.grant(&it.value).is_some())
            .cloned();
        Some(credential)
    }

    /// What a client was given while running.
    fn fill_client(&self, credential: &mut written::Credential) {
        let Some(id) = &credential.client_id else {
            return;
        };
        let Some(client) = self.clients().get(&id.value) else {
            return;
        };
        let code = self.issued().code_of(&id.value, client.code.as_deref());
        credential.code = code.map(text);
        let renewal = self.issued().renewal_of(&id.value, client);
        credential.refresh_token = renewal.map(text);
    }

    /// An access token that was issued. None: its user is no more.
    fn token(&self, token: &str, grant: &Grant<Holder>) -> Option<written::Credential> {
        let Holder { user, scopes } = &grant.principal;
        let user = self.user_at(*user)?;
        Some(written::Credential {
            token: Some(text(token)),
            expires: grant.expires.map(text),
            user: Some(text(user.id)),
            scopes: Some(scopes.iter().map(Place::made).collect()),
            spot: Spot::MADE,
            ..written::Credential::default()
        })
    }
}

fn enrollment(meant: &Enrollment) -> written::Enrollment {
    let Enrollment {
        user: _,
        user_id,
        instance: _,
        instance_id,
        source,
        state,
        enrolled,
        deadline,
        started,
        completed,
        last_access,
        progress,
        score,
        passed,
        rating,
        url,
        purchased_price,
    } = meant;
    written::Enrollment {
        user: text(user_id),
        instance: text(instance_id),
        source: Some(*source),
        state: Some(Place::made(*state)),
        enrolled: Some(text(enrolled)),
        deadline: deadline.map(text),
        started: started.map(text),
        completed: completed.map(text),
        last_access: last_access.map(text),
        progress: Some(Place::made(*progress)),
        score: (*score > 0).then_some(*score),
        passed: Some(Place::made(*passed)),
        rating: rating.map(Place::made),
        url: url.clone().map(Text),
        purchased_price: purchased_price.map(Place::made),
    }
}

/// What has a text, as files write it.
fn text(it: impl ToString) -> Place<Text> {
    Place::made(Text(it.to_string()))
}
