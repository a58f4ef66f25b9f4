/** A journal that is gone: told at the next start, for what only it knew is forgotten; of one that never was nothing is said. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';

inEmptyFolder();

it('is told in English, in Russian and in JSON, once', async () => {
  const { origin } = await generatedExchange();
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
  const run = async (words: string) => {
    const { code, out } = await rungwise(`paper --exchange ${origin} --for 1s ${words}`, { env: KEYS });
    expect(code).toBe(0);
    return out;
  };
  const lose = () => rmSync('state/main-exchange/journal.db');
  expect(await run('')).not.toContain('is gone');
  lose();
  expect(await run('')).toMatch(/the journal that stood at .*journal\.db is gone.* a pause or a halt/);
  expect(await run('')).not.toContain('is gone');
  lose();
  expect(await run('--lang ru')).toMatch(/журнала, который стоял в .*journal\.db, нет/);
  lose();
  expect(JSON.parse((await run('--json')).split('\n')[0] ?? '')).toMatchObject({ kind: 'start', journalLost: true });
});
