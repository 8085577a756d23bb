//! A call under way: past the gates, on its way into an operation.

use std::sync::Arc;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;
use smol_str::SmolStr;

use super::{Notes, Outbox, Principal};
use crate::http::Request;
use crate::limits::Limits;

/// One vendor's records and tokens in one sandbox, behind their lock. A clone is the same world.
#[derive(Debug)]
pub struct Shared<W>(Arc<RwLock<W>>);

impl<W> Shared<W> {
    /// A world without changes.
    pub fn new(world: W) -> Self {
        Shared(Arc::new(RwLock::new(world)))
    }

    /// The world, to read.
    pub fn read(&self) -> RwLockReadGuard<'_, W> {
        // A panic in a handler leaves tables that can still be read; the request it broke got a 500.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, to change.
    pub fn write(&self) -> RwLockWriteGuard<'_, W> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W> Clone for Shared<W> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

/// What a vendor sees of the sandbox that a request is for: its own world, and what all vendors share there.
#[derive(Debug)]
pub struct Context<'a, W> {
    /// What the sandbox's clock showed when the request came.
    pub now: Timestamp,
    /// How much of what is limited is used up.
    pub limits: &'a Limits,
    /// The mails that were not sent.
    pub outbox: &'a Outbox,
    /// The number that everything drawn comes from.
    pub seed: u64,
    /// The sandbox's name; the default sandbox's is empty.
    pub sandbox: &'a str,
    /// The vendor's own records and tokens.
    pub world: &'a Shared<W>,
}

impl<W> Context<'_, W> {
    /// The vendor's own world, to read.
    pub fn read(&self) -> RwLockReadGuard<'_, W> {
        self.world.read()
    }

    /// The vendor's own world, to change.
    pub fn write(&self) -> RwLockWriteGuard<'_, W> {
        self.world.write()
    }
}

/// A call under way: past the gates, on its way into an operation.
#[derive(Debug)]
pub struct Call<'a, W> {
    /// What was asked.
    pub request: &'a Request,
    /// Where it was asked.
    pub context: &'a Context<'a, W>,
    /// Who asked. The anonymous caller, where the operation asks for no credential.
    pub principal: &'a Principal,
    /// The varying segments of the path, decoded.
    pub params: &'a [(SmolStr, SmolStr)],
    /// What the operation has to say about its answer.
    pub notes: &'a Notes,
}

impl<W> Call<'_, W> {
    /// A varying segment of the path, decoded.
    pub fn param(&self, name: &str) -> &str {
        let found = self.params.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}
