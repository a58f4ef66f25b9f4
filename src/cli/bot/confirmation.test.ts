/** Real money: who has to say yes, how, and when it need not be said again (decision 0053). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';

inEmptyFolder();

const JOURNAL = 'state/main/journal.db';
/** No terminal: what stands in the input is nobody's word. */
const SERVICE = { env: KEYS, input: '4711\n', columns: 1_000 };

beforeEach(() => writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n'));

async function addresses(): Promise<string> {
  const { origin } = await generatedExchange();
  return `--host ${origin} --ws ${origin.replace('http', 'ws')}/ws/v5`;
}

describe('a person at a terminal', () => {
  it('needs a person at a terminal', async () => {
    const { code, err } = await rungwise('live --real', { env: KEYS, input: '4711\n' });
    expect([code, err]).toEqual([2, expect.stringContaining('needs a person at a terminal')]);
  });

  it.each([
    ['nothing', '\n'],
    ['yes', 'yes\n'],
    ['another number', '4712\n'],
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003', 130],
  ])('starts nothing where %s is typed', async (_, typed, ends = 1) => {
    const { origin } = await generatedExchange();
    const { code, err } = await rungwise(`live --real --host ${origin}`, { env: KEYS, keys: [typed] });
    expect([code, err]).toEqual([ends, expect.stringContaining('REAL MONEY of account 4711')]);
    expect(err).toContain('nothing was started');
    expect(existsSync(JOURNAL)).toBe(false);
  });

  it.each([
    ['en', '(1,000 USDT)'],
    ['ru', '(1 000 USDT)'],
  ])('reads how much money it is as every amount is written (%s)', async (language, held) => {
    const { origin } = await generatedExchange();
    const asked = `live --real --host ${origin} --lang ${language}`;
    const { err } = await rungwise(asked, { env: KEYS, keys: ['\n'], columns: 1_000 });
    expect(err.replace(/\s/g, ' ')).toContain(held);
  });

  it('starts once the account’s number is typed', async () => {
    const { code } = await rungwise(`live --real ${await addresses()} --for 1s`, { env: KEYS, keys: ['4711\n'] });
    expect(code).toBe(0);
    expect(existsSync(JOURNAL)).toBe(true);
  });
});

describe('the number written beforehand', () => {
  /** A person has begun it. */
  async function begun(at: string): Promise<void> {
    expect((await rungwise(`live --real ${at} --for 1s`, { env: KEYS, keys: ['4711\n'] })).code).toBe(0);
  }

  const lives = (): number => {
    const journal = openJournalReader(JOURNAL);
    const notes = [...journal.rows()].filter(({ kind }) => kind === 'note').length;
    journal.close();
    return notes;
  };

  it('lets a service go on with what a person has begun, and says whose money it is', async () => {
    const at = await addresses();
    await begun(at);
    const { code, err } = await rungwise(`live --real --confirm 4711 ${at} --for 1s`, SERVICE);
    expect([code, err]).toEqual([0, expect.stringContaining('This trades REAL MONEY of account 4711')]);
    expect(lives()).toBe(2);
  });

  it.each([
    ['en', 'there is no state/main/journal.db: start it once at a terminal, without --confirm'],
    ['ru', 'а state/main/journal.db нет: запустите один раз за терминалом, без --confirm'],
  ])('begins nothing: exit code 2, and no account is asked for (%s)', async (language, said) => {
    const { code, err } = await rungwise(
      `live --real --confirm 4711 --host http://127.0.0.1:9 --lang ${language}`,
      SERVICE,
    );
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
    expect(existsSync(JOURNAL)).toBe(false);
  });

  it.each([
    ['en', '--confirm names account 4712, and the key is of account 4711', 'nothing was started'],
    ['ru', 'в --confirm назван счёт 4712, а ключ — от счёта 4711', 'ничего не запущено'],
  ])('of another account starts nothing: exit code 1 (%s)', async (language, ...said) => {
    const at = await addresses();
    await begun(at);
    const before = readFileSync(JOURNAL);
    const { code, err } = await rungwise(`live --real --confirm 4712 ${at} --lang ${language}`, SERVICE);
    expect(code).toBe(1);
    for (const each of said) expect(err).toContain(each);
    expect(readFileSync(JOURNAL).equals(before)).toBe(true);
  });

  it('is of real money alone', async () => {
    const { code, err } = await rungwise('live --confirm 4711', SERVICE);
    expect([code, err]).toEqual([2, expect.stringContaining('--confirm')]);
    expect(err).toContain('--real');
  });
});
