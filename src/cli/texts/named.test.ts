/** A hint that names a command, an option or an environment variable which is none sends a person nowhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rungwise } from '../../../test/command-line.ts';

const SOURCES = join(import.meta.dirname, '../..');
const TEXTS = [
  ...readdirSync(import.meta.dirname)
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => `cli/texts/${name}`),
  'config/said.ts',
  'config/keys/unread-keys.ts',
  'data/texts.ts',
  'report/words/texts.ts',
];

function namedIn(pattern: RegExp): readonly (readonly [name: string, file: string])[] {
  return TEXTS.flatMap((file) =>
    [...readFileSync(join(SOURCES, file), 'utf8').matchAll(pattern)].map(([, name = '']) => [name, file] as const),
  );
}

async function commands(): Promise<readonly string[]> {
  const lists = await Promise.all(['', 'data ', 'control '].map((group) => rungwise(`${group}--help`)));
  return lists.flatMap(({ out }) => [...out.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name = '']) => name));
}

describe('what the texts name is there', () => {
  it('commands', async () => {
    const known = await commands();
    expect(known).toContain('check');
    const named = namedIn(/rungwise ([a-z]+)\b/g);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(([name]) => !known.includes(name))).toEqual([]);
  });

  it('options', async () => {
    const pages = await Promise.all(
      [...new Set(await commands())]
        .flatMap((name) => ['', 'data ', 'control '].map((of) => `${of}${name} --help`))
        .map((words) => rungwise(words)),
    );
    const known = new Set(
      pages.flatMap(({ out }) => [...out.matchAll(/^ +(?:-\w, )?(--[a-z][a-z-]+)/gm)].map(([, name = '']) => name)),
    );
    const named = namedIn(/(?<![\w-])(--[a-z][a-z-]*)/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(([name]) => !known.has(name))).toEqual([]);
  });

  it('environment variables', () => {
    const read = ['cli/bot/keys.ts', 'cli/input/configuration.ts']
      .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
      .join('\n');
    const named = namedIn(/(RUNGWISE_[A-Z_]+[A-Z])/g);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(([name]) => !read.includes(name))).toEqual([]);
  });
});
