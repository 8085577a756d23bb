//! `GET /__admin/outbox`: lists the mails that the vendors would have sent.

use hyper::StatusCode;
use serde::Serialize;

use super::World;
use super::answer::json;
use crate::clock::rfc3339;
use crate::http::{Reply, Request};
use crate::platform::Mail;

#[derive(Serialize)]
struct OutboxView {
    mails: Vec<MailView>,
}

#[derive(Serialize)]
struct MailView {
    vendor: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    to: String,
    course: String,
    at: String,
}

/// Lists the mails, the oldest first.
pub fn outbox(_: &Request, world: &World<'_>) -> Reply {
    let mails = world.sandbox.outbox.mails();
    let mails = mails.into_iter().map(MailView::from).collect();
    json(StatusCode::OK, &OutboxView { mails })
}

impl From<Mail> for MailView {
    fn from(mail: Mail) -> Self {
        // Taken apart, so that no field of a mail is forgotten.
        let Mail {
            vendor,
            kind,
            to,
            course,
            at,
        } = mail;
        MailView {
            vendor: vendor.name(),
            kind,
            to,
            course,
            at: rfc3339(at),
        }
    }
}
