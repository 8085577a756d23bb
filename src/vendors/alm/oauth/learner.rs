//! `POST /oauth/o/learnerToken`: an administrator's client acts for a learner.

use serde::Deserialize;

use super::super::behaviour::TokenBody;
use super::super::errors;
use super::super::records::{Role, Scope};
use super::super::tokens::Holder;
use super::params::{self, OAuthParams};
use super::wire::{Token, seconds_left};
use crate::http::{Reply, Request};
use crate::platform::ApiError;
use crate::vendors::alm::Call;

/// The body.
#[derive(Deserialize)]
struct Credentials {
    client_id: Option<String>,
    client_secret: Option<String>,
    refresh_token: Option<String>,
}

/// Gives the learner's token: the one that lives, unless a new one is asked for or it is too old.
pub fn issue_learner_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    let asked = OAuthParams::of_form(&Request {
        body: bytes::Bytes::new(),
        ..call.request.clone()
    });
    let email = asked.required("learner_email")?;
    let force = asked.optional("force").is_some_and(|it| it == "true");
    let at_least = at_least(&asked)?;
    let body: Credentials = serde_json::from_slice(&call.request.body)
        .map_err(|_| errors::bad_request("Generic Error", None))?;
    let id = member(body.client_id.as_deref(), "client_id")?;
    let secret = member(body.client_secret.as_deref(), "client_secret")?;
    let refresh = member(body.refresh_token.as_deref(), "refresh_token")?;

    let now = call.context.now;
    let mut world = call.context.write();
    params::client(&world, id, secret)?;
    let renewal = params::renewal(&world, refresh, id, now)?;
    if !renewal.holder.is_admin() {
        return Err(ApiError::Forbidden);
    }
    // Roles are separate: a caller acts for learners only.
    let learner = world.user_with_email(email);
    let learner = learner.filter(|it| it.roles.contains(&Role::Learner));
    let learner = learner.ok_or_else(|| errors::unknown_object(email))?;
    let holder = Holder {
        user: learner.number,
        scopes: [Scope::LearnerRead, Scope::LearnerWrite]
            .into_iter()
            .collect(),
    };
    let own = world.issued_mut().refresh_of_learner(id, holder);
    let latest = world.issued().latest(&own, now).map(str::to_owned);
    let latest = latest.filter(|it| !force && seconds_left(&world, it, now) >= at_least);
    let access = latest.unwrap_or_else(|| world.issued_mut().issue_access(&own, holder, now));
    Token::new(&world, &access, now)?.reply(TokenBody::SixMembers)
}

/// For how long the token must be good at least. No token lives longer than a new one.
fn at_least(asked: &OAuthParams) -> Result<i64, ApiError> {
    let Some(sent) = asked.optional("min_validity_sec") else {
        return Ok(0);
    };
    sent.parse()
        .map_err(|_| params::invalid("min_validity_sec"))
}

fn member<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str, ApiError> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| params::missing(name))
}
