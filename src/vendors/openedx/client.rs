//! What is asked of the token endpoint, and by which client.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use super::body::Form;
use super::tokens::Client;
use super::world::World;
use crate::http::Request;
use crate::platform::ApiError;

/// Python wants the padding and passes over bits that no byte needs.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

/// What a form asks for.
#[derive(Debug)]
pub struct ClientParams<'a> {
    request: &'a Request,
    form: Form,
}

impl<'a> ClientParams<'a> {
    /// What this request asks for. A body that is no form asks for nothing.
    ///
    /// # Errors
    /// When Django cannot read the form.
    pub fn of(request: &'a Request) -> Result<Self, ApiError> {
        let form = Form::of_django(request);
        let form =
            form.map_err(|why| ApiError::Malformed(format!("the form cannot be read: {why}")))?;
        Ok(ClientParams { request, form })
    }

    /// The last value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.plain(name)
    }

    /// The client that asks, and its id.
    ///
    /// # Errors
    /// When none does, its secret is another one, or its owner is gone.
    pub fn client<'w>(&self, world: &'w World) -> Result<(String, &'w Client), ApiError> {
        let basic = self.basic();
        let (id, secret) = (self.field("client_id"), self.field("client_secret"));
        // An id that `Basic` brought sticks, so the form's secret is held against that client's.
        let by_basic = basic.as_ref().and_then(|(id, _)| find(id, world));
        let is_basic = by_basic.is_some();
        let found = by_basic.or_else(|| find(id?, world));
        let (id, client) = found.ok_or(ApiError::BadClient)?;
        let basic_secret = basic.as_ref().map(|(_, secret)| secret.as_str());
        let is_its = |sent: Option<&str>| sent == Some(client.secret.as_str());
        let is_known = (is_basic && is_its(basic_secret)) || is_its(secret);
        // Retiring an account takes its clients away.
        let owner = world.user(client.owner);
        let is_owned = owner.is_some_and(|owner| !owner.retired);
        if is_known && is_owned {
            Ok((id, client))
        } else {
            Err(ApiError::BadClient)
        }
    }

    /// Id and secret from `Authorization: Basic`, spelled just so.
    fn basic(&self) -> Option<(String, String)> {
        let (scheme, text) = self.request.header("authorization")?.split_once(' ')?;
        if scheme != "Basic" {
            return None;
        }
        let text = String::from_utf8(BASE64.decode(text).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some((unquoted(id), unquoted(secret)))
    }
}

fn find<'w>(id: &str, world: &'w World) -> Option<(String, &'w Client)> {
    Some((id.to_owned(), world.clients().get(id)?))
}

/// Id and secret come encoded as in a form.
fn unquoted(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}
