//! The file as a bounded tree: aliases and merge keys already carried out, every node with its spot.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::{Fault, MAX_BYTES, MAX_DEPTH, MAX_NODES, number};
use crate::place::Spot;

/// How many nodes aliases may copy: what stops a bomb at once.
const MAX_COPIED_NODES: usize = 1_000_000;

/// One scalar, list or mapping.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    /// Where it is written: faults of its shape are reported here.
    pub written: Spot,
    /// Where it is used: of what an alias brings in, where the alias stands.
    pub used: Spot,
    pub kind: Kind<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind<'a> {
    Scalar { text: Cow<'a, str>, style: Style },
    List(Vec<Node<'a>>),
    Map(Vec<(Node<'a>, Node<'a>)>),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is, or with a tag that says what else than text it is: what it looks like counts.
    Plain,
    /// In quotes: text.
    Quoted,
    /// In a block, or with a tag that makes it text.
    Text,
}

impl<'a> Node<'a> {
    fn new(spot: Spot, kind: Kind<'a>) -> Node<'a> {
        Node {
            written: spot,
            used: spot,
            kind,
        }
    }

    /// An empty text in place of one that is missing or faulty, and was reported.
    pub fn stand_in() -> Node<'a> {
        Node::new(
            Spot::default(),
            Kind::Scalar {
                text: Cow::Borrowed(""),
                style: Style::Text,
            },
        )
    }

    /// Whether this is such an empty text.
    pub fn is_stand_in(&self) -> bool {
        self.written.is_nowhere()
    }

    /// A key that a schema names.
    pub fn key(text: &str) -> Node<'a> {
        let text = Cow::Owned(text.to_owned());
        Node::new(
            Spot::default(),
            Kind::Scalar {
                text,
                style: Style::Plain,
            },
        )
    }

    /// Left blank, or written as `null` or `~`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style: Style::Plain } if number::is_null(text))
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The text of a scalar that may be something else than text.
    pub fn plain(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar {
                text,
                style: Style::Plain,
            } => Some(text),
            Kind::Scalar { .. } | Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Whether a mapping in it has a key twice, or one that is no text.
    pub fn repeats_a_key(&self) -> bool {
        match &self.kind {
            Kind::Scalar { .. } => false,
            Kind::List(items) => items.iter().any(Node::repeats_a_key),
            Kind::Map(entries) => {
                repeats(entries) || entries.iter().any(|(_, value)| value.repeats_a_key())
            }
        }
    }

    /// The same node as an alias at `spot` shows it.
    fn moved_to(mut self, spot: Spot) -> Node<'a> {
        self.used = spot;
        self.kind = match self.kind {
            Kind::List(items) => {
                Kind::List(items.into_iter().map(|item| item.moved_to(spot)).collect())
            }
            Kind::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.moved_to(spot), value.moved_to(spot)))
                    .collect(),
            ),
            scalar @ Kind::Scalar { .. } => scalar,
        };
        self
    }

    fn weight(&self) -> Weight {
        let mut weight = Weight {
            nodes: 1,
            bytes: 0,
            depth: 0,
        };
        match &self.kind {
            Kind::Scalar { text, .. } => weight.bytes = text.len(),
            Kind::List(items) => items.iter().for_each(|item| weight.hold(item)),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    weight.hold(key);
                    weight.hold(value);
                }
            }
        }
        weight
    }
}

fn repeats(entries: &[(Node<'_>, Node<'_>)]) -> bool {
    /// So few are compared faster than they are remembered.
    const FEW: usize = 16;
    let mut keys = entries.iter().map(|(key, _)| key.text());
    if entries.len() > FEW {
        let mut seen = HashSet::with_capacity(entries.len());
        return keys.any(|key| key.is_none_or(|key| !seen.insert(key)));
    }
    keys.enumerate().any(|(at, key)| {
        let mut before = entries[..at].iter();
        key.is_none() || before.any(|(other, _)| other.text() == key)
    })
}

/// What copying a node costs.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
    /// How many lists and mappings are nested in it, itself included.
    depth: usize,
}

impl Weight {
    fn hold(&mut self, child: &Node<'_>) {
        let child_weight = child.weight();
        self.nodes += child_weight.nodes;
        self.bytes += child_weight.bytes;
        self.depth = self.depth.max(child_weight.depth + 1);
    }
}

/// Reads the one document of a file. A fault here is a fault of YAML itself and ends the reading.
pub(super) fn build(text: &str) -> Result<Node<'_>, Fault> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        builder.take(event, spot(&span.start))?;
    }
    match builder.root {
        Some(root) if !root.is_null() => Ok(root),
        _ => Err(Fault::new(Spot::default(), "the file is empty")),
    }
}

fn syntax(error: &ScanError) -> Fault {
    // The parser looks ahead, so on one long line its own limit comes first.
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(spot(error.marker()));
    }
    let info = error.info();
    let cure = if info.starts_with("':' may not precede") {
        Some("a space belongs behind the colon")
    } else if info.split(' ').any(|word| word.starts_with("tab")) {
        Some("indent with spaces")
    } else {
        None
    };
    Fault::new(spot(error.marker()), format!("this is not YAML: {info}"))
        .with_cure(cure.map(str::to_owned))
}

fn spot(marker: &Marker) -> Spot {
    Spot {
        line: u32::try_from(marker.line()).unwrap_or(u32::MAX),
        column: u32::try_from(marker.col() + 1).unwrap_or(u32::MAX),
    }
}

#[derive(Debug, Default)]
struct Builder<'a> {
    root: Option<Node<'a>>,
    open: Vec<Open<'a>>,
    anchors: HashMap<usize, (Node<'a>, Weight)>,
    documents: usize,
    nodes: usize,
    copied_nodes: usize,
    copied_bytes: usize,
}

/// A list or mapping whose end has not come yet.
#[derive(Debug)]
struct Open<'a> {
    spot: Spot,
    anchor: usize,
    holds: Holds<'a>,
}

#[derive(Debug)]
enum Holds<'a> {
    List(Vec<Node<'a>>),
    Map {
        entries: Vec<(Node<'a>, Node<'a>)>,
        key: Option<Node<'a>>,
    },
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'a>, spot: Spot) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Fault::new(
                        spot,
                        "a second document starts here, expected one a file",
                    ));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let style = match (style, tag.as_deref()) {
                    (_, Some(tag)) if is_forced_text(Some(tag), spot)? => Style::Text,
                    (_, Some(_)) | (ScalarStyle::Plain, None) => Style::Plain,
                    (ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, None) => Style::Quoted,
                    (_, None) => Style::Text,
                };
                self.close(Node::new(spot, Kind::Scalar { text, style }), anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                is_forced_text(tag.as_deref(), spot)?;
                self.open(spot, anchor, Holds::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                is_forced_text(tag.as_deref(), spot)?;
                let entries = Vec::new();
                self.open(spot, anchor, Holds::Map { entries, key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => {
                    let kind = match open.holds {
                        Holds::List(items) => Kind::List(items),
                        Holds::Map { entries, .. } => Kind::Map(merge(entries)?),
                    };
                    self.close(Node::new(open.spot, kind), open.anchor)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let node = self.copy(anchor, spot)?;
                self.close(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, spot: Spot, anchor: usize, holds: Holds<'a>) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(spot));
        }
        self.open.push(Open {
            spot,
            anchor,
            holds,
        });
        Ok(())
    }

    /// Puts a finished node where it belongs.
    fn close(&mut self, node: Node<'a>, anchor: usize) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let what = format!("the file holds more than {MAX_NODES} values");
            return Err(Fault::new(node.written, what));
        }
        if anchor != 0 {
            let weight = node.weight();
            self.charge(weight, node.written)?;
            self.anchors.insert(anchor, (node.clone(), weight));
        }
        match self.open.last_mut().map(|open| &mut open.holds) {
            None => self.root = Some(node),
            Some(Holds::List(items)) => items.push(node),
            Some(Holds::Map { entries, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
        }
        Ok(())
    }

    /// What an alias at `spot` stands for.
    fn copy(&mut self, anchor: usize, spot: Spot) -> Result<Node<'a>, Fault> {
        let Some(weight) = self.anchors.get(&anchor).map(|(_, weight)| *weight) else {
            return Err(Fault::new(
                spot,
                "this alias stands within what it stands for",
            ));
        };
        if self.open.len() + weight.depth > MAX_DEPTH {
            return Err(too_deep(spot));
        }
        self.charge(weight, spot)?;
        let (node, _) = &self.anchors[&anchor];
        Ok(node.clone().moved_to(spot))
    }

    fn charge(&mut self, weight: Weight, spot: Spot) -> Result<(), Fault> {
        self.copied_nodes += weight.nodes;
        self.copied_bytes += weight.bytes;
        if self.copied_nodes > MAX_COPIED_NODES || self.copied_bytes > MAX_BYTES {
            return Err(Fault::new(
                spot,
                "aliases blow this file up to more than 1,000,000 copied values or 64 MiB of text",
            ));
        }
        Ok(())
    }
}

fn too_deep(spot: Spot) -> Fault {
    let what = format!("lists and mappings nest deeper than {MAX_DEPTH} levels here");
    Fault::new(spot, what)
}

/// Whether a tag makes a scalar text. Tags that choose a type of a program mean nothing here.
fn is_forced_text(tag: Option<&Tag>, spot: Spot) -> Result<bool, Fault> {
    match tag {
        None => Ok(false),
        Some(tag) if tag.is_yaml_core_schema_tag("str") => Ok(true),
        Some(tag) if tag.is_yaml_core_schema() => Ok(false),
        Some(tag) => {
            let what = format!("the tag `{}` means nothing here", tag.original());
            Err(Fault::new(spot, what).with_cure(Some("leave it out".to_owned())))
        }
    }
}

/// Carries out merge keys: what `<<` brings in stands behind the mapping's own keys and loses against them.
fn merge<'a>(entries: Vec<(Node<'a>, Node<'a>)>) -> Result<Vec<(Node<'a>, Node<'a>)>, Fault> {
    let is_merge = |key: &Node<'_>| matches!(&key.kind, Kind::Scalar { text, style: Style::Plain } if text == "<<");
    if !entries.iter().any(|(key, _)| is_merge(key)) {
        return Ok(entries);
    }
    let (merges, mut own): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(key, _)| is_merge(key));
    let mut taken: HashSet<String> = own
        .iter()
        .filter_map(|(key, _)| key.text().map(str::to_owned))
        .collect();
    for (_, value) in merges {
        for (key, value) in mappings(value)? {
            if key.text().is_none_or(|text| taken.insert(text.to_owned())) {
                own.push((key, value));
            }
        }
    }
    Ok(own)
}

/// The entries of the mapping, or list of mappings, that `<<` names; the first mapping's win.
fn mappings(value: Node<'_>) -> Result<Vec<(Node<'_>, Node<'_>)>, Fault> {
    let refuse = |spot| {
        Err(Fault::new(
            spot,
            "`<<` merges a mapping or a list of mappings",
        ))
    };
    match value.kind {
        Kind::Map(entries) => Ok(entries),
        Kind::List(items) => {
            let mut all = Vec::new();
            for item in items {
                match item.kind {
                    Kind::Map(entries) => all.extend(entries),
                    Kind::List(_) | Kind::Scalar { .. } => return refuse(item.used),
                }
            }
            Ok(all)
        }
        Kind::Scalar { .. } => refuse(value.used),
    }
}
