//! A server on a thread of its own, for as long as its handle lives.

use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::{Server, runtime};

/// A server that runs beside its owner. Dropping this ends the server, and waits for its end.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    ending: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves on a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread or no event queue.
    pub fn start(self) -> io::Result<Running> {
        let address = self.local_addr()?;
        let runtime = runtime()?;
        let (ending, ended) = oneshot::channel();
        let thread = std::thread::Builder::new().name(format!("enrollmock {address}"));
        let thread = thread.spawn(move || {
            let end = async move {
                let _: Result<(), _> = ended.await;
            };
            // It fails only before it begins to serve, and then clients are refused.
            let _ = runtime.block_on(self.run(end));
        })?;
        Ok(Running {
            address,
            ending: Some(ending),
            thread: Some(thread),
        })
    }
}

impl Running {
    /// The address bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.ending.take());
        if let Some(thread) = self.thread.take() {
            // The server caught the panics of its requests. Any other panic was printed.
            let _ = thread.join();
        }
    }
}
