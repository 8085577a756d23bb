//! What the OAuth endpoints are asked with, and what they say when it is not enough.

use jiff::Timestamp;

use super::super::errors;
use super::super::tokens::{Client, Renewal};
use super::super::world::World;
use crate::http::{Query, Request};
use crate::platform::ApiError;

/// Parameters of the query and of the form, which are the same to a servlet; the query's count first.
pub struct OAuthParams {
    query: Query,
    form: Query,
}

impl OAuthParams {
    /// What a request says in its query and its form.
    pub fn of_form(request: &Request) -> Self {
        let is_form = request.header("content-type").is_none_or(|it| {
            let essence = it.split(';').next().unwrap_or("").trim();
            essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        let form = if is_form { &request.body[..] } else { &[] };
        OAuthParams {
            query: Query::parse(request.query.as_bytes()),
            form: Query::parse(form),
        }
    }

    /// A parameter; an empty one is as good as none.
    pub fn optional(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.pairs().chain(self.form.pairs());
        let found = pairs.find(|(it, value)| *it == name && !value.is_empty());
        found.map(|(_, value)| value)
    }

    /// A parameter that must be there.
    pub fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.optional(name).ok_or_else(|| missing(name))
    }
}

/// The client with this id and this secret.
pub fn client<'a>(world: &'a World, id: &str, secret: &str) -> Result<&'a Client, ApiError> {
    let client = world.clients().get(id);
    let client = client.filter(|client| client.secret == secret);
    client.ok_or(ApiError::BadClient)
}

/// What a refresh token of this client's renews.
pub fn renewal(
    world: &World,
    refresh: &str,
    client: &str,
    now: Timestamp,
) -> Result<Renewal, ApiError> {
    let renewal = world.issued().refresh().look_up(refresh, now).ok();
    let renewal = renewal.filter(|renewal| renewal.client == client);
    renewal.cloned().ok_or_else(|| invalid("refresh_token"))
}

/// A parameter is not there.
pub fn missing(name: &str) -> ApiError {
    errors::bad_request(&format!("Missing Parameter: {name}"), Some(name))
}

/// A parameter is unknown.
pub fn invalid(name: &str) -> ApiError {
    errors::bad_request(&format!("Invalid Parameter: {name}"), Some(name))
}
