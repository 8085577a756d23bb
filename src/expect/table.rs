//! A bounded table: it forgets the oldest row first, and counts the rows it forgot.

use std::collections::{BTreeMap, HashMap};

/// Rows by fingerprint.
#[derive(Debug)]
pub(super) struct Table<V, const MOST: usize> {
    rows: HashMap<u64, (u64, V)>,
    /// The fingerprints in the order in which they came.
    by_age: BTreeMap<u64, u64>,
    count: u64,
    forgotten: u64,
}

impl<V, const MOST: usize> Default for Table<V, MOST> {
    fn default() -> Self {
        Table {
            rows: HashMap::new(),
            by_age: BTreeMap::new(),
            count: 0,
            forgotten: 0,
        }
    }
}

impl<V, const MOST: usize> Table<V, MOST> {
    /// Sets a row, which is the newest now. A full table forgets its oldest row.
    pub fn set(&mut self, key: u64, value: V) {
        self.remove(key);
        if self.rows.len() >= MOST
            && let Some((_, oldest)) = self.by_age.pop_first()
        {
            self.rows.remove(&oldest);
            self.forgotten += 1;
        }
        self.count += 1;
        self.by_age.insert(self.count, key);
        self.rows.insert(key, (self.count, value));
    }

    /// A row.
    pub fn row(&self, key: u64) -> Option<&V> {
        self.rows.get(&key).map(|(_, value)| value)
    }

    /// Takes a row out.
    pub fn remove(&mut self, key: u64) -> Option<V> {
        let (age, value) = self.rows.remove(&key)?;
        self.by_age.remove(&age);
        Some(value)
    }

    /// Keeps the rows that `stays` accepts.
    pub fn retain(&mut self, mut stays: impl FnMut(&mut V) -> bool) {
        let (rows, by_age) = (&mut self.rows, &mut self.by_age);
        rows.retain(|_, (age, value)| {
            let stays = stays(value);
            if !stays {
                by_age.remove(age);
            }
            stays
        });
    }

    /// All rows, the oldest first.
    pub fn oldest_first(&self) -> impl Iterator<Item = &V> {
        self.by_age.values().filter_map(|key| self.row(*key))
    }

    /// How many rows were forgotten.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn a_full_table_forgets_the_oldest_and_counts_it() {
        let mut table: Table<&str, 2> = Table::default();
        table.set(1, "one");
        table.set(2, "two");
        table.set(1, "one again");
        table.set(3, "three");
        let rows: Vec<_> = table.oldest_first().copied().collect();
        assert_eq!(rows, ["one again", "three"]);
        assert_eq!((table.row(2), table.forgotten()), (None, 1));
        table.retain(|row| row.starts_with("one"));
        table.set(4, "four");
        assert_eq!((table.row(3), table.forgotten()), (None, 1));
    }
}
