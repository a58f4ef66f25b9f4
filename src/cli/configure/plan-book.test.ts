/** `plan --book`: the book of all symbols before its first order. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { widthOf } from '../../report/drawing/width.ts';

inEmptyFolder();

describe('the book', () => {
  it('is every symbol of the configuration, what it loses together, and how much of each limit that is', async () => {
    const { code, out, err } = await rungwise('plan --book');
    expect(code).toBe(0);
    expect(err).toContain('BTC-USDT-SWAP: 60,000 is an example price, for no candles are stored\n');
    expect(out).toContain('The book of 3 symbols, balance 1,000 USDT (small)');
    expect(out).toMatch(/BTC-USDT-SWAP +long +ranging +60,000 +222\.00 +5\/5\n/);
    expect(out).toMatch(/SOL-USDT-SWAP +long +ranging +150 +222\.00 +0\/5 +positions-at-limit/);
    expect(out).toMatch(/together +1,498\.94 +299\.79 +−5\.28 +−26\.60/);
    expect(out).toMatch(/worst case +█.* 5\.28 of 150\.00 +4 %/);
    expect(out).toMatch(/shock of 10 ATR +█.* 26\.60 of 150\.00 +18 %/);
    expect(out).toMatch(/exposure +█.* 1,498\.94 of 3,000\.00 +50 %/);
    expect(out).toMatch(/margin +█.* 299\.79 of 800\.00 +37 %/);
    expect(out).toMatch(/open positions +█.* 2 of 2 +100 %/);
    expect(out).toContain('nearest liquidation BTC 19.63 %');
  });

  it.each([80, 120])('fits %i columns, in both languages', async (columns) => {
    for (const language of ['en', 'ru']) {
      const { out } = await rungwise(`plan --book --side short --lang ${language}`, { columns });
      for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
      expect(out, 'no column had to go').toContain(language === 'en' ? 'to liquidation' : 'до ликвидации');
    }
  });

  it('is that of the symbols that are named, and of the balance, the side, the stop and the shock', async () => {
    const words = 'plan --book DOGE-USDT-SWAP BTC-USDT-SWAP --balance 3000 --side short --stop 1 --shock 20 --json';
    const { code, out } = await rungwise(words);
    const book = JSON.parse(out);
    expect(code).toBe(0);
    expect(book).toMatchObject({ balance: '3000', profile: 'medium', caps: { positions: { used: 2, limit: 3 } } });
    expect(book.ladders.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['DOGE-USDT-SWAP', 'BTC-USDT-SWAP']);
    expect(book.ladders[0]).toMatchObject({
      side: 'short',
      rungs: 5,
      refusal: null,
      worst: { isLiquidatedFirst: false },
    });
    expect(book.worst.shocked.atr).toBe('20');
    expect(book.caps.worstCase).toEqual({ used: book.worst.stopped.loss, limit: '450' });
    expect(Number(book.worst.shocked.loss)).toBeGreaterThan(Number(book.worst.stopped.loss) * 5);
  });

  it.each([
    ['plan BTC-USDT-SWAP --shock 20', '--shock has no effect without --book'],
    ['plan BTC-USDT-SWAP --days 30', '--days has no effect without --risk'],
    ['plan --book --seeds 5', '--seeds has no effect without --risk'],
  ])('does not pass over what belongs to another mode: %s', async (words, said) => {
    const { code, out, err } = await rungwise(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('has a symbol that is named twice once', async () => {
    const { out } = await rungwise('plan --book BTC-USDT-SWAP BTC-USDT-SWAP --json');
    const { ladders, caps } = JSON.parse(out);
    expect([ladders.length, caps.positions.used]).toEqual([1, 1]);
  });

  it('knows instruments from files', async () => {
    const fields = {
      ctVal: '1',
      lotSz: '1',
      minSz: '1',
      tickSz: '0.01',
      maxLimitSz: '10000',
      maxMarketSz: '10000',
      leverageMax: 10,
    };
    const tiers = [{ maxSz: '100000', maintenanceRate: '0.01', leverageMax: 10 }];
    writeFileSync('other.json', JSON.stringify({ instId: 'PEPE-USDT-SWAP', ...fields, tiers }));
    const { out } = await rungwise(
      'plan --book PEPE-USDT-SWAP BTC-USDT-SWAP --balance 5000 --instrument other.json --json',
    );
    expect(JSON.parse(out).ladders[0]).toMatchObject({ symbol: 'PEPE-USDT-SWAP', price: '100' });
  });

  it.each(['plan BTC-USDT-SWAP', 'plan --book BTC-USDT-SWAP', 'plan --risk BTC-USDT-SWAP', 'check'])(
    'passes over no file that describes another instrument, or one twice: %s',
    async (words) => {
      writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
      const own = { ctVal: '0.01', lotSz: '1', minSz: '1', tickSz: '0.1', maxLimitSz: '100', maxMarketSz: '100' };
      const tiers = [{ maxSz: '100', maintenanceRate: '0.01', leverageMax: 10 }];
      for (const instId of ['BTC-USDT-SWAP', 'PEPE-USDT-SWAP'])
        writeFileSync(`${instId}.json`, JSON.stringify({ instId, ...own, leverageMax: 10, tiers }));
      const BTC = '--instrument BTC-USDT-SWAP.json';
      const stranger = await rungwise(`${words} --instrument PEPE-USDT-SWAP.json ${BTC}`);
      expect([stranger.code, stranger.out]).toEqual([2, '']);
      expect(stranger.err).toContain('--instrument describes PEPE-USDT-SWAP, not BTC-USDT-SWAP');
      const twice = await rungwise(`${words} ${BTC} ${BTC} --lang ru`);
      expect([twice.code, twice.out]).toEqual([2, '']);
      expect(twice.err).toContain('--instrument описывает BTC-USDT-SWAP дважды');
    },
  );

  it('ends with 1 where not one entry passes', async () => {
    const { code, out } = await rungwise('plan --book --balance 20 --lang ru');
    expect(code).toBe(1);
    expect(out).toContain('портфель останется пустым');
  });
});

it.each([
  ['plan', 'SYMBOL is missing', 'назовите инструмент'],
  ['plan BTC-USDT-SWAP ETH-USDT-SWAP', 'add --book', '--book'],
  ['plan --book --price 60000', 'leave it out with --book', 'с --book её не указывают'],
  ['plan --book --stop 100', 'a long has no price left', 'у long цены уже нет'],
  ['plan --book --shock 0', 'not a number above 0', 'число больше 0'],
  ['plan --book BTC-USDT-SWP', 'did you mean BTC-USDT-SWAP?', 'может быть, BTC-USDT-SWAP?'],
])('%s ends with 2', async (words, english, russian) => {
  for (const [language, expected] of [
    ['en', english],
    ['ru', russian],
  ] as const) {
    const { code, out, err } = await rungwise(`${words} --lang ${language}`);
    expect({ code, out }, err).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
  }
});
