//! The row of an operation: all that it is, for router, pipeline, journal, documents and tests.

use std::fmt;

use hyper::Method;

use super::{ApiError, Call, Context, System};
use crate::http::{Reply, Request};

/// One thing that a surface can do.
pub struct Operation<S: System> {
    /// What it is.
    pub row: Row,
    /// What the caller must be allowed, in the vendor's own terms.
    pub access: Access<S::Right>,
    /// Whether the vendor has this path as the scenario sets it up: its releases differ. None: always.
    pub exists: Option<Exists<S>>,
    /// What OPTIONS gets where no row takes it. None: it is a method like any other.
    pub options: Option<fn() -> Reply>,
    /// Does it, once every gate is passed.
    pub run: Run<S>,
}

/// Does an operation.
pub type Run<S> = fn(&Call<'_, <S as System>::World>) -> Result<Reply, ApiError>;

/// Says whether a vendor has an operation.
pub type Exists<S> = fn(&Request, &Context<'_, <S as System>::World>) -> bool;

/// The row of an operation: what router, journal, documents and tests read.
#[derive(Debug)]
pub struct Row {
    /// The name in scenarios and in the journal: `list_enrollments`.
    pub id: &'static str,
    /// The method. A HEAD finds the row of GET.
    pub method: Method,
    /// The vendor's path, with `{name}` for a segment that varies and `{*name}` for all that follows.
    pub path: &'static str,
    /// Whether the path may end in a slash.
    pub slash: Slash,
    /// What kind of call it is.
    pub kind: Kind,
    /// Whom it is for.
    pub access: Access,
    /// Whether it counts towards the vendor's rate limits.
    pub is_metered: bool,
    /// What it does, in one sentence.
    pub does: &'static str,
    /// Where the fact comes from that there is such a call.
    pub source: &'static str,
}

/// What kind of call an operation is, whatever its method: some vendors read with POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It looks at one thing.
    Read,
    /// It looks at a list.
    List,
    /// It changes something.
    Write,
    /// It asks for a token, or about one.
    Token,
}

/// Whether a path may end in a slash that its row does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slash {
    /// With it and without it, the path is the same.
    Optional,
    /// With it, it is another path.
    Never,
}

/// Whom an operation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access<R = ()> {
    /// Every caller, without a credential.
    Public,
    /// Every known caller.
    Known,
    /// Those who have this right.
    Needs(R),
}

impl Row {
    /// Whether a scenario or a journal means this operation by a name. Several rows may share one.
    pub fn is_called(&self, operation: &str) -> bool {
        self.id == operation
    }
}

impl<R> Access<R> {
    /// The same without the vendor's own terms.
    const fn plain(&self) -> Access {
        match self {
            Access::Public => Access::Public,
            Access::Known => Access::Known,
            Access::Needs(_) => Access::Needs(()),
        }
    }
}

impl<S: System> Operation<S> {
    /// What a row says that has no exceptions.
    pub const fn new(
        method: Method,
        path: &'static str,
        (id, kind): (&'static str, Kind),
        access: Access<S::Right>,
        does: &'static str,
        source: &'static str,
        run: Run<S>,
    ) -> Self {
        Operation {
            row: Row {
                id,
                method,
                path,
                slash: Slash::Optional,
                kind,
                access: access.plain(),
                is_metered: true,
                does,
                source,
            },
            access,
            exists: None,
            options: None,
            run,
        }
    }

    /// The same, whose path never ends in another slash.
    #[must_use]
    pub const fn exact(mut self) -> Self {
        self.row.slash = Slash::Never;
        self
    }

    /// The same, which counts towards no rate limit.
    #[must_use]
    pub const fn unmetered(mut self) -> Self {
        self.row.is_metered = false;
        self
    }

    /// The same, which is there only for some requests or releases.
    #[must_use]
    pub const fn when(mut self, exists: Exists<S>) -> Self {
        self.exists = Some(exists);
        self
    }

    /// The same, whose path has an answer to OPTIONS.
    #[must_use]
    pub const fn options(mut self, options: fn() -> Reply) -> Self {
        self.options = Some(options);
        self
    }
}

impl<S: System> fmt::Debug for Operation<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.row.fmt(f)
    }
}

/// A table of operations, a row in three lines:
///
/// ```text
/// rows! { OPERATIONS of Toy:
///     /// What the operation does, in one sentence.
///     GET "/things/{id}" get_thing Read, NEEDS_READING, "where the fact comes from"
///         => things::get_thing, exact();
/// }
/// ```
///
/// It expands to `pub const OPERATIONS: &[Operation<Toy>]` with one [`Operation::new`] a row; what stands behind
/// the function are methods of [`Operation`] that say where the row departs from the others.
macro_rules! rows {
    ($table:ident of $system:ty: $(
        #[doc = $does:literal]
        $method:ident $path:literal $id:ident $kind:ident, $access:expr, $source:literal
            => $run:path $(, $departs:ident($($by:expr)?))*;
    )+) => {
        /// The operations, a row each.
        pub const $table: &[$crate::platform::Operation<$system>] = &[$(
            $crate::platform::Operation::new(
                hyper::Method::$method,
                $path,
                (stringify!($id), $crate::platform::Kind::$kind),
                $access,
                $does.trim_ascii(),
                $source,
                $run,
            )$(.$departs($($by)?))*
        ),+];
    };
}

pub(crate) use rows;
