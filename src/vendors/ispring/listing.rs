//! A list of enrollments as a body, written piece by piece.

use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use jiff::Timestamp;

use super::behaviour::{Behaviour, JsonList, JsonSingleItem, PageToken};
use super::errors::{content_type, syntax};
use super::id::Id;
use super::records::{Enrollment, EnrollmentNumber};
use super::wire::{EnrollmentView, Syntax, Xml, json_enrollment};
use super::world::{Selection, World};
use crate::http::Reply;
use crate::platform::{self, Pieces, Shared};
use crate::platform::{Page, Principal};
use crate::vendors::ispring::Call;

/// What a list is to look like.
#[derive(Debug)]
pub struct ListQuery {
    /// Which enrollments.
    pub selection: Selection,
    /// Where it starts.
    pub from: Bound<EnrollmentNumber>,
    /// How many of them make a page. None: all of them, in the form without pages.
    pub page_size: Option<usize>,
    /// The page token that was sent.
    pub token: Option<String>,
}

/// Answers with the enrollments wanted, as far as the caller sees them.
pub fn reply(call: &Call<'_>, wanted: ListQuery, behaviour: Behaviour) -> Reply {
    let syntax = syntax(call.request);
    let listing = Listing {
        world: call.context.world.clone(),
        now: call.context.now,
        principal: call.principal.clone(),
        selection: wanted.selection,
        syntax,
        behaviour,
        paged: wanted.page_size.is_some(),
        left: wanted.page_size.unwrap_or(usize::MAX),
        behind: wanted.from,
        size: 0,
        last: None,
        ended: false,
        token: wanted.token,
        shown: 0,
        next: None,
    };
    note_scope(call, &call.context.read());
    Reply::new(
        StatusCode::OK,
        content_type(syntax, &behaviour),
        platform::body(listing, call.notes),
    )
}

/// Notes whose enrollments the caller sees.
pub fn note_scope(call: &Call<'_>, world: &World) {
    call.notes.scope(world.seen_by(call.principal).in_words());
}

/// An enrollment as it is shown at this moment. None if what it refers to is gone.
pub fn shown(enrollment: Enrollment, world: &World, now: Timestamp) -> Option<EnrollmentView> {
    let certificate = enrollment.certificate.as_deref();
    Some(EnrollmentView {
        content: world.content_id(enrollment.content)?,
        learner: world.user_id(enrollment.learner)?,
        // Not documented: until its hour a certificate is not there.
        certificate: certificate.filter(|it| it.issued <= now).copied(),
        enrollment,
    })
}

/// A list under way.
struct Listing {
    world: Shared<World>,
    now: Timestamp,
    principal: Principal,
    selection: Selection,
    syntax: Syntax,
    behaviour: Behaviour,
    paged: bool,
    /// How many enrollments may still be written.
    left: usize,
    behind: Bound<EnrollmentNumber>,
    /// How many bytes make a piece.
    size: usize,
    /// The last enrollment written; none before the first.
    last: Option<Id>,
    ended: bool,
    /// The page token that was sent, how many enrollments are written, and the token that leads on.
    token: Option<String>,
    shown: usize,
    next: Option<String>,
}

/// Enrollments to write, with a look at what comes after.
type Found<'a> = std::iter::Peekable<&'a mut dyn Iterator<Item = EnrollmentView>>;

impl Listing {
    fn piece_of(&mut self, selection: &Selection, bytes: &mut Vec<u8>) {
        let shared = self.world.clone();
        let world = shared.read();
        let visible = world.seen_by(&self.principal);
        let found = visible.enrollments(selection, self.behind);
        let now = self.now;
        let mut found = found.filter_map(|enrollment| shown(enrollment, &world, now));
        let found: &mut dyn Iterator<Item = EnrollmentView> = &mut found;
        match self.syntax {
            Syntax::Xml => self.xml_piece(found.peekable(), bytes),
            Syntax::Json => self.json_piece(found.peekable(), bytes),
        }
    }

    /// The next enrollment to write, if there is one and room for it.
    fn next_shown(&mut self, found: &mut Found<'_>) -> Option<EnrollmentView> {
        self.left = self.left.checked_sub(1)?;
        let shown = found.next()?;
        self.last = Some(shown.enrollment.id);
        self.shown += 1;
        self.behind = Bound::Excluded(shown.enrollment.number);
        Some(shown)
    }

    /// The token of the next page, if there is one: the base64 of an enrollment's id.
    fn next_page(&self, found: &mut Found<'_>) -> Option<String> {
        let next = found.peek().filter(|_| self.paged)?;
        let named = match self.behaviour.page_token {
            PageToken::LastOfPage => self.last?,
            PageToken::FirstOfNext => next.enrollment.id,
        };
        Some(STANDARD.encode(named.text().as_str()))
    }

    /// The token of the next page, as it is to come at the end of a page of which only a part is written.
    fn next_unwritten(&self) -> Option<String> {
        let world = self.world.read();
        let visible = world.seen_by(&self.principal);
        let mut rest = visible.enrollments(&self.selection, self.behind);
        let last = rest.nth(self.left.checked_sub(1)?)?;
        let next = rest.next()?;
        let named = match self.behaviour.page_token {
            PageToken::LastOfPage => last.id,
            PageToken::FirstOfNext => next.id,
        };
        Some(STANDARD.encode(named.text().as_str()))
    }

    fn xml_piece(&mut self, mut found: Found<'_>, bytes: &mut Vec<u8>) {
        let pretty = self.behaviour.pretty_xml;
        // Enrollments stand directly below the root, or in an element of their own in a page.
        let depth = if self.paged { 2 } else { 1 };
        let mut xml = match self.last {
            None => Xml::new(bytes, pretty),
            Some(_) => Xml::within(bytes, pretty, depth),
        };
        if self.last.is_none() {
            match (found.peek().is_some(), self.paged) {
                (false, false) => xml.empty("response"),
                (false, true) => {
                    xml.open("response");
                    xml.empty("enrollments");
                    xml.close("response");
                }
                (true, false) => xml.open("response"),
                (true, true) => {
                    xml.open("response");
                    xml.open("enrollments");
                }
            }
        }
        while let Some(shown) = self.next_shown(&mut found) {
            xml.enrollment(&shown, &self.behaviour);
            if xml.len() >= self.size {
                return;
            }
        }
        self.ended = true;
        if self.last.is_some() {
            if self.paged {
                xml.close("enrollments");
            }
            self.next = self.next_page(&mut found);
            if let Some(token) = &self.next {
                xml.text("nextPageToken", token);
            }
            xml.close("response");
        }
    }

    fn json_piece(&mut self, mut found: Found<'_>, json: &mut Vec<u8>) {
        let in_object = self.paged || self.behaviour.json_list == JsonList::Wrapped;
        // Only the very first enrollment can turn out to be the only one.
        let mut bare = false;
        if self.last.is_none() && in_object {
            json.extend_from_slice(b"{\"enrollments\":");
        }
        loop {
            let before = self.last;
            let Some(shown) = self.next_shown(&mut found) else {
                break;
            };
            if before.is_none() {
                let only = self.left == 0 || found.peek().is_none();
                bare = only && self.behaviour.json_single_item == JsonSingleItem::Object;
            }
            if !bare {
                json.push(if before.is_none() { b'[' } else { b',' });
            }
            json_enrollment(json, &shown, &self.behaviour);
            if json.len() >= self.size {
                return;
            }
        }
        self.ended = true;
        match self.last {
            None => json.extend_from_slice(b"[]"),
            Some(_) if bare => {}
            Some(_) => json.push(b']'),
        }
        self.next = self.next_page(&mut found);
        if let Some(token) = &self.next {
            // Base64 needs no escapes.
            json.extend_from_slice(b",\"nextPageToken\":\"");
            json.extend_from_slice(token.as_bytes());
            json.push(b'"');
        }
        if in_object {
            json.push(b'}');
        }
    }
}

impl Pieces for Listing {
    fn piece(&mut self, size: usize, bytes: &mut Vec<u8>) {
        self.size = size;
        // Lent to the walk, and taken back.
        let selection = std::mem::take(&mut self.selection);
        self.piece_of(&selection, bytes);
        self.selection = selection;
    }

    fn has_ended(&self) -> bool {
        self.ended
    }

    fn parts(&self) -> usize {
        self.selection.parts()
    }

    fn page(&self) -> Page {
        let next = if self.paged && !self.ended {
            self.next_unwritten()
        } else {
            self.next.clone()
        };
        Page {
            cursor: self.token.clone(),
            shown: self.shown,
            next,
            previous: None,
        }
    }
}
