// Serves each story, asks for everything in it, and has each answer judged: `node walk.js BINARY`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { faults, selfTest } from './judge.js';
import { OF_ENROLLMENTS, OF_GRADES, OF_LEARNING_OBJECTS, OF_USERS, STORIES } from './stories.js';

const TYPES = 'filter.loTypes=course,learningProgram,certification,jobAid';
const SIZES = [1, 2, 3, 4, 5, 7, 10];

const counts = { documents: 0, pages: 0, resources: 0, included: 0, writes: 0, refused: 0, faults: 0 };

function fault(where, what) {
  counts.faults += 1;
  console.error(`${where}: ${what}`);
}

/// Asks; what comes is judged and returned.
async function ask(base, token, path, { query = [], include = [], method = 'GET', body } = {}) {
  const asked = include.length > 0 ? [`include=${include.join(',')}`] : [];
  const url = [`${base}${path}`, [...query, ...asked].join('&')].filter(Boolean).join('?');
  const headers = { authorization: `oauth ${token}`, accept: 'application/vnd.api+json' };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const where = `${method} ${url}`;
  if (answer.status === 204 && method === 'DELETE' && text === '') return undefined;
  if (answer.status !== 200) return void fault(where, `${answer.status} ${text}`);
  const type = answer.headers.get('content-type');
  if (type !== 'application/vnd.api+json;charset=UTF-8') fault(where, `the type is ${type}`);
  const document = JSON.parse(text);
  if (document.links?.self !== url) fault(where, `links.self is ${document.links?.self}`);
  faults(document, include).forEach((it) => fault(where, it));
  counts.documents += 1;
  counts.resources += [document.data].flat().length;
  counts.included += document.included?.length ?? 0;
  return document;
}

/// Follows `next` to the end: every record of all pages.
async function walk(base, token, path, query, include) {
  const records = [];
  let cursor = [];
  for (;;) {
    const page = await ask(base, token, path, { query: [...query, ...cursor], include });
    counts.pages += 1;
    records.push(...(page?.data ?? []));
    const next = page?.links.next;
    if (!next) return records;
    cursor = [`page[cursor]=${new URL(next).searchParams.get('page[cursor]')}`];
  }
}

/// Each path alone, all at once, and none.
const wishes = (paths) => [[], ...paths.map((path) => [path]), paths];

/// A list in every size with every path; all walks find the same in the same order.
async function lists(base, token, path) {
  const all = await walk(base, token, path, [TYPES, 'page[limit]=100'], []);
  const ids = (records) => records.map((it) => it.id).join(' ');
  for (const size of SIZES) {
    for (const include of wishes(OF_ENROLLMENTS)) {
      const walked = await walk(base, token, path, [TYPES, `page[limit]=${size}`], include);
      if (ids(walked) !== ids(all)) fault(`${path} by ${size}`, `${ids(walked)} for ${ids(all)}`);
    }
  }
  await ask(base, token, path);
  await ask(base, token, path, { query: ['sort=-dateEnrolled', 'filter.states=active'] });
  return all;
}

async function each(base, token, path, paths) {
  for (const include of wishes(paths)) await ask(base, token, path, { include });
}

/// What stands around enrollments.
async function around(base, token, enrollments) {
  for (const { relationships } of enrollments) {
    for (const { id } of relationships.loResourceGrades?.data ?? []) {
      await each(base, token, `/loResourceGrades/${id}`, OF_GRADES);
    }
    await each(base, token, `/learningObjects/${relationships.learningObject.data.id}`, OF_LEARNING_OBJECTS);
  }
}

async function readStory(base, story) {
  for (const user of story.users) {
    await each(base, story.admin, `/users/${user}`, OF_USERS);
    const path = `/users/${user}/enrollments`;
    const enrollments = await lists(base, story.admin, path);
    for (const { id } of enrollments) await each(base, story.admin, `${path}/${id}`, OF_ENROLLMENTS);
    await around(base, story.admin, enrollments);
  }
  for (const token of Object.values(story.learners)) {
    await each(base, token, '/user', OF_USERS);
    const enrollments = await lists(base, token, '/enrollments');
    for (const { id } of enrollments) await each(base, token, `/enrollments/${id}`, OF_ENROLLMENTS);
    await around(base, token, enrollments);
  }
}

/// Changes every enrollment, then takes one out and makes it.
async function writeStory(base, story) {
  const write = (token, path, options) => {
    counts.writes += 1;
    return ask(base, token, path, options);
  };
  const query = [TYPES, 'page[limit]=100'];
  const change = (id, attributes) => {
    return { method: 'PATCH', body: { data: { id, type: 'learningObjectInstanceEnrollment', attributes } } };
  };
  for (const user of story.users) {
    const path = `/users/${user}/enrollments`;
    for (const { id } of await walk(base, story.admin, path, query, [])) {
      await write(story.admin, `${path}/${id}`, change(id, { lastAccessDate: '2024-06-09T13:00:00.000Z' }));
    }
  }
  for (const token of Object.values(story.learners)) {
    for (const { id } of await walk(base, token, '/enrollments', query, [])) {
      await write(token, `/enrollments/${id}`, change(id, { url: 'https://example.com/proof' }));
    }
  }
  const { user, instance } = story.made;
  const callers = [[story.admin, `/users/${user}/enrollments`]];
  if (story.learners[user]) callers.push([story.learners[user], '/enrollments']);
  for (const [token, path] of callers) {
    const id = `${instance}_${user}`;
    const there = await walk(base, token, path, query, []);
    if (there.some((it) => it.id === id)) await write(token, `${path}/${id}`, { method: 'DELETE' });
    const made = [`loId=${instance.split('_')[0]}`, `loInstanceId=${instance}`];
    const document = await write(token, path, { query: made, method: 'POST' });
    if (document?.data.id !== id) fault(path, `${document?.data.id} was made for ${id}`);
  }
}

/// A sound document with much in it, and what the judge says when it is spoiled.
async function spoil(base, story) {
  const path = `/users/${story.users[0]}/enrollments`;
  const include = ['learner', 'loInstance.learningObject', 'loResourceGrades'];
  const { asked, taken } = selfTest(await ask(base, story.admin, path, { include }), include);
  counts.refused += asked - taken.length;
  taken.forEach((name) => fault('the judge', `takes ${name}`));
}

/// Serves a story on a free port until all is asked.
async function serve(binary, story) {
  const directory = await mkdtemp(join(tmpdir(), 'enrollmock-jsonapi-'));
  const file = join(directory, 'port.json');
  const server = spawn(binary, ['serve', story.name, '--port', '0', '--port-file', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'exit');
  try {
    await Promise.race([once(server.stdout, 'data'), ended]);
    if (server.exitCode !== null) throw new Error(`${binary} serve ${story.name} ended by itself`);
    const { port } = JSON.parse(await readFile(file, 'utf8'));
    const base = `http://127.0.0.1:${port}/alm/primeapi/v2`;
    await spoil(base, story);
    await readStory(base, story);
    await writeStory(base, story);
    // What was written is shown as soundly.
    await readStory(base, story);
  } finally {
    server.kill();
    await ended;
    await rm(directory, { recursive: true });
  }
}

for (const story of STORIES) await serve(process.argv[2], story);
const { documents, pages, resources, included, writes, refused } = counts;
console.log(
  `${STORIES.length} stories: ${documents} documents (${pages} pages, ${writes} writes) with ${resources} records and ` +
    `${included} included; ${refused} spoiled documents refused; ${counts.faults} faults`,
);
process.exitCode = counts.faults === 0 ? 0 : 1;
