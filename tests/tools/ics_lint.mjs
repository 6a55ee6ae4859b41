// Strict RFC 5545 for the files named on the command line, then ical.js over
// each of them. One line a problem, exit 1 when there is any.
//
// Stricter than the RFC where loa is: no floating times, no component or
// property it does not know (X- names apart), UIDs unique in a file.
import fs from 'node:fs';
import ICAL from 'ical.js';

const ONE = 'one', MAYBE = 'maybe', MANY = 'many';

// How often a property may stand in a component, and the type of its value.
const PROPERTIES = {
  VCALENDAR: {
    VERSION: [ONE, /^2\.0$/], PRODID: [ONE, 'text'], CALSCALE: [MAYBE, /^GREGORIAN$/],
    METHOD: [MAYBE, /^[A-Z-]+$/], NAME: [MANY, 'text'], DESCRIPTION: [MANY, 'text'],
    UID: [MAYBE, 'text'], URL: [MAYBE, 'uri'], SOURCE: [MAYBE, 'uri'],
    'LAST-MODIFIED': [MAYBE, 'utc'], 'REFRESH-INTERVAL': [MAYBE, 'duration'],
    CATEGORIES: [MANY, 'texts'], COLOR: [MAYBE, 'text'], IMAGE: [MANY, 'uri'],
  },
  VEVENT: {
    UID: [ONE, 'text'], DTSTAMP: [ONE, 'utc'], DTSTART: [ONE, 'time'], DTEND: [MAYBE, 'time'],
    DURATION: [MAYBE, 'duration'], SUMMARY: [MAYBE, 'text'], DESCRIPTION: [MAYBE, 'text'],
    LOCATION: [MAYBE, 'text'], URL: [MAYBE, 'uri'], STATUS: [MAYBE, /^(TENTATIVE|CONFIRMED|CANCELLED)$/],
    SEQUENCE: [MAYBE, /^\d{1,9}$/], PRIORITY: [MAYBE, /^[0-9]$/], TRANSP: [MAYBE, /^(OPAQUE|TRANSPARENT)$/],
    CLASS: [MAYBE, /^(PUBLIC|PRIVATE|CONFIDENTIAL)$/], CREATED: [MAYBE, 'utc'],
    'LAST-MODIFIED': [MAYBE, 'utc'], GEO: [MAYBE, /^-?\d+(\.\d+)?;-?\d+(\.\d+)?$/],
    ORGANIZER: [MAYBE, 'uri'], ATTENDEE: [MANY, 'uri'], CONTACT: [MANY, 'text'],
    CATEGORIES: [MANY, 'texts'], RESOURCES: [MANY, 'texts'], COMMENT: [MANY, 'text'],
    ATTACH: [MANY, 'uri'], IMAGE: [MANY, 'uri'], CONFERENCE: [MANY, 'uri'], COLOR: [MAYBE, 'text'],
    'RELATED-TO': [MANY, 'text'], RRULE: [MAYBE, /^FREQ=/], 'RECURRENCE-ID': [MAYBE, 'time'],
    RDATE: [MANY, 'time'], EXDATE: [MANY, 'time'],
  },
  VTIMEZONE: { TZID: [ONE, 'text'], TZURL: [MAYBE, 'uri'], 'LAST-MODIFIED': [MAYBE, 'utc'] },
  STANDARD: {
    DTSTART: [ONE, 'local'], TZOFFSETFROM: [ONE, 'offset'], TZOFFSETTO: [ONE, 'offset'],
    TZNAME: [MANY, 'text'], RRULE: [MAYBE, /^FREQ=/], RDATE: [MANY, 'local'], COMMENT: [MANY, 'text'],
  },
  VALARM: {
    ACTION: [ONE, /^(DISPLAY|AUDIO|EMAIL)$/], TRIGGER: [ONE, 'trigger'], DESCRIPTION: [MAYBE, 'text'],
    SUMMARY: [MAYBE, 'text'], DURATION: [MAYBE, 'duration'], REPEAT: [MAYBE, /^\d+$/], ATTENDEE: [MANY, 'uri'],
  },
};
PROPERTIES.DAYLIGHT = PROPERTIES.STANDARD;

const CHILDREN = {
  '': ['VCALENDAR'], VCALENDAR: ['VEVENT', 'VTIMEZONE'], VEVENT: ['VALARM'],
  VTIMEZONE: ['STANDARD', 'DAYLIGHT'], STANDARD: [], DAYLIGHT: [], VALARM: [],
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

// The physical lines with their numbers; a problem for each that is not as
// RFC 5545 3.1 wants it.
function physicalLines(bytes, say) {
  const lines = [];
  let from = 0;
  for (let number = 1; from < bytes.length; number++) {
    let end = bytes.indexOf(10, from);
    if (end < 0) {
      say(number, 'the last line does not end in CRLF');
      end = bytes.length;
    }
    const hasCr = end > from && bytes[end - 1] === 13;
    if (!hasCr && end < bytes.length) say(number, 'the line ends in LF without CR');
    const line = bytes.subarray(from, hasCr ? end - 1 : end);
    if (line.length > 75) say(number, `${line.length} octets in a line, 75 are allowed`);
    if (line.length === 0) say(number, 'empty line');
    for (const byte of line)
      if ((byte < 32 && byte !== 9) || byte === 127) say(number, `control character ${byte}`);
    lines.push({ number, bytes: line });
    from = end + 1;
  }
  return lines;
}

function unfold(lines, say) {
  const whole = [];
  for (const { number, bytes } of lines) {
    if (decode(bytes) === null) say(number, 'not valid UTF-8, or folded inside a character');
    if (bytes[0] === 32 || bytes[0] === 9) {
      if (bytes.length === 1) say(number, 'a folded line with nothing in it');
      if (whole.length) whole.at(-1).parts.push(bytes.subarray(1));
      else say(number, 'the first line cannot be a continuation');
    } else {
      whole.push({ number, parts: [bytes] });
    }
  }
  return whole.map(({ number, parts }) => ({ number, text: decode(Buffer.concat(parts)) ?? '' }));
}

// contentline = name *(";" param) ":" value
function parseLine(text) {
  const name = /^[A-Z0-9-]+/.exec(text)?.[0];
  if (!name) return null;
  const params = new Map();
  let rest = text.slice(name.length);
  for (;;) {
    const m = /^;([A-Z0-9-]+)=("[^"]*"|[^";:,]*)((?:,(?:"[^"]*"|[^";:,]*))*)/.exec(rest);
    if (!m) break;
    if (params.has(m[1])) return null;
    params.set(m[1], (m[2] + m[3]).replace(/^"(.*)"$/, '$1'));
    rest = rest.slice(m[0].length);
  }
  return rest[0] === ':' ? { name, params, value: rest.slice(1) } : null;
}

function dateOf(text) {
  const m = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text);
  if (!m) return null;
  const [y, mo, d, h, mi, s] = m.slice(1, 7).map((x) => Number(x ?? 0));
  const t = new Date(Date.UTC(y, mo - 1, d, h, mi, s));
  const real = t.getUTCMonth() === mo - 1 && t.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  return real ? { ms: t.getTime(), isDate: m[4] === undefined, isUtc: m[7] === 'Z' } : null;
}

const DURATION = /^[+-]?P(\d+W|(?=[\dT])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)$/;

function textProblem(value, isList) {
  const bare = value.replace(/\\[\\;,nN]/g, '');
  if (bare.includes('\\')) return 'a backslash that escapes nothing';
  if (bare.includes(';')) return 'a semicolon that is not escaped';
  if (!isList && bare.includes(',')) return 'a comma that is not escaped';
  return null;
}

function timeProblem({ params, value }) {
  const t = dateOf(value);
  if (!t) return `'${value}' is no date or time`;
  const kind = params.get('VALUE') ?? 'DATE-TIME';
  if (kind !== (t.isDate ? 'DATE' : 'DATE-TIME')) return `'${value}' is no ${kind}`;
  const zone = params.get('TZID');
  if (zone !== undefined && (t.isDate || t.isUtc)) return 'TZID beside a date or a time in UTC';
  if (zone === undefined && !t.isDate && !t.isUtc) return 'a time without TZID that is not in UTC';
  return null;
}

function uriProblem(value) {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(value) || /["<>\\^`{|}]/.test(value)) return `'${value}' is no URI`;
  return null;
}

function valueProblem(type, line) {
  const { value, params } = line;
  if (type instanceof RegExp) return type.test(value) ? null : `'${value}' is not allowed here`;
  const t = dateOf(value);
  switch (type) {
    case 'text': return textProblem(value, false);
    case 'texts': return textProblem(value, true);
    case 'uri': return params.get('ENCODING') ? null : uriProblem(value);
    case 'time': return timeProblem(line);
    case 'utc': return t?.isUtc ? null : `'${value}' is no time in UTC`;
    case 'local': return t && !t.isUtc && !t.isDate ? null : `'${value}' is no local time`;
    case 'offset': return /^[+-]([01]\d|2[0-3])[0-5]\d$/.test(value) && value !== '-0000' ? null : `'${value}' is no offset`;
    case 'duration': return DURATION.test(value) ? null : `'${value}' is no duration`;
    case 'trigger': return DURATION.test(value) || t?.isUtc ? null : `'${value}' is no trigger`;
    default: throw new Error(type);
  }
}

// A tree of {name, number, lines, children}.
function buildTree(lines, say) {
  const root = { name: '', number: 0, lines: [], children: [] };
  const open = [root];
  for (const { number, text } of lines) {
    const line = parseLine(text);
    const top = open.at(-1);
    if (!line) {
      say(number, `not 'NAME;PARAM=...:value': ${text.slice(0, 40)}`);
    } else if (line.name === 'BEGIN') {
      if (!CHILDREN[top.name]?.includes(line.value)) say(number, `BEGIN:${line.value} inside '${top.name}'`);
      const child = { name: line.value, number, lines: [], children: [] };
      top.children.push(child);
      open.push(child);
    } else if (line.name === 'END') {
      if (open.length === 1 || line.value !== top.name) say(number, `END:${line.value} where END:${top.name} belongs`);
      if (open.length > 1) open.pop();
    } else if (top === root) {
      say(number, 'a property outside VCALENDAR');
    } else {
      if (top.name === 'VCALENDAR' && top.children.length) say(number, `${line.name} after the first component`);
      top.lines.push({ ...line, number });
    }
  }
  for (const left of open.slice(1)) say(left.number, `BEGIN:${left.name} without END`);
  return root;
}

function checkProperties(component, say) {
  const known = PROPERTIES[component.name];
  if (!known) return;
  const seen = new Map();
  for (const line of component.lines) {
    seen.set(line.name, (seen.get(line.name) ?? 0) + 1);
    if (line.name.startsWith('X-')) continue;
    if (!known[line.name]) {
      say(line.number, `${line.name} does not belong in ${component.name}`);
      continue;
    }
    const [count, type] = known[line.name];
    if (count !== MANY && seen.get(line.name) > 1) say(line.number, `${line.name} a second time`);
    if (line.value === '') say(line.number, `${line.name} is empty`);
    const problem = valueProblem(type, line);
    if (problem) say(line.number, `${line.name}: ${problem}`);
  }
  for (const [name, [count]] of Object.entries(known))
    if (count === ONE && !seen.has(name)) say(component.number, `${component.name} without ${name}`);
}

const find = (component, name) => component.lines.find((l) => l.name === name);

// The offset of a zone that has only one; null for the others.
function fixedOffset(zone) {
  const to = zone?.children.map((c) => find(c, 'TZOFFSETTO')?.value);
  const m = to?.length === 1 && /^([+-])(\d\d)(\d\d)$/.exec(to[0] ?? '');
  return m ? Number(`${m[1]}1`) * (Number(m[2]) * 60 + Number(m[3])) * 60000 : null;
}

function instant(line, zones) {
  const t = dateOf(line.value);
  const zone = line.params.get('TZID');
  if (!t || zone === undefined) return t?.ms ?? null;
  const offset = fixedOffset(zones.get(zone));
  return offset === null ? null : t.ms - offset;
}

function checkEvent(event, zones, say) {
  const start = find(event, 'DTSTART'), end = find(event, 'DTEND');
  if (end && find(event, 'DURATION')) say(end.number, 'both DTEND and DURATION');
  for (const line of event.lines) {
    const zone = line.params.get('TZID');
    if (zone !== undefined && !zones.has(zone)) say(line.number, `no VTIMEZONE for TZID ${zone}`);
  }
  if (!start || !end) return;
  const a = dateOf(start.value), b = dateOf(end.value);
  if (!a || !b) return;
  if (a.isDate !== b.isDate) return say(end.number, 'DTSTART and DTEND are not of the same type');
  const from = instant(start, zones), to = instant(end, zones);
  if (from !== null && to !== null && to <= from) say(end.number, 'DTEND is not after DTSTART');
}

function checkCalendar(calendar, say) {
  const zones = new Map();
  const uids = new Set();
  if (!calendar.children.length) say(calendar.number, 'a calendar without any component');
  for (const zone of calendar.children.filter((c) => c.name === 'VTIMEZONE')) {
    const id = find(zone, 'TZID')?.value;
    if (zones.has(id)) say(zone.number, `a second VTIMEZONE ${id}`);
    if (!zone.children.length) say(zone.number, 'VTIMEZONE without STANDARD or DAYLIGHT');
    zones.set(id, zone);
  }
  for (const event of calendar.children.filter((c) => c.name === 'VEVENT')) {
    checkEvent(event, zones, say);
    const uid = `${find(event, 'UID')?.value} ${find(event, 'RECURRENCE-ID')?.value ?? ''}`;
    if (uids.has(uid)) say(event.number, `a second event with UID ${uid}`);
    uids.add(uid);
  }
}

function walk(component, visit) {
  visit(component);
  component.children.forEach((c) => walk(c, visit));
}

// Another reader's opinion: the same number of events, each with its times.
function checkWithIcal(text, calendar, say) {
  try {
    const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((c) => new ICAL.Event(c));
    const ours = calendar.children.filter((c) => c.name === 'VEVENT');
    if (events.length !== ours.length) say(0, `ical.js sees ${events.length} events, not ${ours.length}`);
    for (const e of events)
      if (!e.uid || !e.startDate?.toJSDate().getTime() || !(e.endDate >= e.startDate))
        say(0, `ical.js finds no times in ${e.uid}`);
  } catch (error) {
    say(0, `ical.js: ${error.message}`);
  }
}

function lint(path) {
  const problems = [];
  const say = (line, what) => problems.push(`${path}:${line}: ${what}`);
  const bytes = fs.readFileSync(path);
  if (bytes.length === 0) say(1, 'an empty file');
  if (bytes[0] === 0xef && bytes[1] === 0xbb) say(1, 'a byte order mark');
  const root = buildTree(unfold(physicalLines(bytes, say), say), say);
  if (root.children.length !== 1) say(1, `${root.children.length} calendars in a file`);
  walk(root, (c) => checkProperties(c, say));
  root.children.forEach((c) => checkCalendar(c, say));
  if (problems.length === 0) checkWithIcal(bytes.toString('utf8'), root.children[0], say);
  return problems;
}

const files = process.argv.slice(2);
if (!files.length) {
  console.error('usage: ics_lint.mjs FILE.ics...');
  process.exit(2);
}
const problems = files.flatMap(lint);
problems.forEach((p) => console.log(p));
console.log(problems.length ? `${problems.length} problems` : `${files.length} calendars are good`);
process.exit(problems.length ? 1 : 0);
