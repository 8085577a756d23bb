//! `/__admin/requests`: shows the entries of the journal, one by one, as they come, and as HAR.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::{json, problem};
use super::clock::duration;
use crate::http::{Query, Reply, Request};
use crate::journal::{self, Entry, Filter, Follow, Gone, Journal};
use crate::place::{cut, nearest};
use crate::platform::Vendor;

/// How long a wait lasts without `timeout`.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(300);

/// The operation that stands for unmatched requests.
const UNMATCHED: &str = "null";

/// The parameters of every filter.
const FILTER: &[&str] = &["vendor", "operation", "status", "since"];

#[derive(Serialize)]
struct EntriesView {
    requests: Vec<Entry>,
    dropped: u64,
}

/// A query, read.
struct Params {
    filter: Filter,
    limit: Option<usize>,
    timeout: Option<Duration>,
}

/// Lists the entries that fit, the newest last.
pub fn list(request: &Request, world: &World<'_>) -> Reply {
    let journal = &world.sandbox.journal;
    match params(request, journal, &["limit"]) {
        Err(refused) => *refused,
        Ok(Params { filter, limit, .. }) => {
            let (found, dropped) = journal.fitting(&filter, limit.unwrap_or(usize::MAX));
            let requests = found.iter().map(|note| note.entry()).collect();
            json(StatusCode::OK, &EntriesView { requests, dropped })
        }
    }
}

/// Shows an entry.
pub fn one(_: &Request, world: &World<'_>, id: &str) -> Reply {
    let journal = &world.sandbox.journal;
    match journal.entry(id) {
        Ok(entry) => json(StatusCode::OK, &entry),
        Err(gone) => problem(StatusCode::NOT_FOUND, why_gone(gone, id, journal)),
    }
}

/// Forgets all entries.
pub fn forget(_: &Request, world: &World<'_>) -> Reply {
    world.sandbox.journal.clear();
    Reply::status(StatusCode::NO_CONTENT)
}

/// Waits for an entry that fits.
pub fn wait(request: &Request, world: &World<'_>) -> Result<Follow, Box<Reply>> {
    let journal = Arc::clone(&world.sandbox.journal);
    let Params {
        filter, timeout, ..
    } = params(request, &journal, &["timeout"])?;
    Ok(Follow::Wait {
        journal,
        filter,
        timeout: timeout.unwrap_or(TIMEOUT),
    })
}

/// Follows the entries that fit.
pub fn events(request: &Request, world: &World<'_>) -> Result<Follow, Box<Reply>> {
    let journal = Arc::clone(&world.sandbox.journal);
    let Params { mut filter, .. } = params(request, &journal, &[])?;
    // A client that comes back sends this header, and the same URL as the first time.
    if let Some(last) = request.header("last-event-id").filter(|it| !it.is_empty()) {
        let last = since(last, &journal).map_err(|what| {
            let what = format!("Last-Event-ID: {what}");
            Box::new(problem(StatusCode::BAD_REQUEST, what))
        })?;
        filter.since = Some(last);
    }
    Ok(Follow::Events { journal, filter })
}

/// Shows the entries that fit as HAR.
pub fn har(request: &Request, world: &World<'_>) -> Reply {
    let journal = &world.sandbox.journal;
    match params(request, journal, &["limit"]) {
        Err(refused) => *refused,
        Ok(Params { filter, limit, .. }) => {
            let (found, _) = journal.fitting(&filter, limit.unwrap_or(usize::MAX));
            let entries: Vec<Entry> = found.iter().map(|note| note.entry()).collect();
            let document = journal::har(&entries);
            Reply::new(StatusCode::OK, "application/json", document)
        }
    }
}

/// Reads the query. `more` are the parameters that the call takes beside the filter's.
fn params(request: &Request, journal: &Journal, more: &[&str]) -> Result<Params, Box<Reply>> {
    let query = Query::parse(request.query.as_bytes());
    let params = read(&query, journal, more);
    params.map_err(|what| Box::new(problem(StatusCode::BAD_REQUEST, what)))
}

fn read(query: &Query, journal: &Journal, more: &[&str]) -> Result<Params, String> {
    let mut params = Params {
        filter: Filter::default(),
        limit: None,
        timeout: None,
    };
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in query.pairs() {
        let known = || FILTER.iter().chain(more).copied();
        if !known().any(|it| it == name) {
            return Err(unknown("parameter", name, known()));
        }
        if seen.contains(&name) {
            return Err(format!("{name} stands there twice"));
        }
        seen.push(name);
        let filter = &mut params.filter;
        match name {
            "vendor" => filter.vendor = Some(vendor(value)?),
            "operation" => filter.operation = Some(operation(value)?),
            "status" => filter.status = Some(status(value)?),
            "since" => filter.since = Some(since(value, journal)?),
            "limit" => params.limit = Some(limit(value)?),
            _ => params.timeout = Some(timeout(value)?),
        }
    }
    if let Some(vendor) = params.filter.vendor
        && let Some(operation) = &params.filter.operation
        && !operation.is_empty()
    {
        of_vendor(vendor, operation)?;
    }
    Ok(params)
}

fn vendor(name: &str) -> Result<Vendor, String> {
    let found = Vendor::ALL.iter().find(|vendor| vendor.name() == name);
    let known = Vendor::ALL.iter().map(|vendor| vendor.name());
    found.copied().ok_or_else(|| unknown("vendor", name, known))
}

/// The name of an operation of any vendor. Empty: unmatched requests.
fn operation(name: &str) -> Result<String, String> {
    if name.is_empty() || name == UNMATCHED {
        return Ok(String::new());
    }
    let mut known: Vec<&str> = Vendor::ALL.iter().copied().flat_map(operations).collect();
    known.sort_unstable();
    known.dedup();
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(unknown("operation", name, known) + "; `null` finds what fits none")
}

/// Refuses an operation that another vendor has.
fn of_vendor(vendor: Vendor, operation: &str) -> Result<(), String> {
    if operations(vendor).any(|it| it == operation) {
        return Ok(());
    }
    let what = format!("operation of {}", vendor.name());
    Err(unknown(&what, operation, operations(vendor)))
}

fn operations(vendor: Vendor) -> impl Iterator<Item = &'static str> {
    vendor.rows().map(|row| row.id)
}

fn status(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(status @ 100..=999) => Ok(status),
        _ => Err(format!(
            "status {:?} is not a number from 100 to 999",
            cut(text)
        )),
    }
}

/// The number of an entry, or its id.
fn since(text: &str, journal: &Journal) -> Result<u64, String> {
    let found = text.parse().ok().or_else(|| journal.seq(text));
    found.ok_or_else(|| {
        format!(
            "since {:?} is neither the `seq` nor the `id` of an entry of this world",
            cut(text)
        )
    })
}

fn limit(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| format!("limit {:?} is not a number", cut(text)))
}

/// Reads `5s`, `1m 30s`, `500ms`, `PT5S`.
fn timeout(text: &str) -> Result<Duration, String> {
    if let Some(signed) = duration(text)
        && let Ok(timeout) = Duration::try_from(signed)
        && timeout <= LONGEST
    {
        return Ok(timeout);
    }
    Err(format!(
        "timeout {:?} is not a duration from 0s to {}s, such as 5s or 500ms",
        cut(text),
        LONGEST.as_secs()
    ))
}

fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let meant = match nearest(&cut(name), known.iter().copied()) {
        Some(meant) => format!("; did you mean {meant:?}?"),
        None => format!("; there is {}", known.join(", ")),
    };
    format!("there is no {what} {:?}{meant}", cut(name))
}

fn why_gone(gone: Gone, id: &str, journal: &Journal) -> String {
    let id = cut(id);
    match gone {
        Gone::NoId => {
            format!("{id:?} is the id of no request of this world; /__admin/requests lists them")
        }
        Gone::NotYet(count) => {
            format!(
                "there is no request {id:?}: there were {count} since the start or the last reset"
            )
        }
        Gone::Forgotten(dropped) => format!(
            "request {id:?} was forgotten: the journal keeps {} entries and {} bytes \
             (--journal-entries, --journal-bytes), and the first {dropped} had to go",
            journal.bounds().entries,
            journal.bounds().bytes
        ),
    }
}
