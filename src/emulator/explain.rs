//! What the journal says of an answer, for the person who has to find out.

use crate::http::Request;
use crate::journal::mask;
use crate::platform::{ApiError, AuthError, Vendor, nearest_operations, quoted};
use crate::sandbox::Sandbox;
use crate::vendors::Change;
use crate::vendors::mounts;

/// The operations that are nearest to a request that fits none, in words that show none of its secrets.
pub(super) fn nearest(request: &Request, vendor: Option<Vendor>) -> Vec<String> {
    // Masked before it is quoted: a piece of a secret cannot be told any more.
    let masked = Request {
        path: mask::text(&request.path).into_owned(),
        query: mask::query(&request.query).into_owned(),
        ..request.clone()
    };
    nearest_operations(&masked, vendor, mounts())
}

/// What the journal says of a refusal: the header that is to blame included.
pub(super) fn explained(error: &ApiError, request: &Request) -> String {
    let sent = |name: &str| request.headers.contains_key(name);
    let more = match error {
        ApiError::Unauthenticated(AuthError::Missing) if !sent("authorization") => {
            "; the `Authorization` header is missing".to_owned()
        }
        ApiError::Unauthenticated(AuthError::Missing) => {
            "; the vendor reads none of the scheme in `Authorization`".to_owned()
        }
        ApiError::NotAcceptable => {
            let accepted = request.header("accept").unwrap_or_default();
            format!("; it says {}", quoted(accepted))
        }
        ApiError::MethodNotAllowed(_) => format!(", not {}", request.method),
        // The words of these say it all.
        ApiError::NoSuchPath
        | ApiError::Unauthenticated(_)
        | ApiError::Forbidden
        | ApiError::OutOfScope(_)
        | ApiError::TooLarge
        | ApiError::Malformed(_)
        | ApiError::BadCursor(_)
        | ApiError::NoSuchRecord(_)
        | ApiError::NoSuchObject(_)
        | ApiError::BadClient
        | ApiError::Throttled(_)
        | ApiError::Unavailable(_)
        | ApiError::Broken(_)
        | ApiError::InItsOwnWords(_)
        | ApiError::Internal => String::new(),
    };
    error.what() + &more
}

/// Changes the records after an answer; why they stay as they are, if they do. What the records have
/// become since the change was read may stand against it. The client cannot be told; the journal can.
pub(super) fn changed(sandbox: &Sandbox, change: &Change) -> Option<String> {
    const SHOWN: usize = 3;
    /// Characters of each.
    const LONGEST: usize = 400;
    let problems = sandbox.change(change).err()?;
    let first = problems.iter().take(SHOWN).map(ToString::to_string);
    let mut what: Vec<String> = first.map(|it| it.chars().take(LONGEST).collect()).collect();
    if problems.len() > SHOWN {
        what.push(format!("and {} more", problems.len() - SHOWN));
    }
    Some(what.join("; "))
}
