//! What the OAuth endpoints write.

use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::super::behaviour::TokenBody;
use super::super::tokens::ACCESS_SECONDS;
use super::super::world::World;
use crate::http::Reply;
use crate::platform::ApiError;

/// What these endpoints write.
pub const JSON: &str = "application/json;charset=UTF-8";

/// Everything that can be said of an access token.
pub struct Token<'a> {
    access: &'a str,
    refresh: Option<&'a str>,
    role: &'static str,
    account: &'a str,
    user: String,
    seconds: i64,
}

/// As sample applications and the manual's own check print it.
#[derive(Serialize)]
struct SixMembers<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    user_role: &'static str,
    account_id: &'a str,
    user_id: &'a str,
    expires_in: i64,
}

/// As the newer manual prints it.
#[derive(Serialize)]
struct FourMembers<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    expires_in: i64,
    token_type: &'static str,
}

#[derive(Serialize)]
struct Refused {
    error: &'static str,
}

impl<'a> Token<'a> {
    /// What is to be said of a token that lives.
    pub fn new(world: &'a World, access: &'a str, now: Timestamp) -> Result<Self, ApiError> {
        let holder = world.issued().access().look_up(access, now);
        let holder = holder.map_err(|_| ApiError::Internal)?;
        let user = world.user_at(holder.user).ok_or(ApiError::Internal)?;
        Ok(Token {
            access,
            refresh: world.issued().along(access, now),
            role: if holder.is_admin() {
                "admin"
            } else {
                "learner"
            },
            account: world.account(),
            user: user.id.to_string(),
            seconds: seconds_left(world, access, now),
        })
    }

    /// The answer.
    pub fn reply(&self, body: TokenBody) -> Result<Reply, ApiError> {
        let body = match body {
            TokenBody::SixMembers => serde_json::to_vec(&SixMembers {
                access_token: self.access,
                refresh_token: self.refresh,
                user_role: self.role,
                account_id: self.account,
                user_id: &self.user,
                // Every sample of a new token shows one second less than it lives.
                expires_in: (self.seconds - 1).max(0),
            }),
            TokenBody::FourMembers => serde_json::to_vec(&FourMembers {
                access_token: self.access,
                refresh_token: self.refresh,
                expires_in: self.seconds,
                token_type: "Bearer",
            }),
        };
        let body = body.map_err(|_| ApiError::Internal)?;
        Ok(Reply::new(StatusCode::OK, JSON, body))
    }
}

/// For how many seconds, the one begun included, a token lives. One that never dies is always new.
pub fn seconds_left(world: &World, access: &str, now: Timestamp) -> i64 {
    let grant = world.issued().access().live(access, now).ok();
    let Some(expires) = grant.and_then(|grant| grant.expires) else {
        return ACCESS_SECONDS;
    };
    let left = expires.duration_since(now);
    left.as_secs() + i64::from(left.subsec_nanos() > 0)
}

/// What the check says of a token that is none.
pub fn invalid_token() -> Result<Reply, ApiError> {
    let refused = Refused {
        error: "invalid_token",
    };
    let body = serde_json::to_vec(&refused).map_err(|_| ApiError::Internal)?;
    Ok(Reply::new(StatusCode::OK, JSON, body))
}
