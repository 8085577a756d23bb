//! Bodies, made in a buffer that is there already.

use std::cell::Cell;

use bytes::Bytes;

/// The largest buffer that is kept for the next body.
const KEPT: usize = 64 * 1024;

thread_local! {
    /// It has grown to the size of usual bodies, so making one more neither grows nor zeroes anything.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What `write` appends to an empty buffer, in memory of its own that is no larger than it needs.
pub fn rendered(write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut buffer = BUFFER.take();
    buffer.clear();
    write(&mut buffer);
    if buffer.capacity() > KEPT {
        return buffer.into_boxed_slice().into();
    }
    let rendered = Bytes::copy_from_slice(&buffer);
    BUFFER.set(buffer);
    rendered
}
