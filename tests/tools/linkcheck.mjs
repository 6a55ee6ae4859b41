// Walks a built site without any network: every internal link and file of
// every HTML page must exist, every fragment must be an id of its target, ids
// must be unique in a page and what refers to them must find them.
//
//   linkcheck.mjs DIR [BASE]
//
// BASE is the path the site is served under ("/congdoan/") or its whole
// baseURL; with that, absolute links to the own host are checked as well.
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'parse5';

const NO_HOST = 'http://site.invalid';
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:'];

const URL_ATTRIBUTES = {
  a: ['href'], area: ['href'], link: ['href'], img: ['src'], script: ['src'], iframe: ['src'],
  source: ['src'], video: ['src', 'poster'], audio: ['src'], track: ['src'], embed: ['src'],
  object: ['data'], form: ['action'], input: ['src', 'formaction'], button: ['formaction'],
  blockquote: ['cite'], q: ['cite'], ins: ['cite'], del: ['cite'], use: ['href', 'xlink:href'],
  image: ['href', 'xlink:href'],
};
const ID_ATTRIBUTES = ['for', 'list', 'form', 'headers', 'popovertarget', 'aria-labelledby',
  'aria-describedby', 'aria-controls', 'aria-owns', 'aria-details', 'aria-activedescendant'];
const META_URLS = ['og:url', 'og:image', 'twitter:image'];

function* files(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const name = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* files(name);
    else yield name;
  }
}

function* elements(node) {
  if (node.tagName) yield node;
  for (const child of node.childNodes ?? []) yield* elements(child);
  if (node.content) yield* elements(node.content);
}

// parse5 keeps the prefix of "xlink:href" apart.
function attributes(element) {
  const all = {};
  for (const a of element.attrs) all[a.prefix ? `${a.prefix}:${a.name}` : a.name] = a.value;
  return all;
}

function srcset(value) {
  return value.split(/,\s+/).map((part) => part.trim().split(/\s+/)[0]).filter(Boolean);
}

function urlsOf(tag, attrs) {
  const urls = (URL_ATTRIBUTES[tag] ?? []).filter((n) => attrs[n] !== undefined).map((n) => [n, attrs[n]]);
  for (const name of ['srcset', 'imagesrcset']) if (attrs[name]) for (const u of srcset(attrs[name])) urls.push([name, u]);
  if (tag === 'meta' && META_URLS.includes(attrs.property ?? attrs.name)) urls.push(['content', attrs.content ?? '']);
  const refresh = tag === 'meta' && /^refresh$/i.test(attrs['http-equiv'] ?? '') && /url=['"]?([^'"]*)/i.exec(attrs.content ?? '');
  if (refresh) urls.push(['content', refresh[1]]);
  return urls;
}

// What a page holds: {ids, names, repeated, links, refs, hasBase}.
function readPage(file) {
  const page = { ids: new Set(), names: new Set(), repeated: [], links: [], refs: [], hasBase: false };
  for (const element of elements(parse(fs.readFileSync(file, 'utf8')))) {
    const attrs = attributes(element), tag = element.tagName;
    if (attrs.id !== undefined) {
      if (page.ids.has(attrs.id)) page.repeated.push(attrs.id);
      page.ids.add(attrs.id);
    }
    if (tag === 'a' && attrs.name) page.names.add(attrs.name);
    if (tag === 'base') page.hasBase = true;
    for (const name of ID_ATTRIBUTES)
      if (attrs[name] !== undefined) for (const id of attrs[name].split(/\s+/).filter(Boolean)) page.refs.push([name, id]);
    for (const [name, url] of urlsOf(tag, attrs)) page.links.push({ tag, name, url, rel: attrs.rel ?? '' });
  }
  return page;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

class Site {
  constructor(dir, base) {
    const isUrl = /^https?:\/\//.test(base);
    this.dir = dir;
    this.base = new URL(isUrl ? base : NO_HOST + path.posix.join('/', base));
    if (!this.base.pathname.endsWith('/')) this.base.pathname += '/';
    this.files = new Set([...files(dir)].map((f) => path.relative(dir, f)));
    this.folders = new Set();
    for (const f of this.files) for (let d = path.dirname(f); d !== '.'; d = path.dirname(d)) this.folders.add(d);
    this.pages = new Map();
    for (const f of this.files) if (/\.html?$/.test(f)) this.pages.set(f, readPage(path.join(dir, f)));
    this.problems = [];
  }

  urlOf(file) {
    const name = file.replace(/(^|\/)index\.html$/, '$1');
    return new URL(name.split('/').map(encodeURIComponent).join('/'), this.base);
  }

  // The file behind a URL of this site, or why there is none.
  fileOf(url) {
    if (!url.pathname.startsWith(this.base.pathname)) return { why: `lies outside ${this.base.pathname}` };
    const name = decoded(url.pathname.slice(this.base.pathname.length));
    if (name === null) return { why: 'is not encoded UTF-8' };
    if (name === '' || name.endsWith('/')) {
      const index = `${name}index.html`;
      return this.files.has(index) ? { file: index } : { why: 'leads to a page that does not exist' };
    }
    if (this.files.has(name)) return { file: name };
    if (this.folders.has(name)) return { why: 'wants a / at its end' };
    return { why: 'leads to a file that does not exist' };
  }

  hasFragment(file, hash) {
    const page = this.pages.get(file);
    const raw = hash.slice(1), id = decoded(raw);
    if (raw === '' || raw === 'top' || raw.startsWith(':~:')) return true;
    if (!page) return !/\.svg$/.test(file) || fs.readFileSync(path.join(this.dir, file), 'utf8').includes(`id="${id}"`);
    return [raw, id].some((x) => page.ids.has(x) || page.names.has(x));
  }

  linkProblem(file, link) {
    const text = link.url;
    if (/^\s|\s$|[\t\n\r]/.test(text)) return 'has white space in it';
    if (/^[\\/]{2}/.test(text)) return 'names a host without a scheme';
    let url;
    try {
      url = new URL(text, this.urlOf(file));
    } catch {
      return 'is no URL';
    }
    const isPicture = link.tag === 'img' || link.rel.includes('icon');
    if (!SCHEMES.includes(url.protocol) && !(url.protocol === 'data:' && isPicture)) return 'has a scheme that is not allowed';
    if (url.origin !== this.base.origin) return null;
    if (file === '404.html' && !/^([a-z]+:|\/|#)/.test(text)) return 'is relative in a page shown at any depth';
    if (/^(preconnect|dns-prefetch)$/.test(link.rel)) return null;
    const { file: target, why } = this.fileOf(url);
    if (!target) return why;
    return this.hasFragment(target, url.hash) ? null : 'leads to an id that does not exist';
  }

  checkPage(file, page) {
    const say = (what) => this.problems.push(`${file}: ${what}`);
    if (page.hasBase) say('<base> turns every link of the page');
    for (const id of page.repeated) say(`id="${id}" a second time`);
    for (const id of page.ids) if (id === '' || /\s/.test(id)) say(`id="${id}" is empty or has white space in it`);
    for (const [name, id] of page.refs) if (!page.ids.has(id)) say(`${name}="${id}": there is no such id`);
    for (const link of page.links) {
      const problem = this.linkProblem(file, link);
      if (problem) say(`<${link.tag} ${link.name}="${link.url}"> ${problem}`);
    }
  }

  check() {
    for (const file of [...this.pages.keys()].sort()) this.checkPage(file, this.pages.get(file));
    if (this.pages.size === 0) this.problems.push(`${this.dir}: there is no page`);
    return this.problems;
  }
}

const [dir, base = '/'] = process.argv.slice(2);
if (!dir || process.argv.length > 4) {
  console.error('usage: linkcheck.mjs DIR [BASE]');
  process.exit(2);
}
const site = new Site(dir, base);
const problems = site.check();
problems.forEach((p) => console.log(p));
const links = [...site.pages.values()].reduce((n, p) => n + p.links.length, 0);
console.log(problems.length ? `${problems.length} problems` : `${site.pages.size} pages, ${links} links, all lead somewhere`);
process.exit(problems.length ? 1 : 0);
