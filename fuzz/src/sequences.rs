//! Sequences of requests to one emulator.

use enrollmock::internals::http::Request;

use crate::stages::Stage;
use crate::{laws, text};

/// Sends the requests that the bytes are, and holds each answer against all laws.
pub fn send(stages: &mut [Stage], data: &[u8]) {
    let (name, requests) = text::sequence(data);
    let known = stages.iter().position(|stage| stage.name == name);
    let stage = &mut stages[known.unwrap_or(0)];
    let actor = stage.actor(0);
    let is_compared = laws::is_compared(data);
    let mut state = is_compared.then(|| actor.start());
    let mut ask = |request: &Request| match is_compared {
        true => laws::ask_and_compare(&actor.emulator, request.clone(), &mut state),
        false => laws::ask(&actor.emulator, request.clone()),
    };
    let answers: Vec<_> = requests.iter().map(&mut ask).collect();
    laws::journal_is_bounded(&actor.emulator);
    if laws::is_asked_twice(data) {
        laws::repeats(stage, &requests, &answers);
    }
    if stage.is_corrupted() {
        stage.spoilt();
    }
}
