//! How often one may ask: one window for each user, shared by bulk enroll and the enrollment views. What
//! lies beside them is not metered.

use crate::limits::{Class, Key};
use crate::sandbox::Sandbox;
use crate::vendors::{ApiError, Principal, Row};

/// Whether the caller has not asked too often.
///
/// # Errors
/// When it has.
pub fn throttle(principal: &Principal, row: &Row, sandbox: &Sandbox) -> Result<(), ApiError> {
    let world = sandbox.openedx();
    let Some(user) = world.caller(principal).filter(|_| is_metered(row)) else {
        return Ok(());
    };
    drop(world);
    let class = match user.staff {
        true => Class::OpenedxStaff,
        false => Class::OpenedxUser,
    };
    let Some(rate) = sandbox.limits.rates().of(class) else {
        return Ok(());
    };
    let who = user.number.to_string().into();
    let key = Key { class, who };
    let result = sandbox.limits.slide(key, rate, sandbox.clock.now());
    result.map_err(|wait| ApiError::Throttled(Some(wait)))
}

/// Whether the view is one of those with the enrollment API's throttle.
fn is_metered(row: &Row) -> bool {
    matches!(
        row.id,
        "bulk_enroll"
            | "list_user_enrollments"
            | "create_enrollment"
            | "get_enrollment"
            | "list_enrollments"
    )
}
