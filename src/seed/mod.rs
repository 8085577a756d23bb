//! Makes a population of a number: each thing has a random stream of its own, and nothing is stored.
//!
//! Everything here is a pure function of the seed, the [`Spec`] and an index. So a million learners cost as
//! much as one, and the same seed gives the same bytes on every machine. A changed spec keeps much:
//!
//! | changed | stays | moves |
//! | --- | --- | --- |
//! | more `learners` | names, e-mail addresses and user names; which courses a learner has and what became of them, as far as time allows; courses | departments of learners, numbers and dates of enrollments |
//! | more `courses` | learners, departments, titles of the first courses, numbers and dates of enrollments (while `max` fits) | which course an enrollment is in |
//! | `departments` | learners but for their department, courses, enrollments | departments |
//! | `enrollments` | learners, departments, courses | enrollments |
//! | `certificate_rate` | everything else; a higher rate keeps every certificate of a lower one | certificates |
//! | `end` | everything that is not a date | all dates, by the same distance in whole seconds |

mod departments;
mod history;
mod names;
mod permutation;
mod population;
mod slots;
mod stream;
mod timeline;
mod walk;

pub use history::{By, Enrollment, Progress};
pub use permutation::Permutation;
pub use population::{Population, Spec};
pub use stream::{Key, Kind, Stream, draw, hash};
pub use walk::Walk;
