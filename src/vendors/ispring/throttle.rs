//! How often one may ask: invented, as the vendor documents no limits. One window for each caller.

use super::limits::ALL;
use crate::limits::Key;
use crate::platform::{ApiError, Principal};
use crate::vendors::ispring::Context;

/// Whether the caller has not asked too often.
///
/// # Errors
/// When it has.
pub fn throttle(principal: &Principal, context: &Context<'_>) -> Result<(), ApiError> {
    let class = ALL;
    let Some(rate) = context.limits.rates().of(class) else {
        return Ok(());
    };
    let who = principal.name.as_str().into();
    let key = Key { class, who };
    let result = context.limits.slide(key, rate, context.now);
    result.map_err(|wait| ApiError::Throttled(Some(wait)))
}
