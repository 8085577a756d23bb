//! Heads that another HTTP reader may take for other requests.
//!
//! HTTP lets a server take a line feed alone for the end of a line. A proxy in front of it may take the line
//! feed for a part of the line, and see one request where there are two.

/// The lines of a head as it arrives.
#[derive(Debug, Default)]
pub(super) struct HeadLines {
    /// Bytes of the line so far.
    length: usize,
    /// The last byte of the line.
    last: u8,
    /// A line that is not empty has come: empty ones before it are passed over.
    begun: bool,
    /// The empty line behind the head has come.
    over: bool,
}

impl HeadLines {
    /// Whether one of the next lines of the head ends without a carriage return. Bytes behind the head are
    /// not looked at.
    pub(super) fn end_barely(&mut self, mut bytes: &[u8]) -> bool {
        let mut barely = false;
        while !self.over
            && let Some(end) = memchr::memchr(b'\n', bytes)
        {
            let last = match end {
                0 => self.last,
                _ => bytes[end - 1],
            };
            let returned = last == b'\r';
            let length = self.length + end;
            let empty = length == usize::from(returned);
            barely |= !returned;
            self.over = empty && self.begun;
            self.begun |= !empty;
            (self.length, self.last) = (0, 0);
            bytes = &bytes[end + 1..];
        }
        if let Some(last) = bytes.last() {
            self.length += bytes.len();
            self.last = *last;
        }
        barely
    }
}
