//! A part of an instance.

use super::{Context, Members, Ref, Related, Relation, Resource};
use crate::digits;
use crate::vendors::alm::records::{Instance, InstanceId, LoType, decimal};

/// A version of a module in an instance: `course:6511020_7037048_11676159_0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Module {
    /// In what.
    pub instance: InstanceId,
    /// Its number.
    pub number: u64,
    /// Its version.
    pub version: u32,
}

impl Module {
    /// Appends the id.
    pub fn append(self, bytes: &mut Vec<u8>) {
        self.instance.append(bytes);
        bytes.push(b'_');
        digits::number(bytes, self.number);
        bytes.push(b'_');
        digits::number(bytes, u64::from(self.version));
    }

    /// The modules of an instance. A job aid is read, not graded: it has none.
    pub fn all_of(instance: &Instance) -> impl Iterator<Item = Module> {
        let graded = (instance.id.of.kind != LoType::JobAid).then_some(&instance.modules);
        let modules = graded.into_iter().flatten();
        modules.map(|(number, version)| Module {
            instance: instance.id,
            number: *number,
            version: *version,
        })
    }

    /// Reads the id of a part. None: it is none.
    pub fn read(text: &str) -> Option<Module> {
        let (rest, version) = text.rsplit_once('_')?;
        let (instance, number) = rest.rsplit_once('_')?;
        Some(Module {
            instance: InstanceId::read(instance)?,
            number: decimal(number)?,
            version: u32::try_from(decimal(version)?).ok()?,
        })
    }
}

/// A part of an instance, of which only the id is known.
#[derive(Debug)]
pub struct LoResource(pub Module);

impl Resource for LoResource {
    fn reference(&self) -> Ref {
        Ref::LoResource(self.0)
    }

    fn attributes(&self, members: &mut Members<'_>) {
        members.put("version", &self.0.version);
    }

    fn related(&self, relation: Relation, _: &Context<'_>) -> Related {
        match relation {
            Relation::LearningObject => Related::One(Ref::LearningObject(self.0.instance.of)),
            Relation::LoInstance => Related::One(Ref::Instance(self.0.instance)),
            Relation::Resources => Related::Many(vec![Ref::Resource(self.0)]),
            _ => Related::Nothing,
        }
    }
}
