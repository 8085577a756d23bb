//! Scenario or exchange: told by the first keys, before a type is chosen.

use granit_parser::{Event, Parser};

use crate::platform::Vendor;

/// Whether a file holds exchanges: a list, or a mapping with the key `exchange`.
pub fn holds_exchanges(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let mut depth = 0_usize;
    let mut at_key = true;
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else {
            return false;
        };
        match event {
            Event::SequenceStart(..) if depth == 0 => return true,
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => {
                depth = depth.saturating_sub(1);
                at_key = depth == 1;
            }
            Event::Scalar(text, ..) if depth == 1 => {
                match (at_key, &*text) {
                    (true, "exchange") => return true,
                    // No exchange has such a key, and a scenario may be long.
                    (true, "version" | "extends" | "generate" | "removed") => return false,
                    (true, key) if Vendor::ALL.iter().any(|it| it.name() == key) => return false,
                    _ => {}
                }
                at_key = !at_key;
            }
            Event::Alias(_) if depth == 1 => at_key = !at_key,
            _ => {}
        }
    }
    false
}
