//! The URLs under which a server is reached.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// The URL of the bound address itself: `http://0.0.0.0:8650` for all addresses.
pub(super) fn bound(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// The URL to call from this machine. Not every client can connect to "all addresses".
pub(super) fn base(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    bound(address)
}
