// Reads the RSS files named on the command line with feedsmith and checks what
// a schema cannot: absolute URLs (in the HTML of the entries too), guids that
// are unique, dates that exist and stand in order. Exit 1 on any problem.
import fs from 'node:fs';
import { parseRssFeed } from 'feedsmith';
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

function check(path) {
  const problems = [];
  const say = (what) => problems.push(`${path}: ${what}`);
  const text = fs.readFileSync(path, 'utf8');
  if (Buffer.byteLength(text) > MAX_BYTES) say('larger than 1 MiB');
  let feed;
  try {
    feed = parseRssFeed(text);
  } catch (error) {
    say(`feedsmith: ${error.message}`);
    return problems;
  }
  const items = feed.items ?? [];
  const written = (text.match(/<item[\s>]/g) ?? []).length;
  if (items.length !== written) say(`feedsmith reads ${items.length} entries of ${written}`);
  checkChannel(feed, say);
  const seen = new Set();
  const dates = items.map((item, i) => checkItem(item, seen, `entry ${i + 1}`, say));
  for (let i = 1; i < dates.length; i++)
    if (dates[i] !== null && dates[i - 1] !== null && dates[i] > dates[i - 1]) say(`entry ${i + 1}: newer than the one before`);
  const newest = Math.max(...dates.filter((d) => d !== null), -Infinity);
  for (const name of ['pubDate', 'lastBuildDate']) {
    const t = checkDate(feed[name], name, say);
    if (t !== null && t < newest) say(`${name} is older than the newest entry`);
  }
  return problems;
}

const files = process.argv.slice(2);
if (!files.length) {
  console.error('usage: feed_check.mjs FILE.xml...');
  process.exit(2);
}
const problems = files.flatMap(check);
problems.forEach((p) => console.log(p));
console.log(problems.length ? `${problems.length} problems` : `${files.length} feeds are good`);
process.exit(problems.length ? 1 : 0);
