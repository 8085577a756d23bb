//! The switches for what Adobe does not document, every default filled in.

use super::written;
pub use super::written::{
    Accept, InvalidToken, LoTypes, MissingScope, PageLimit, RateHeaders, RequestId, TokenBody,
    UnknownId, UnknownLearningObject, UnsupportedMediaType,
};

/// How undocumented corners behave; each field is the switch of that name, explained where it is
/// written: `written::Behaviour`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each switch is explained where it is written")]
pub struct Behaviour {
    pub page_limit: PageLimit,
    pub lo_types: LoTypes,
    pub invalid_token: InvalidToken,
    pub missing_scope: MissingScope,
    pub accept: Accept,
    pub unknown_id: UnknownId,
    pub unknown_learning_object: UnknownLearningObject,
    pub unsupported_media_type: UnsupportedMediaType,
    pub rate_headers: RateHeaders,
    pub request_id: RequestId,
    pub cors_origins: Vec<String>,
    pub token_body: TokenBody,
    pub prime_base: bool,
    pub unenroll_denies: bool,
}

impl From<&written::Behaviour> for Behaviour {
    fn from(written: &written::Behaviour) -> Self {
        // Taken apart, so that a switch that is written but not meant does not compile.
        let written::Behaviour {
            page_limit,
            lo_types,
            invalid_token,
            missing_scope,
            accept,
            unknown_id,
            unknown_learning_object,
            unsupported_media_type,
            rate_headers,
            request_id,
            cors_origins,
            token_body,
            prime_base,
            unenroll_denies,
        } = written.clone();
        let origins = cors_origins.unwrap_or_default().into_iter();
        Behaviour {
            page_limit: page_limit.unwrap_or_default(),
            lo_types: lo_types.unwrap_or_default(),
            invalid_token: invalid_token.unwrap_or_default(),
            missing_scope: missing_scope.unwrap_or_default(),
            accept: accept.unwrap_or_default(),
            unknown_id: unknown_id.unwrap_or_default(),
            unknown_learning_object: unknown_learning_object.unwrap_or_default(),
            unsupported_media_type: unsupported_media_type.unwrap_or_default(),
            rate_headers: rate_headers.unwrap_or_default(),
            request_id: request_id.unwrap_or_default(),
            cors_origins: origins.map(|place| place.value.0).collect(),
            token_body: token_body.unwrap_or_default(),
            prime_base: prime_base.unwrap_or(false),
            unenroll_denies: unenroll_denies.unwrap_or(false),
        }
    }
}
