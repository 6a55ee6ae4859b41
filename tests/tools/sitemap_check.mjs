// Checks the sitemaps of a built site: sitemap.xml, its parts when it is an
// index, sitemap-news.xml, and that robots.txt names them.
//
//   sitemap_check.mjs DIR BASEURL [NOW]
//
// Every address is absolute, stands once, lies below BASEURL and is a page of
// the site; every date exists. Of news at most 1,000, none older than 48 hours
// before NOW. Well-formedness is left to xmllint.
import fs from 'node:fs';
import path from 'node:path';

const MAX_URLS = 50000, MAX_BYTES = 50 * 1024 * 1024, MAX_NEWS = 1000, NEWS_MS = 48 * 3600 * 1000;

const [dir, base, now] = process.argv.slice(2);
if (!base) {
  console.error('usage: sitemap_check.mjs DIR BASEURL [NOW]');
  process.exit(2);
}
const problems = [];
const seen = new Set();

function text(xml) {
  return xml.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]);
}

function parts(xml, tag) {
  return [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => m[1]);
}

function one(xml, tag) {
  const found = parts(xml, tag);
  return found.length === 1 ? text(found[0].trim()) : undefined;
}

function isDate(s) {
  const m = /^(\d{4})-(\d\d)-(\d\d)(T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d))?$/.exec(s);
  const t = m && new Date(Date.UTC(m[1], m[2] - 1, m[3]));
  return Boolean(m && t.getUTCMonth() === m[2] - 1 && t.getUTCDate() === Number(m[3]) && !Number.isNaN(Date.parse(s)));
}

// The file behind an address, or undefined.
function fileOf(url) {
  if (!url?.startsWith(base) || !/^https?:\/\/[!-~]+$/.test(url)) return undefined;
  const rest = decodeURIComponent(url.slice(base.length));
  const file = path.join(dir, rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest);
  return fs.existsSync(file) ? file : undefined;
}

function read(name, root) {
  const file = path.join(dir, name);
  if (!fs.existsSync(file)) return problems.push(`${name}: is not there`), undefined;
  const xml = fs.readFileSync(file, 'utf8');
  if (Buffer.byteLength(xml) > MAX_BYTES) problems.push(`${name}: larger than 50 MB`);
  if (root && !new RegExp(`<${root}[\\s>]`).test(xml)) problems.push(`${name}: no <${root}>`);
  return xml;
}

function checkAlternates(entry, url, say) {
  const links = [...entry.matchAll(/<xhtml:link ([^>]*)\/>/g)].map((m) => Object.fromEntries([...m[1].matchAll(/([\w:-]+)="([^"]*)"/g)].map((a) => [a[1], text(a[2])])));
  for (const link of links) {
    if (link.rel !== 'alternate' || !/^(x-default|[a-z]{2,3}(-[A-Za-z0-9]+)*)$/.test(link.hreflang ?? '')) say('an xhtml:link without hreflang');
    if (!fileOf(link.href)) say(`the alternate '${link.href}' leads nowhere`);
  }
  if (links.length && !links.some((l) => l.href === url)) say('its alternates do not name itself');
}

function checkUrls(name) {
  const xml = read(name, 'urlset');
  if (xml === undefined) return 0;
  const entries = parts(xml, 'url');
  if (entries.length > MAX_URLS) problems.push(`${name}: ${entries.length} addresses`);
  for (const entry of entries) {
    const url = one(entry, 'loc'), date = one(entry, 'lastmod');
    const say = (what) => problems.push(`${name}: ${url}: ${what}`);
    if (!fileOf(url)) say('is no page of the site');
    if (seen.has(url)) say('a second time');
    seen.add(url);
    if (date !== undefined && !isDate(date)) say(`'${date}' is no date`);
    checkAlternates(entry, url, say);
  }
  return entries.length;
}

function checkNews(name) {
  const xml = read(name, 'urlset');
  if (xml === undefined) return 0;
  const entries = parts(xml, 'url');
  if (entries.length > MAX_NEWS) problems.push(`${name}: ${entries.length} addresses`);
  for (const entry of entries) {
    const url = one(entry, 'loc'), date = one(entry, 'news:publication_date');
    const say = (what) => problems.push(`${name}: ${url}: ${what}`);
    if (!fileOf(url)) say('is no page of the site');
    if (!isDate(date) || !/T/.test(date)) say(`'${date}' is no time`);
    const age = now ? Date.parse(now) - Date.parse(date) : 0;
    if (age < 0 || age > NEWS_MS) say('is not of the last two days');
    if (!one(entry, 'news:title') || !one(entry, 'news:name')) say('no title or publication');
    if (!/^[a-z]{2,3}$/.test(one(entry, 'news:language') ?? '')) say('no language');
  }
  return entries.length;
}

const main = read('sitemap.xml') ?? '';
let total = 0, files = 1;
if (/<sitemapindex[\s>]/.test(main)) {
  const children = parts(main, 'sitemap').map((s) => one(s, 'loc'));
  if (!children.length) problems.push('sitemap.xml: an empty index');
  for (const url of children) {
    if (!fileOf(url)) problems.push(`sitemap.xml: '${url}' is not there`);
    else total += checkUrls(url.slice(base.length));
    files++;
  }
} else {
  total = checkUrls('sitemap.xml');
}
if (!total) problems.push('sitemap.xml: no address in it');
let news = 0;
if (fs.existsSync(path.join(dir, 'sitemap-news.xml'))) news = checkNews('sitemap-news.xml');
if (fs.existsSync(path.join(dir, 'robots.txt')) && !fs.readFileSync(path.join(dir, 'robots.txt'), 'utf8').includes(`Sitemap: ${base}sitemap.xml\n`))
  problems.push('robots.txt does not name sitemap.xml');
problems.forEach((p) => console.log(p));
console.log(problems.length ? `${problems.length} problems` : `${total} addresses in ${files} files, ${news} of them news`);
process.exit(problems.length ? 1 : 0);
