//! `GET /__admin/outbox`: the mails that the vendors would have sent.

use hyper::StatusCode;
use serde::Serialize;

use super::{World, json};
use crate::clock::rfc3339;
use crate::http::{Reply, Request};
use crate::platform::Mail;

#[derive(Serialize)]
struct Outbox {
    mails: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    vendor: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    to: String,
    course: String,
    at: String,
}

/// Shows them, the oldest first.
pub fn outbox(_: &Request, world: &World<'_>) -> Reply {
    let mails = world.sandbox.outbox.mails();
    let mails = mails.into_iter().map(Shown::from).collect();
    json(StatusCode::OK, &Outbox { mails })
}

impl From<Mail> for Shown {
    fn from(mail: Mail) -> Self {
        // Taken apart, so that nothing of a mail is forgotten.
        let Mail {
            vendor,
            kind,
            to,
            course,
            at,
        } = mail;
        Shown {
            vendor: vendor.name(),
            kind,
            to,
            course,
            at: rfc3339(at),
        }
    }
}
