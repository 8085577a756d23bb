//! Calls that ask for a fault: what comes back is what the call has by itself, or that fault and no other.

use std::sync::Arc;

use super::client::{Answer, Call, Client, Loss, Lost};
use super::story::{Acts, CHANGED, Fault, Shows, key};
use super::{Result, Run, calls};

/// One client that asks for one fault, over and over.
pub async fn one_fault(run: Arc<Run>, fault: &'static Fault) -> Result<()> {
    let mut client = Client::new(&run);
    let mut number = 0;
    while !run.is_over() {
        let call = calls::plain(number).upset(fault.name);
        let outcome = client.ask(&call).await;
        if fault.shows == Shows::Cut {
            client.leave();
        }
        match seen(fault, &call, &outcome) {
            Ok(seen) => run.tally.struck(fault.name, seen),
            Err(why) => run
                .tally
                .wrong(&format!("otherwise than {}", fault.name), &call, &why),
        }
        number += 1;
    }
    Ok(())
}

/// Whether the fault shows. Otherwise the answer is as it would be without one.
fn seen(
    fault: &Fault,
    call: &Call,
    outcome: &Result<Answer, Loss>,
) -> std::result::Result<bool, String> {
    let answer = match (outcome, fault.shows) {
        (Err(loss), shows) => {
            let is_it = matches!(
                (loss.how, shows),
                (Lost::Reset, Shows::Reset)
                    | (Lost::Closed, Shows::Closed)
                    | (Lost::Garbage, Shows::Garbage)
                    | (Lost::Cut, Shows::Cut)
            );
            return match is_it {
                true => Ok(true),
                false => Err(format!("{:?}: {}", loss.how, loss.said)),
            };
        }
        (Ok(answer), _) => answer,
    };
    let parses = answer.parses();
    match fault.shows {
        Shows::Status(these) if these.contains(&answer.status) => return parses.map(|()| true),
        Shows::Malformed if parses.is_err() => return Ok(true),
        Shows::Late(least) if answer.took.as_millis() < u128::from(least) => {
            return Err(format!("after {:?}", answer.took));
        }
        _ => {}
    }
    if !call.want.contains(&answer.status) {
        let text = String::from_utf8_lossy(&answer.body);
        return Err(format!("status {}: {text}", answer.status));
    }
    parses?;
    let shows_nothing = matches!(fault.shows, Shows::Nothing | Shows::Late(_));
    match fault.acts == Acts::Always && !shows_nothing {
        true => Err(format!("it did not act: status {}", answer.status)),
        false => Ok(shows_nothing),
    }
}

/// Records that a fault changes: the next read sees it.
pub async fn changes(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    let read = Call::get(
        format!("/openedx/api/so2/v1/enrollments?username=u{CHANGED}"),
        &[200],
    );
    let mut here = false;
    while !run.is_over() {
        here = !here;
        let name = if here { "change" } else { "change_back" };
        let since = run.epoch();
        client.since(since);
        if client.sound(&read.clone().upset(name)).await.is_none() {
            continue;
        }
        run.tally.struck(name, true);
        let Some(rows) = client.value(&read).await else {
            continue;
        };
        let shown = rows.as_array().map_or(0, Vec::len);
        if shown != 1 + usize::from(here) {
            client.amiss(
                "records that a fault did not change",
                &read,
                &rows.to_string(),
            );
        }
    }
    Ok(())
}

/// Writes whose reply is lost: they happened all the same.
pub async fn lost_replies(run: Arc<Run>, who: usize) -> Result<()> {
    let mut client = Client::new(&run);
    let mut enrolled = false;
    let read = Call::get(
        format!("/openedx/api/enrollment/v1/enrollment/u{who},{}", key(1)),
        &[200],
    );
    while !run.is_over() {
        enrolled = !enrolled;
        if enrolled {
            client.since(run.epoch());
        }
        let action = if enrolled { "enroll" } else { "unenroll" };
        let write = Call::new("POST", "/openedx/api/bulk_enroll/v1/bulk_enroll", &[503])
            .json(format!(
                r#"{{"action":"{action}","identifiers":"u{who}","courses":"{}"}}"#,
                key(1)
            ))
            .upset("lost_reply");
        if client.sound(&write).await.is_none() {
            continue;
        }
        run.tally.struck("lost_reply", true);
        let Some(row) = client.value(&read).await else {
            continue;
        };
        if row["is_active"] != enrolled {
            client.amiss("a lost reply that changed nothing", &read, &row.to_string());
        }
    }
    Ok(())
}

/// Faults that come over HTTP and go again.
pub async fn added(run: Arc<Run>, number: usize) -> Result<()> {
    let mut client = Client::new(&run);
    let name = format!("added-{number}");
    let call = calls::plain(number);
    let broken = Call {
        want: &[500],
        ..call.clone().upset(&name)
    };
    let add = Call::new("POST", "/__admin/faults", &[200, 201]).json(format!(
        r#"{{"name":"{name}","on":{{"headers":{{"x-soak":"{name}"}}}},"inject":"server_error"}}"#
    ));
    let remove = Call::new("DELETE", format!("/__admin/faults/{name}"), &[204]);
    while !run.is_over() {
        client.since(run.epoch());
        if client.sound(&add).await.is_none() {
            continue;
        }
        if client.sound(&broken).await.is_some() {
            run.tally.struck("added over HTTP", true);
        }
        client.sound(&remove).await;
        client.sound(&call.clone().upset(&name)).await;
    }
    Ok(())
}
