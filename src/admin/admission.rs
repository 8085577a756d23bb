//! Admission: which hosts are served, and which callers may make admin calls.
//!
//! A page in a browser must not reach a server on its user's own machine. `Host` shows a name that foreign DNS
//! leads here, `Origin` a page of another site.

use std::collections::BTreeMap;
use std::fmt;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap, HeaderValue, ORIGIN, WWW_AUTHENTICATE};

use super::answer::problem;
use super::is_admin;
use crate::http::{Reply, Request};
use crate::place::cut;
use crate::platform::{Vendor, vendor_of};
use crate::vendors::mounts;

/// Which requests are let in. The default is meant for a server that only its own machine can reach.
#[derive(Clone, Default)]
pub struct Admission {
    token: Option<String>,
    hosts: Vec<String>,
}

impl fmt::Debug for Admission {
    /// Without the token, which is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("hosts", &self.hosts)
            .finish_non_exhaustive()
    }
}

impl Admission {
    /// Admin calls need this token as well.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A host of this name is served as well; `*.example.com` stands for every name below that domain.
    #[must_use]
    pub fn with_host(mut self, name: &str) -> Self {
        self.hosts.push(name.trim_end_matches('.').to_lowercase());
        self
    }

    /// Lets a request in, or says why not. `hosts` are the scenario's additions to the vendors' own.
    ///
    /// # Errors
    /// The refusal.
    pub fn admit(
        &self,
        request: &Request,
        hosts: &BTreeMap<String, Vendor>,
    ) -> Result<(), Box<Reply>> {
        for host in request.headers.get_all(HOST) {
            let is_served = match host.to_str() {
                Ok(name) => self.serves(name, hosts),
                Err(_) => false,
            };
            if !is_served {
                return Err(misdirected(host).into());
            }
        }
        if !is_admin(request.inner()) {
            return Ok(());
        }
        let mut origins = request.headers.get_all(ORIGIN).iter();
        if let Some(origin) = origins.find(|origin| !is_own(origin, &request.headers)) {
            return Err(foreign(origin).into());
        }
        if let Some(token) = &self.token
            && !has_token(&request.headers, token)
        {
            return Err(anonymous().into());
        }
        Ok(())
    }

    fn serves(&self, host: &str, hosts: &BTreeMap<String, Vendor>) -> bool {
        // Nearly every caller names an address.
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        let (address, port) = host.split_once(':').unwrap_or((host, ""));
        if is_port(port) && address.parse::<Ipv4Addr>().is_ok() {
            return true;
        }
        let (name, port) = parts(host);
        let name = name.trim_end_matches('.');
        let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        // A name without a dot is a machine's or a container's own, never a foreign domain.
        let is_local = !name.contains('.') || name.ends_with(".localhost");
        // A vendor decides itself about a port that is no number.
        let is_here = (is_address || is_local) && port.is_none_or(is_port);
        is_here || vendor_of(host, hosts, mounts()).is_some() || self.allows(name)
    }

    fn allows(&self, name: &str) -> bool {
        self.hosts
            .iter()
            .any(|known| match known.strip_prefix('*') {
                Some(domain) => name.len() > domain.len() && name.ends_with(domain),
                None => name == known,
            })
    }
}

/// A host's name in lower case, and its port.
fn parts(host: &str) -> (String, Option<&str>) {
    let (name, port) = match host.rsplit_once(':') {
        // The last colon of `[::1]` stands inside it.
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        Some(_) | None => (host, None),
    };
    (name.to_ascii_lowercase(), port)
}

/// Whether a page is the server's own: it comes from the host and the port that it calls.
fn is_own(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let (origin, host) = (text(origin), headers.get(HOST).map(text));
    let Some((scheme, of_page)) = origin.split_once("://") else {
        return false;
    };
    let usual = match scheme {
        "https" => "443",
        _ => "80",
    };
    let full = |host: &str| {
        let (name, port) = parts(host);
        (name, port.unwrap_or(usual).to_owned())
    };
    match host {
        Some(host) => full(&host) == full(of_page),
        None => false,
    }
}

fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let sent = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    let Some((scheme, sent)) = sent.and_then(|sent| sent.split_at_checked("Bearer ".len())) else {
        return false;
    };
    scheme.eq_ignore_ascii_case(b"Bearer ") && is_equal(sent.trim_ascii(), token.as_bytes())
}

/// Compares in constant time: a wrong first byte takes as long as a wrong last one.
fn is_equal(sent: &[u8], token: &[u8]) -> bool {
    let differs = sent
        .iter()
        .zip(token)
        .fold(0, |all, (a, b)| black_box(all | (a ^ b)));
    sent.len() == token.len() && differs == 0
}

fn misdirected(host: &HeaderValue) -> Reply {
    let host = String::from_utf8_lossy(host.as_bytes());
    let (name, _) = parts(&host);
    let what = format!(
        "the host {:?} is not served here; call this server by an address, as localhost, by a name \
         without a dot or as one of the vendors' hosts, or start it with --allow-host {}",
        cut(&host),
        cut(&name)
    );
    problem(StatusCode::MISDIRECTED_REQUEST, what)
}

fn foreign(origin: &HeaderValue) -> Reply {
    let origin = String::from_utf8_lossy(origin.as_bytes());
    let what = format!(
        "a page of {:?} may not make admin calls; make them from outside a browser",
        cut(&origin)
    );
    problem(StatusCode::FORBIDDEN, what)
}

fn anonymous() -> Reply {
    let what = "admin calls want `Authorization: Bearer TOKEN` with the admin token, which was given by \
                --admin-token or ENROLLMOCK_ADMIN_TOKEN, or printed on stderr at the start";
    let mut reply = problem(StatusCode::UNAUTHORIZED, what.to_owned());
    let challenge = HeaderValue::from_static("Bearer realm=\"enrollmock admin\"");
    reply.headers.insert(WWW_AUTHENTICATE, challenge);
    reply
}
