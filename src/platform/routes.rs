//! From a request to a vendor and a row of its tables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::Method;
use hyper::header::HOST;
use matchit::{Params, Router};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use smol_str::SmolStr;

use super::{Face, Row, Slash, System, Vendor};
use crate::http::Request;

/// A vendor as the routes know it.
#[derive(Debug)]
pub struct Mount {
    /// Its name.
    pub vendor: Vendor,
    /// Its public host names; `*.` stands for one or more labels.
    pub hosts: &'static [&'static str],
    /// Whether it decodes a path before it looks for a row.
    pub decodes_paths: bool,
    /// The parameters of queries and forms in which clients send it what it issued.
    pub token_parameters: &'static [&'static str],
    /// The members of JSON bodies in which they do.
    pub token_members: &'static [&'static str],
    /// What it shows; the first surface speaks for paths that none of them has.
    pub surfaces: Vec<Mounted>,
}

/// A surface with its table.
#[derive(Debug)]
pub struct Mounted {
    /// The surface.
    pub face: &'static dyn Face,
    /// The rows of its operations.
    pub rows: Vec<&'static Row>,
}

impl Mount {
    /// A vendor's surfaces and tables.
    pub fn of<S: System>() -> Mount {
        let surfaces = S::SURFACES.iter().map(|surface| {
            let operations = surface.operations().iter();
            let face: &'static dyn Face = *surface;
            Mounted {
                face,
                rows: operations.map(|operation| &operation.row).collect(),
            }
        });
        Mount {
            vendor: S::VENDOR,
            hosts: S::HOSTS,
            decodes_paths: S::DECODES_PATHS,
            token_parameters: S::TOKEN_PARAMETERS,
            token_members: S::TOKEN_MEMBERS,
            surfaces: surfaces.collect(),
        }
    }

    /// The rows of all surfaces, in the order of the tables.
    pub fn rows(&self) -> impl Iterator<Item = &'static Row> {
        let surfaces = self.surfaces.iter();
        surfaces.flat_map(|surface| surface.rows.iter().copied())
    }
}

/// Where a request belongs.
#[derive(Debug)]
pub struct Located {
    /// Whose it is.
    pub vendor: Vendor,
    /// Where in that vendor's tables.
    pub route: Route,
}

/// A place in a vendor's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The number of the surface.
    pub surface: usize,
    /// The number of the operation among those of the surface.
    pub operation: usize,
}

/// Where in a vendor's tables a path leads.
#[derive(Debug)]
pub enum Route {
    /// To an operation, with the varying segments decoded.
    Operation {
        /// The operation.
        at: At,
        /// The methods that the path takes, in the order of the table.
        allowed: Arc<[Method]>,
        /// The varying segments.
        params: Vec<(SmolStr, SmolStr)>,
    },
    /// To operations with other methods.
    OtherMethods {
        /// The first of them.
        at: At,
        /// Those methods, in the order of the table.
        allowed: Vec<Method>,
    },
    /// Nowhere. The first surface says so.
    Nowhere,
}

impl Route {
    /// The number of the surface that answers.
    pub fn surface(&self) -> usize {
        match self {
            Route::Operation { at, .. } | Route::OtherMethods { at, .. } => at.surface,
            Route::Nowhere => 0,
        }
    }

    /// The place of the operation, or of the first of those with other methods.
    pub fn at(&self) -> Option<At> {
        match self {
            Route::Operation { at, .. } | Route::OtherMethods { at, .. } => Some(*at),
            Route::Nowhere => None,
        }
    }

    /// The methods that the path takes.
    pub fn allowed(&self) -> &[Method] {
        match self {
            Route::Operation { allowed, .. } => allowed,
            Route::OtherMethods { allowed, .. } => allowed,
            Route::Nowhere => &[],
        }
    }
}

/// The paths of all vendors.
#[derive(Debug)]
pub struct Routes {
    mounts: &'static [Mount],
    vendors: Vec<(Vendor, Paths)>,
}

/// The paths of one vendor.
struct Paths {
    /// Whether a path is decoded before it is looked for.
    decodes: bool,
    /// In the order in which the table first names each method.
    by_method: Vec<(Method, Router<Target>)>,
}

#[derive(Clone)]
struct Target {
    at: At,
    allowed: Arc<[Method]>,
}

impl std::fmt::Debug for Paths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Paths(..)")
    }
}

impl Routes {
    /// The tables of these vendors.
    pub fn new(mounts: &'static [Mount]) -> Self {
        let paths = mounts.iter().map(|mount| (mount.vendor, Paths::of(mount)));
        Routes {
            mounts,
            vendors: paths.collect(),
        }
    }

    /// The vendor a request is for: by the prefix of its path, else by its host, `hosts` being those that
    /// the scenario adds to the vendors' own, else because the path can only be that vendor's. None:
    /// no vendor's.
    pub fn locate(&self, request: &Request, hosts: &BTreeMap<String, Vendor>) -> Option<Located> {
        let path = request.inner();
        for (vendor, paths) in &self.vendors {
            if let Some(inner) = path
                .strip_prefix('/')
                .and_then(|path| path.strip_prefix(vendor.name()))
                && (inner.is_empty() || inner.starts_with('/'))
            {
                return Some(paths.locate(*vendor, &request.method, inner));
            }
        }
        let host = request.header(HOST).unwrap_or("");
        if let Some(of_host) = vendor_of(host, hosts, self.mounts) {
            let (_, paths) = self.vendors.iter().find(|(vendor, _)| *vendor == of_host)?;
            return Some(paths.locate(of_host, &request.method, path));
        }
        self.vendors
            .iter()
            .map(|(vendor, paths)| paths.locate(*vendor, &request.method, path))
            .find(|located| !matches!(located.route, Route::Nowhere))
    }
}

/// The vendor that a `Host` means, whatever its port: `hosts` are those that the scenario adds.
pub fn vendor_of(host: &str, hosts: &BTreeMap<String, Vendor>, mounts: &[Mount]) -> Option<Vendor> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if let Some(vendor) = hosts.get(&name) {
        return Some(*vendor);
    }
    let is_known = |known: &&str| match known.strip_prefix('*') {
        Some(domain) => name.len() > domain.len() && name.ends_with(domain),
        None => name == **known,
    };
    let mount = mounts.iter().find(|mount| mount.hosts.iter().any(is_known));
    mount.map(|mount| mount.vendor)
}

impl Paths {
    fn of(mount: &Mount) -> Paths {
        let mut by_method: Vec<(Method, Router<Target>)> = Vec::new();
        for (surface, Mounted { face, rows }) in mount.surfaces.iter().enumerate() {
            for (operation, row) in rows.iter().enumerate() {
                let siblings = rows.iter().filter(|sibling| sibling.path == row.path);
                let target = Target {
                    at: At { surface, operation },
                    allowed: siblings.map(|sibling| sibling.method.clone()).collect(),
                };
                let known = by_method
                    .iter()
                    .position(|(method, _)| *method == row.method);
                let known = known.unwrap_or_else(|| {
                    by_method.push((row.method.clone(), Router::new()));
                    by_method.len() - 1
                });
                for path in spellings(*face, row) {
                    // The tables are constants: a clash shows in the first test that runs.
                    let clash = by_method[known].1.insert(&path, target.clone()).is_err();
                    debug_assert!(!clash, "two rows for {} {path}", row.method);
                }
            }
        }
        Paths {
            decodes: mount.decodes_paths,
            by_method,
        }
    }

    fn locate(&self, vendor: Vendor, method: &Method, path: &str) -> Located {
        // Where a vendor has GET, it has HEAD.
        let wanted = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let decoded = if self.decodes {
            decoded(path)
        } else {
            Cow::Borrowed(path)
        };
        let router = self.by_method.iter().find(|(m, _)| m == wanted);
        let route = match router.map(|(_, router)| router.at(&decoded)) {
            Some(Ok(found)) => Route::Operation {
                at: found.value.at,
                allowed: Arc::clone(&found.value.allowed),
                params: self.params(&found.params),
            },
            Some(Err(_)) | None => self.other_methods(&decoded),
        };
        Located { vendor, route }
    }

    /// The varying segments, decoded once.
    fn params(&self, params: &Params<'_, '_>) -> Vec<(SmolStr, SmolStr)> {
        let value = |sent: &str| match self.decodes {
            true => sent.into(),
            false if !sent.contains('%') => sent.into(),
            false => percent_decode_str(sent).decode_utf8_lossy().into(),
        };
        let pairs = params.iter();
        pairs
            .map(|(name, sent)| (name.into(), value(sent)))
            .collect()
    }

    fn other_methods(&self, path: &str) -> Route {
        let mut matching = self
            .by_method
            .iter()
            .filter_map(|(method, router)| Some((method, router.at(path).ok()?.value)))
            .peekable();
        match matching.peek() {
            None => Route::Nowhere,
            Some((_, first)) => Route::OtherMethods {
                at: first.at,
                allowed: matching.map(|(method, _)| method.clone()).collect(),
            },
        }
    }
}

/// A path decoded. Bytes that are no text stay as they came.
pub fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return path.into();
    }
    let bytes: Cow<'_, [u8]> = percent_decode_str(path).into();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(percent_encode(chunk.invalid(), NON_ALPHANUMERIC));
    }
    text.into()
}

/// A row's path behind each of its surface's prefixes, with and without a slash at its end.
fn spellings(face: &dyn Face, row: &'static Row) -> impl Iterator<Item = String> {
    let prefixes = face.prefixes().iter();
    let ends: &[&str] = match row.slash {
        Slash::Optional => &["", "/"],
        Slash::Never => &[""],
    };
    prefixes.flat_map(move |prefix| {
        let path = row.path;
        ends.iter().map(move |end| format!("{prefix}{path}{end}"))
    })
}
