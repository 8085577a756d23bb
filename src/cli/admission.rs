//! The flags of admission, which every verb that serves has.

use std::net::ToSocketAddrs;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::emulator::Admission;

/// Who may come in.
#[derive(Args, Debug)]
pub(super) struct AdmissionFlags {
    /// Let nobody make admin calls without `Authorization: Bearer TOKEN`; with a --host that other machines
    /// can reach, one is made up and printed on stderr if none is given
    #[arg(
        long,
        value_name = "TOKEN",
        value_parser = NonEmptyStringValueParser::new(),
        env = "ENROLLMOCK_ADMIN_TOKEN",
        hide_env_values = true
    )]
    admin_token: Option<String>,

    /// Answer to this `Host` name as well, `*.example.com` for all below a domain; repeat it, or separate
    /// several by commas
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        value_parser = NonEmptyStringValueParser::new(),
        env = "ENROLLMOCK_ALLOW_HOST"
    )]
    allow_host: Vec<String>,
}

impl AdmissionFlags {
    /// The admin token that was given.
    pub(super) fn token(&self) -> Option<&str> {
        self.admin_token.as_deref()
    }

    /// The admission when `host` is bound, and the admin token if it had to be made up.
    ///
    /// # Errors
    /// When the system gives no randomness, so that a token could be guessed.
    pub(super) fn admission(&self, host: &str) -> Result<(Admission, Option<String>), String> {
        let hosts = self.allow_host.iter();
        let admission = hosts.fold(Admission::default(), |admission, name| {
            admission.with_host(name)
        });
        if let Some(token) = &self.admin_token {
            return Ok((admission.with_token(token), None));
        }
        if is_loopback(host) {
            return Ok((admission, None));
        }
        let token = unguessable()?;
        Ok((admission.with_token(&token), Some(token)))
    }
}

/// Whether only this machine can reach a server that is bound there. In doubt it is false.
fn is_loopback(host: &str) -> bool {
    let Ok(addresses) = (host, 0).to_socket_addrs() else {
        return false;
    };
    let mut addresses = addresses.peekable();
    addresses.peek().is_some() && addresses.all(|address| address.ip().is_loopback())
}

/// 32 hexadecimal digits from the system's randomness: a seed is no secret.
fn unguessable() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        format!("cannot make up an admin token: {error}; give one with --admin-token")
    })?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}
