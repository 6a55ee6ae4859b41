// Shows that each tool here can say no: a good sample passes, and each of a
// list of small damages to it is found, with the words that belong to it.
// rss.rng is tried the same way, with xmllint.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'loa-tools-'));
let passed = 0, failed = 0;

function note(name, ok, said) {
  if (ok) return passed++;
  failed++;
  console.log(`FAIL  ${name}\n${said}`);
}

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

const tool = (name, ...args) => run(process.execPath, path.join(here, name), ...args);

function good(name, { status, said }) {
  note(`${name}: the good sample`, status === 0, said);
}

function bad(name, { status, said }, words) {
  note(`${name}: ${words}`, status === 1 && said.includes(words), `exit ${status}: ${said}`);
}

function write(name, content) {
  const file = path.join(tmp, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`the sample has no '${from}'`);
  return text.replace(from, () => to);
}

// --- ics_lint ---

const ICS = [
  'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//loa//sample//VI', 'CALSCALE:GREGORIAN',
  'X-WR-CALNAME:Lịch công tác', 'BEGIN:VTIMEZONE', 'TZID:Asia/Ho_Chi_Minh', 'BEGIN:STANDARD',
  'DTSTART:19700101T000000', 'TZOFFSETFROM:+0700', 'TZOFFSETTO:+0700', 'TZNAME:+07', 'END:STANDARD',
  'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:1@example.vn', 'DTSTAMP:20250301T010000Z',
  'DTSTART;TZID=Asia/Ho_Chi_Minh:20250315T080000', 'DTEND;TZID=Asia/Ho_Chi_Minh:20250315T113000',
  'SUMMARY:Hội nghị\\, tập huấn', 'DESCRIPTION:Một dòng dài\\n dòng nữa được gập lại ở', ' đây',
  'CATEGORIES:hoi-nghi,tap-huan', 'STATUS:CONFIRMED', 'SEQUENCE:0', 'URL:https://example.vn/su-kien/1/',
  'END:VEVENT', 'BEGIN:VEVENT', 'UID:2@example.vn', 'DTSTAMP:20250301T010000Z', 'DTSTART;VALUE=DATE:20250501',
  'DTEND;VALUE=DATE:20250502', 'SUMMARY:Quốc tế Lao động', 'END:VEVENT', 'END:VCALENDAR', '',
].join('\r\n');

const ICS_DAMAGE = [
  ['\r\nVERSION', '\nVERSION', 'LF without CR'],
  ['END:VCALENDAR\r\n', 'END:VCALENDAR', 'does not end in CRLF'],
  ['BEGIN:VCALENDAR\r\nVERSION', '\uFEFFBEGIN:VCALENDAR\r\nVERSION', 'byte order mark'],
  ['VERSION:2.0', 'VERSION:1.0', "'1.0' is not allowed"],
  ['PRODID:-//loa//sample//VI\r\n', '', 'VCALENDAR without PRODID'],
  ['SUMMARY:Hội', `SUMMARY:${'ố'.repeat(30)}`, 'octets in a line'],
  ['STATUS:CONFIRMED\r\n', 'STATUS:CONFIRMED\r\n\r\n', 'empty line'],
  ['Quốc tế', 'Quốc\u0001tế', 'control character 1'],
  ['UID:2@example.vn\r\n', '', 'VEVENT without UID'],
  ['UID:2@example.vn', 'UID:1@example.vn', 'a second event with UID'],
  ['UID:2@example.vn', 'UID:2@example.vn\r\nUID:3@example.vn', 'UID a second time'],
  ['DTSTAMP:20250301T010000Z\r\n', '', 'VEVENT without DTSTAMP'],
  ['DTSTAMP:20250301T010000Z', 'DTSTAMP:20250301T010000', 'is no time in UTC'],
  ['DTSTAMP:20250301T010000Z', 'DTSTAMP:20250231T010000Z', 'is no time in UTC'],
  ['T113000', 'T080000', 'DTEND is not after DTSTART'],
  ['T113000', 'T073000', 'DTEND is not after DTSTART'],
  ['DTEND;TZID=Asia/Ho_Chi_Minh:20250315T113000', 'DTEND:20250315T010000Z', 'DTEND is not after DTSTART'],
  ['DTEND;VALUE=DATE:20250502', 'DTEND;VALUE=DATE:20250501', 'DTEND is not after DTSTART'],
  ['DTEND;VALUE=DATE:20250502', 'DTEND:20250502T000000Z', 'not of the same type'],
  ['DTEND;VALUE=DATE:20250502', 'DURATION:1D', 'is no duration'],
  ['SEQUENCE:0', 'DURATION:PT1H', 'both DTEND and DURATION'],
  ['DTSTART;VALUE=DATE:20250501', 'DTSTART;VALUE=DATE:20250431', 'is no date or time'],
  ['DTSTART;VALUE=DATE:20250501', 'DTSTART:20250501', 'is no DATE-TIME'],
  ['DTSTART;TZID=Asia/Ho_Chi_Minh:', 'DTSTART:', 'without TZID'],
  ['20250315T080000', '20250315T080000Z', 'TZID beside'],
  ['TZID:Asia/Ho_Chi_Minh', 'TZID:Asia/Saigon', 'no VTIMEZONE for TZID'],
  ['TZOFFSETTO:+0700', 'TZOFFSETTO:+07:00', 'is no offset'],
  ['Hội nghị\\,', 'Hội nghị,', 'a comma that is not escaped'],
  ['Quốc tế', 'Quốc; tế', 'a semicolon that is not escaped'],
  ['dài\\n', 'dài\\x', 'a backslash that escapes nothing'],
  ['STATUS:CONFIRMED', 'STATUS:POSTPONED', 'is not allowed here'],
  ['SEQUENCE:0', 'SEQUENCE:-1', 'is not allowed here'],
  ['URL:https://example.vn/su-kien/1/', 'URL:/su-kien/1/', 'is no URI'],
  ['SEQUENCE:0', 'COLOUR:red', 'does not belong in VEVENT'],
  ['SUMMARY:Quốc tế Lao động', 'SUMMARY:', 'SUMMARY is empty'],
  ['SEQUENCE:0', 'SEQUENCE 0', 'NAME;PARAM'],
  ['END:VEVENT\r\nEND:VCALENDAR', 'END:VCALENDAR', 'where END:VEVENT belongs'],
  ['END:VCALENDAR\r\n', '', 'BEGIN:VCALENDAR without END'],
  ['BEGIN:VEVENT', 'BEGIN:EVENT', "BEGIN:EVENT inside 'VCALENDAR'"],
  ['END:VTIMEZONE\r\n', 'END:VTIMEZONE\r\nX-A:b\r\n', 'after the first component'],
];

good('ics_lint', tool('ics_lint.mjs', write('a.ics', ICS)));
for (const [from, to, words] of ICS_DAMAGE) bad('ics_lint', tool('ics_lint.mjs', write('b.ics', replaced(ICS, from, to))), words);
const split = Buffer.from(ICS);
const inside = split.indexOf('ế') + 1;
const folded = Buffer.concat([split.subarray(0, inside), Buffer.from('\r\n '), split.subarray(inside)]);
bad('ics_lint', tool('ics_lint.mjs', write('b.ics', folded)), 'folded inside a character');
bad('ics_lint', tool('ics_lint.mjs', write('b.ics', '')), 'an empty file');
note('ics_lint: usage', tool('ics_lint.mjs').status === 2, '');

// --- feed_check and rss.rng ---

const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Công đoàn</title><link>https://example.vn/</link><description>Tin tức</description><language>vi</language>
<lastBuildDate>Sat, 15 Mar 2025 08:30:00 +0700</lastBuildDate>
<atom:link href="https://example.vn/index.xml" rel="self" type="application/rss+xml"/>
<item><title>Bài mới</title><link>https://example.vn/moi/</link><guid isPermaLink="false">tag:example.vn,2025:moi</guid>
<pubDate>Sat, 15 Mar 2025 08:30:00 +0700</pubDate><dc:creator>Ban biên tập</dc:creator><category>Tin</category>
<description>&lt;p&gt;Xem &lt;a href="https://example.vn/x/"&gt;đây&lt;/a&gt;&lt;/p&gt;</description>
<enclosure url="https://example.vn/a.jpg" length="10" type="image/jpeg"/></item>
<item><title>Bài cũ</title><link>https://example.vn/cu/</link><guid>https://example.vn/cu/</guid>
<pubDate>Fri, 14 Mar 2025 23:00:00 +0000</pubDate><content:encoded>&lt;img src="https://example.vn/b.jpg" alt=""&gt;</content:encoded></item>
</channel></rss>
`;

const FEED_DAMAGE = [
  ['<link>https://example.vn/</link>', '<link>/</link>', "the link '/' is not absolute"],
  ['<link>https://example.vn/moi/</link>', '<link>/moi/</link>', 'is not absolute'],
  ['<guid isPermaLink="false">tag:example.vn,2025:moi</guid>', '', 'no guid'],
  ['<guid isPermaLink="false">tag:example.vn,2025:moi</guid>', '<guid>https://example.vn/cu/</guid>', 'a second time'],
  ['<guid isPermaLink="false">tag', '<guid>tag', 'says it is a link'],
  ['Sat, 15 Mar 2025 08:30:00 +0700</pubDate>', 'Fri, 15 Mar 2025 08:30:00 +0700</pubDate>', 'is no date'],
  ['Sat, 15 Mar 2025 08:30:00 +0700</pubDate>', 'Thu, 13 Mar 2025 08:30:00 +0700</pubDate>', 'newer than the one before'],
  ['<lastBuildDate>Sat, 15', '<lastBuildDate>Sat, 08', 'is older than the newest entry'],
  ['href="https://example.vn/x/"', 'href="../x/"', 'href="../x/" is not absolute'],
  ['src="https://example.vn/b.jpg"', 'src="/b.jpg"', 'src="/b.jpg" is not absolute'],
  ['Xem &lt;a', '&lt;script&gt;&lt;/script&gt;Xem &lt;a', '<script> in a feed'],
  ['<title>Bài cũ</title>', '', 'entry 2: no title'],
  ['length="10"', 'length="0"', 'enclosure without length'],
  ['<atom:link href="https://example.vn/index.xml" rel="self" type="application/rss+xml"/>', '', '0 links to itself'],
  ['<language>vi</language>', '', 'no language'],
  ['<rss version="2.0"', '<html version="2.0"', 'feedsmith'],
];

const SCHEMA_DAMAGE = [
  ['version="2.0"', 'version="0.92"'],
  ['<title>Bài mới</title>', '<title> </title>'],
  ['<description>Tin tức</description>', '<description></description>'],
  ['<link>https://example.vn/moi/</link>', '<link>/moi/</link>'],
  ['https://example.vn/moi/', 'https://example.vn/mới/'],
  ['https://example.vn/moi/', 'https://example.vn/%zz/'],
  ['https://example.vn/moi/', 'https://example.vn/a"b/'],
  ['https://example.vn/moi/', 'https:///moi/'],
  ['Sat, 15 Mar', 'Sat, 39 Mar'],
  ['Sat, 15 Mar', 'Sat, 31 Feb'],
  ['Sat, 15 Mar', 'Thứ Bảy, 15 Mar'],
  ['08:30:00', '29:30:00'],
  ['+0700', '+9900'],
  ['+0700', 'GMT+7'],
  ['<guid isPermaLink="false">tag', '<guid>tag'],
  ['length="10"', 'length="0"'],
  ['rel="self"', 'rel="alternate"'],
  ['<language>vi</language>', ''],
  ['<category>Tin</category>', '<author>Ban</author>'],
  ['<pubDate>Fri, 14 Mar 2025 23:00:00 +0000</pubDate>', '<pubDate></pubDate>'],
];

const schema = path.join(here, '..', 'rss.rng');
const valid = (file) => run('xmllint', '--noout', '--nonet', '--relaxng', schema, file);

good('feed_check', tool('feed_check.mjs', write('a.xml', RSS)));
for (const [from, to, words] of FEED_DAMAGE) bad('feed_check', tool('feed_check.mjs', write('b.xml', replaced(RSS, from, to))), words);
note('feed_check: usage', tool('feed_check.mjs').status === 2, '');
good('rss.rng', valid(write('a.xml', RSS)));
for (const [from, to] of SCHEMA_DAMAGE) {
  const { status, said } = valid(write('b.xml', replaced(RSS, from, to)));
  note(`rss.rng: '${from}' as '${to}'`, status === 3 || status === 4, `exit ${status}: ${said}`);
}

// --- Atom and JSON Feed

const ATOM = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi"><id>https://example.vn/atom.xml</id><title>Công đoàn</title>
<link rel="self" href="https://example.vn/atom.xml"/><link rel="alternate" href="https://example.vn/"/>
<updated>2025-03-15T09:00:00+07:00</updated><author><name>Ban biên tập</name></author>
<entry><id>tag:example.vn,2025:moi</id><title>Bài mới</title><link rel="alternate" href="https://example.vn/moi/"/>
<link rel="enclosure" type="image/jpeg" length="10" href="https://example.vn/a.jpg"/>
<published>2025-03-15T08:30:00+07:00</published><updated>2025-03-15T09:00:00+07:00</updated><summary>a</summary></entry>
<entry><id>tag:example.vn,2025:cu</id><title>Bài cũ</title><link rel="alternate" href="https://example.vn/cu/"/>
<published>2025-03-14T08:30:00Z</published><updated>2025-03-14T08:30:00Z</updated><content type="html">&lt;a href="https://example.vn/"&gt;x&lt;/a&gt;</content></entry>
</feed>
`;

const ATOM_DAMAGE = [
  ['<author><name>Ban biên tập</name></author>', '', 'no author'],
  ['<updated>2025-03-15T09:00:00+07:00</updated><author>', '<author>', 'no updated'],
  ['<updated>2025-03-15T09:00:00+07:00</updated><author>', '<updated>2025-03-15T08:00:00+07:00</updated><author>', 'older than the newest'],
  ['href="https://example.vn/moi/"', 'href="/moi/"', 'is not absolute'],
  ['tag:example.vn,2025:cu', 'tag:example.vn,2025:moi', 'a second time'],
  ['tag:example.vn,2025:cu', 'cũ', 'is no URI'],
  ['2025-03-14T08:30:00Z</published>', '2025-03-16T08:30:00Z</published>', 'updated before it was published'],
  ['2025-03-14T08:30:00Z</published>', '2025-02-30T08:30:00Z</published>', 'is no date of RFC 3339'],
  ['length="10"', '', 'an enclosure without length'],
  ['a href="https://example.vn/"', 'a href="/x/"', 'is not absolute'],
  ['<link rel="self" href="https://example.vn/atom.xml"/>', '', '0 links to itself'],
];

const JSON_FEED = JSON.stringify({
  version: 'https://jsonfeed.org/version/1.1', title: 'Công đoàn', home_page_url: 'https://example.vn/', feed_url: 'https://example.vn/feed.json',
  items: [{ id: 'tag:example.vn,2025:moi', url: 'https://example.vn/moi/', title: 'Mới', content_text: 'a', date_published: '2025-03-15T08:30:00+07:00' },
    { id: 'tag:example.vn,2025:cu', url: 'https://example.vn/cu/', title: 'Cũ', content_html: '<a href="https://example.vn/">x</a>', date_published: '2025-03-14T08:30:00+07:00' }],
});

const JSON_DAMAGE = [
  ['version/1.1', 'version/9', 'is no version'],
  ['"home_page_url":"https://example.vn/"', '"home_page_url":"/"', 'home_page_url'],
  ['"content_text":"a",', '', 'no content'],
  ['2025:cu', '2025:moi', 'a second time'],
  ['"url":"https://example.vn/cu/"', '"url":"cu/"', 'is not absolute'],
  ['2025-03-14T08', '2025-03-16T08', 'newer than the one before'],
  ['2025-03-14T08:30:00+07:00', '14/3/2025', 'is no date of RFC 3339'],
  ['a href=\\"https://example.vn/\\"', 'a href=\\"/\\"', 'is not absolute'],
  ['"items":[', '"items":[,', 'feedsmith'],
];

good('feed_check, Atom', tool('feed_check.mjs', write('a.xml', ATOM)));
for (const [from, to, words] of ATOM_DAMAGE) bad('feed_check, Atom', tool('feed_check.mjs', write('b.xml', replaced(ATOM, from, to))), words);
good('feed_check, JSON', tool('feed_check.mjs', write('a.json', JSON_FEED)));
for (const [from, to, words] of JSON_DAMAGE) bad('feed_check, JSON', tool('feed_check.mjs', write('b.json', replaced(JSON_FEED, from, to))), words);

// --- sitemap_check

const SITEMAP = `<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>https://example.vn/</loc><lastmod>2025-03-15T08:30:00+07:00</lastmod></url>
<url><loc>https://example.vn/a/</loc><xhtml:link rel="alternate" hreflang="vi" href="https://example.vn/a/"/></url>
</urlset>`;
const NEWS_MAP = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.vn/a/</loc><news:news><news:publication>
<news:name>Tin</news:name><news:language>vi</news:language></news:publication>
<news:publication_date>2025-03-15T08:30:00+07:00</news:publication_date><news:title>A</news:title></news:news></url></urlset>`;

function mapped(main, news = NEWS_MAP) {
  const dir = fs.mkdtempSync(path.join(tmp, 'map-'));
  for (const [name, text] of [['sitemap.xml', main], ['sitemap-news.xml', news], ['index.html', ''], ['a/index.html', '']]) write(path.relative(tmp, path.join(dir, name)), text);
  return tool('sitemap_check.mjs', dir, 'https://example.vn/', '2025-03-16T08:00:00+07:00');
}

good('sitemap_check', mapped(SITEMAP));
for (const [from, to, words] of [
  ['https://example.vn/a/</loc>', 'https://example.vn/b/</loc>', 'is no page of the site'],
  ['https://example.vn/a/</loc>', '/a/</loc>', 'is no page of the site'],
  ['https://example.vn/a/</loc>', 'https://example.vn/</loc>', 'a second time'],
  ['2025-03-15', '2025-02-30', 'is no date'],
  ['hreflang="vi"', '', 'without hreflang'],
  ['href="https://example.vn/a/"', 'href="https://example.vn/b/"', 'leads nowhere'],
  ['<urlset', '<set', 'no <urlset>'],
]) bad('sitemap_check', mapped(replaced(SITEMAP, from, to)), words);
for (const [from, to, words] of [
  ['2025-03-15', '2025-03-13', 'not of the last two days'],
  ['2025-03-15', '2025-03-17', 'not of the last two days'],
  ['<news:title>A</news:title>', '', 'no title'],
  ['>vi<', '><', 'no language'],
]) bad('sitemap_check', mapped(SITEMAP, replaced(NEWS_MAP, from, to)), words);
bad('sitemap_check', mapped('<sitemapindex><sitemap><loc>https://example.vn/x.xml</loc></sitemap></sitemapindex>'), 'is not there');
note('sitemap_check: usage', tool('sitemap_check.mjs').status === 2, '');

// --- jsonld_check

const LD = JSON.stringify({
  '@context': 'https://schema.org',
  '@graph': [{
    '@type': 'NewsArticle', headline: 'Tin', url: 'https://example.vn/a/', mainEntityOfPage: 'https://example.vn/a/',
    datePublished: '2025-03-15T08:30:00+07:00', dateModified: '2025-03-15T09:30:00+07:00',
    author: [{ '@type': 'Person', name: 'An' }], publisher: { '@type': 'Organization', name: 'Tin' }, image: ['https://example.vn/a.jpg'],
  }, { '@type': 'BreadcrumbList', itemListElement: [{ '@type': 'ListItem', position: 1, name: 'Tin', item: 'https://example.vn/' }] }],
});

function structured(json) {
  const dir = fs.mkdtempSync(path.join(tmp, 'ld-'));
  write(path.relative(tmp, path.join(dir, 'index.html')), `<!DOCTYPE html><title>t</title><script type="application/ld+json">${json}</script>`);
  return tool('jsonld_check.mjs', dir, 'NewsArticle');
}

good('jsonld_check', structured(LD));
for (const [from, to, words] of [
  ['"headline":"Tin",', '', 'no headline'],
  ['"headline":"Tin"', '"headline":""', 'no headline'],
  ['"url":"https://example.vn/a/"', '"url":"/a/"', 'is not absolute'],
  ['"https://example.vn/a.jpg"', '"a.jpg"', 'is not absolute'],
  ['"datePublished":"2025-03-15T08:30:00+07:00"', '"datePublished":"2025-03-15"', 'has no time and zone'],
  ['2025-03-15T08:30', '2025-02-30T08:30', 'is no date'],
  ['2025-03-15T09:30', '2025-03-15T07:30', 'dateModified is before'],
  ['"position":1', '"position":0', 'where 1 belongs'],
  ['"@type":"Person","name":"An"', '"@type":"Person"', 'no name'],
  ['{"@type":"Person","name":"An"}', '"An"', 'author is no object'],
  ['"@type":"Person"', '"@type":"Place"', 'may not be a Place'],
  ['NewsArticle', 'NewArticle', 'not in the table'],
  ['"Tin"', '"<b>"', 'not escaped'],
  ['{"@context"', '{{"@context"', 'JSON'],
  ['"NewsArticle"', '"Article"', 'there is no NewsArticle'],
]) bad('jsonld_check', structured(replaced(LD, from, to)), words);
note('jsonld_check: usage', tool('jsonld_check.mjs').status === 2, '');

// --- linkcheck ---

const page = (body, head = '') =>
  `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>t</title>${head}</head><body>${body}</body></html>`;

function site(extra = {}) {
  const dir = fs.mkdtempSync(path.join(tmp, 'site-'));
  const all = {
    'index.html': page('<h1 id="đầu">x</h1><a href="tin/">1</a> <a href="/b/tin/#m%E1%BB%A5c">2</a> <a href="#%C4%91%E1%BA%A7u">3</a>'
      + '<a href="#top">4</a><a href="https://other.example/">5</a><a href="mailto:a@b.vn">6</a><img src="anh.png" srcset="anh.png 1x, /b/anh.png 2x" alt="">'
      + '<label for="q">q</label><input id="q"><a href="https://example.vn/b/tin/">7</a>', '<link rel="stylesheet" href="/b/a.css"><link rel="icon" href="data:,">'),
    'tin/index.html': page('<h2 id="mục">m</h2><a href="../">lên</a><a href="../anh.png">ảnh</a><a name="cu" href="?trang=2">x</a><a href="#cu">y</a>'),
    '404.html': page('<a href="/b/">về</a>'),
    'anh.png': 'x', 'a.css': '', ...extra,
  };
  for (const [name, content] of Object.entries(all)) write(path.relative(tmp, path.join(dir, name)), content);
  return dir;
}

const LINK_DAMAGE = [
  ['<a href="khong/">x</a>', 'a page that does not exist'],
  ['<a href="khong.pdf">x</a>', 'a file that does not exist'],
  ['<a href="/b/Anh.png">x</a>', 'a file that does not exist'],
  ['<img src="khong.png" alt="">', 'a file that does not exist'],
  ['<img src="../anh.png" srcset="../khong.png 2x" alt="">', 'a file that does not exist'],
  ['<video src="a.mp4"></video>', 'a file that does not exist'],
  ['<a href="/tin/">x</a>', 'lies outside /b/'],
  ['<a href="../../">x</a>', 'lies outside /b/'],
  ['<a href="../tin">x</a>', 'wants a / at its end'],
  ['<a href="#khong">x</a>', 'an id that does not exist'],
  ['<a href="/b/#khong">x</a>', 'an id that does not exist'],
  ['<p id="a"></p><p id="a"></p>', 'id="a" a second time'],
  ['<p id="a b"></p>', 'white space in it'],
  ['<p aria-labelledby="khong"></p>', 'there is no such id'],
  ['<label for="khong"></label>', 'there is no such id'],
  ['<a href="javascript:x">x</a>', 'a scheme that is not allowed'],
  ['<a href="data:text/html,x">x</a>', 'a scheme that is not allowed'],
  ['<a href="//other.example/">x</a>', 'a host without a scheme'],
  ['<a href="\\\\other.example/">x</a>', 'a host without a scheme'],
  ['<a href="http://[x/">x</a>', 'is no URL'],
  ['<a href="%FF/">x</a>', 'is not encoded UTF-8'],
  ['<a href="https://example.vn/b/khong/">x</a>', 'a page that does not exist'],
  ['<a href="https://example.vn/ngoai/">x</a>', 'lies outside /b/'],
  ['<base href="/b/">', '<base> turns'],
];
const BASE = 'https://example.vn/b/';

good('linkcheck', tool('linkcheck.mjs', site(), BASE));
good('linkcheck, a path', tool('linkcheck.mjs', site(), '/b'));
for (const [html, words] of LINK_DAMAGE) bad('linkcheck', tool('linkcheck.mjs', site({ 'x/index.html': page(html) }), BASE), words);
for (const [head, words] of [
  ['<meta http-equiv="refresh" content="0; url=/b/khong/">', 'a page that does not exist'],
  ['<meta property="og:image" content="https://example.vn/b/khong.jpg">', 'a file that does not exist'],
  ['<link rel="alternate" href="/b/khong.xml">', 'a file that does not exist'],
]) bad('linkcheck', tool('linkcheck.mjs', site({ 'x/index.html': page('', head) }), BASE), words);
bad('linkcheck', tool('linkcheck.mjs', site({ '404.html': page('<a href="tin/">x</a>') }), BASE), 'shown at any depth');
bad('linkcheck', tool('linkcheck.mjs', fs.mkdtempSync(path.join(tmp, 'empty-'))), 'there is no page');
note('linkcheck: usage', tool('linkcheck.mjs').status === 2, '');

fs.rmSync(tmp, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
