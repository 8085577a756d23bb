//! Turns exchange files as written into exchanges as meant.

use std::path::Path;

use bytes::Bytes;
use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::PathAndQuery;

use super::written::{self, ExchangeFile, Headers, Verb};
use super::{Exchange, Expected, ExpectedBody, Recording, xml};
use crate::format::{Text, read};
use crate::http::Request;
use crate::place::{Place, Problem, Spot, cut, nearest};
use crate::platform::Vendor;
use crate::scenario::{Overrides, Scenario, Source, built_in, unknown_built_in};

/// The least and the most that a status may be.
const STATUSES: (u16, u16) = (100, 599);

impl Recording {
    /// Reads the file called `name`. Paths in it start from the directory of that name.
    ///
    /// # Errors
    /// Every problem of the file, each with its place and cure.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Recording, Vec<Problem>> {
        let read = read::read::<Place<ExchangeFile>>(name, bytes);
        let mut check = Check {
            file: name,
            is_sound: read.problems.is_empty(),
            problems: read.problems,
        };
        let (mut written, root) = match read.value {
            Some(file) => (file.value.0, file.spot),
            None => (Vec::new(), Spot::default()),
        };
        for exchange in &mut written {
            if exchange.spot == Spot::default() {
                exchange.spot = root;
            }
        }
        if written.is_empty() && check.problems.is_empty() {
            check.at(
                Spot::default(),
                "the list is empty, expected exchanges",
                None,
            );
        }
        let mut scenario = None;
        let mut exchanges = Vec::new();
        for exchange in &written {
            check.scenario(&exchange.value, &mut scenario);
            exchanges.extend(check.exchange(exchange));
        }
        check.problems.sort_by_key(|problem| problem.spot);
        match (scenario, check.problems.is_empty()) {
            (Some((scenario, _)), true) => Ok(Recording {
                file: name.to_owned(),
                scenario,
                exchanges,
            }),
            _ => Err(check.problems),
        }
    }
}

/// Everything that is wrong with the exchange file called `name`, and with the scenario file that it names.
pub fn problems(name: &str, bytes: &[u8]) -> Vec<Problem> {
    match Recording::read(name, bytes) {
        Err(problems) => problems,
        Ok(recording) => match recording.scenario() {
            // A built-in scenario is part of the program, and tested there.
            Source::BuiltIn(_) => Vec::new(),
            source => match Scenario::load(source, Overrides::default()) {
                Ok(_) => Vec::new(),
                Err(problems) => problems,
            },
        },
    }
}

/// One file under check.
struct Check<'a> {
    file: &'a str,
    /// The file's structure has no fault. With a fault, missing keys are reported already.
    is_sound: bool,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn at(&mut self, spot: Spot, what: impl Into<String>, try_this: Option<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            spot,
            what: what.into(),
            try_this,
        });
    }

    /// The value of a required key of the mapping at `spot`.
    fn required<'w, T>(&mut self, key: &str, value: &'w Option<T>, spot: Spot) -> Option<&'w T> {
        if value.is_none() && self.is_sound {
            self.at(spot, read::missing_key(key), None);
        }
        value.as_ref()
    }

    /// Takes the first exchange's scenario, and holds the others to it.
    fn scenario(&mut self, exchange: &written::Exchange, common: &mut Option<(Source, Spot)>) {
        let Some(scenario) = &exchange.scenario else {
            return;
        };
        let (written, spot) = (&*scenario.value, scenario.spot);
        let source = match Source::parse(written) {
            Source::Path(path) => {
                let beside = Path::new(self.file).parent().unwrap_or(Path::new(""));
                Source::Path(beside.join(path.strip_prefix("./").unwrap_or(&path)))
            }
            other => other,
        };
        match common {
            Some((first, _)) if *first == source => return,
            Some((first, place)) => {
                let what = format!(
                    "`scenario` is `{}`, but line {} says {}: all exchanges of a file meet one world",
                    cut(written),
                    place.line,
                    first.name()
                );
                self.at(spot, what, None);
            }
            None => *common = Some((source.clone(), spot)),
        }
        match &source {
            Source::BuiltIn(name) if built_in(name).is_none() => {
                let (what, cure) = unknown_built_in(name);
                self.at(spot, what, cure);
            }
            Source::Path(path) if !path.is_file() => {
                let what = format!("there is no scenario file `{}`", path.display());
                self.at(spot, what, None);
            }
            Source::BuiltIn(_) | Source::Path(_) | Source::Inline { .. } => {}
        }
    }

    fn exchange(&mut self, written: &Place<written::Exchange>) -> Option<Exchange> {
        let (spot, written) = (written.spot, &written.value);
        let title = self.required("exchange", &written.exchange, spot);
        let source = self.required("source", &written.source, spot);
        for (key, text) in [("exchange", title), ("source", source)] {
            if let Some(text) = text
                && text.value.trim().is_empty()
            {
                self.at(text.spot, format!("`{key}` is empty, expected text"), None);
            }
        }
        let confidence = self.required("confidence", &written.confidence, spot);
        self.required("scenario", &written.scenario, spot);
        let request = self.required("request", &written.request, spot);
        let response = self.required("response", &written.response, spot);
        let request = request.and_then(|request| self.request(request));
        let expected = response.and_then(|response| self.response(response));
        let (vendor, url, request) = request?;
        Some(Exchange {
            title: title?.value.0.clone(),
            spot: title?.spot,
            source: source?.value.0.clone(),
            confidence: *confidence?,
            vendor,
            url,
            request,
            expected: expected?,
        })
    }

    /// The vendor, the URL as written, and the request to send.
    fn request(&mut self, written: &Place<written::Request>) -> Option<(Vendor, String, Request)> {
        let (spot, written) = (written.spot, &written.value);
        let verb = self.required("method", &written.method, spot);
        let url = self.required("url", &written.url, spot);
        let target = url.and_then(|url| self.url(url));
        let headers = self.request_headers(&written.headers);
        let (vendor, target) = target?;
        let mut request = Request::new(method(*verb?), &target);
        request.headers = headers;
        // A client that knows of no emulator calls the vendor's public origin.
        let origin = [
            ("host", vendor.hosts().first().copied()),
            ("x-forwarded-proto", Some("https")),
        ];
        for (name, value) in origin {
            if let Some(value) = value {
                let field = request.headers.entry(name);
                field.or_insert(HeaderValue::from_static(value));
            }
        }
        if let Some(body) = &written.body {
            request.body = Bytes::from(body.clone());
        }
        Some((vendor, url?.value.0.clone(), request))
    }

    /// The vendor of `VENDOR:/path`, and the path.
    fn url(&mut self, written: &Place<Text>) -> Option<(Vendor, String)> {
        let (url, spot) = (&*written.value, written.spot);
        let names = || Vendor::ALL.iter().map(|vendor| vendor.name());
        let Some((prefix, target)) = url.split_once(':') else {
            let what = format!("`url` is `{}`, expected `VENDOR:/path`", cut(url));
            let cure = names().next().map(|name| {
                let slash = if url.starts_with('/') { "" } else { "/" };
                format!("such as `{name}:{slash}{}`", cut(url))
            });
            self.at(spot, what, cure);
            return None;
        };
        let vendor = Vendor::ALL.iter().find(|vendor| vendor.name() == prefix);
        if vendor.is_none() {
            let known: Vec<_> = names().map(|name| format!("`{name}:`")).collect();
            let what = format!(
                "`url` begins with `{}:`, expected a vendor: {}",
                cut(prefix),
                known.join(", ")
            );
            let cure = nearest(prefix, names()).map(|name| format!("did you mean `{name}:`?"));
            self.at(spot, what, cure);
        }
        if let Err(what) = check_target(target) {
            self.at(spot, what, None);
            return None;
        }
        Some((*vendor?, target.to_owned()))
    }

    fn request_headers(&mut self, written: &Headers) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &written.0 {
            let Some(known) = self.header_name(&name.value, name.spot) else {
                continue;
            };
            let Some(text) = &value.value else {
                let what = format!(
                    "header `{}` is blank, expected text: a request leaves out what it does not send",
                    name.value
                );
                self.at(value.spot, what, None);
                continue;
            };
            match HeaderValue::from_str(text) {
                Ok(_) if headers.contains_key(&known) => self.repeated(&name.value, name.spot),
                Ok(value) => {
                    headers.insert(known, value);
                }
                Err(_) => self.header_value(&name.value, value.spot),
            }
        }
        headers
    }

    fn response(&mut self, written: &Place<written::Response>) -> Option<Expected> {
        let (spot, written) = (written.spot, &written.value);
        let status = self.required("status", &written.status, spot);
        let (least, most) = STATUSES;
        if let Some(status) = status
            && !(least..=most).contains(&status.value)
        {
            let what = format!(
                "`status` is `{}`, expected a whole number from {least} to {most}",
                status.value
            );
            self.at(status.spot, what, None);
        }
        let mut headers: Vec<(String, Option<String>)> = Vec::new();
        for (name, value) in &written.headers.0 {
            let Some(known) = self.header_name(&name.value, name.spot) else {
                continue;
            };
            let text = value.value.as_ref().map(|text| text.0.clone());
            if let Some(text) = &text
                && HeaderValue::from_str(text).is_err()
            {
                self.header_value(&name.value, value.spot);
            }
            let is_repeated = headers.iter().any(|(other, _)| other == known.as_str());
            if is_repeated {
                self.repeated(&name.value, name.spot);
            } else {
                headers.push((known.as_str().to_owned(), text));
            }
        }
        let body = self.body(written);
        Some(Expected {
            status: status?.value,
            headers,
            body,
        })
    }

    fn body(&mut self, written: &written::Response) -> Option<ExpectedBody> {
        let forms = [
            ("body", written.body.as_ref().map(|body| body.spot)),
            ("json", written.json.as_ref().map(|json| json.spot)),
            ("xml", written.xml.as_ref().map(|xml| xml.spot)),
        ];
        let given = forms
            .into_iter()
            .filter_map(|(name, spot)| Some((spot?, name)));
        let mut given: Vec<(Spot, &str)> = given.collect();
        given.sort();
        if let [(_, first), others @ ..] = given.as_slice() {
            for (spot, name) in others {
                let what = format!("`{name}` beside `{first}`, expected one of them");
                self.at(*spot, what, None);
            }
        }
        if let Some(json) = &written.json {
            return Some(ExpectedBody::Json(json.value.clone()));
        }
        if let Some(text) = &written.xml {
            return match xml::read(&text.value) {
                Ok(element) => Some(ExpectedBody::Xml(element)),
                Err(why) => {
                    self.at(text.spot, format!("`xml` is not XML: {why}"), None);
                    None
                }
            };
        }
        let body = written.body.as_ref();
        body.map(|body| ExpectedBody::Exact(body.value.clone()))
    }

    fn header_name(&mut self, name: &str, spot: Spot) -> Option<HeaderName> {
        let known = HeaderName::try_from(name).ok();
        if known.is_none() {
            self.at(
                spot,
                format!("`{}` cannot be a header's name", cut(name)),
                None,
            );
        }
        known
    }

    fn header_value(&mut self, name: &str, spot: Spot) {
        let what = format!("the value of header `{name}` has a character that no header may have");
        self.at(spot, what, None);
    }

    fn repeated(&mut self, name: &str, spot: Spot) {
        let what = format!("header `{name}` stands here for the second time");
        self.at(spot, what, None);
    }
}

/// Refuses a path and query that no request can have, and says why.
fn check_target(target: &str) -> Result<(), String> {
    if !target.starts_with('/') {
        return Err(format!(
            "the path in `url` is `{}`, expected a `/` at its beginning",
            cut(target)
        ));
    }
    match PathAndQuery::try_from(target) {
        Ok(read) if read.as_str() == target => Ok(()),
        Ok(_) => Err("`url` has a `#`, which is never sent".to_owned()),
        Err(_) => Err(
            "`url` has a character that no URL may have, expected it as `%` and two digits"
                .to_owned(),
        ),
    }
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Head => Method::HEAD,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
        Verb::Options => Method::OPTIONS,
    }
}
