//! The OAuth endpoints: from a code to a token, from a refresh token to the token that lives, and for
//! an administrator's client a learner's token.

mod authorize;
mod learner;
mod params;
mod wire;

pub use authorize::authorize;
pub use learner::issue_learner_token;
pub use wire::JSON;

use params::OAuthParams;
use wire::Token;

use super::behaviour::TokenBody;
use crate::http::{Query, Reply};
use crate::platform::ApiError;
use crate::vendors::alm::{Call, Context};

/// Exchanges a code. The kind of grant is not looked at: this endpoint knows one.
pub fn issue_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    let asked = OAuthParams::of_form(call.request);
    let code = asked.required("code")?;
    let (id, secret) = (
        asked.required("client_id")?,
        asked.required("client_secret")?,
    );
    let now = call.context.now;
    let mut world = call.context.write();
    let client = params::client(&world, id, secret)?.clone();
    let issued = world.issued_mut();
    if !issued.use_code(code, id, now) {
        return Err(params::invalid("code"));
    }
    let refresh = issued.refresh_of_client(id, &client);
    let access = issued.issue_access(&refresh, client.holder, now);
    let body = world.behaviour().token_body;
    Token::new(&world, &access, now)?.reply(body)
}

/// Renews. The token that lives is given again, and counts down.
pub fn refresh_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    let asked = OAuthParams::of_form(call.request);
    let (id, secret) = (
        asked.required("client_id")?,
        asked.required("client_secret")?,
    );
    let refresh = asked.required("refresh_token")?;
    let now = call.context.now;
    let mut world = call.context.write();
    params::client(&world, id, secret)?;
    let renewal = params::renewal(&world, refresh, id, now)?;
    let latest = world.issued().latest(refresh, now).map(str::to_owned);
    let access = latest.unwrap_or_else(|| {
        world
            .issued_mut()
            .issue_access(refresh, renewal.holder, now)
    });
    let body = world.behaviour().token_body;
    Token::new(&world, &access, now)?.reply(body)
}

/// A token to start with: what the first listed client would get.
pub fn issue_sample(context: &Context<'_>) -> Option<String> {
    let now = context.now;
    let mut world = context.write();
    let (id, _) = world.clients().first()?;
    let id = id.to_owned();
    let client = world.clients().get(&id)?.clone();
    let issued = world.issued_mut();
    let refresh = issued.refresh_of_client(&id, &client);
    let latest = issued.latest(&refresh, now).map(str::to_owned);
    Some(latest.unwrap_or_else(|| issued.issue_access(&refresh, client.holder, now)))
}

/// Says what a token is worth. A bad one is no failure of the call.
pub fn check_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    let query = Query::parse(call.request.query.as_bytes());
    let access = query.values("access_token").next().unwrap_or_default();
    let world = call.context.read();
    let now = call.context.now;
    if world.issued().access().look_up(access, now).is_err() {
        return wire::invalid_token();
    }
    // The newer manual's four members are those of a new token.
    Token::new(&world, access, now)?.reply(TokenBody::SixMembers)
}
