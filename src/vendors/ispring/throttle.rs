//! How often one may ask: invented, as the vendor documents no limits. One window for each caller.

use crate::limits::{Class, Key};
use crate::sandbox::Sandbox;
use crate::vendors::{ApiError, Principal};

/// Whether the caller has not asked too often.
///
/// # Errors
/// When it has.
pub fn throttle(principal: &Principal, sandbox: &Sandbox) -> Result<(), ApiError> {
    let class = Class::IspringAll;
    let Some(rate) = sandbox.limits.rates().of(class) else {
        return Ok(());
    };
    let who = principal.name.as_str().into();
    let key = Key { class, who };
    let result = sandbox.limits.slide(key, rate, sandbox.clock.now());
    result.map_err(|wait| ApiError::Throttled(Some(wait)))
}
