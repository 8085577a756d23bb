//! SOCKETS: accept, receive whole, handle, write. The only room that awaits.
//!
//! [`Limits`] bounds everything that a client may do slowly or without end. The server does not decide what a
//! request means: it hands the request to a function and writes the result.

mod body;
mod connection;
mod delivery;
mod follow;
mod limits;
mod listen;
mod orders;
#[cfg(feature = "cli")]
mod probe;
mod receive;
mod slots;
mod smuggling;
#[cfg(feature = "cli")]
mod termination;
mod thread;
mod wire;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::emulator::Exchange;
use crate::http::Request;

use receive::BodyBudget;
use slots::Slots;

pub use limits::Limits;
#[cfg(feature = "cli")]
pub use probe::probe;
#[cfg(feature = "cli")]
pub use termination::termination;
pub use thread::Running;

type Handler = Arc<dyn Fn(Request) -> Exchange + Send + Sync>;

/// An HTTP/1.1 server: a bound listener and the function that answers.
///
/// ```no_run
/// # fn example(emulator: std::sync::Arc<enrollmock::internals::emulator::Emulator>) -> std::io::Result<()> {
/// use enrollmock::internals::server::{Server, runtime};
///
/// let server = Server::bind("127.0.0.1:0", move |request| emulator.handle(request))?;
/// println!("http://{}", server.local_addr()?);
/// runtime()?.block_on(server.run(std::future::pending()));
/// # Ok(())
/// # }
/// ```
pub struct Server {
    listener: TcpListener,
    handler: Handler,
    limits: Limits,
}

impl Server {
    /// Binds `address`; from here on clients can connect, and are answered once [`Server::run`] runs.
    ///
    /// # Errors
    /// When the address cannot be resolved or bound.
    pub fn bind(
        address: impl ToSocketAddrs,
        handler: impl Fn(Request) -> Exchange + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Ok(Server::new(listen::listen(address)?, handler))
    }

    /// Serves on a listener that is bound already. std's own queue of newcomers is short (128):
    /// [`Server::bind`] does better for a crowd that arrives at once.
    pub fn new(
        listener: TcpListener,
        handler: impl Fn(Request) -> Exchange + Send + Sync + 'static,
    ) -> Self {
        Server {
            listener,
            handler: Arc::new(handler),
            limits: Limits::default(),
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The address bound, with the port that port 0 became.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `end` is ready. Then it accepts nothing more, closes idle connections at once, lets
    /// requests in flight finish for [`Limits::grace`], and cuts what is left.
    ///
    /// # Errors
    /// When the listener cannot be handed to the runtime; nothing was served then.
    pub async fn run(self, end: impl Future<Output = ()>) -> io::Result<()> {
        self.listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let (ending, ended) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut slots = Slots::default();
        let budget = Arc::new(BodyBudget::new(&self.limits));
        let (mut newcomer, mut out_of_files) = (None, false);
        tokio::pin!(end);
        loop {
            let full = connections.len() >= self.limits.connections;
            if !full && let Some(stream) = newcomer.take() {
                let slot = slots.slot();
                let connection = connections.spawn(connection::serve(
                    stream,
                    Arc::clone(&self.handler),
                    self.limits,
                    Arc::clone(&budget),
                    Arc::clone(&slot),
                    ended.clone(),
                ));
                slots.take(slot, connection);
            }
            tokio::select! {
                biased;
                () = &mut end => break,
                Some(gone) = connections.join_next_with_id() => {
                    slots.free(gone.map_or_else(|error| error.id(), |(id, ())| id));
                    out_of_files = false;
                }
                () = slots.make_room(), if newcomer.is_some() || out_of_files => {}
                // One newcomer waits here for a slot. All others wait in the system's queue.
                accepted = accept(&listener, out_of_files), if newcomer.is_none() => {
                    out_of_files = accepted.is_err();
                    newcomer = accepted.ok();
                }
            }
        }
        drop(listener);
        ending.send_replace(true);
        let farewell = async { while connections.join_next().await.is_some() {} };
        // Dropping the set cuts the connections that are not done by then.
        let _ = tokio::time::timeout(self.limits.grace, farewell).await;
        Ok(())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("listener", &self.listener)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The runtime that the server is made for: the thread it is called on, nothing else.
///
/// # Errors
/// When the system gives no event queue.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// The next connection. A client that left the queue is passed over.
///
/// After a lack of files it pauses first: another try at once would burn the processor that could free some.
///
/// # Errors
/// When the system gives none, for lack of files.
async fn accept(listener: &tokio::net::TcpListener, out_of_files: bool) -> io::Result<TcpStream> {
    if out_of_files {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok(stream),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionRefused
                        | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
}
