//! How the lines of a request's head end. HTTP lets a server take a line feed alone for the end of a line;
//! whoever stands in front of it may take it for a part of the line, and see one request where there are two.

/// A head as it arrives.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Bytes of the line so far.
    length: usize,
    /// Its last byte.
    last: u8,
    /// A line that is not empty has come: empty ones before it are passed over.
    begun: bool,
    /// The empty line behind it has come.
    over: bool,
}

impl Lines {
    /// Whether one of the next lines of the head ends without a carriage return. What comes behind the
    /// head is not looked at.
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
            barely |= !returned;
            let empty = length == usize::from(returned);
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
