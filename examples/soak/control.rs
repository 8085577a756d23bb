//! The controls: resets, the clock, another scenario, sandboxes, and whoever reads the journal.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::client::{Call, Client};
use super::story::{key, story, uuid};
use super::{Result, Run};

fn post(path: &str, want: &'static [u16]) -> Call {
    Call::new("POST", format!("/__admin{path}"), want)
}

fn get(path: &str) -> Call {
    Call::get(format!("/__admin{path}"), &[200])
}

/// Starts parts of the world over, moves its clock and serves the scenario anew, one thing a second or so.
pub async fn upheavals(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    let reset = |parts: &str| post(&format!("/reset?only={parts}"), &[204]);
    for number in 1_u64.. {
        if run.is_over() {
            break;
        }
        let (deed, call) = match number % 9 {
            0 if number % 27 == 0 => (
                "scenarios put in place",
                Call::new("PUT", "/__admin/scenario", &[200]).carrying("application/yaml", story()),
            ),
            1 => (
                "the clock advanced",
                post("/clock", &[200]).json(r#"{"advance":"31m"}"#),
            ),
            3 => ("resets of the state", reset("state")),
            5 => ("resets of the journal", reset("journal")),
            7 => ("resets of the faults", reset("faults")),
            8 => ("resets of the clock", reset("clock,state")),
            _ => (
                "the clock advanced",
                post("/clock", &[200]).json(r#"{"advance":"1s"}"#),
            ),
        };
        run.begin_upheaval();
        if call.method == "PUT" {
            run.worlds.fetch_add(1, Ordering::SeqCst);
        }
        client.sound(&call).await;
        run.end_upheaval();
        run.tally.did(deed);
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    Ok(())
}

/// Reads whatever the controls show.
pub async fn reads(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    for number in 0_usize.. {
        if run.is_over() {
            break;
        }
        let call = match number % 12 {
            0 => get("/requests?limit=50"),
            1 => get("/requests?vendor=alm&status=200"),
            2 => get("/requests.har"),
            3 => get("/requests?operation=null&limit=5"),
            4 => get("/health"),
            5 => get("/faults"),
            6 => get("/outbox"),
            7 => get("/scenario"),
            8 => get("/state"),
            9 => get("/sandboxes"),
            10 => post("/verify", &[200, 422]),
            _ => post("/verify", &[200, 422]).json(r#"{"expect":[{"manners":["honours_retry_after","walks_every_page","renews_expired_token","keeps_cursor_opaque","no_secret_in_url","no_blind_retry_of_writes"]}]}"#),
        };
        client.sound(&call).await;
        run.tally.did("controls read");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Waits for requests; those that nobody makes never come.
pub async fn waits(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        client
            .sound(&get("/requests/wait?operation=list_enrollments&timeout=5s"))
            .await;
        let never = Call {
            want: &[408],
            ..get("/requests/wait?status=299&timeout=300ms")
        };
        client.sound(&never).await;
        run.tally.did("waits");
    }
    Ok(())
}

/// Follows the events, sometimes slowly, and comes back after a while.
pub async fn follows(run: Arc<Run>, pause: Duration) -> Result<()> {
    while !run.is_over() {
        let mut client = Client::new(&run);
        let world = run.worlds();
        let call = get("/requests/events");
        let head = match client.head(&call).await {
            Ok(head) => head,
            Err(loss) => {
                run.tally.wrong("no events", &call, &loss.said);
                continue;
            }
        };
        run.tally.did("event streams");
        let mut body = head.into_body();
        let mut events = Events::default();
        let until = tokio::time::Instant::now() + Duration::from_secs(60);
        while !run.is_over() && tokio::time::Instant::now() < until {
            match tokio::time::timeout_at(until, body.frame()).await {
                Ok(Some(Ok(frame))) => events.take(&run, frame.data_ref().map_or(&[], |it| it)),
                Ok(Some(Err(error))) => {
                    run.tally
                        .wrong("a broken event stream", &call, &error.to_string());
                    break;
                }
                // Another scenario ends the streams of the world that it replaces.
                Ok(None) if run.worlds() != world => break,
                Ok(None) => {
                    run.tally.wrong("an event stream that ended", &call, "");
                    break;
                }
                Err(_) => break,
            }
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    }
    Ok(())
}

/// Server-sent events, cut into lines.
#[derive(Default)]
struct Events {
    rest: Vec<u8>,
    count: u64,
}

impl Events {
    fn take(&mut self, run: &Run, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            return;
        };
        let lines: Vec<u8> = self.rest.drain(..=end).collect();
        for line in lines.split(|byte| *byte == b'\n') {
            match line {
                b"event: request" => run.tally.did("events"),
                b"event: dropped" => run.tally.did("events that say some were dropped"),
                _ => self.data(run, line),
            }
        }
    }

    /// Reads every hundredth entry.
    fn data(&mut self, run: &Run, line: &[u8]) {
        let Some(data) = line.strip_prefix(b"data: ") else {
            return;
        };
        self.count += 1;
        if self.count.is_multiple_of(100) && serde_json::from_slice::<Value>(data).is_err() {
            run.tally.is_wrong(
                "an event that does not parse",
                &String::from_utf8_lossy(data),
            );
        }
    }
}

/// Makes a sandbox, uses it, sees its own records and no others, and ends it or lets it end.
pub async fn sandboxes(run: Arc<Run>, number: usize) -> Result<()> {
    let mut client = Client::new(&run);
    for round in 0_usize.. {
        if run.is_over() {
            break;
        }
        let id = format!("soak-{number}-{round}");
        let name = if round % 3 == 0 {
            limited(&mut client, &id).await
        } else {
            shared(&mut client, &id, round).await
        };
        if name.is_some() {
            run.tally.did("sandboxes made, used and ended");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// A sandbox of the served scenario.
async fn shared(client: &mut Client, id: &str, round: usize) -> Option<()> {
    // One in four is left to its end.
    let is_left = round % 4 == 1;
    let wish = json!({ "id": id, "ttl": if is_left { "10s" } else { "1h" } });
    client
        .sound(&post("/sandboxes", &[201]).json(wish.to_string()))
        .await?;
    let inside = |path: &str| format!("/__sandbox/{id}{path}");
    let issue = Call::new("POST", inside("/ispring/api/v3/token"), &[200]);
    let issued = client
        .value(&issue.form(format!(
            "grant_type=client_credentials&{}",
            super::story::CLIENT
        )))
        .await?;
    let token = format!("Bearer {}", issued["access_token"].as_str()?);
    let wish = json!({ "courseIds": [uuid('c', 5)], "learnerIds": [uuid('a', 31)], "dueDateType": "unlimited" });
    // The token leads there by itself.
    let write = Call::new("POST", "/ispring/enrollment", &[201]).field("authorization", token);
    client.sound(&write.json(wish.to_string())).await?;
    let read = Call::get(
        format!("/ispring/enrollment?learnerIds[]={}", uuid('a', 31)),
        &[200],
    );
    let inner = client
        .value(&read.clone().field("x-enrollmock-sandbox", id))
        .await?;
    let outer = client.value(&read).await?;
    let (inner, outer) = (
        inner.as_array().map_or(0, Vec::len),
        outer.as_array().map_or(0, Vec::len),
    );
    if (inner, outer) != (2, 1) {
        client.run.tally.wrong(
            "a sandbox that is not by itself",
            &read,
            &format!("{inner} inside, {outer} outside"),
        );
    }
    let broken = Call::get(inside("/openedx/api/user/v1/me"), &[500, 200])
        .field("authorization", super::story::OPENEDX);
    client.sound(&broken.upset("server_error")).await?;
    let journal = client
        .value(&Call::get(inside("/__admin/requests"), &[200]))
        .await?;
    let entries = journal["requests"].as_array()?;
    if entries.len() != 4 || entries.iter().any(|it| it["sandbox"] != id) {
        client.run.tally.is_wrong(
            "a sandbox with another journal",
            &format!("{id}: {} entries", entries.len()),
        );
    }
    if !is_left {
        let end = Call::new("DELETE", format!("/__admin/sandboxes/{id}"), &[204]);
        client.sound(&end).await?;
        client
            .sound(&Call::get(inside("/ispring/enrollments"), &[404]))
            .await?;
    }
    Some(())
}

/// A sandbox of a scenario of its own, with a limit of five calls a minute and a clock that stands.
async fn limited(client: &mut Client, id: &str) -> Option<()> {
    let own = json!({
        "version": 1,
        "clock": { "now": "2024-06-09T13:05:09Z", "ticking": false },
        "generate": { "learners": 100, "courses": 5, "enrollments_per_learner": { "min": 1, "max": 3 } },
        "rate_limits": { "ispring": { "all": { "per_minute": 5 } } },
        "ispring": { "credentials": [{ "token": "own" }] },
        "openedx": { "courses": [{ "key": key(0) }] },
    });
    let wish = json!({ "id": id, "scenario": own });
    client
        .sound(&post("/sandboxes", &[201]).json(wish.to_string()))
        .await?;
    for call in 1..=7 {
        let want: &[u16] = if call > 5 { &[429] } else { &[200] };
        let list = Call::get(
            format!("/__sandbox/{id}/ispring/enrollments?pageSize=5"),
            want,
        );
        client.sound(&list.field("authorization", "own")).await?;
    }
    client.run.tally.struck("rate limits", true);
    let end = Call::new("DELETE", format!("/__admin/sandboxes/{id}"), &[204]);
    client.sound(&end).await.map(drop)
}
