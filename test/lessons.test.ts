/** docs/lessons.md and docs/reliability.md name tests; a test that is renamed or deleted takes its promise with it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared, sharedPath } from './shared.ts';

const page = readFileSync(new URL('../docs/lessons.md', import.meta.url), 'utf8');
const reliability = readFileSync(new URL('../docs/reliability.md', import.meta.url), 'utf8');

/** Path and name of every test that a text shows. */
function testsOf(text: string): (readonly [path: string, name: string])[] {
  return [...text.matchAll(/\]\(\.\.\/((?:src|test)\/[^)]+)\) “([^”]+)”/g)].map(([, path = '', name = '']) => [
    path,
    name,
  ]);
}

/** Whether a source has a test, single or of a table, of this very name; what only groups tests is none. */
function hasTest(source: string, name: string): boolean {
  const quoted = [`'${name.replaceAll("'", "\\'")}'`, `"${name}"`, `\`${name}\``];
  return quoted.some((title) =>
    source.split(title).some((before, at, parts) => at < parts.length - 1 && /(?<!\bdescribe)\(\s*$/.test(before)),
  );
}

const rows = new Map(
  page
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) => [Number(line.split('|')[1]), line] as const),
);

it('every one of the 26 lessons has its row, in order, and each row names a test', () => {
  expect([...rows.keys()]).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
  for (const [number, row] of rows) expect(testsOf(row).length, `tests of row ${number}`).toBeGreaterThan(0);
});

describeWithShared('the collection', () => {
  it('has these lessons and no more', () => {
    const collected = readFileSync(sharedPath('spec/lessons.md'), 'utf8').matchAll(/^(\d+)\. /gm);
    expect([...collected].map(([, number]) => Number(number))).toEqual([...rows.keys()]);
  });
});

it('a test is known by its title: not by a group, not by a word inside', () => {
  const source =
    "describe('a gate', () => {\n  it.each([\n    ['halted'],\n  ])(\n    'refuses %s',\n    () => {});\n});";
  expect(['refuses %s', 'a gate', 'halted', 'refuses'].map((name) => hasTest(source, name))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it.each(testsOf(`${page}${reliability}`))('%s has the test “%s”', (path, name) => {
  const source = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  expect(hasTest(source, name), `no test is called "${name}"`).toBe(true);
});
