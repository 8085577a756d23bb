//! `POST /oauth2/access_token` and `POST /oauth2/revoke_token`, in the order of oauthlib's checks.

use hyper::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::client::ClientParams;
use super::dumps::{SPACED, dumps};
use super::jwt::{self, Claims, Profile};
use super::pages;
use super::records::User;
use super::tokens::{ACCESS_SECONDS, Client, GrantType, Holder, Renewal};
use super::world::World;
use crate::http::{Reply, Request};
use crate::platform::{ApiError, Words};
use crate::seed::Key;
use crate::vendors::openedx::{Call, Context};

/// How long a signed token lives.
const JWT_SECONDS: i64 = 3600;

/// The answer, in the order of oauthlib's.
#[derive(Serialize)]
struct AccessToken<'a> {
    access_token: &'a str,
    expires_in: i64,
    token_type: &'static str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
}

/// What a request is refused with.
#[derive(Serialize)]
struct Refused {
    error: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'static str>,
}

/// What is granted, and to which client.
struct Granted {
    holder: Holder,
    client: String,
    grant: GrantType,
    /// The refresh token that this uses up.
    used: Option<String>,
}

/// Issues a token.
pub fn issue_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    if !call.request.query.is_empty() {
        // oauthlib refuses it where django-oauth-toolkit does not listen.
        let what = "the token endpoint takes no parameters in the URL";
        return Err(ApiError::Broken(what.to_owned()));
    }
    let asked = ClientParams::of(call.request)?;
    let now = call.context.now;
    let mut world = call.context.write();
    let granted = match asked.field("grant_type") {
        Some("client_credentials") => by_client(&asked, &world)?,
        Some("password") => by_password(&asked, &world)?,
        Some("refresh_token") => by_refreshing(&asked, &world, now)?,
        Some("authorization_code") => return Err(by_code(&asked, &world)),
        Some(_) | None => return Err(no("unsupported_grant_type", None)),
    };
    let user = world.user(granted.holder.user).ok_or(ApiError::BadClient)?;
    let (access, refresh) = issue(&granted, &mut world, now);
    let scope = granted.holder.scopes.join(" ");
    let refresh_token = refresh.as_deref();
    let answer = |access_token: &str, expires_in, token_type| {
        let answer = AccessToken {
            access_token,
            expires_in,
            token_type,
            scope,
            refresh_token,
        };
        dumps(&answer, SPACED).ok_or(ApiError::Internal)
    };
    let body = if wants_jwt(&asked, call.request) {
        let jwt = signed(&granted, &user, call.context, world.jwt_secret(), now);
        let jwt = jwt.ok_or(ApiError::Internal)?;
        world.issued_mut().issue_signed(&jwt);
        answer(&jwt, JWT_SECONDS, "JWT")?
    } else {
        answer(&access, ACCESS_SECONDS, "Bearer")?
    };
    Ok(Reply::new(StatusCode::OK, "application/json", body))
}

/// For the client's owner.
fn by_client(asked: &ClientParams<'_>, world: &World) -> Result<Granted, ApiError> {
    let (id, client) = asked.client(world)?;
    allow(client, GrantType::ClientCredentials)?;
    Ok(Granted {
        holder: Holder {
            user: client.owner,
            scopes: scopes(asked, &client.scopes)?,
        },
        client: id,
        grant: GrantType::ClientCredentials,
        used: None,
    })
}

/// For the user whose name and password are sent.
fn by_password(asked: &ClientParams<'_>, world: &World) -> Result<Granted, ApiError> {
    let (id, client) = asked.client(world)?;
    let required = |name, missing| {
        let value = asked.field(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| no("invalid_request", Some(missing)))
    };
    let username = required("username", "Request is missing username parameter.")?;
    let password = required("password", "Request is missing password parameter.")?;
    // The name may be an address; whether the account was activated does not matter.
    let accounts = [world.user_named(username), world.user_with_email(username)];
    let account = accounts
        .into_iter()
        .flatten()
        .find(|account| !account.disabled && account.password.as_deref() == Some(password));
    let bad = || no("invalid_grant", Some("Invalid credentials given."));
    let account = account.ok_or_else(bad)?;
    allow(client, GrantType::Password)?;
    Ok(Granted {
        holder: Holder {
            user: account.number,
            scopes: scopes(asked, &client.scopes)?,
        },
        client: id,
        grant: GrantType::Password,
        used: None,
    })
}

/// For whom the token was that is renewed.
fn by_refreshing(
    asked: &ClientParams<'_>,
    world: &World,
    now: Timestamp,
) -> Result<Granted, ApiError> {
    let missing = || no("invalid_request", Some("Missing refresh token parameter."));
    let token = asked.field("refresh_token").ok_or_else(missing)?;
    let (id, _) = asked.client(world)?;
    // Any client may ask; only one that took a password has what to ask with.
    let renewal = world.issued().refresh().look_up(token, now).ok();
    let renewal = renewal.filter(|renewal| renewal.client == id);
    // Retiring an account takes its tokens away.
    let renewal = renewal.filter(|renewal| !world.is_retired(renewal.holder.user));
    let renewal = renewal.ok_or_else(|| no("invalid_grant", None))?;
    if world.issued().access().is_revoked(&renewal.access) {
        // The scopes are looked up at the access token, and it is not there.
        let what = "the access token that came with this refresh token was revoked";
        return Err(ApiError::Broken(what.to_owned()));
    }
    let reach = match asked.field("scope") {
        // Here an empty one is none.
        Some("") | None => renewal.holder.scopes.clone(),
        Some(_) => scopes(asked, &renewal.holder.scopes)?,
    };
    Ok(Granted {
        holder: Holder {
            user: renewal.holder.user,
            scopes: reach,
        },
        client: id,
        grant: GrantType::Password,
        used: Some(token.to_owned()),
    })
}

/// No client here may do this; its request is looked at all the same.
fn by_code(asked: &ClientParams<'_>, world: &World) -> ApiError {
    if asked.field("code").is_none() {
        return no("invalid_request", Some("Missing code parameter."));
    }
    match asked.client(world) {
        Ok(_) => no("unauthorized_client", None),
        Err(error) => error,
    }
}

fn allow(client: &Client, grant: GrantType) -> Result<(), ApiError> {
    if client.grants.contains(&grant) {
        Ok(())
    } else {
        Err(no("unauthorized_client", None))
    }
}

/// The scopes asked for, as asked, all of them `within`. None asked for: all of these.
fn scopes(asked: &ClientParams<'_>, within: &[String]) -> Result<Box<[String]>, ApiError> {
    let Some(scope) = asked.field("scope") else {
        return Ok(within.into());
    };
    // Two blanks have an empty scope between them, which no client may have.
    let scopes: Box<[String]> = scope.trim().split(' ').map(str::to_owned).collect();
    if scopes.iter().all(|scope| within.contains(scope)) {
        Ok(scopes)
    } else {
        Err(no("invalid_scope", None))
    }
}

/// A token to start with: one for the owner of the first listed client.
pub fn issue_sample(context: &Context<'_>) -> Option<String> {
    let mut world = context.write();
    let (id, _) = world.clients().first()?;
    let client = world.clients().get(id)?;
    allow(client, GrantType::ClientCredentials).ok()?;
    let holder = Holder {
        user: client.owner,
        scopes: client.scopes.clone(),
    };
    let now = context.now;
    Some(world.issued_mut().issue_access(holder, now))
}

/// Issues an access token and, to who took a password, one to renew it with; the one used up dies with
/// what came along with it.
fn issue(granted: &Granted, world: &mut World, now: Timestamp) -> (String, Option<String>) {
    let issued = world.issued_mut();
    if let Some(used) = &granted.used {
        issued.revoke(used);
    }
    let access = issued.issue_access(granted.holder.clone(), now);
    let refresh = (granted.grant == GrantType::Password).then(|| {
        let renewal = Renewal {
            holder: granted.holder.clone(),
            client: granted.client.clone(),
            access: access.clone(),
        };
        issued.issue_refresh(renewal, now)
    });
    (access, refresh)
}

/// Whether the token is to be a signed one. The field counts before the header.
fn wants_jwt(asked: &ClientParams<'_>, request: &Request) -> bool {
    let field = asked.field("token_type");
    let wanted = field.or_else(|| request.header("x-token-type"));
    wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case("jwt"))
}

/// The signed token. Names of people are not part of a scenario, so the user name stands in.
fn signed(
    granted: &Granted,
    user: &User,
    context: &Context<'_>,
    secret: &str,
    now: Timestamp,
) -> Option<String> {
    let scopes = &granted.holder.scopes;
    let has = |wanted: &str| scopes.iter().any(|scope| scope == wanted);
    let (grant_type, filters): (_, &[_]) = match granted.grant {
        GrantType::ClientCredentials => ("client-credentials", &[]),
        GrantType::Password => ("password", &["user:me"]),
    };
    let iat = now.as_second();
    let claims = Claims {
        aud: jwt::AUDIENCE,
        exp: iat.saturating_add(JWT_SECONDS),
        grant_type,
        iat,
        iss: jwt::ISSUER,
        preferred_username: &user.username,
        scopes,
        version: jwt::VERSION,
        sub: anonymous_id(user, context),
        filters,
        is_restricted: false,
        email_verified: user.active,
        email: has("email").then_some(&user.email),
        profile: has("profile").then(|| Profile {
            name: &user.username,
            family_name: "",
            given_name: "",
            administrator: user.staff,
            superuser: false,
        }),
        user_id: has("user_id").then(|| u64::from(user.number) + 1),
    };
    jwt::write(&claims, secret)
}

/// An account's name where it must not be recognized: 32 hexadecimal digits, always the same.
fn anonymous_id(user: &User, context: &Context<'_>) -> String {
    let key = Key::new(context.seed, "openedx anonymous id");
    let bytes = key.stream(u64::from(user.number)).bytes::<16>();
    format!("{:032x}", u128::from_be_bytes(bytes))
}

/// Takes a token back: any, of either kind, for any client. A token that was never issued is as good as
/// taken back.
pub fn revoke_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    if !call.request.query.is_empty() {
        let why = "URL query parameters are not allowed";
        return Err(no("invalid_request", Some(why)));
    }
    let asked = ClientParams::of(call.request)?;
    let mut world = call.context.write();
    let token = asked.field("token").filter(|token| !token.is_empty());
    let missing = || no("invalid_request", Some("Missing token parameter."));
    let token = token.ok_or_else(missing)?;
    asked.client(&world)?;
    world.issued_mut().revoke(token);
    Ok(Reply::new(StatusCode::OK, pages::HTML, Vec::new()))
}

/// A no of OAuth's.
fn no(error: &'static str, error_description: Option<&'static str>) -> ApiError {
    let refused = Refused {
        error,
        error_description,
    };
    let Some(body) = dumps(&refused, SPACED) else {
        return ApiError::Internal;
    };
    ApiError::InItsOwnWords(Words {
        status: StatusCode::BAD_REQUEST,
        content_type: Some("application/json"),
        body: String::from_utf8_lossy(&body).into_owned(),
        cookie: None,
        what: error_description.unwrap_or(error).to_owned(),
    })
}
