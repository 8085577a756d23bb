//! Bodies of admin calls.

use enrollmock::internals::emulator::Emulator;
use enrollmock::internals::http::Request;
use hyper::{Method, StatusCode};

use crate::stages::{self, BOUNDS, Stage};
use crate::{files, laws};

/// The calls that read a body.
pub const CALLS: &[(&str, &str)] = &[
    ("POST", "/__admin/records"),
    ("PUT", "/__admin/scenario"),
    ("POST", "/__admin/faults"),
    ("POST", "/__admin/verify"),
    ("POST", "/__admin/clock"),
    ("POST", "/__admin/sandboxes"),
];

/// The stages whose records pieces change: each vendor's, and the story that has all three.
pub const STAGES: &[&str] = &[
    "quickstart",
    "ispring/openapi",
    "openedx/bulk",
    "alm/enrollments",
];

/// Makes the call that the first byte chooses, in the stage that the second does, with the rest as its body.
/// What is refused changes nothing; what is taken in can be written down and read again.
pub fn send(stages: &mut [Stage], data: &[u8]) {
    let Some(([call, stage], body)) = data.split_first_chunk::<2>() else {
        return;
    };
    let (method, path) = CALLS[usize::from(*call) % CALLS.len()];
    let name = STAGES[usize::from(*stage) % STAGES.len()];
    let stages = &mut stages.iter_mut();
    let stage = stages
        .find(|stage| stage.name == name)
        .expect("there is one");
    let actor = stage.actor(0);
    let emulator = &actor.emulator;
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = Request::new(method, path).with_body(body.to_vec());
    let answer = match laws::is_compared(data) {
        true => {
            let mut start = Some(actor.start());
            laws::ask_and_compare(emulator, request.clone(), &mut start)
        }
        false => laws::ask(emulator, request.clone()),
    };
    let is_taken_in = answer.status == StatusCode::OK && path != "/__admin/verify";
    if is_taken_in && laws::is_written_down(data) {
        files::is_the_same(&stages::state(emulator), &|scenario| {
            let again = Emulator::new(scenario, BOUNDS);
            Some(stages::state(&again))
        });
    }
    if laws::is_asked_twice(data) {
        laws::repeats(stage, &[request], &[answer]);
    }
    if stage.is_corrupted() {
        stage.spoilt();
    }
}
