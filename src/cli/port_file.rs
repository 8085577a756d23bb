//! The port file: a script that asked for any free port learns its port from it.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process;

use serde_json::{Map, Value, json};

use super::urls;
use crate::platform::Vendor;

/// A port file that was written. Dropping this removes it.
#[derive(Debug)]
pub(super) struct PortFile {
    path: PathBuf,
    text: String,
}

impl PortFile {
    /// Writes the file in one step: a reader that sees it sees all of it.
    pub(super) fn write(path: &Path, address: SocketAddr) -> io::Result<Self> {
        let text = text(address);
        let mut name = path
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "names no file"))?
            .to_owned();
        name.push(format!(".{}.tmp", process::id()));
        // The draft is in the same folder: only there a rename is one step.
        let draft = path.with_file_name(name);
        let written = fs::write(&draft, &text).and_then(|()| fs::rename(&draft, path));
        if let Err(error) = written {
            let _ = fs::remove_file(&draft);
            return Err(error);
        }
        Ok(PortFile {
            path: path.to_owned(),
            text,
        })
    }
}

impl Drop for PortFile {
    fn drop(&mut self) {
        // Another server may have taken the name since. Its file stays.
        if fs::read_to_string(&self.path).is_ok_and(|found| found == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn text(address: SocketAddr) -> String {
    let base = urls::base(address);
    let mut urls: Map<String, Value> = Map::new();
    urls.insert("base".to_owned(), json!(base));
    urls.insert("admin".to_owned(), json!(format!("{base}/__admin")));
    for vendor in Vendor::ALL {
        urls.insert(vendor.name().to_owned(), json!(vendor.url(&base)));
    }
    let file = json!({ "port": address.port(), "pid": process::id(), "urls": urls });
    format!("{file}\n")
}
