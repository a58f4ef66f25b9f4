/** Makes malformed messages of good ones: what a sick exchange, a gateway or an attacker in between might send. The same seed, the same harm. */
import type { Random } from '../../src/sim/market/random.ts';

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  '0',
  '-0',
  '-1',
  'NaN',
  'Infinity',
  '1e9',
  '1.005',
  '0.00000000000000000001',
  '99999999999999999999999999',
  '9'.repeat(400),
  'null',
  '🙂',
  '\u0000',
  '__proto__',
  'unrecognised',
  [],
  {},
  [null],
  [[[]]],
  { toString: null },
  { length: 1 },
];
const CODES = [
  '0',
  '1',
  '2',
  '50004',
  '50011',
  '50026',
  '51000',
  '51008',
  '51603',
  '51400',
  '59107',
  '64007',
  '99999',
  '',
  'x',
  '-1',
];
const NOT_JSON = [
  '',
  ' ',
  '{',
  '}',
  'null',
  'true',
  '[]',
  '[1',
  '"pong',
  'pong',
  'ping',
  '<html><body>502 Bad Gateway</body></html>',
  '{"code":"0"',
  '\uFEFF{}',
  '[[[[[[[[',
];

/** One text like `text`, and not it. */
export function spoilt(text: string, random: Random): string {
  switch (random.between(0, 9)) {
    case 0:
      return pick(NOT_JSON, random);
    case 1:
      return text.slice(0, random.between(0, text.length));
    case 2: {
      const at = random.between(0, text.length);
      return text.slice(0, at) + String.fromCharCode(random.between(0, 0xff)) + text.slice(at + 1);
    }
    default:
      return changed(text, random);
  }
}

function changed(text: string, random: Random): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
  for (let times = random.between(1, 4); times > 0; times -= 1) value = changedSomewhere(value, random);
  return JSON.stringify(value) ?? 'undefined';
}

/** One value of it, at any depth, is another, is gone, stands twice, or is a code that means something else. */
function changedSomewhere(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.uniform() < 0.1) return pick(ODD, random);
  if (Array.isArray(value)) {
    const list = [...(value as unknown[])];
    if (list.length === 0) return [pick(ODD, random)];
    const at = random.between(0, list.length - 1);
    const how = random.uniform();
    if (how < 0.15) list.splice(at, 1);
    else if (how < 0.3) list.splice(at, 0, list[at]);
    else list[at] = changedSomewhere(list[at], random);
    return list;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return { [pick(['data', 'code', 'arg', '__proto__'], random)]: pick(ODD, random) };
  const at = random.between(0, entries.length - 1);
  const [name, was] = entries[at] as [string, unknown];
  const how = random.uniform();
  if (how < 0.2) entries.splice(at, 1);
  else if (how < 0.3) entries.push(['surprise', pick(ODD, random)]);
  else if (/code/i.test(name) && how < 0.8) entries[at] = [name, pick(CODES, random)];
  else entries[at] = [name, changedSomewhere(was, random)];
  return Object.fromEntries(entries);
}

export function pick<T>(from: readonly T[], random: Random): T {
  return from[random.between(0, from.length - 1)] as T;
}
