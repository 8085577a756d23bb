//! What a vendor is made of. It knows no vendor.

mod call;
mod credentials;
mod error;
mod nearest;
mod notes;
mod outbox;
mod pieces;
mod principal;
mod references;
mod removals;
mod routes;
mod row;
mod surface;
mod switches;
mod system;
mod text;
mod vendor;

pub use call::{Call, Context, Shared};
pub use credentials::{
    Credential, CredentialKeys, CredentialKind, GivenKey, came_along, check_credential, client_ids,
    credential_key, end_of, expiry,
};
pub use error::{ApiError, AuthError, Words};
pub use nearest::nearest_operations;
pub use notes::{Notes, Page};
pub use outbox::{Mail, Outbox};
pub use pieces::{Pieces, body};
pub use principal::Principal;
pub(crate) use references::Names;
pub use references::{Hints, Pairs, References, did_you_mean, enrollment_of};
pub use removals::Removals;
pub use routes::{At, Mount, Mounted, Route, Routes, decoded, vendor_of};
pub(crate) use row::rows;
pub use row::{Access, Kind, Operation, Row, Slash};
pub use surface::{Face, Gate, Surface};
pub(crate) use switches::behaviour;
pub use system::{Merged, System, Written};
pub use text::{comma_list, few, quoted, whole_seconds};
pub use vendor::Vendor;
