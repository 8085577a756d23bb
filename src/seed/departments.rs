//! The tree of departments, and their members.

use std::ops::Range;

use super::names;
use super::stream::{Key, below};

/// How many levels there are below the root.
const LEVELS: u32 = 3;

/// A part of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// No other department has it.
    pub name: String,
    /// The department above. None: it is the root.
    pub parent: Option<u32>,
    /// Its own members, without those of the departments below.
    pub learners: Range<u32>,
}

/// Departments in preorder over learners in blocks. A department with all below it is one range of each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departments {
    departments: u64,
    learners: u64,
    names: u64,
    sizes: Key,
}

impl Departments {
    pub(super) fn new(seed: u64, departments: u32, learners: u32) -> Self {
        Departments {
            departments: u64::from(departments),
            learners: u64::from(learners),
            names: Key::new(seed, "department names").draw(0),
            sizes: Key::new(seed, "department sizes"),
        }
    }

    pub(super) fn department(&self, department: u32) -> Department {
        let node = self.node(department);
        Department {
            name: names::department(self.names, &node.way),
            parent: node.parent,
            learners: self.learners(node.at..node.at + 1),
        }
    }

    /// The department with all below it.
    pub(super) fn subtree(&self, department: u32) -> Range<u32> {
        let node = self.node(department);
        node.at..node.at + node.size as u32
    }

    /// The members of a range of departments.
    pub(super) fn learners(&self, departments: Range<u32>) -> Range<u32> {
        self.block(u64::from(departments.start)) as u32
            ..self.block(u64::from(departments.end)) as u32
    }

    pub(super) fn department_of(&self, learner: u32) -> u32 {
        let learner = u64::from(learner).min(self.learners.saturating_sub(1));
        let even = ((learner + 1) * self.departments - 1) / self.learners.max(1);
        let department = if self.block(even) > learner {
            even - 1
        } else {
            even
        };
        department as u32
    }

    /// The first member of a department.
    ///
    /// Each of equally long blocks begins later by a part of that length. So departments differ in size, each has
    /// a member, and a division finds the block of a learner.
    fn block(&self, department: u64) -> u64 {
        if department == 0 {
            return 0;
        }
        if department >= self.departments {
            return self.learners;
        }
        let even = department * self.learners / self.departments;
        even + below(
            self.sizes.draw(department),
            self.learners / self.departments,
        )
    }

    /// Goes down from the root. A department's descendants are split evenly among the fewest children that
    /// leave none too deep.
    fn node(&self, department: u32) -> Node {
        let target = u64::from(department).min(self.departments - 1);
        let mut node = Node {
            at: 0,
            size: self.departments,
            parent: None,
            way: Vec::new(),
        };
        for levels in (1..=LEVELS).rev() {
            let at = u64::from(node.at);
            if at == target {
                break;
            }
            let below = node.size - 1;
            let children = children(below, levels);
            let (size, larger) = (below / children, below % children);
            let offset = target - at - 1;
            let child = if offset < larger * (size + 1) {
                offset / (size + 1)
            } else {
                larger + (offset - larger * (size + 1)) / size
            };
            node.parent = Some(node.at);
            node.at = (at + 1 + child * size + child.min(larger)) as u32;
            node.size = size + u64::from(child < larger);
            node.way.push(child);
        }
        node
    }
}

struct Node {
    at: u32,
    /// With all below it.
    size: u64,
    parent: Option<u32>,
    /// Which child it is at each level.
    way: Vec<u64>,
}

/// The least number of children with which so many descendants fit into so many levels.
fn children(descendants: u64, levels: u32) -> u64 {
    let mut children = 1;
    let mut room = 1;
    while room < descendants {
        children += 1;
        room = u64::pow(children, levels);
    }
    children
}
