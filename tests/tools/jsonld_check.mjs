// Reads the structured data of every HTML page below a folder and checks it
// against what search engines ask of each class: required properties, absolute
// addresses, dates that exist, lists numbered from 1.
//
//   jsonld_check.mjs DIR [NAME]
//
// DIR: a built site; NAME: a class that has to occur at least once (many).
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'parse5';

const URL_KEYS = ['url', 'image', 'logo', 'item', 'sameAs', 'mainEntityOfPage', 'isBasedOn', 'contentUrl', 'eventStatus', 'eventAttendanceMode'];
const DATE_KEYS = ['datePublished', 'dateModified', 'startDate', 'endDate', 'foundingDate', 'dissolutionDate'];
// With a time and a zone: a day alone would be taken in the reader's zone.
const INSTANT_CLASSES = ['NewsArticle', 'Article', 'ClaimReview', 'ImageGallery'];

const ARTICLE = ['headline', 'datePublished', 'dateModified', 'author', 'publisher', 'mainEntityOfPage', 'url'];
const REQUIRED = {
  NewsArticle: ARTICLE,
  Article: ARTICLE,
  Event: ['name', 'startDate', 'location', 'eventStatus', 'eventAttendanceMode', 'organizer', 'url'],
  Organization: ['name'],
  Person: ['name'],
  BreadcrumbList: ['itemListElement'],
  ListItem: ['position', 'name', 'item'],
  FAQPage: ['mainEntity'],
  Question: ['name', 'acceptedAnswer'],
  Answer: ['text'],
  ClaimReview: ['claimReviewed', 'reviewRating', 'url', 'author', 'datePublished', 'itemReviewed'],
  Claim: ['name'],
  Rating: ['alternateName'],
  Place: ['name', 'address'],
  VirtualLocation: ['url'],
  Dataset: ['name', 'description', 'url'],
  DataDownload: ['contentUrl'],
  WebSite: ['name', 'url', 'publisher'],
  WebPage: ['name', 'url'],
  CollectionPage: ['name', 'url'],
  CreativeWorkSeries: ['name', 'url'],
  DigitalDocument: ['name', 'url'],
  ImageGallery: ['name', 'url'],
};
// What a property may hold, when that is an object.
const MAY_BE = {
  author: ['Person', 'Organization'], publisher: ['Organization'], organizer: ['Organization', 'Person'],
  location: ['Place', 'VirtualLocation'], acceptedAnswer: ['Answer'], reviewRating: ['Rating'],
  itemReviewed: ['Claim'], itemListElement: ['ListItem'], worksFor: ['Organization'],
  parentOrganization: ['Organization'], distribution: ['DataDownload'],
};

function* files(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const name = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* files(name);
    else if (/\.html?$/.test(name)) yield name;
  }
}

function* nodes(node) {
  yield node;
  for (const child of node.childNodes ?? []) yield* nodes(child);
}

function blocks(file) {
  const found = [];
  for (const node of nodes(parse(fs.readFileSync(file, 'utf8'))))
    if (node.nodeName === 'script' && node.attrs.some((a) => a.name === 'type' && a.value === 'application/ld+json'))
      found.push(node.childNodes.map((c) => c.value).join(''));
  return found;
}

const list = (v) => (v === undefined ? [] : Array.isArray(v) ? v : [v]);

function isAbsolute(url) {
  return typeof url === 'string' && /^https?:\/\/[^/?#\s]+[!-~]*$/.test(url) && URL.canParse?.(url) !== false;
}

// {ms, hasTime} or null.
function dateOf(text) {
  const m = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d))?)?)?$/.exec(text);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = [m[1], m[2] ?? 1, m[3] ?? 1, m[4] ?? 0, m[5] ?? 0, m[6] ?? 0].map(Number);
  const t = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (t.getUTCMonth() !== month - 1 || t.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return null;
  return { ms: m[4] ? Date.parse(text) : t.getTime(), hasTime: m[4] !== undefined };
}

const counts = new Map();

function checkUrls(key, value, say) {
  for (const url of list(value))
    if (typeof url !== 'object' && !isAbsolute(url)) say(`${key}: '${url}' is not absolute`);
}

function checkDates(object, type, say) {
  const dates = {};
  for (const key of DATE_KEYS) {
    if (object[key] === undefined) continue;
    dates[key] = dateOf(object[key]);
    if (!dates[key]) say(`${key}: '${object[key]}' is no date`);
    else if (INSTANT_CLASSES.includes(type) && !dates[key].hasTime) say(`${key}: '${object[key]}' has no time and zone`);
  }
  for (const [first, then] of [['datePublished', 'dateModified'], ['startDate', 'endDate'], ['foundingDate', 'dissolutionDate']])
    if (dates[first] && dates[then] && dates[then].ms < dates[first].ms) say(`${then} is before ${first}`);
}

function checkList(object, say) {
  list(object.itemListElement).forEach((item, i) => {
    if (item.position !== i + 1) say(`position ${item.position} where ${i + 1} belongs`);
  });
}

function check(object, where, problems) {
  const type = object?.['@type'], say = (what) => problems.push(`${where}: ${type}: ${what}`);
  if (typeof type !== 'string') return problems.push(`${where}: an object without @type`);
  if (!REQUIRED[type]) return say('a class that is not in the table');
  counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const key of REQUIRED[type])
    if (object[key] === undefined || object[key] === '' || (Array.isArray(object[key]) && !object[key].length)) say(`no ${key}`);
  checkDates(object, type, say);
  for (const [key, value] of Object.entries(object)) {
    if (value === null || value === '') say(`${key} is empty`);
    if (URL_KEYS.includes(key)) checkUrls(key, value, say);
    for (const part of list(value)) {
      if (typeof part === 'string' && /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/.test(part)) say(`${key}: a control character`);
      if (part === null || typeof part !== 'object') continue;
      if (MAY_BE[key] && !MAY_BE[key].includes(part['@type'])) say(`${key} may not be a ${part['@type']}`);
      check(part, where, problems);
    }
    if (MAY_BE[key] && list(value).some((part) => typeof part !== 'object')) say(`${key} is no object`);
  }
  if (type === 'BreadcrumbList') checkList(object, say);
  if (type === 'Dataset' && !(object.description?.length >= 50 && object.description.length <= 5000)) say('description is not 50 to 5000 characters long');
}

function checkBlock(text, where, problems) {
  let data;
  if (/<|\u2028|\u2029/.test(text)) problems.push(`${where}: a < that is not escaped`);
  try {
    data = JSON.parse(text);
  } catch (error) {
    return problems.push(`${where}: ${error.message}`);
  }
  if (data['@context'] !== 'https://schema.org') problems.push(`${where}: no @context`);
  const graph = data['@graph'] ?? [data];
  if (!Array.isArray(graph) || !graph.length) return problems.push(`${where}: an empty @graph`);
  for (const object of graph) check(object, where, problems);
}

const [dir, ...wanted] = process.argv.slice(2);
if (!dir) {
  console.error('usage: jsonld_check.mjs DIR [CLASS...]');
  process.exit(2);
}
const problems = [];
let pages = 0;
for (const file of files(dir)) {
  const found = blocks(file), where = path.relative(dir, file);
  pages += found.length > 0;
  found.forEach((text) => checkBlock(text, where, problems));
}
if (!pages) problems.push(`${dir}: no page has structured data`);
for (const type of wanted) if (!counts.get(type)) problems.push(`${dir}: there is no ${type}`);
problems.forEach((p) => console.log(p));
console.log(problems.length ? `${problems.length} problems` : `${pages} pages: ${[...counts].map(([t, n]) => `${n} ${t}`).sort().join(', ')}`);
process.exit(problems.length ? 1 : 0);
