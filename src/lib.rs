//! enrollmock stands in for learning platforms' enrollment APIs.
//!
//! This is the library that the command line is made of. In a Rust test, [`Server`] serves a scenario on a free
//! port of this machine:
//!
//! ```
//! use enrollmock::{Server, Vendor};
//!
//! let server = Server::builder().scenario("quickstart").start()?;
//! let (url, token) = (server.vendor_url(Vendor::Ispring), server.token(Vendor::Ispring));
//! # Ok::<(), enrollmock::Error>(())
//! ```

mod admin;
#[cfg(feature = "cli")]
pub mod cli;
mod clock;
mod delivery;
mod digits;
pub mod embed;
mod emulator;
mod exchange;
mod expect;
mod faults;
mod format;
mod http;
mod issuers;
mod journal;
mod json;
mod limits;
mod place;
mod platform;
mod records;
mod sandbox;
mod scenario;
mod seed;
mod server;
mod tokens;
mod vendors;
mod verdict;
mod worlds;
mod xml;

pub use embed::{Builder, Error, Server};
pub use expect::{Judged, Verdict};
pub use journal::{Entry, Why};
pub use place::{Problem, Spot};
pub use platform::{Page, Vendor};
pub use verdict::Verdicts;
pub use worlds::Denied;

/// What the tests, the benchmarks and the fuzz targets of this repository use of the inside. It is no promise:
/// any of it may change with any release.
#[doc(hidden)]
#[allow(missing_docs, reason = "each item is explained where it is defined")]
pub mod internals {
    pub mod delivery {
        pub use crate::delivery::{Delivery, How};
    }
    pub mod emulator {
        pub use crate::emulator::{Admission, Emulator, Exchange};
    }
    pub mod exchange {
        pub use crate::exchange::{Confidence, Recording, problems};
    }
    pub mod expect {
        pub use crate::expect::{Judged, Manner, Seen, Verdict};
    }
    pub mod faults {
        pub use crate::faults::CallInfo;
    }
    pub mod format {
        pub use crate::format::Text;
        pub mod dates {
            pub use crate::format::dates::instant;
        }
        pub mod read {
            pub use crate::format::read::{MAX_BYTES, Read, read};
        }
    }
    pub mod http {
        pub use crate::http::{Body, Chunks, Reply, Request};
    }
    pub mod journal {
        pub use crate::journal::{Bounds, Entry, Filter, Follow, Journal, NewEntry};
        pub mod mask {
            pub use crate::journal::mask::{MASK, body, headers, query, sentence, text};
        }
    }
    pub mod limits {
        pub use crate::limits::{Class, KEYS_AT_MOST, Key, Limits, Rate, Rates};
    }
    pub mod place {
        pub use crate::place::{Place, Problem};
    }
    pub mod platform {
        pub use crate::platform::{
            Access, ApiError, At, AuthError, Gate, Kind, Mail, Mounted, Outbox, Principal, Row,
            Shared, Slash, System, Vendor, Words, comma_list,
        };
    }
    pub mod records {
        pub use crate::records::{Order, Record};
    }
    pub mod sandbox {
        pub use crate::sandbox::{Part, Sandbox};
    }
    pub mod scenario {
        pub use crate::scenario::{
            BUILT_IN, Merged, Overrides, Scenario, ScenarioFile, Source, built_in, gather, schema,
        };
    }
    pub mod seed {
        pub use crate::seed::{
            By, Enrollment, Key, Kind, Permutation, Population, Progress, Spec, Stream, Walk, draw,
        };
    }
    pub mod server {
        pub use crate::server::{Limits, Server, runtime};
    }
    pub mod vendors {
        pub use crate::vendors::Visitor;
        pub mod alm {
            pub mod records {
                pub use crate::vendors::alm::records::{
                    Instance, LearningObject, LearningObjectId,
                };
            }
        }
        pub mod ispring {
            pub use crate::vendors::ispring::Id;
        }
        pub mod openedx {
            pub use crate::vendors::openedx::{Enrollment, Mode, User, World};
            pub mod records {
                pub use crate::vendors::openedx::records::{Enrollment, EnrollmentPlace, Mode};
            }
            pub mod selection {
                pub use crate::vendors::openedx::selection::Selection;
            }
            pub mod written {
                pub use crate::vendors::openedx::written::Grant;
            }
        }
    }
    pub mod worlds {
        pub use crate::worlds::{Denied, SandboxParams, Worlds};
    }
}

// The laws that walk the tables, asked of one vendor more than there is: see `tests/toy`.
#[cfg(test)]
extern crate self as enrollmock;
#[cfg(test)]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/expectations/mod.rs"]
mod expectations;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/laws.rs"]
mod laws;
#[cfg(test)]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used)]
#[path = "../tests/it/support.rs"]
mod support;
#[cfg(test)]
#[allow(dead_code)]
#[path = "../tests/it/surfaces.rs"]
mod surfaces;
