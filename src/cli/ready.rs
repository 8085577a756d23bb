//! `ready`: a health check for scripts and containers that have no curl.

use std::io::Write;
use std::thread;
use std::time::Duration;

use clap::Args;
use hyper::Uri;

use super::time::duration;
use super::{FAILED, FINE, USAGE};
use crate::clock::Stopwatch;
use crate::server;

/// Exit 0 once a server answers ready, else 1
///
/// Asks `GET /readyz` of the URL given, by default of the address that `enrollmock serve` takes by
/// default. Made for health checks, and for scripts that start a server and go on when it is up.
#[derive(Args, Debug)]
pub(super) struct Ready {
    /// Keep asking for this long, 10s if no time is named; without the flag, ask once
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "10s",
          value_parser = duration, env = "ENROLLMOCK_WAIT")]
    wait: Option<Duration>,

    /// The server's base URL; goes before --host and --port
    #[arg(long, value_name = "URL", env = "ENROLLMOCK_URL")]
    url: Option<String>,

    /// The server's address
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1",
        env = "ENROLLMOCK_HOST"
    )]
    host: String,

    /// The server's port
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8650,
        env = "ENROLLMOCK_PORT"
    )]
    port: u16,
}

/// How long one question waits for its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(100);

impl Ready {
    pub(super) fn run(&self, err: &mut dyn Write) -> u8 {
        let url = match readyz(&self.base()) {
            Ok(url) => url,
            Err(why) => {
                let _ = writeln!(err, "enrollmock: {why}");
                return USAGE;
            }
        };
        match self.ask(&url) {
            Ok(()) => FINE,
            Err(why) => {
                let _ = writeln!(err, "not ready: {url}: {why}");
                FAILED
            }
        }
    }

    fn base(&self) -> String {
        if let Some(url) = &self.url {
            return url.clone();
        }
        // A server bound to all addresses is asked at one.
        let host = match self.host.trim_start_matches('[').trim_end_matches(']') {
            "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            host => host,
        };
        if host.contains(':') {
            format!("http://[{host}]:{}", self.port)
        } else {
            format!("http://{host}:{}", self.port)
        }
    }

    fn ask(&self, url: &Uri) -> Result<(), String> {
        let runtime = server::runtime().map_err(|error| error.to_string())?;
        let wait = self.wait.unwrap_or_default();
        let watch = Stopwatch::start();
        loop {
            let left = wait.saturating_sub(watch.elapsed());
            // The last of many questions must not outlast the time for all.
            let patience = match self.wait {
                Some(_) => left.clamp(PAUSE, PATIENCE),
                None => PATIENCE,
            };
            match runtime.block_on(server::probe(url, patience)) {
                Ok(()) => return Ok(()),
                Err(why) if watch.elapsed() + PAUSE >= wait => return Err(why),
                Err(_) => thread::sleep(PAUSE),
            }
        }
    }
}

/// The readiness page below a base URL.
fn readyz(base: &str) -> Result<Uri, String> {
    let Some((scheme, rest)) = base.split_once("://") else {
        return Err(format!("{base} is no URL; write it as http://HOST:PORT"));
    };
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(format!(
            "{base}: only http:// can be asked, not {scheme}://"
        ));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    format!("http://{}/readyz", rest.trim_end_matches('/'))
        .parse()
        .map_err(|error| format!("{base} is no URL: {error}; write it as http://HOST:PORT"))
}

#[cfg(test)]
mod tests {
    use super::readyz;

    #[test]
    fn the_readiness_page_is_found_below_any_base() {
        for (base, url) in [
            ("http://localhost:8650", "http://localhost:8650/readyz"),
            ("http://localhost:8650/", "http://localhost:8650/readyz"),
            (
                "HTTP://mock/__sandbox/a//?x=1",
                "http://mock/__sandbox/a/readyz",
            ),
            ("http://[::1]:80", "http://[::1]:80/readyz"),
        ] {
            assert_eq!(
                readyz(base).map(|url| url.to_string()),
                Ok(url.to_owned()),
                "{base}"
            );
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for base in [
            "localhost:8650",
            "https://mock",
            "http://",
            "http:// x",
            "ftp://x",
            "",
        ] {
            assert!(readyz(base).is_err(), "{base}");
        }
    }
}
