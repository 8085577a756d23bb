//! Replies of admin calls.

use hyper::Method;
use hyper::StatusCode;
use hyper::header::{ALLOW, HeaderValue};
use serde::Serialize;

use super::url::base_url;
use crate::http::{Reply, Request};
use crate::place::Problem;
use crate::platform::{Vendor, comma_list};
use crate::scenario::ScenarioFile;

/// A scenario file, as YAML.
pub(super) fn yaml(file: &ScenarioFile) -> Reply {
    match file.to_yaml() {
        Some(text) => Reply::new(StatusCode::OK, "application/yaml", text),
        None => Reply::status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A refusal that says what is wrong with a call.
pub(super) fn problem(status: StatusCode, what: String) -> Reply {
    #[derive(Serialize)]
    struct Problem {
        error: String,
    }
    json(status, &Problem { error: what })
}

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(body) => Reply::new(status, "application/json", body),
        Err(_) => Reply::status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A refusal of a scenario, or of a piece of one. The call changed nothing.
pub(super) fn refused(status: StatusCode, what: &str, problems: &[Problem]) -> Reply {
    #[derive(Serialize)]
    struct Refused {
        error: String,
        problems: Vec<ProblemView>,
    }
    #[derive(Serialize)]
    struct ProblemView {
        file: String,
        line: u32,
        column: u32,
        what: String,
        try_this: Option<String>,
    }
    // The command line shows as many.
    const MOST: usize = 1_000;
    let views = problems.iter().take(MOST).map(|problem| ProblemView {
        file: problem.file.clone(),
        line: problem.spot.line,
        column: problem.spot.column,
        what: problem.what.clone(),
        try_this: problem.try_this.clone(),
    });
    let why = match problems {
        [one] => one.to_string(),
        _ => format!("{} problems", problems.len()),
    };
    let refused = Refused {
        error: format!("{what}: {why}"),
        problems: views.collect(),
    };
    json(status, &refused)
}

/// The 404 for a path of no vendor: it says where the vendors are.
pub fn nobodys(request: &Request) -> Reply {
    #[derive(Serialize)]
    struct Unmounted {
        error: String,
        base_urls: Vec<String>,
    }
    let base = base_url(request);
    let base_urls: Vec<String> = Vendor::ALL
        .iter()
        .map(|vendor| format!("{base}/{}", vendor.name()))
        .collect();
    let error = format!(
        "no vendor is mounted at {}; base URLs: {}",
        request.path,
        base_urls.join(", ")
    );
    json(StatusCode::NOT_FOUND, &Unmounted { error, base_urls })
}

/// The refusal of a method that the path does not take. `methods` are those it takes.
pub(super) fn wrong_method(request: &Request, path: &str, methods: &[Method]) -> Reply {
    let allow = comma_list(methods);
    let what = format!("{path} takes {allow}, not {}", request.method);
    let mut reply = problem(StatusCode::METHOD_NOT_ALLOWED, what);
    if let Ok(allow) = HeaderValue::try_from(allow) {
        reply.headers.insert(ALLOW, allow);
    }
    reply
}
