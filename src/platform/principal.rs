//! Who calls.

use smol_str::SmolStr;

/// A caller known to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The name in the journal: the user's id, or the vendor's name for the account itself.
    pub name: SmolStr,
    /// The user's number in the vendor's own table. None: the account itself.
    pub user: Option<u32>,
    /// What the credential is good for, where the vendor notes that: in its own terms.
    pub rights: u8,
}

impl Principal {
    /// The anonymous caller.
    pub const NOBODY: Principal = Principal {
        name: SmolStr::new_static(""),
        user: None,
        rights: 0,
    };
}
