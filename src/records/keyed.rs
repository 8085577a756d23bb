//! Small tables without an order of their own: a shared base, and each sandbox's changes.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::RangeBounds;
use std::sync::Arc;

/// Values by key: a base that all sandboxes share, and this sandbox's changes over it.
#[derive(Clone, Debug)]
pub struct Keyed<K, V> {
    base: Arc<BTreeMap<K, V>>,
    /// None: taken away.
    changes: BTreeMap<K, Option<V>>,
}

impl<K: Ord + Clone, V: Clone> Keyed<K, V> {
    /// A table that shows `base` unchanged.
    pub fn new(base: Arc<BTreeMap<K, V>>) -> Self {
        Keyed {
            base,
            changes: BTreeMap::new(),
        }
    }

    /// The value of this key.
    pub fn get(&self, key: &K) -> Option<&V> {
        match self.changes.get(key) {
            Some(change) => change.as_ref(),
            None => self.base.get(key),
        }
    }

    /// Adds a value, or puts it in the place of the one there.
    pub fn put(&mut self, key: K, value: V) {
        self.changes.insert(key, Some(value));
    }

    /// Takes a value away, and returns it.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let was = self.get(key).cloned();
        if self.base.contains_key(key) {
            self.changes.insert(key.clone(), None);
        } else {
            self.changes.remove(key);
        }
        was
    }

    /// The keys and values of a range of keys, in no particular order.
    pub fn range(&self, keys: impl RangeBounds<K> + Clone) -> Vec<(K, V)> {
        let base = self.base.range(keys.clone());
        let kept = base.filter(|(key, _)| !self.changes.contains_key(key));
        let changed = self.changes.range(keys);
        let changed = changed.filter_map(|(key, value)| Some((key, value.as_ref()?)));
        kept.chain(changed)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        let known = |key| self.base.contains_key(key);
        let changes = self.changes.iter();
        changes.fold(self.base.len() as u64, |count, (key, value)| {
            let (was, is) = (known(key), value.is_some());
            count + u64::from(is) - u64::from(was)
        })
    }
}
