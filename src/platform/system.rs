//! A vendor as a value: everything that the house asks of one.

use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Context, Surface, Vendor};
use crate::format::{ClassLimits, FileId, Lost, Problems};
use crate::issuers::Issuer;
use crate::seed::Population;

/// A vendor. Each has one implementation, and one line in the registry.
pub trait System: Sized + Debug + 'static {
    /// Its name.
    const VENDOR: Vendor;
    /// What it shows; the first surface speaks for paths that none of them has.
    const SURFACES: &'static [&'static dyn Surface<Self>];
    /// Its public host names; `*.` stands for one or more labels.
    const HOSTS: &'static [&'static str];
    /// How it meters calls, in one sentence.
    const METERS: &'static str;
    /// The parameters of queries and forms in which clients send it what it issued.
    const TOKEN_PARAMETERS: &'static [&'static str];
    /// The members of JSON bodies in which they do.
    const TOKEN_MEMBERS: &'static [&'static str] = &[];
    /// Whether it decodes a path before it looks for a row.
    const DECODES_PATHS: bool = false;

    /// What a caller may be allowed to do.
    type Right: Copy + Debug + Send + Sync;
    /// Its section of a scenario file, as written.
    type Section: Written;
    /// Its section of `removed`, as written.
    type Removed: Written;
    /// Its section of `rate_limits`, as written.
    type Limits: Written + ClassLimits;
    /// Its section of all files, laid over each other.
    type Merged: Merged<Section = Self::Section, Removed = Self::Removed>;
    /// The generated population as it shows it.
    type Generated: Debug + Send + Sync;
    /// Everything that a scenario says of it, shared by all sandboxes and never written.
    type Base: Debug + Send + Sync;
    /// Its records and tokens in one sandbox.
    type World: Debug + Send + Sync;

    /// The population as it shows it. Its history ends at `end`.
    fn generated(population: Arc<Population>, seed: u64, end: Timestamp) -> Self::Generated;

    /// Reads the merged section. What is wrong goes to `problems`; the result is of use only if nothing is.
    /// `start` is when the scenario starts.
    fn check(
        merged: &Self::Merged,
        lost: &Lost,
        generated: Option<Arc<Self::Generated>>,
        start: Timestamp,
        problems: &mut Problems,
    ) -> Self::Base;

    /// The world as the scenario starts it. What it makes up derives from the seed and the sandbox's name,
    /// so two sandboxes never make up the same.
    fn world(base: Arc<Self::Base>, seed: u64, sandbox: &str) -> Self::World;

    /// Notes whatever is issued from now on, so that it leads to its sandbox.
    fn noted_by(world: &mut Self::World, issuer: &Issuer);

    /// All that differs from the generated population: records, live tokens, switches.
    fn state(world: &Self::World) -> (Self::Section, Self::Removed);

    /// The records as they are, ready for a change. What is decided there and then is taken from `removed`.
    fn before(
        world: &Self::World,
        section: Option<&Self::Section>,
        removed: Option<&mut Self::Removed>,
    ) -> (Self::Section, Self::Removed);

    /// What a change makes of a world: the change lies in `merged` as its first file, all records as its
    /// second one. What is wrong goes to `problems`; the result is of use only if nothing is.
    fn changed(
        world: &Self::World,
        merged: &Self::Merged,
        lost: &Lost,
        now: Timestamp,
        problems: &mut Problems,
    ) -> Self::World {
        let generated = Self::generated_in(world);
        let base = Self::check(merged, lost, generated, now, problems);
        let mut next = Self::over(world, Arc::new(base));
        if problems.is_empty() {
            Self::settle(&mut next, world, merged, now);
        }
        next
    }

    /// The generated population of a world.
    fn generated_in(world: &Self::World) -> Option<Arc<Self::Generated>>;

    /// A world over a base that was checked from this one's records and more.
    fn over(world: &Self::World, base: Arc<Self::Base>) -> Self::World;

    /// Does in a world what the records that a change lists bring about.
    fn settle(_next: &mut Self::World, _before: &Self::World, _: &Self::Merged, _now: Timestamp) {}

    /// How many records each table holds.
    fn counts(world: &Self::World) -> Vec<(&'static str, u64)>;

    /// A token to try it with: the first that the scenario lists.
    fn first_token(base: &Self::Base) -> Option<&str>;

    /// The path of a list or a record that the caller with the first token may read.
    fn sample_path(base: &Self::Base) -> &'static str;

    /// A token as the first listed client gets one. No request is made, so neither journal nor faults know
    /// of it.
    fn issue_sample(context: &Context<'_, Self::World>) -> Option<String>;
}

/// A part of a scenario file.
pub trait Written:
    Clone + Debug + Default + DeserializeOwned + Serialize + JsonSchema + Send + Sync + 'static
{
    /// Whether nothing is written.
    fn is_empty(&self) -> bool {
        false
    }
}

/// A vendor's section of all files, laid over each other.
pub trait Merged: Clone + Debug + Default + Send + Sync {
    /// Its section of one file.
    type Section;
    /// Its section of `removed` in one file.
    type Removed;

    /// Lays one more file over what is there. Parents come before their children.
    fn lay_over(
        &mut self,
        file: FileId,
        section: Self::Section,
        removed: Self::Removed,
        problems: &mut Problems,
    );
}
