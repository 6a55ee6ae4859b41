// Reads the RSS, Atom and JSON feeds named on the command line with feedsmith
// and checks what a schema cannot: absolute URLs (in the HTML of the entries
// too), ids that are unique, dates that exist and stand in order. Exit 1 on any
// problem.
import fs from 'node:fs';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { parseFragment } from 'parse5';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MAX_BYTES = 1 << 20;

// RFC 822 with a year of four digits: the instant, or null if there is no such
// date or its weekday is another.
function instant(text) {
  const m = /^(\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text ?? '');
  if (!m) return null;
  const [day, year, hour, minute, second] = [m[2], m[4], m[5], m[6], m[7]].map(Number);
  const month = MONTHS.indexOf(m[3]);
  const local = new Date(Date.UTC(year, month, day, hour, minute, second));
  const isReal = month >= 0 && local.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || DAYS[local.getUTCDay()] !== m[1]) return null;
  return local.getTime() - Number(`${m[8]}1`) * (Number(m[9]) * 60 + Number(m[10])) * 60000;
}

function isAbsolute(url) {
  return /^https?:\/\/[^/?#\s]+[!-~]*$/.test(url ?? '') && URL.canParse?.(url) !== false;
}

function* nodes(node) {
  yield node;
  for (const child of node.childNodes ?? []) yield* nodes(child);
}

// Every URL in a piece of HTML, with the attribute it stands in.
function* urlsOf(html) {
  for (const node of nodes(parseFragment(html)))
    for (const { name, value } of node.attrs ?? []) {
      if (['href', 'src', 'poster', 'cite', 'action'].includes(name)) yield [name, value];
      if (name === 'srcset') for (const part of value.split(',')) yield [name, part.trim().split(/\s+/)[0]];
    }
}

function checkHtml(html, where, say) {
  if (!html) return;
  for (const [name, url] of urlsOf(html))
    if (!isAbsolute(url) && !/^(mailto|tel):./.test(url)) say(`${where}: ${name}="${url}" is not absolute`);
  for (const node of nodes(parseFragment(html)))
    if (['script', 'style', 'iframe', 'form'].includes(node.nodeName)) say(`${where}: <${node.nodeName}> in a feed`);
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/.test(html)) say(`${where}: a control character`);
}

function checkDate(text, where, say) {
  if (text === undefined) return null;
  const t = instant(text);
  if (t === null) say(`${where}: '${text}' is no date of RFC 822`);
  return t;
}

function checkGuid(item, seen, where, say) {
  const guid = item.guid?.value;
  if (!guid) return say(`${where}: no guid`);
  if (seen.has(guid)) say(`${where}: the guid ${guid} a second time`);
  seen.add(guid);
  if (item.guid.isPermaLink !== false && !isAbsolute(guid)) say(`${where}: the guid says it is a link, and is none`);
}

function checkItem(item, seen, where, say) {
  if (!item.title) say(`${where}: no title`);
  if (!isAbsolute(item.link)) say(`${where}: the link '${item.link}' is not absolute`);
  checkGuid(item, seen, where, say);
  checkHtml(item.description, `${where}, description`, say);
  checkHtml(item.content?.encoded, `${where}, content`, say);
  if ((item.enclosures ?? []).length > 1) say(`${where}: more than one enclosure`);
  for (const e of item.enclosures ?? []) {
    if (!isAbsolute(e.url)) say(`${where}: the enclosure '${e.url}' is not absolute`);
    if (!(e.length > 0)) say(`${where}: an enclosure without length`);
  }
  return checkDate(item.pubDate, where, say);
}

function checkChannel(feed, say) {
  for (const name of ['title', 'description', 'language']) if (!feed[name]) say(`no ${name}`);
  if (!isAbsolute(feed.link)) say(`the link '${feed.link}' is not absolute`);
  const self = (feed.atom?.links ?? []).filter((l) => l.rel === 'self');
  if (self.length !== 1) say(`${self.length} links to itself`);
  for (const l of self) if (!isAbsolute(l.href)) say(`the link to itself '${l.href}' is not absolute`);
  if (feed.image) for (const key of ['url', 'link']) if (!isAbsolute(feed.image[key])) say(`the image's ${key} is not absolute`);
}

// --- RSS

function checkRss(text, say) {
  const feed = parseRssFeed(text), items = feed.items ?? [];
  const written = (text.match(/<item[\s>]/g) ?? []).length;
  if (items.length !== written) say(`feedsmith reads ${items.length} entries of ${written}`);
  checkChannel(feed, say);
  const seen = new Set();
  const dates = items.map((item, i) => checkItem(item, seen, `entry ${i + 1}`, say));
  checkOrder(dates, say);
  const newest = Math.max(...dates.filter((d) => d !== null), -Infinity);
  for (const name of ['pubDate', 'lastBuildDate']) {
    const t = checkDate(feed[name], name, say);
    if (t !== null && t < newest) say(`${name} is older than the newest entry`);
  }
}

function checkOrder(dates, say) {
  for (let i = 1; i < dates.length; i++)
    if (dates[i] !== null && dates[i - 1] !== null && dates[i] > dates[i - 1]) say(`entry ${i + 1}: newer than the one before`);
}

// --- Atom and JSON Feed

// RFC 3339: the instant, or null.
function checkStamp(text, where, say) {
  if (text === undefined) return null;
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)$/.exec(text);
  const t = m && new Date(Date.UTC(m[1], m[2] - 1, m[3]));
  const isReal = m && t.getUTCMonth() === m[2] - 1 && t.getUTCDate() === Number(m[3]) && !Number.isNaN(Date.parse(text));
  if (!isReal) say(`${where}: '${text}' is no date of RFC 3339`);
  return isReal ? Date.parse(text) : null;
}

// An id is a URI and stands once.
function checkId(id, seen, where, say) {
  if (!/^[a-z][a-z0-9+.-]*:[!-~]+$/.test(id ?? '')) return say(`${where}: the id '${id}' is no URI`);
  if (seen.has(id)) say(`${where}: the id ${id} a second time`);
  seen.add(id);
}

function linkOf(links, rel) {
  return (links ?? []).filter((l) => (l.rel ?? 'alternate') === rel);
}

function checkAtomEntry(entry, seen, where, say) {
  if (!textOf(entry.title)) say(`${where}: no title`);
  checkId(entry.id, seen, where, say);
  const alternate = linkOf(entry.links, 'alternate');
  if (alternate.length !== 1) say(`${where}: ${alternate.length} links to the piece`);
  for (const l of entry.links ?? []) if (!isAbsolute(l.href)) say(`${where}: the link '${l.href}' is not absolute`);
  for (const l of linkOf(entry.links, 'enclosure')) if (!(l.length > 0) || !l.type) say(`${where}: an enclosure without length or type`);
  checkHtml(textOf(entry.content), `${where}, content`, say);
  for (const author of entry.authors ?? []) if (!author.name) say(`${where}: an author without name`);
  const updated = checkStamp(entry.updated, where, say), published = checkStamp(entry.published, where, say);
  if (updated === null) say(`${where}: no updated`);
  if (published !== null && updated !== null && updated < published) say(`${where}: updated before it was published`);
  return { updated, published };
}

const textOf = (t) => (typeof t === 'object' ? t?.value : t);

function checkAtom(text, say) {
  const feed = parseAtomFeed(text), entries = feed.entries ?? [];
  const written = (text.match(/<entry[\s>]/g) ?? []).length;
  if (entries.length !== written) say(`feedsmith reads ${entries.length} entries of ${written}`);
  if (!textOf(feed.title)) say('no title');
  checkId(feed.id, new Set(), 'feed', say);
  if (!feed.authors?.length) say('no author');
  const self = linkOf(feed.links, 'self');
  if (self.length !== 1) say(`${self.length} links to itself`);
  for (const l of feed.links ?? []) if (!isAbsolute(l.href)) say(`the link '${l.href}' is not absolute`);
  const seen = new Set();
  const dates = entries.map((entry, i) => checkAtomEntry(entry, seen, `entry ${i + 1}`, say));
  checkOrder(dates.map((d) => d.published), say);
  const updated = checkStamp(feed.updated, 'feed', say);
  if (updated === null) say('no updated');
  else if (dates.some((d) => d.updated > updated)) say('updated is older than the newest entry');
}

function checkJsonItem(item, seen, where, say) {
  checkId(item.id, seen, where, say);
  if (!item.title) say(`${where}: no title`);
  if (!isAbsolute(item.url)) say(`${where}: the url '${item.url}' is not absolute`);
  if (item.image !== undefined && !isAbsolute(item.image)) say(`${where}: the image '${item.image}' is not absolute`);
  if (!item.content_html && !item.content_text) say(`${where}: no content`);
  checkHtml(item.content_html, `${where}, content`, say);
  checkStamp(item.date_modified, where, say);
  return checkStamp(item.date_published, where, say);
}

function checkJson(text, say) {
  const raw = JSON.parse(text), feed = parseJsonFeed(text);
  if (raw.version !== 'https://jsonfeed.org/version/1.1') say(`'${raw.version}' is no version`);
  if ((feed.items ?? []).length !== (raw.items ?? []).length) say(`feedsmith reads ${feed.items?.length} entries of ${raw.items?.length}`);
  if (!Array.isArray(raw.items)) say('no items');
  if (!raw.title) say('no title');
  for (const key of ['home_page_url', 'feed_url']) if (!isAbsolute(raw[key])) say(`${key}: '${raw[key]}' is not absolute`);
  const seen = new Set();
  checkOrder((raw.items ?? []).map((item, i) => checkJsonItem(item, seen, `entry ${i + 1}`, say)), say);
}

function check(path) {
  const problems = [];
  const say = (what) => problems.push(`${path}: ${what}`);
  const text = fs.readFileSync(path, 'utf8');
  if (Buffer.byteLength(text) > MAX_BYTES) say('larger than 1 MiB');
  try {
    if (path.endsWith('.json')) checkJson(text, say);
    else if (/<feed[\s>]/.test(text.slice(0, 500))) checkAtom(text, say);
    else checkRss(text, say);
  } catch (error) {
    say(`feedsmith: ${error.message}`);
  }
  return problems;
}

const files = process.argv.slice(2);
if (!files.length) {
  console.error('usage: feed_check.mjs FILE...');
  process.exit(2);
}
const problems = files.flatMap(check);
problems.forEach((p) => console.log(p));
console.log(problems.length ? `${problems.length} problems` : `${files.length} feeds are good`);
process.exit(problems.length ? 1 : 0);
