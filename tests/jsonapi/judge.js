// Judges one document: by the schema that jsonapi-validator brings, and by what no schema can say, the full
// linkage of a compound document.

import validator from 'jsonapi-validator';

const schema = new validator.Validator();

const key = ({ type, id }) => `${type} ${id}`;
const list = (value) => [value ?? []].flat();

/// What is wrong with a document that was asked for with these paths of `include`.
export function faults(document, paths) {
  return [...schemaFaults(document), ...linkageFaults(document, paths)];
}

function schemaFaults(document) {
  try {
    schema.validate(document);
    return [];
  } catch (error) {
    if (!error.errors) throw error;
    return error.errors.map((it) => `${it.dataPath || 'the document'} ${it.message}`);
  }
}

/// Everything is there once; what a path names is there; what is included is there because a path names it.
function linkageFaults(document, paths) {
  const found = [];
  const known = new Map();
  for (const resource of [...list(document.data), ...list(document.included)]) {
    if (known.has(key(resource))) found.push(`${key(resource)} is there twice`);
    known.set(key(resource), resource);
  }
  const named = new Set();
  for (const path of paths) {
    let from = list(document.data);
    for (const name of path.split('.')) {
      const links = from.flatMap((it) => list(it.relationships?.[name]?.data));
      links.forEach((link) => named.add(key(link)));
      const lost = links.filter((link) => !known.has(key(link)));
      lost.forEach((link) => found.push(`${key(link)}, named by ${path}, is not included`));
      from = links.map((link) => known.get(key(link))).filter(Boolean);
    }
  }
  const stray = list(document.included).filter((it) => !named.has(key(it)));
  stray.forEach((it) => found.push(`${key(it)} is included, and no path leads to it`));
  return found;
}

/// What the judge must refuse: a sound document, spoiled. It has `included`, as asked for with the paths.
const SPOILED = {
  'a resource without an id': (it) => delete it.data[0].id,
  'an id that is a number': (it) => (it.data[0].id = 5),
  'a member that no document has': (it) => (it.results = []),
  'data and errors at once': (it) => (it.errors = [{ title: 'x' }]),
  'an attribute called `type`': (it) => (it.data[0].attributes.type = 'x'),
  'a relationship with nothing in it': (it) => (it.data[0].relationships.learner = {}),
  'a linkage without a type': (it) => delete it.data[0].relationships.learner.data.type,
  'a link that is a number': (it) => (it.links.self = 5),
  'a record twice': (it) => it.included.push({ ...it.included[0], attributes: {} }),
  'a record lost': (it) => it.included.pop(),
  'a record too many': (it) => it.included.push({ type: 'user', id: '0' }),
};

/// The names of spoiled documents that the judge took for sound, and how many it was asked about.
export function selfTest(document, paths) {
  const names = Object.keys(SPOILED);
  const taken = names.filter((name) => {
    const copy = structuredClone(document);
    SPOILED[name](copy);
    return faults(copy, paths).length === 0;
  });
  return { asked: names.length, taken };
}
