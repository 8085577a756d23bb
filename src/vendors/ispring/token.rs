//! `POST /api/v3/token`: a client's id and secret for an access token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::StatusCode;
use jiff::SignedDuration;
use serde::Serialize;

use super::errors::content_type;
use super::fields::Fields;
use super::wire::{Syntax, Xml};
use super::world::World;
use crate::http::{Reply, Request, accepted_media};
use crate::platform::{ApiError, Principal, quoted};
use crate::seed::Key;
use crate::tokens::Grant;
use crate::vendors::ispring::{Call, Context};

/// "After that, the token becomes invalid": the vendor's page.
const LIFETIME_SECONDS: i64 = 1800;

/// The answer, in the order of the vendor's sample.
#[derive(Serialize)]
struct AccessToken<'a> {
    access_token: &'a str,
    expires_in: i64,
    token_type: &'static str,
}

/// JSON, unless `Accept` lists nothing but XML: unlike everywhere else, clients that send no
/// `Accept` read JSON here.
pub fn syntax(request: &Request) -> Syntax {
    let accepted = accepted_media(&request.headers);
    if !accepted.is_empty() && accepted.iter().all(|media| media.is_xml()) {
        Syntax::Xml
    } else {
        Syntax::Json
    }
}

/// Issues a token.
pub fn issue_token(call: &Call<'_>) -> Result<Reply, ApiError> {
    let fields = Fields::of_form(call.request)?;
    let required = |name: &str| {
        let value = fields.text(name)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| ApiError::Malformed(format!("{name} is required")))
    };
    let (id, secret) = (required("client_id")?, required("client_secret")?);
    let grant_type = required("grant_type")?;
    if grant_type != "client_credentials" {
        return Err(ApiError::Malformed(format!(
            "grant_type {} is not client_credentials",
            quoted(&grant_type)
        )));
    }

    let context = call.context;
    let mut world = context.write();
    let principal = match world.credentials().clients.get(id.as_ref()) {
        Some((known, principal)) if *known == secret => principal.clone(),
        _ => return Err(ApiError::BadClient),
    };
    // A client whose user is gone or switched off opens nothing, as with any credential.
    if world.role(&principal).is_err() {
        return Err(ApiError::BadClient);
    }
    let token = issue(principal, context, &mut world);
    let behaviour = *world.behaviour();
    let answer = AccessToken {
        access_token: &token,
        expires_in: LIFETIME_SECONDS,
        token_type: "bearer",
    };
    let syntax = syntax(call.request);
    let body = match syntax {
        Syntax::Json => serde_json::to_vec(&answer).map_err(|_| ApiError::Internal)?,
        Syntax::Xml => {
            let mut bytes = Vec::new();
            let mut xml = Xml::new(&mut bytes, behaviour.pretty_xml);
            xml.open("response");
            xml.text("access_token", answer.access_token);
            xml.text("expires_in", &answer.expires_in.to_string());
            xml.text("token_type", answer.token_type);
            xml.close("response");
            bytes
        }
    };
    Ok(Reply::new(
        StatusCode::OK,
        content_type(syntax, &behaviour),
        body,
    ))
}

/// Remembers a new token.
fn issue(principal: Principal, context: &Context<'_>, world: &mut World) -> String {
    let key = Key::new(context.seed, "ispring token").within(context.sandbox);
    let expires = context
        .now
        .checked_add(SignedDuration::from_secs(LIFETIME_SECONDS));
    world.tokens_mut().issue(
        // 32 random bytes in 43 characters, as the tokens of the vendor's pages.
        |number| URL_SAFE_NO_PAD.encode(key.stream(number).bytes::<32>()),
        Grant {
            principal,
            // Beyond the calendar's end nothing expires.
            expires: expires.ok(),
        },
    )
}

/// A token to start with: one for the first listed client.
pub fn issue_sample(context: &Context<'_>) -> Option<String> {
    let mut world = context.write();
    let (id, _) = world.credentials().first_client.as_ref()?;
    let (_, principal) = world.credentials().clients.get(id)?;
    let principal = principal.clone();
    world.role(&principal).ok()?;
    Some(issue(principal, context, &mut world))
}
