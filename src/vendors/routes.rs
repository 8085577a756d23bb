//! From a request to a vendor and a row of its tables.

use std::collections::HashMap;

use hyper::Method;
use matchit::Router;

use super::{Operation, Surface, Vendor};
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
    /// To an operation, with the varying segments as sent.
    Operation {
        /// The surface that has it.
        surface: &'static dyn Surface,
        /// The operation.
        operation: &'static Operation,
        /// The varying segments.
        params: Vec<(String, String)>,
    },
    /// To operations with other methods.
    OtherMethods {
        /// The surface that has the first of them.
        surface: &'static dyn Surface,
        /// Those methods, in the order of the table.
        allowed: Vec<Method>,
    },
    /// Nowhere.
    Nowhere {
        /// The surface that says so.
        surface: &'static dyn Surface,
    },
}

/// The paths of all vendors, and the host names that mean one.
#[derive(Debug)]
pub struct Routes {
    vendors: Vec<(Vendor, Paths)>,
    /// Host names that the scenario adds.
    hosts: HashMap<String, Vendor>,
}

/// The paths of one vendor.
struct Paths {
    main: &'static dyn Surface,
    /// In the order in which the table first names each method.
    by_method: Vec<(Method, Router<Target>)>,
}

#[derive(Clone, Copy)]
struct Target {
    surface: &'static dyn Surface,
    operation: &'static Operation,
}

impl std::fmt::Debug for Paths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Paths(..)")
    }
}

impl Routes {
    /// The tables of all vendors, and `hosts`, which the scenario adds to the vendors' own.
    pub fn new(hosts: impl IntoIterator<Item = (String, Vendor)>) -> Self {
        Routes {
            vendors: Vendor::ALL
                .iter()
                .filter_map(|vendor| Some((*vendor, Paths::of(*vendor)?)))
                .collect(),
            hosts: hosts.into_iter().collect(),
        }
    }

    /// The vendor a request is for: by the prefix of its path, else by its host, else because the
    /// path can only be that vendor's. None: nobody's.
    pub fn locate(&self, request: &Request) -> Option<Located> {
        let path = request.path.as_str();
        for (vendor, paths) in &self.vendors {
            if let Some(inner) = path
                .strip_prefix('/')
                .and_then(|path| path.strip_prefix(vendor.name()))
                && (inner.is_empty() || inner.starts_with('/'))
            {
                return Some(paths.locate(*vendor, &request.method, inner));
            }
        }
        let host = request.header("host").unwrap_or("");
        if let Some(of_host) = self.vendor_of(host) {
            let (_, paths) = self.vendors.iter().find(|(vendor, _)| *vendor == of_host)?;
            return Some(paths.locate(of_host, &request.method, path));
        }
        self.vendors
            .iter()
            .map(|(vendor, paths)| paths.locate(*vendor, &request.method, path))
            .find(|located| !matches!(located.route, Route::Nowhere { .. }))
    }

    /// The vendor that a `Host` means, whatever its port.
    fn vendor_of(&self, host: &str) -> Option<Vendor> {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if let Some(vendor) = self.hosts.get(&name) {
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
}

impl Paths {
    fn of(vendor: Vendor) -> Option<Paths> {
        let surfaces = vendor.surfaces();
        let mut by_method: Vec<(Method, Router<Target>)> = Vec::new();
        for surface in surfaces.iter().copied() {
            for operation in surface.operations() {
                let method = &operation.row.method;
                for path in spellings(surface, operation.row.path) {
                    let router = match by_method.iter_mut().find(|(m, _)| m == method) {
                        Some((_, router)) => router,
                        None => {
                            by_method.push((method.clone(), Router::new()));
                            &mut by_method.last_mut()?.1
                        }
                    };
                    // The tables are constants: a clash shows in the first test that runs.
                    let clash = router.insert(&path, Target { surface, operation }).is_err();
                    debug_assert!(!clash, "two rows for {method} {path}");
                }
            }
        }
        Some(Paths {
            main: *surfaces.first()?,
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
        let router = self.by_method.iter().find(|(m, _)| m == wanted);
        let route = match router.map(|(_, router)| router.at(path)) {
            Some(Ok(found)) => Route::Operation {
                surface: found.value.surface,
                operation: found.value.operation,
                params: found
                    .params
                    .iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            },
            Some(Err(_)) | None => self.other_methods(path),
        };
        Located { vendor, route }
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
                allowed: matching.map(|(method, _)| method.clone()).collect(),
            },
        }
    }
}

/// A path behind each of its surface's prefixes, with and without a slash at its end.
fn spellings(surface: &dyn Surface, path: &'static str) -> impl Iterator<Item = String> {
    let prefixes = surface.prefixes().iter();
    prefixes.flat_map(move |prefix| [format!("{prefix}{path}"), format!("{prefix}{path}/")])
}
