//! How often one may ask: one window for each user, shared by bulk enroll and the enrollment views. What
//! lies beside them is not metered.

use super::limits::{STAFF, USER};
use crate::limits::Key;
use crate::platform::{ApiError, Principal, Row};
use crate::vendors::openedx::Context;

/// Whether the caller has not asked too often.
///
/// # Errors
/// When it has.
pub fn throttle(principal: &Principal, row: &Row, context: &Context<'_>) -> Result<(), ApiError> {
    let world = context.read();
    let Some(user) = world.caller(principal).filter(|_| row.is_metered) else {
        return Ok(());
    };
    drop(world);
    let class = if user.staff { STAFF } else { USER };
    let Some(rate) = context.limits.rates().of(class) else {
        return Ok(());
    };
    let who = user.number.to_string().into();
    let key = Key { class, who };
    let result = context.limits.slide(key, rate, context.now);
    result.map_err(|wait| ApiError::Throttled(Some(wait)))
}
