//! What an operation says about its answer beside the answer.

use std::borrow::Cow;
use std::cell::RefCell;

/// What an operation says about its answer beside the answer: for the journal and for who judges clients.
#[derive(Debug, Default)]
pub struct Notes {
    scope: RefCell<Option<Cow<'static, str>>>,
    page: RefCell<Option<Page>>,
}

/// The part of a list that an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The cursor or page token that the client sent. None: it asked for the first page.
    pub cursor: Option<String>,
    /// How many items it shows.
    pub shown: usize,
    /// The cursor or page token that leads on. None: the list ends here.
    pub next: Option<String>,
    /// The one that leads back, where the vendor shows such a thing.
    pub previous: Option<String>,
}

impl Notes {
    /// Says how far the caller sees: `all`, `departments d1, d2`, `own enrollments`.
    pub fn scope(&self, scope: impl Into<Cow<'static, str>>) {
        *self.scope.borrow_mut() = Some(scope.into());
    }

    /// Says which part of a list the answer shows.
    pub fn page(&self, page: Page) {
        *self.page.borrow_mut() = Some(page);
    }

    /// All that was said.
    pub fn into_parts(self) -> (Option<Cow<'static, str>>, Option<Page>) {
        (self.scope.into_inner(), self.page.into_inner())
    }
}
