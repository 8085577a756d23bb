//! From a request to a vendor and a row of its tables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::Method;
use hyper::header::HOST;
use matchit::{Params, Router};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use smol_str::SmolStr;

use super::{Operation, Row, Slash, Surface, Vendor};
use crate::http::Request;

/// Where a request belongs.
#[derive(Debug)]
pub struct Located {
    /// Whose it is.
    pub vendor: Vendor,
    /// Where in that vendor's tables.
    pub route: Route,
}

/// Where in a vendor's tables a path leads.
#[derive(Debug)]
pub enum Route {
    /// To an operation, with the varying segments decoded.
    Operation {
        /// The surface that has it.
        surface: &'static dyn Surface,
        /// The operation.
        operation: &'static Operation,
        /// The methods that the path takes, in the order of the table.
        allowed: Arc<[Method]>,
        /// The varying segments.
        params: Vec<(SmolStr, SmolStr)>,
    },
    /// To operations with other methods.
    OtherMethods {
        /// The surface that has the first of them.
        surface: &'static dyn Surface,
        /// The first of them.
        operation: &'static Operation,
        /// Those methods, in the order of the table.
        allowed: Vec<Method>,
    },
    /// Nowhere.
    Nowhere {
        /// The surface that says so.
        surface: &'static dyn Surface,
    },
}

impl Route {
    /// The surface that answers.
    pub fn surface(&self) -> &'static dyn Surface {
        match self {
            Route::Operation { surface, .. }
            | Route::OtherMethods { surface, .. }
            | Route::Nowhere { surface } => *surface,
        }
    }

    /// The row of the operation, or of the first of those with other methods.
    pub fn row(&self) -> Option<&'static Row> {
        match self {
            Route::Operation { operation, .. } | Route::OtherMethods { operation, .. } => {
                Some(&operation.row)
            }
            Route::Nowhere { .. } => None,
        }
    }

    /// The methods that the path takes.
    pub fn allowed(&self) -> &[Method] {
        match self {
            Route::Operation { allowed, .. } => allowed,
            Route::OtherMethods { allowed, .. } => allowed,
            Route::Nowhere { .. } => &[],
        }
    }
}

/// The paths of all vendors.
#[derive(Debug)]
pub struct Routes {
    vendors: Vec<(Vendor, Paths)>,
}

/// The paths of one vendor.
struct Paths {
    main: &'static dyn Surface,
    /// Whether a path is decoded before it is looked for.
    decodes: bool,
    /// In the order in which the table first names each method.
    by_method: Vec<(Method, Router<Target>)>,
}

#[derive(Clone)]
struct Target {
    surface: &'static dyn Surface,
    operation: &'static Operation,
    allowed: Arc<[Method]>,
}

impl std::fmt::Debug for Paths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Paths(..)")
    }
}

impl Routes {
    /// The tables of all vendors.
    pub fn new() -> Self {
        Routes {
            vendors: Vendor::ALL
                .iter()
                .filter_map(|vendor| Some((*vendor, Paths::of(*vendor)?)))
                .collect(),
        }
    }

    /// The vendor a request is for: by the prefix of its path, else by its host, `hosts` being those that
    /// the scenario adds to the vendors' own, else because the path can only be that vendor's. None:
    /// nobody's.
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
        if let Some(of_host) = vendor_of(host, hosts) {
            let (_, paths) = self.vendors.iter().find(|(vendor, _)| *vendor == of_host)?;
            return Some(paths.locate(of_host, &request.method, path));
        }
        self.vendors
            .iter()
            .map(|(vendor, paths)| paths.locate(*vendor, &request.method, path))
            .find(|located| !matches!(located.route, Route::Nowhere { .. }))
    }
}

impl Default for Routes {
    fn default() -> Self {
        Routes::new()
    }
}

/// The vendor that a `Host` means, whatever its port: `hosts` are those that the scenario adds.
pub fn vendor_of(host: &str, hosts: &BTreeMap<String, Vendor>) -> Option<Vendor> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if let Some(vendor) = hosts.get(&name) {
        return Some(*vendor);
    }
    Vendor::ALL.iter().copied().find(|vendor| {
        vendor
            .hosts()
            .iter()
            .any(|known| match known.strip_prefix('*') {
                Some(domain) => name.len() > domain.len() && name.ends_with(domain),
                None => name == *known,
            })
    })
}

impl Paths {
    fn of(vendor: Vendor) -> Option<Paths> {
        let surfaces = vendor.surfaces();
        let mut by_method: Vec<(Method, Router<Target>)> = Vec::new();
        for surface in surfaces.iter().copied() {
            for operation in surface.operations() {
                let method = &operation.row.method;
                let siblings = surface.operations().iter();
                let allowed: Arc<[Method]> = siblings
                    .filter(|sibling| sibling.row.path == operation.row.path)
                    .map(|sibling| sibling.row.method.clone())
                    .collect();
                for path in spellings(surface, &operation.row) {
                    let router = match by_method.iter_mut().find(|(m, _)| m == method) {
                        Some((_, router)) => router,
                        None => {
                            by_method.push((method.clone(), Router::new()));
                            &mut by_method.last_mut()?.1
                        }
                    };
                    // The tables are constants: a clash shows in the first test that runs.
                    let target = Target {
                        surface,
                        operation,
                        allowed: Arc::clone(&allowed),
                    };
                    let clash = router.insert(&path, target).is_err();
                    debug_assert!(!clash, "two rows for {method} {path}");
                }
            }
        }
        let main = *surfaces.first()?;
        Some(Paths {
            main,
            decodes: main.decodes_paths(),
            by_method,
        })
    }

    fn locate(&self, vendor: Vendor, method: &Method, path: &str) -> Located {
        // Where a vendor has GET, it has HEAD.
        let wanted = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let decoded = match self.decodes {
            true => decoded(path),
            false => Cow::Borrowed(path),
        };
        let router = self.by_method.iter().find(|(m, _)| m == wanted);
        let route = match router.map(|(_, router)| router.at(&decoded)) {
            Some(Ok(found)) => Route::Operation {
                surface: found.value.surface,
                operation: found.value.operation,
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
            None => Route::Nowhere { surface: self.main },
            Some((_, first)) => Route::OtherMethods {
                surface: first.surface,
                operation: first.operation,
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
fn spellings(surface: &dyn Surface, row: &'static Row) -> impl Iterator<Item = String> {
    let prefixes = surface.prefixes().iter();
    let ends: &[&str] = match row.slash {
        Slash::Optional => &["", "/"],
        Slash::Never => &[""],
    };
    prefixes.flat_map(move |prefix| {
        let path = row.path;
        ends.iter().map(move |end| format!("{prefix}{path}{end}"))
    })
}
