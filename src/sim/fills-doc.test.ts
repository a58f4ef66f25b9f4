import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('docs/fills.md names tests that exist', () => {
  const room = new URL('./', import.meta.url);
  const tests = readdirSync(room, { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(new URL(name, room), 'utf8'))
    .join('\n');
  const doc = readFileSync(new URL('../../docs/fills.md', import.meta.url), 'utf8');
  const rows = doc.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'));
  const named = rows.flatMap((row) =>
    [...(row.split('|').at(-2) ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
  );
  const missing = named.filter((name) => name.split('…').some((part) => !tests.includes(part.trim())));
  expect(named.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
