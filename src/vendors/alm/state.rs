//! Adobe's tables as the scenario file from which they could have been loaded.

use std::collections::HashSet;

use super::records::{Enrollment, Rare};
use super::tokens::Holder;
use super::world::World;
use super::written;
use crate::format::{Text, counted, text, unless_default};
use crate::place::{Place, Spot};
use crate::platform::end_of;
use crate::tokens::Remembered;
use crate::vendors::alm::written::{Removed, RemovedEnrollment};

impl World {
    /// All that differs from the generated population: records, tokens, switches.
    pub fn state(&self) -> (written::Section, Removed) {
        let (mut section, removed) = self.records();
        for credential in &mut section.credentials {
            self.fill_client(credential);
        }
        let issued = self.issued().access().issued();
        let issued = issued.filter_map(|it| self.token(&it));
        section.credentials.extend(issued);
        self.add_renewals(&mut section.credentials);
        section.issued = written::Issued {
            tokens: counted(self.issued().access().count()),
            codes: counted(self.issued().codes().count()),
            request_ids: counted(self.issued().requests()),
        };
        (section, removed)
    }

    /// The records as they are, ready for a piece of scenario. What the piece lists is there again, if it
    /// was taken away before.
    pub fn before(&self, piece: Option<&written::Section>) -> (written::Section, Removed) {
        let (section, mut removed) = self.records();
        let listed = piece.iter().flat_map(|section| &section.enrollments);
        let listed: HashSet<(&str, &str)> = listed
            .map(|it| (&*it.user.value, &*it.instance.value))
            .collect();
        removed
            .enrollments
            .retain(|it| !listed.contains(&(&*it.user.value, &*it.instance.value)));
        (section, removed)
    }

    /// The records, and the listed credentials that were not taken back.
    fn records(&self) -> (written::Section, Removed) {
        let written = &self.base.written;
        let enrollments = self.enrollments.differing();
        let credentials = written.credentials.iter();
        let section = written::Section {
            enrollments: enrollments.iter().map(enrollment).collect(),
            credentials: credentials.filter_map(|it| self.credential(it)).collect(),
            ..written.clone()
        };
        let gone = self.enrollments.taken_away().into_iter();
        let gone = gone.map(|it| RemovedEnrollment {
            user: text(it.user_id),
            instance: text(it.instance_id),
        });
        let removed = Removed {
            enrollments: gone.collect(),
        };
        (section, removed)
    }

    /// A listed credential as it is now. None: it was taken back.
    fn credential(&self, listed: &written::Credential) -> Option<written::Credential> {
        let mut credential = listed.clone();
        if let Some(token) = &listed.token {
            self.issued().access().grant(&token.value)?;
            if self.issued().access().is_dead(&token.value) {
                credential.expired = Some(Place::made(true));
            }
        }
        let is_unused = |it: &Place<Text>| self.issued().codes().grant(&it.value).is_some();
        credential.code = credential.code.filter(is_unused);
        credential.codes.retain(is_unused);
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
        let codes = self.issued().codes_of(&id.value).map(text);
        credential.codes.extend(codes);
        let renewal = self.issued().renewal_of(&id.value, client);
        credential.refresh_token = renewal.map(text);
    }

    /// An access token that was issued. None: its user is no more.
    fn token(&self, issued: &Remembered<'_, Holder>) -> Option<written::Credential> {
        let (expires, expired) = end_of(issued);
        let mut credential = self.held(issued.token, &issued.grant.principal)?;
        credential.expires = expires;
        credential.expired = expired;
        if let Some(refresh) = self.issued().came_along(issued.token)
            && let Some(renewal) = self.issued().refresh().grant(refresh)
        {
            credential.refresh_token = Some(text(refresh));
            credential.client = Some(text(&renewal.principal.client));
        }
        Some(credential)
    }

    /// Adds the refresh tokens that were issued and whose access tokens all are forgotten: the last one is
    /// there as one that has died.
    fn add_renewals(&self, credentials: &mut Vec<written::Credential>) {
        let written = credentials.iter();
        let written = written.filter_map(|it| Some(it.refresh_token.as_ref()?.value.0.clone()));
        let written: HashSet<String> = written.collect();
        for Remembered { token, grant, .. } in self.issued().refresh().issued() {
            let Some(access) = self.issued().last_given(token) else {
                continue;
            };
            let Some(held) = self.held(access, &grant.principal.holder) else {
                continue;
            };
            if !written.contains(token) {
                credentials.push(written::Credential {
                    expired: Some(Place::made(true)),
                    refresh_token: Some(text(token)),
                    client: Some(text(&grant.principal.client)),
                    ..held
                });
            }
        }
    }

    /// A token as a credential. None: its user is no more.
    fn held(&self, token: &str, holder: &Holder) -> Option<written::Credential> {
        let Holder { user, scopes } = holder;
        let user = self.user_at(*user)?;
        Some(written::Credential {
            token: Some(text(token)),
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
        rare,
    } = meant;
    let Rare {
        rating,
        url,
        purchased_price,
    } = rare.as_deref().cloned().unwrap_or_default();
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
        score: unless_default(*score),
        passed: Some(Place::made(*passed)),
        rating: rating.map(Place::made),
        url: url.map(Text),
        purchased_price: purchased_price.map(Place::made),
    }
}
