//! Calls that no fault may touch.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::calls::{adobe, call};
use super::client::{Call, Client};
use super::story::{CLIENT, ISPRING, PEOPLE, REFRESH, key, uuid};
use super::{Result, Run};

/// One client that calls whatever there is, one after the other.
pub async fn anything(run: Arc<Run>, first: usize) -> Result<()> {
    let mut client = Client::new(&run);
    let mut number = first;
    while !run.is_over() {
        client.sound(&call(number)).await;
        number += 1;
    }
    Ok(())
}

/// Enrolls one learner at iSpring, edits, enrolls anew and deletes, and sees each step.
pub async fn ispring(run: Arc<Run>, who: usize) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        if ispring_once(&mut client, who).await.is_some() {
            run.tally
                .did("iSpring's enrollments made, changed and deleted");
        }
    }
    Ok(())
}

async fn ispring_once(client: &mut Client, who: usize) -> Option<()> {
    let (learner, count) = (uuid('a', who), 3);
    let courses: Vec<String> = (1..=count).map(|it| uuid('c', it)).collect();
    let wish = json!({ "courseIds": courses, "learnerIds": [learner], "dueDateType": "due_date", "dueDate": "2024-12-20" });
    let post = |path: &str, want, body: &Value| {
        Call::new("POST", format!("/ispring/enrollment{path}"), want).json(body.to_string())
    };
    client.sound(&post("", &[201], &wish)).await?;
    let listed = Call::get(
        format!("/ispring/enrollment?learnerIds[]={learner}"),
        &[200],
    );
    let ids = ids(&client.value(&listed).await?, 1 + count, client, &listed)?;
    let changed = json!({ "accessDate": "2024-06-10", "dueDateType": "unlimited" });
    client
        .sound(&post(&format!("/{}", ids[1]), &[200], &changed))
        .await?;
    client
        .sound(&post(&format!("/{}/reenroll", ids[2]), &[200], &changed))
        .await?;
    let ids = ids_of(&client.value(&listed).await?);
    let made: Vec<&String> = ids.iter().filter(|it| **it != uuid('e', who)).collect();
    client
        .sound(&post("/delete", &[204], &json!({ "enrollmentIds": made })))
        .await?;
    let left = client.value(&listed).await?;
    self::ids(&left, 1, client, &listed).map(drop)
}

fn ids_of(list: &Value) -> Vec<String> {
    let rows = list.as_array().into_iter().flatten();
    rows.filter_map(|row| row["enrollmentId"].as_str().map(str::to_owned))
        .collect()
}

/// The ids of a list of this length.
fn ids(list: &Value, length: usize, client: &Client, call: &Call) -> Option<Vec<String>> {
    let ids = ids_of(list);
    if ids.len() != length {
        client.amiss(
            "a list of another length",
            call,
            &format!("{} instead of {length}", ids.len()),
        );
        return None;
    }
    Some(ids)
}

/// Enrolls one learner in bulk at Open edX and takes the enrollment back, and sees each step.
pub async fn openedx(run: Arc<Run>, who: usize) -> Result<()> {
    let mut client = Client::new(&run);
    let read = Call::get(
        format!("/openedx/api/so2/v1/enrollments?username=u{who}"),
        &[200],
    );
    while !run.is_over() {
        client.since(run.epoch());
        for (action, is_active) in [("enroll", true), ("unenroll", false)] {
            let wish = json!({ "action": action, "identifiers": format!("u{who}"), "courses": format!("{},{}", key(1), key(2)) });
            let write = Call::new("POST", "/openedx/api/bulk_enroll/v1/bulk_enroll", &[200])
                .json(wish.to_string());
            if client.sound(&write).await.is_none() {
                continue;
            }
            let Some(rows) = client.value(&read).await else {
                continue;
            };
            let active = rows.as_array().into_iter().flatten();
            let active = active.filter(|row| row["is_active"] == true).count();
            if active != 1 + 2 * usize::from(is_active) {
                client.amiss("a list of another length", &read, &rows.to_string());
            }
        }
        run.tally.did("Open edX's enrollments made and ended");
    }
    Ok(())
}

/// Enrolls one learner at Adobe, notes progress and takes the enrollments back, and sees each step.
pub async fn adobes(run: Arc<Run>, who: usize) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        if adobe_once(&mut client, who).await.is_some() {
            run.tally.did("Adobe's enrollments made, changed and left");
        }
    }
    Ok(())
}

async fn adobe_once(client: &mut Client, who: usize) -> Option<()> {
    let user = 1000 + who;
    let own = adobe(&format!("/users/{user}/enrollments"));
    for object in 2001..2008 {
        let path = format!("{own}?loId=course:{object}&loInstanceId=course:{object}_1");
        client.sound(&Call::new("POST", path, &[200])).await?;
    }
    let seen = adobe_pages(client, &own).await?;
    if seen != 8 {
        let call = Call::get(own, &[200]);
        client.amiss(
            "pages of another length",
            &call,
            &format!("{seen} instead of 8"),
        );
        return None;
    }
    for object in 2001..2008 {
        let path = format!("{own}/course:{object}_1_{user}");
        client.sound(&Call::new("DELETE", path, &[204])).await?;
    }
    let left = adobe_pages(client, &own).await?;
    if left != 1 {
        let call = Call::get(own, &[200]);
        client.amiss(
            "pages of another length",
            &call,
            &format!("{left} instead of 1"),
        );
    }
    Some(())
}

/// How many enrollments Adobe shows, in pages of three.
async fn adobe_pages(client: &mut Client, own: &str) -> Option<usize> {
    let mut path = format!("{own}?page[limit]=3");
    let mut seen = 0;
    loop {
        let page = client
            .value(&Call::get(path, &[200]).field("accept-encoding", "gzip"))
            .await?;
        seen += page["data"].as_array().map_or(0, Vec::len);
        let Some(next) = page["links"]["next"].as_str() else {
            return Some(seen);
        };
        path = next.split_once(&client.run.address)?.1.to_owned();
    }
}

/// Walks all pages of iSpring's long list: nothing comes twice, and what is listed comes once.
pub async fn ispring_walk(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        let (mut seen, mut listed) = (HashSet::new(), 0);
        let mut path = "/ispring/enrollments?pageSize=200".to_owned();
        let ended = loop {
            let call = Call::get(path, &[200]);
            let Some(page) = client.value(&call).await else {
                break false;
            };
            for id in ids_of(&page["enrollments"]) {
                listed += usize::from(
                    id.starts_with('e') && id.ends_with("-0000-11ee-8000-000000000000"),
                );
                if !seen.insert(id.clone()) {
                    client.amiss("an enrollment twice in one walk", &call, &id);
                }
            }
            match page["nextPageToken"].as_str() {
                Some(next) if !run.is_over() => {
                    path = format!("/ispring/enrollments?pageSize=200&pageToken={next}")
                }
                Some(_) => break false,
                None => break true,
            }
        };
        if !ended {
            continue;
        }
        run.tally.did("iSpring's list walked");
        if listed != PEOPLE {
            let call = Call::get("/ispring/enrollments", &[200]);
            client.amiss(
                "a walk that missed some",
                &call,
                &format!("{listed} of {PEOPLE}"),
            );
        }
    }
    Ok(())
}

/// Walks all pages of Open edX's long list.
pub async fn openedx_walk(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        let mut path = "/openedx/api/enrollment/v1/enrollments?page_size=100".to_owned();
        while !run.is_over() {
            let Some(page) = client.value(&Call::get(path, &[200])).await else {
                break;
            };
            let next = page["next"]
                .as_str()
                .and_then(|next| next.split_once(&run.address));
            let Some((_, next)) = next else {
                run.tally.did("Open edX's list walked");
                break;
            };
            path = next.to_owned();
        }
    }
    Ok(())
}

/// Reads the long lists to their end, in one piece.
pub async fn whole_lists(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        for path in ["/ispring/enrollment", "/openedx/api/so2/v1/enrollments"] {
            client.sound(&Call::get(path, &[200])).await;
            client
                .sound(
                    &Call::get(path, &[200]).field("accept", "application/xml, application/json"),
                )
                .await;
            run.tally.did("long lists read whole");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// Begins to read a long list, and leaves; or leaves in the middle of a request.
pub async fn leaves(run: Arc<Run>) -> Result<()> {
    let mut buffer = vec![0; 32 * 1024];
    for number in 0_usize.. {
        if run.is_over() {
            break;
        }
        let (path, token) = match number % 3 {
            0 => ("/ispring/enrollment", ISPRING),
            1 => ("/openedx/api/so2/v1/enrollments", super::story::OPENEDX),
            _ => ("/ispring/enrollment", "cut"),
        };
        let mut stream = TcpStream::connect(&run.address).await?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {token}\r\n",
            run.address
        );
        stream.write_all(request.as_bytes()).await?;
        if token != "cut" {
            stream.write_all(b"\r\n").await?;
            let read = stream.read(&mut buffer).await?;
            let head = b"HTTP/1.1 200 OK\r\n";
            if !buffer[..read].starts_with(head) {
                let text = String::from_utf8_lossy(&buffer[..read.min(300)]);
                run.tally.is_wrong("no head of a long list", &text);
            }
        }
        run.tally.asked();
        run.tally.did("readers that left early");
        drop(stream);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    Ok(())
}

/// Sends sixteen requests at once, and gets sixteen answers in that order.
pub async fn pipelined(run: Arc<Run>, first: usize) -> Result<()> {
    // All of them have a body of a length that is told.
    const THESE: [usize; 8] = [1, 10, 16, 28, 2, 22, 38, 43];
    let mut number = first;
    while !run.is_over() {
        let calls: Vec<Call> = (0..16)
            .map(|it| call(THESE[(number + it) % 8] + super::calls::CALLS * it))
            .collect();
        let mut text = String::new();
        for (at, call) in calls.iter().enumerate() {
            let last = if at == 15 {
                "Connection: close\r\n"
            } else {
                ""
            };
            text += &format!(
                "{} {} HTTP/1.1\r\nHost: {}\r\n{last}",
                call.method, call.path, run.address
            );
            for (name, value) in &call.fields {
                text += &format!("{name}: {value}\r\n");
            }
            text += "\r\n";
        }
        let mut stream = TcpStream::connect(&run.address).await?;
        stream.write_all(text.as_bytes()).await?;
        let mut answers = Vec::new();
        if let Err(error) = stream.read_to_end(&mut answers).await {
            run.tally
                .is_wrong("a pipeline that broke", &error.to_string());
        }
        run.tally.many_asked(16);
        let (got, want) = (
            statuses(&answers),
            calls.iter().map(|call| call.want[0]).collect::<Vec<_>>(),
        );
        if got != want {
            run.tally.is_wrong(
                "a pipeline with other answers",
                &format!("{got:?} instead of {want:?}"),
            );
        }
        run.tally.did("pipelines of sixteen");
        number += 1;
    }
    Ok(())
}

/// The statuses of answers that stand one behind the other; each tells its length.
fn statuses(mut text: &[u8]) -> Vec<u16> {
    let mut statuses = Vec::new();
    while let Some(end) = text.windows(4).position(|it| it == b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&text[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        let length = head.split("content-length: ").nth(1);
        let length = length.and_then(|it| it.lines().next()?.parse::<usize>().ok());
        let (Some(status), Some(length)) = (status, length) else {
            break;
        };
        statuses.push(status);
        text = text.get(end + 4 + length..).unwrap_or_default();
    }
    statuses
}

/// Gets tokens at all three, uses, renews and takes them back, and has some expire.
pub async fn tokens(run: Arc<Run>) -> Result<()> {
    let mut client = Client::new(&run);
    while !run.is_over() {
        client.since(run.epoch());
        ispring_token(&mut client).await;
        openedx_token(&mut client).await;
        adobe_token(&mut client).await;
        run.tally
            .did("tokens issued, renewed and taken back at all three");
    }
    Ok(())
}

async fn ispring_token(client: &mut Client) -> Option<()> {
    let issue = Call::new("POST", "/ispring/api/v3/token", &[200]);
    let issued = client
        .value(&issue.form(format!("grant_type=client_credentials&{CLIENT}")))
        .await?;
    let token = format!("Bearer {}", issued["access_token"].as_str()?);
    let read = Call::get("/ispring/enrollments?pageSize=1", &[200]).field("authorization", token);
    client.sound(&read).await?;
    let refused = Call {
        want: &[401],
        ..read
    };
    client
        .sound(&refused.clone().upset("token_expired"))
        .await?;
    client.run.tally.struck("token_expired", true);
    client.sound(&refused).await.map(drop)
}

async fn openedx_token(client: &mut Client) -> Option<()> {
    let ask = |more: &str| {
        Call::new("POST", "/openedx/oauth2/access_token", &[200]).form(format!("{CLIENT}&{more}"))
    };
    let me = |token: &Value, want| {
        let token = format!(
            "Bearer {}",
            token["access_token"].as_str().unwrap_or_default()
        );
        Call::get("/openedx/api/user/v1/me", want).field("authorization", token)
    };
    let first = client
        .value(&ask(
            "grant_type=password&username=staff&password=not-a-secret",
        ))
        .await?;
    client.sound(&me(&first, &[200])).await?;
    let refresh = first["refresh_token"].as_str()?;
    let next = client
        .value(&ask(&format!(
            "grant_type=refresh_token&refresh_token={refresh}"
        )))
        .await?;
    client.sound(&me(&next, &[200])).await?;
    let token = next["access_token"].as_str()?;
    let revoke = Call::new("POST", "/openedx/oauth2/revoke_token", &[200])
        .form(format!("{CLIENT}&token={token}"));
    client.sound(&revoke).await?;
    client.sound(&me(&next, &[401])).await?;
    let jwt = client
        .value(&ask("grant_type=client_credentials&token_type=jwt"))
        .await?;
    let jwt = format!("JWT {}", jwt["access_token"].as_str()?);
    client
        .sound(&me(&next, &[200]).field("authorization", jwt))
        .await
        .map(drop)
}

async fn adobe_token(client: &mut Client) -> Option<()> {
    let id = CLIENT.split('&').next()?;
    let agree = format!(
        "/alm/oauth/o/authorize?{id}&redirect_uri=https://app.example.com/back&scope=admin:read,admin:write&response_type=CODE"
    );
    let agreed = client.sound(&Call::get(agree, &[302])).await?;
    let back = agreed.headers.get("location")?.to_str().ok()?;
    let code = back.split("code=").nth(1)?.split('&').next()?.to_owned();
    let post = |path: &str, body: String| {
        Call::new("POST", format!("/alm/oauth{path}"), &[200]).form(body)
    };
    let issued = client
        .value(&post("/token", format!("code={code}&{CLIENT}")))
        .await?;
    let token = format!("oauth {}", issued["access_token"].as_str()?);
    let user = Call::get(adobe("/user"), &[200]).field("authorization", token);
    client.sound(&user).await?;
    client
        .sound(&post(
            "/token/refresh",
            format!("refresh_token={REFRESH}&{CLIENT}"),
        ))
        .await?;
    let refused = Call {
        want: &[401],
        ..user
    };
    client
        .sound(&refused.clone().upset("token_expired"))
        .await?;
    client.run.tally.struck("token_expired", true);
    client.sound(&refused).await.map(drop)
}
