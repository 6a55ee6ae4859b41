// What a reader meets: a built site in Chromium, served with the headers a
// server should send. On pages of every kind, in light and dark, on a phone
// and a desk: axe finds nothing against WCAG 2.2 AA, nothing moves sideways at
// 320 px (with a reader's own text spacing as well), no message on the
// console, no request fails or leaves the site, the first Tab reaches the skip
// link, headings do not jump, pictures load and have a text; and on all pages:
// size, titles, no script.
//
//   reader.mjs DIR BASEURL
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import axe from '@axe-core/playwright';

const AxeBuilder = axe.default ?? axe;
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const MOST_BYTES = 30 * 1024;
const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--disable-background-networking',
    '--disable-component-update', '--no-first-run', '--disable-dev-shm-usage'],
};
const DESK = { viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' };
const PHONE = { viewport: { width: 320, height: 640 }, colorScheme: 'dark', reducedMotion: 'reduce' };
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; "
    + "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
};
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.xml': 'text/xml; charset=utf-8',
  '.ics': 'text/calendar; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
};

const dir = path.resolve(process.argv[2]);
const base = new URL(process.argv[3] || 'http://site.invalid/').pathname.replace(/\/$/, '');

let passed = 0;
let failed = 0;

function check(name, problems) {
  if (problems.length === 0) {
    passed++;
    if (process.env.VERBOSE) console.log(`ok    ${name}`);
    return;
  }
  failed++;
  console.log(`FAIL  ${name}`);
  for (const problem of problems.slice(0, 12)) console.log(`      ${problem}`);
}

// --- the site and its server

function htmlFiles() {
  return fs.readdirSync(dir, { recursive: true })
    .filter((name) => name.endsWith('.html'))
    .map((name) => ({ name, url: '/' + name.replace(/(^|\/)index\.html$/, '$1'),
      text: fs.readFileSync(path.join(dir, name), 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function answer(request, response) {
  const wanted = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  let file = path.join(dir, wanted.slice(base.length));
  if (wanted.endsWith('/')) file = path.join(file, 'index.html');
  const found = wanted.startsWith(`${base}/`) && fs.statSync(file, { throwIfNoEntry: false })?.isFile();
  if (!found) file = path.join(dir, '404.html');
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  response.writeHead(found ? 200 : 404, { ...HEADERS, 'Content-Type': type });
  response.end(fs.readFileSync(file));
}

async function serve() {
  const server = http.createServer(answer);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

// A page of each kind, the longest of each: home, the sections and a piece of
// each, pages at the top, terms, archives, not found.
function choose(files) {
  const pages = files.filter((f) => !/http-equiv="?refresh/i.test(f.text));
  const sections = ['tin-tuc', 'su-kien', 'guong-sang', 'chinh-sach', 'hoi-dap', 'van-ban', 'chien-dich', 'diem-tin',
    'cuoc-thi', 'khao-sat', 'thu-vien', 'phan-bac', 'don-vi', 'nhan-su'];
  const kinds = [
    /^\/$/, /^\/404\.html$/, ...sections.map((name) => new RegExp(`^/${name}/$`)),
    ...sections.map((name) => new RegExp(`^/${name}/(?!luu-tru|trang)[^/]+/$`)),
    /^\/don-vi\/ldld-huyen-[^/]+\/$/, /^\/lich-cong-tac\/$/, /^\/a-z\/$/, /^\/so-van-ban\/$/, /^\/lien-he\/$/, /^\/tags\/$/,
    /^\/tags\/[^/]+\/$/, /^\/luu-tru\/\d+\/$/, /^\/luu-tru\/\d+\/\d+\/$/,
  ];
  const longest = (kind) => pages.filter((f) => kind.test(f.url))
    .sort((a, b) => b.text.length - a.text.length)[0];
  const chosen = kinds.map(longest);
  check('there is a page of every kind', kinds.filter((_, i) => !chosen[i]).map(String));
  return chosen.filter(Boolean);
}

// --- what is asked of a file

function checkFiles(files) {
  const sizes = files.filter((f) => Buffer.byteLength(f.text) > MOST_BYTES)
    .map((f) => `${f.url}: ${Buffer.byteLength(f.text)} bytes`);
  check(`no page is over ${MOST_BYTES} bytes`, sizes);
  const scripts = files.filter((f) => /<script(?![^>]*application\/(ld\+)?json)|\son[a-z]+=["']|\sstyle=["']/i.test(f.text))
    .map((f) => f.url);
  check('no script, no inline style', scripts);
  const seen = new Map();
  const twice = [];
  for (const f of files) {
    const title = /<title>([^<]*)<\/title>/.exec(f.text)?.[1].trim() ?? '';
    if (title === '' || seen.has(title)) twice.push(`${f.url}: "${title}", also ${seen.get(title) ?? 'nowhere'}`);
    seen.set(title, f.url);
  }
  check('every page has a title of its own', twice);
}

// --- what is asked of a page in the browser

function listen(page, url, origin) {
  const said = [];
  page.on('console', (m) => {
    const isOwn404 = url.endsWith('/404.html') && /404/.test(m.text());
    if (['error', 'warning'].includes(m.type()) && !isOwn404) said.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (e) => said.push(`error: ${e.message}`));
  page.on('requestfailed', (r) => said.push(`failed: ${r.url()} ${r.failure()?.errorText}`));
  page.on('response', (r) => { if (r.status() >= 400) said.push(`${r.status()}: ${r.url()}`); });
  page.on('request', (r) => { if (!r.url().startsWith(origin)) said.push(`leaves the site: ${r.url()}`); });
  return said;
}

// Legacy mode: there are no frames, and it spares a window for each page.
async function axeFinds(page) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(WCAG).analyze();
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}

// In the page: headings, pictures.
function structure() {
  const problems = [];
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]));
  if (levels[0] !== 1) problems.push('the first heading is no h1');
  if (levels.filter((l) => l === 1).length !== 1) problems.push('not exactly one h1');
  levels.forEach((l, i) => { if (i > 0 && l > levels[i - 1] + 1) problems.push(`h${levels[i - 1]} is followed by h${l}`); });
  for (const name of ['header', 'nav', 'main', 'footer'])
    if (!document.querySelector(name)) problems.push(`there is no ${name}`);
  for (const img of document.images) {
    if (!img.hasAttribute('alt')) problems.push(`no alt: ${img.src}`);
    if (img.complete && img.naturalWidth === 0) problems.push(`not shown: ${img.src}`);
  }
  return problems;
}

async function loadPictures(page) {
  await page.evaluate(async () => {
    for (const img of document.images) img.loading = 'eager';
    await Promise.all([...document.images].map((img) => img.decode().catch(() => {})));
  });
}

// In the page: what is wider than the window without a box of its own to scroll in.
function sideways() {
  const root = document.documentElement;
  if (root.scrollWidth <= window.innerWidth) return [];
  const wide = [...document.body.querySelectorAll('*')]
    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('.table'))
    .map((e) => `${e.tagName.toLowerCase()}.${e.className}`);
  return [`${root.scrollWidth} px wide`, ...wide.slice(0, 5)];
}

// The text spacing of WCAG 1.4.12, as a reader's own style sheet would set it.
function spaceText() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }'
    + ' p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [sheet];
}

// In the page: is what has the focus seen, with an outline?
function focusSeen() {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const name = `${e.tagName.toLowerCase()} "${e.textContent.trim().slice(0, 40)}"`;
  const isIn = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
  return { name, isBody: e === document.body, isIn, isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
}

async function skipLink(page) {
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => ({ href: document.activeElement.getAttribute('href'),
    top: document.activeElement.getBoundingClientRect().top }));
  if (!first.href?.startsWith('#')) return [`the first Tab reaches ${first.href}`];
  if (first.top < 0) return ['the skip link is not seen when it has the focus'];
  await page.keyboard.press('Enter');
  const isMain = await page.evaluate(() => document.activeElement.tagName === 'MAIN');
  return isMain ? [] : ['Enter on the skip link does not reach main'];
}

async function tabWalk(page) {
  const problems = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(focusSeen);
    if (at.isBody) break;
    if (!at.isIn) problems.push(`out of sight: ${at.name}`);
    if (!at.isMarked) problems.push(`no outline: ${at.name}`);
  }
  return problems;
}

async function onPhone(context, origin, file) {
  const page = await context.newPage();
  await page.goto(origin + base + file.url);
  check(`${file.url}: axe, dark, 320 px`, await axeFinds(page));
  check(`${file.url}: not sideways at 320 px`, await page.evaluate(sideways));
  await page.evaluate(spaceText);
  check(`${file.url}: not sideways with wide text`, await page.evaluate(sideways));
  await page.close();
}

async function onDesk(context, origin, file) {
  const page = await context.newPage();
  const said = listen(page, file.url, origin);
  await page.goto(origin + base + file.url);
  await loadPictures(page);
  check(`${file.url}: headings, landmarks, pictures`, await page.evaluate(structure));
  check(`${file.url}: skip link`, await skipLink(page));
  check(`${file.url}: axe, light, 1280 px`, await axeFinds(page));
  check(`${file.url}: nothing on the console, all requests answered`, said);
  await page.close();
}

// --- the site as a whole

async function menuWithoutScript(browser, origin) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${origin}${base}/`);
  const problems = [];
  const count = await page.locator('header nav a').count();
  if (count < 3) problems.push(`only ${count} entries`);
  for (let i = 0; i < count; i++) {
    const entry = page.locator('header nav a').nth(i);
    const name = await entry.textContent();
    const [response] = await Promise.all([page.waitForResponse((r) => r.request().isNavigationRequest()), entry.click()]);
    if (response.status() !== 200) problems.push(`${name}: ${response.status()}`);
    await page.waitForLoadState();
    if (await page.locator('header nav a[aria-current]').count() !== 1) problems.push(`${name}: not marked as the current one`);
    await page.goBack();
  }
  check('the menu works without script', problems);
  await context.close();
}

async function keyboard(browser, origin) {
  const context = await browser.newContext(DESK);
  const page = await context.newPage();
  await page.goto(`${origin}${base}/`);
  check('home by keyboard: the focus is always seen', await tabWalk(page));
  const response = await page.goto(`${origin}${base}/khong-co-trang-nay/`);
  check('an unknown address answers 404 with a way home', response.status() === 404
    && await page.locator(`main a[href="${base}/"]`).count() > 0 ? [] : [`${response.status()}`]);
  await context.close();
}

async function main() {
  const files = htmlFiles();
  checkFiles(files);
  const server = await serve();
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch(LAUNCH);
  try {
    const desk = await browser.newContext(DESK);
    const phone = await browser.newContext(PHONE);
    for (const file of choose(files))
      await Promise.all([onDesk(desk, origin, file), onPhone(phone, origin, file)]);
    await menuWithoutScript(browser, origin);
    await keyboard(browser, origin);
  } finally {
    await browser.close();
    server.close();
  }
}

try {
  await main();
} catch (error) {
  failed++;
  console.log(`FAIL  the browser ran to the end\n      ${error.message}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
