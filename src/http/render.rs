//! Bodies that are made in a buffer of an earlier body.

use std::cell::Cell;

use bytes::Bytes;

/// The largest buffer that is kept for another body.
const KEPT: usize = 64 * 1024;

thread_local! {
    /// The buffer of a body that has left. It has grown to the usual size, so the next body neither grows nor
    /// copies anything.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The bytes that `write` appends to an empty buffer. Their memory is at most four times as large.
pub fn rendered(write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut buffer = BUFFER.take();
    buffer.clear();
    write(&mut buffer);
    match buffer.capacity() {
        capacity if capacity > KEPT => buffer.into_boxed_slice().into(),
        // A slow reader may hold the body for long.
        capacity if capacity / 4 > buffer.len() => {
            let rendered = Bytes::copy_from_slice(&buffer);
            BUFFER.set(buffer);
            rendered
        }
        _ => Bytes::from_owner(Lent(buffer)),
    }
}

/// A buffer that is given back when the body is dropped.
struct Lent(Vec<u8>);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        // A thread that ends keeps nothing.
        let _ = BUFFER.try_with(|kept| kept.set(buffer));
    }
}
