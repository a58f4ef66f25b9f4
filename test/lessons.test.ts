/** docs/lessons.md and docs/reliability.md name tests; a test that is renamed or deleted takes its promise with it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../docs/lessons.md', import.meta.url), 'utf8');
const reliability = readFileSync(new URL('../docs/reliability.md', import.meta.url), 'utf8');
const named = [...`${page}${reliability}`.matchAll(/\]\(\.\.\/((?:src|test)\/[^)]+)\) “([^”]+)”/g)].map(
  ([, path = '', name = '']) => [path, name] as const,
);

it('names a test in every row', () => {
  const rows = page.split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row).toMatch(/“[^”]+”/);
});

it.each(named)('%s has the test “%s”', (path, name) => {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const quoted = [`'${name.replaceAll("'", "\\'")}'`, `\`${name}\``];
  expect(
    quoted.some((each) => text.includes(each)),
    `no test is called ${quoted[0]}`,
  ).toBe(true);
});
