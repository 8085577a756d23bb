//! The listening socket, with a queue long enough for a crowd.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Socket, Type};

/// Clients that may wait to be accepted. The system cuts the number to what it allows (`net.core.somaxconn`).
///
/// std asks for 128. A crowd that arrives at once overflows that: its connections are reset, or tried again
/// after a second.
const QUEUE: i32 = 4096;

/// Binds the first of the addresses that can be.
///
/// # Errors
/// When there is no address, or none can be bound. The error is that of the last one.
pub(super) fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let mut why = io::Error::new(io::ErrorKind::InvalidInput, "the name leads to no address");
    for address in address.to_socket_addrs()? {
        match listen_on(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // std does the same: a server that is started again need not wait until the connections of the last one
    // are forgotten. Elsewhere the option would let another process take the port.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(QUEUE)?;
    Ok(socket.into())
}
