//! The sandboxes that live, by name and by when they end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::{Denied, Living, Worlds};
use crate::sandbox::Sandbox;

/// The sandboxes that live. Two names that differ in capitals only are one, as they are in a host name.
#[derive(Debug, Default)]
pub(super) struct Registry {
    by_name: HashMap<Arc<str>, Slot>,
    /// Their names, the oldest first.
    in_order: BTreeMap<u64, Arc<str>>,
    /// Those that end by themselves, the next one first.
    ends: BTreeSet<(Duration, Arc<str>)>,
    /// How many there ever were.
    count: u64,
    /// How many names were made up.
    named: u64,
}

/// A sandbox.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) sandbox: Arc<Sandbox>,
    /// How many came before it.
    pub(super) number: u64,
    /// When it ends: real time since the start.
    ends: Option<Duration>,
}

impl Slot {
    /// As a list shows it at this instant.
    pub(super) fn living(&self, now: Duration) -> Living {
        Living {
            sandbox: Arc::clone(&self.sandbox),
            left: self.ends.map(|ends| ends.saturating_sub(now)),
        }
    }
}

/// The form in which names are compared.
fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}

impl Registry {
    /// The sandbox of this name.
    pub(super) fn get(&self, id: &str) -> Option<&Slot> {
        self.by_name.get(key(id).as_str())
    }

    /// All of them, the oldest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Slot> {
        let names = self.in_order.values();
        names.filter_map(|name| self.by_name.get(name))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.by_name.len()
    }

    /// Whether one more may come, under this name.
    pub(super) fn has_room_for(&self, id: &str) -> Result<(), Denied> {
        if let Some(slot) = self.get(id) {
            return Err(Denied::Taken(slot.sandbox.name().to_owned()));
        }
        if self.by_name.len() < Worlds::AT_MOST {
            Ok(())
        } else {
            Err(Denied::Full)
        }
    }

    /// The next free name. One that was made up is never made up again.
    pub(super) fn next_id(&mut self) -> String {
        loop {
            self.named += 1;
            let id = format!("s{}", self.named);
            if self.get(&id).is_none() {
                return id;
            }
        }
    }

    /// Takes one in.
    pub(super) fn add(&mut self, sandbox: Arc<Sandbox>, ends: Option<Duration>) {
        let key: Arc<str> = key(sandbox.name()).into();
        if let Some(ends) = ends {
            self.ends.insert((ends, Arc::clone(&key)));
        }
        let slot = Slot {
            sandbox,
            number: self.count,
            ends,
        };
        self.in_order.insert(self.count, Arc::clone(&key));
        self.count += 1;
        self.by_name.insert(key, slot);
    }

    /// Puts a sandbox in the place of the one of its name, which comes back. None: there was none.
    pub(super) fn replace(&mut self, sandbox: Arc<Sandbox>) -> Option<Arc<Sandbox>> {
        let slot = self.by_name.get_mut(key(sandbox.name()).as_str())?;
        Some(std::mem::replace(&mut slot.sandbox, sandbox))
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, id: &str) -> Option<Slot> {
        let (key, slot) = self.by_name.remove_entry(key(id).as_str())?;
        self.in_order.remove(&slot.number);
        if let Some(ends) = slot.ends {
            self.ends.remove(&(ends, key));
        }
        if self.by_name.len() < self.by_name.capacity() / 4 {
            self.by_name.shrink_to_fit();
        }
        Some(slot)
    }

    /// Whether any ends by itself.
    pub(super) fn ends_any(&self) -> bool {
        !self.ends.is_empty()
    }

    /// Whether the time of any is up.
    pub(super) fn is_any_over(&self, now: Duration) -> bool {
        self.ends.first().is_some_and(|(ends, _)| *ends <= now)
    }

    /// Takes out those whose time is up.
    pub(super) fn take_over(&mut self, now: Duration) -> Vec<Slot> {
        let mut over = Vec::new();
        while self.is_any_over(now) {
            let Some((_, key)) = self.ends.pop_first() else {
                break;
            };
            over.extend(self.remove(&key));
        }
        over
    }
}
