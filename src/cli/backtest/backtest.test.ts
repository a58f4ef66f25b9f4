/** `backtest` as a user meets it: numbers that add up, the same bytes, and a clear no to everything that is wrong. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { csvOf, generated } from '../../../test/generated.ts';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';

inEmptyFolder();

const program = fileURLToPath(new URL('../../../rungwise', import.meta.url));
const SYMBOLS = ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP'];
const market = generated(12, 2_000, SYMBOLS);
const files = market.candles.map((candles, i) =>
  csvOf(candles, market.instruments[i] as (typeof market.instruments)[0]),
);

beforeEach(() => {
  for (const [i, text] of files.entries()) writeFileSync(`${SYMBOLS[i]?.slice(0, 3).toLowerCase()}.csv`, text);
});

const ONE = '--candles btc.csv --symbol BTC-USDT-SWAP';
const THREE = '--candles BTC-USDT-SWAP=btc.csv --candles SOL-USDT-SWAP=sol.csv --candles DOGE-USDT-SWAP=dog.csv';

const INSTRUMENT = JSON.stringify({
  instId: 'OWN-USDT-SWAP',
  baseCoin: 'OWN',
  ctVal: '0.01',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.1',
  maxLimitSz: '1000',
  maxMarketSz: '1000',
  leverageMax: 20,
  tiers: [{ maxSz: '10000', maintenanceRate: '0.01', leverageMax: 20 }],
});

interface Json {
  readonly [key: string]: unknown;
  readonly startBalance: string;
  readonly finalBalance: string;
  readonly gross: string;
  readonly fees: string;
  readonly funding: string;
  readonly optimistic: Json;
}

async function json(words: string): Promise<Json> {
  const { code, out, err } = await rungwise(`backtest ${words} --json`);
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** What is measured, not computed. */
function withoutSpeed(out: string): string {
  return out.replace(/"seconds": [\d.]+/, '"seconds": 0').replace(/"candlesPerSecond": \d+/, '"candlesPerSecond": 0');
}

function units(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  return BigInt(`${whole}${fraction.padEnd(8, '0')}`) * (amount.startsWith('-') ? -1n : 1n);
}

function expectToAddUp(report: Json): void {
  const sum = units(report.startBalance) + units(report.gross) - units(report.fees) + units(report.funding);
  expect(formatUnits(sum, 8)).toBe(report.finalBalance);
}

describe('the report', () => {
  it('holds every number asked for, of both outlooks, and adds up to the last digit', async () => {
    const report = await json(`${THREE} --balance 2000`);
    expect(report).toMatchObject({ candles: 6_000, startBalance: '2000', symbols: SYMBOLS });
    for (const key of ['gross', 'fees', 'funding', 'net', 'slippage', 'feeDragPercent', 'maxDrawdownPercent'])
      expect(report[key], key).toMatch(/^-?\d+(\.\d+)?$/);
    for (const key of ['trades', 'additions', 'partials', 'refusals', 'candlesPerSecond'])
      expect(Number.isSafeInteger(report[key]), key).toBe(true);
    expect(report['trades'], 'it trades').toBeGreaterThan(10);
    expect(report['additions'], 'and adds').toBeGreaterThan(0);
    expect(report['from']).toBe('2026-01-05T00:00:00.000Z');
    expect(report['to']).toBe('2026-01-06T09:20:00.000Z');
    expectToAddUp(report);
    expectToAddUp(report.optimistic);
    expect(report.optimistic['finalBalance']).not.toBe(report.finalBalance);
  });

  it('is the same to the byte twice, and in another process', async () => {
    const words = ['backtest', ...THREE.split(' '), '--json', '--decisions'];
    const first = await rungwise([...words, 'a.ndjson']);
    const second = spawnSync(program, [...words, 'b.ndjson'], { encoding: 'utf8' });
    expect(withoutSpeed(second.stdout)).toBe(withoutSpeed(first.out));
    expect(readFileSync('b.ndjson', 'utf8')).toBe(readFileSync('a.ndjson', 'utf8'));
  });

  it('says where the candles are too few for the indicators, which without it looks like a market without signals', async () => {
    writeFileSync('slow.yaml', 'timeframes: {regime: 1h}\n');
    const { code, err } = await rungwise(`backtest ${ONE} --config slow.yaml`);
    expect(code).toBe(0);
    expect(err).toContain('BTC-USDT-SWAP: its indicators were not warm after 2,000 candles');
    expect((await rungwise(`backtest ${ONE}`)).err).not.toContain('not warm');
  });

  it('says where candles do not tell whether an order that rests is filled', async () => {
    for (const [window, isTold] of [
      [10, true],
      [20, false],
    ] as const) {
      writeFileSync('maker.yaml', `execution: {entry_style: maker_only, maker_window_seconds: ${window}}\n`);
      const { code, err } = await rungwise(`backtest ${ONE} --config maker.yaml`);
      expect([code, err.includes('entry_style maker_only: candles of a minute do not tell')]).toEqual([0, isTold]);
    }
    expect((await rungwise(`backtest ${ONE}`)).err).not.toContain('maker_only');
  });

  it('is the same from the store as from the file', async () => {
    expect((await rungwise('data import btc.csv --symbol BTC-USDT-SWAP')).code).toBe(0);
    const stored = await rungwise('backtest --symbol BTC-USDT-SWAP --json');
    expect(stored.err).toContain('BTC-USDT-SWAP from the store: 2,000 candles');
    const read = await rungwise(`backtest ${ONE} --json`);
    expect(withoutSpeed(stored.out)).toBe(withoutSpeed(read.out));
  });

  it('is of every symbol of the configuration where none is named', async () => {
    for (const [i, symbol] of SYMBOLS.entries())
      await rungwise(`data import ${['btc', 'sol', 'dog'][i]}.csv --symbol ${symbol}`);
    writeFileSync('rungwise.yaml', `symbols: [${SYMBOLS.join(', ')}]\naccount: {balance: 750}\n`);
    expect(await json('')).toMatchObject({ candles: 6_000, startBalance: '750', symbols: SYMBOLS });
  });

  it('is drawn for a terminal in both languages, no line wider than it', async () => {
    for (const [language, words] of [
      [
        'en',
        [
          'Result, money in USDT',
          'Equity, USDT',
          'By rung',
          'pessimistic  ',
          'neither is a bound',
          'The deepest ladder, in contracts: ',
        ],
      ],
      [
        'ru',
        [
          'Итог, деньги в USDT',
          'Капитал, USDT',
          'По ступеням',
          'пессимистично  ',
          'это не пределы',
          'Самая глубокая лестница, контракты: ',
        ],
      ],
    ] as const) {
      const { code, out, err } = await rungwise(`backtest ${THREE} --lang ${language}`, { columns: 80 });
      expect(code, err).toBe(0);
      for (const word of words) expect(out).toContain(word);
      for (const line of out.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
    }
  });

  it('says what was read, mapped and missing', async () => {
    const lines = (files[0] ?? '').split('\n');
    writeFileSync('gap.csv', [...lines.slice(0, 500), ...lines.slice(510)].join('\n').replace(/\.\d,/, '.07,'));
    const { code, err } = await rungwise('backtest --candles gap.csv --symbol BTC-USDT-SWAP --json');
    expect(code, err).toBe(0);
    expect(err).toMatch(
      /gap\.csv: 1,990 candles, .*; mapped onto the instrument's grid: prices of 1 candle,.*1 gap \(10 min missing\)/,
    );
  });
});

it('says of which symbols it had to guess the funding, and of how much', async () => {
  const en = await rungwise(`backtest ${THREE} --json`);
  expect(en.err).toMatch(
    /^funding of BTC-USDT-SWAP, SOL-USDT-SWAP, DOGE-USDT-SWAP is not known here: 1[25] settlements counted with 0\.01 % per 8 h/m,
  );
  expect(JSON.parse(en.out).fundingSettled['SOL-USDT-SWAP']).toMatchObject({ stored: 0, missing: expect.any(Number) });
  expect((await rungwise(`backtest ${ONE} --lang ru`)).err).toContain('фандинг BTC-USDT-SWAP здесь неизвестен: ');
  const told = await rungwise(`backtest ${ONE} --funding 0.01 --json`);
  expect([told.err.includes('funding of'), JSON.parse(told.out).fundingSettled]).toEqual([false, {}]);
});

describe('its options', () => {
  it('say what trading costs, to the core and to the simulator alike', async () => {
    const free = await json(`${ONE} --fees 0/0 --slippage 0 --funding 0`);
    expect(free).toMatchObject({ fees: '0', funding: '0' });
    const dear = await json(`${ONE} --fees 0.2/0.5`);
    expect(JSON.stringify(dear['byRefusal']), 'the cost gate knows').toContain('edge-below-cost');
    expect(Number(dear['trades'])).toBeLessThan(Number(free['trades']));
    const wide = await json(`${ONE} --spread 500 --slippage 20`);
    expect(wide).not.toMatchObject({ net: free['net'] });
  });

  it('charge what nobody names: fees of 0.02 and 0.05 %, a spread of a tick, a basis point of slippage', async () => {
    const { out } = await rungwise(`backtest ${ONE} --json`);
    const said = await rungwise(`backtest ${ONE} --fees 0.02/0.05 --spread 1 --slippage 1 --json`);
    expect(withoutSpeed(said.out)).toBe(withoutSpeed(out));
    const { fees, slippage } = JSON.parse(out) as Json;
    expect(units(fees)).toBeGreaterThan(0n);
    expect(Number(slippage)).toBeGreaterThan(0);
  });

  it('choose preset and balance over the configuration', async () => {
    writeFileSync('c.yaml', 'account: {balance: 3000}\n');
    expect(await json(`${ONE} --config c.yaml`)).toMatchObject({ startBalance: '3000' });
    const { out } = await rungwise(`backtest ${ONE} --config c.yaml --balance 1500 --preset aggressive`);
    expect(out).toContain('aggressive, 1,500 USDT');
  });

  it('write every decision with its numbers, and change none of them', async () => {
    const report = await json(`${ONE} --decisions d.ndjson`);
    expect(withoutSpeed(JSON.stringify(report, null, 2))).toBe(withoutSpeed(JSON.stringify(await json(ONE), null, 2)));
    const lines = readFileSync('d.ndjson', 'utf8').trim().split('\n');
    const decisions = lines.map((line) => JSON.parse(line));
    const of = (kind: string) => decisions.filter((decision) => decision.kind === kind);
    expect(of('position-closed')).toHaveLength(Number(report['trades']));
    const [entry] = of('place');
    expect(entry).toMatchObject({ symbol: 'BTC-USDT-SWAP', role: 'entry', contracts: expect.any(String) });
    expect(entry.gates).toContainEqual({
      code: 'edge-below-cost',
      ok: true,
      value: expect.any(String),
      limit: expect.any(String),
      unit: 'share',
    });
    const exits = of('place').filter(({ reduceOnly }) => reduceOnly);
    expect(new Set(exits.map(({ role }) => role))).toEqual(new Set(['stop', 'partial', 'target', 'close']));
    const decimalOnly = /^\d+(\.\d+)?$/;
    const decimalText = expect.stringMatching(decimalOnly);
    for (const { role, exit } of exits) {
      for (const name of ['contracts', 'average', 'mark', 'atr', 'stopDistance', 'targetDistance', 'roundTripPercent'])
        expect(exit[name], name).toEqual(decimalText);
      expect(exit.gates?.every(({ ok }: { ok: boolean }) => ok)).toBe(role === 'partial' ? true : undefined);
    }
    const fills = of('filled');
    expect(fills[0]).toEqual({
      kind: 'filled',
      at: expect.any(Number),
      time: expect.any(String),
      symbol: 'BTC-USDT-SWAP',
      tradeId: expect.any(String),
      // Nobody came to the maker: the taker who followed him.
      clientId: of('place').find(({ role, type }) => role === 'entry' && type === 'market').clientId,
      side: entry.side,
      contracts: expect.stringMatching(decimalOnly),
      price: expect.stringMatching(decimalOnly),
      fee: expect.stringMatching(decimalOnly),
      liquidity: 'taker',
      cause: 'order',
    });
    const paid = (rows: readonly { fee?: string; amount?: string }[]) =>
      rows.reduce((sum, { fee, amount }) => sum + units(fee ?? amount ?? ''), 0n);
    expect(paid(fills)).toBe(units(String(report['fees'])));
    expect(paid(of('funding-settled'))).toBe(units(String(report['funding'])));
    expect(entry.judged).toEqual({ price: entry.price, mark: decimalText });
    for (const { reduceOnly, judged } of of('place'))
      expect(judged).toEqual(reduceOnly ? undefined : { price: decimalText, mark: decimalText });
    for (const { judged } of of('refused')) expect(judged).toEqual({ price: decimalText, mark: decimalText });
    for (const refused of of('refused'))
      expect(refused.gates.find((gate: { ok: boolean }) => !gate.ok)).toMatchObject({ code: refused.code });
  });

  it('trade the signals of somebody else instead of the scalper', async () => {
    const signal = {
      instId: 'BTC-USDT-SWAP',
      side: 'short',
      strength: 0.8,
      price: 60_000,
      at: '2026-01-05T12:00:00Z',
      source: 'mine',
    };
    const outside = { ...signal, at: '2026-03-01T00:00:00Z' };
    writeFileSync('s.ndjson', `${JSON.stringify(signal)}\n\n${JSON.stringify(outside)}\n`);
    const { code, out, err } = await rungwise(`backtest ${ONE} --signals s.ndjson --json --decisions d.ndjson`);
    expect(code, err).toBe(0);
    expect(JSON.parse(out).trades).toBeLessThanOrEqual(1);
    expect(err).toContain('left out, because no candle is of their minute: 1 of 2 signals');
    const decisions = readFileSync('d.ndjson', 'utf8');
    expect(decisions).toContain('"source":"mine"');
    expect(decisions).not.toContain('"source":"scalper"');
  });

  it('bring an instrument that is not known offline', async () => {
    writeFileSync('own.json', INSTRUMENT);
    const words = '--candles btc.csv --symbol OWN-USDT-SWAP --instrument own.json';
    expect(await json(words)).toMatchObject({ symbols: ['OWN-USDT-SWAP'], candles: 2_000 });
    writeFileSync('own.json', `\u{feff}${INSTRUMENT}`);
    expect(await json(words), 'a mark that an editor put before the text').toMatchObject({ candles: 2_000 });
    expect(await rungwise(`backtest ${ONE} --instrument own.json`)).toMatchObject({ code: 2 });
  });
});

describe('a clear no, exit code 2', () => {
  const START = Date.UTC(2026, 0, 5);
  const row = (minute: number, price = '60000') => `${START + minute * 60_000},${price},60010,59990,60000,1`;
  const csv = (...rows: readonly string[]) => `ts,open,high,low,close,volume\n${rows.join('\n')}\n`;
  const binary = Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 7919) % 256));

  it.each<[what: string, content: string | Buffer, said: RegExp]>([
    ['empty', '', /a\.csv: the file is empty/],
    ['cut off', `${csv(row(0), row(1))}${row(2).slice(0, 20)}`, /line 4, the last one, breaks off/],
    ['binary', binary, /not text|no text/],
    ['of other columns', 'when,what\n1,2\n', /has no column for/],
    ['with NaN in it', csv(row(0), row(1, 'NaN'), row(2)), /line 3: open "NaN" is not a number/],
    ['unsorted', csv(row(0), row(2), row(1), row(3)), /line 4: .* comes after .*: sort the file by time/],
    ['of five minutes', csv(row(0), row(5), row(10)), /5 min apart/],
  ])('to a file that is %s', async (_, content, said) => {
    writeFileSync('a.csv', content);
    const { code, out, err } = await rungwise('backtest --candles a.csv --symbol BTC-USDT-SWAP');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(said);
    const russian = await rungwise('backtest --candles a.csv --symbol BTC-USDT-SWAP --lang ru');
    expect(russian.code).toBe(2);
    expect(russian.err).toMatch(/[а-я]{3}/);
  });

  it('unless what is good of it shall be used', async () => {
    const lines = (files[0] ?? '').split('\n');
    writeFileSync('a.csv', [...lines.slice(0, 900), lines[1000], lines[899], ...lines.slice(900)].join('\n'));
    expect((await rungwise('backtest --candles a.csv --symbol BTC-USDT-SWAP')).code).toBe(2);
    const { code, err } = await rungwise('backtest --candles a.csv --symbol BTC-USDT-SWAP --mend --json');
    expect(code, err).toBe(0);
    expect(err).toContain('lines said twice, the same: left out: 2');
  });

  it.each([
    ['--candles absent.csv --symbol BTC-USDT-SWAP', 'absent.csv: there is no such file'],
    ['--candles . --symbol BTC-USDT-SWAP', 'this is a folder'],
    ['--candles btc.csv --symbol BTC-USD-SWAP', 'did you mean BTC-USDT-SWAP?'],
    [`${ONE} --balance -5`, '--balance: "-5" is not a number above 0'],
    [`${ONE} --balance 0`, '--balance: "0" is not a number above 0'],
    [`${ONE} --balance much`, '--balance: "much" is not a number'],
    ['--candles btc.csv', 'whose candles does btc.csv hold? Add --symbol BTC-USDT-SWAP'],
    ['--candles btc.csv --candles sol.csv --symbol BTC-USDT-SWAP', 'for several files write SYMBOL=FILE'],
    ['--candles BTC-USDT-SWAP=btc.csv --candles BTC-USDT-SWAP=btc.csv', 'BTC-USDT-SWAP is named twice'],
    ['--symbol BTC-USDT-SWAP', 'no candles of BTC-USDT-SWAP in '],
    [
      '--candles BTC-USDT-SWAP=btc.csv --candles SOL-USDT-SWAP=./btc.csv',
      './btc.csv is named for SOL-USDT-SWAP and for another symbol',
    ],
    [`${ONE} --fees 0.02`, 'as MAKER/TAKER, each from -1 to 10, like 0.02/0.05'],
    [`${ONE} --fees 50/50`, 'each from -1 to 10'],
    [`${ONE} --spread 0.5`, '--spread: "0.5" is not a whole number from 0'],
    [`${ONE} --slippage -1`, '--slippage: "-1" is not a number of at least 0'],
    [`${ONE} --slippage 1%`, '--slippage: "1%" is not a number'],
    [`${ONE} --funding dear`, '--funding: "dear" is not a number of per cent'],
    [`${ONE} --funding 11`, '--funding: 11 % is not a rate'],
    [`${ONE} --preset conservativ`, 'did you mean conservative?'],
    [`${ONE} --decisions btc.csv`, 'btc.csv is a file that is read from'],
    [`${ONE} --decisions link.csv`, 'link.csv is a file that is read from'],
    [`${ONE} --decisions rungwise.yaml`, 'rungwise.yaml is a file that is read from'],
    [
      `--candles OWN-USDT-SWAP=btc.csv --instrument own.json --decisions own.json`,
      'own.json is a file that is read from',
    ],
    [`${ONE} --decisions no/where.ndjson`, 'no/where.ndjson: its folder does not exist: make it'],
    [`${ONE} --config absent.yaml`, 'absent.yaml: there is no such file'],
    [`${ONE} --bogus`, 'the option "--bogus" is not known'],
  ])('to %s', async (words, said) => {
    symlinkSync('btc.csv', 'link.csv');
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    writeFileSync('own.json', INSTRUMENT);
    const { code, out, err } = await rungwise(`backtest ${words}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    const read = ['btc.csv', 'rungwise.yaml', 'own.json'].map((file) => readFileSync(file, 'utf8'));
    expect(read, 'what was read is not overwritten').toEqual([files[0], 'symbols: [BTC-USDT-SWAP]\n', INSTRUMENT]);
  });

  const SIGNAL = { instId: 'BTC-USDT-SWAP', side: 'long', strength: 0.5, price: '60000', at: START };
  it.each<[line: string, said: string]>([
    ['{"instId"', 'this is no JSON object'],
    ['[]', 'this is no JSON object'],
    ['{"instId":"BTC-USDT-SWAP","price":1}', 'it lacks "side", "strength", "at"; a signal looks like {"instId"'],
    ['{"side":"long","strength":0.5,"price":1,"at":1}', 'it lacks "instId"; a signal'],
    [JSON.stringify({ ...SIGNAL, size: 1 }), 'the key "size" is not known'],
    [JSON.stringify({ ...SIGNAL, instId: 'BTC' }), '"instId" must be one of BTC-USDT-SWAP, not "BTC"'],
    [JSON.stringify({ ...SIGNAL, side: 'buy' }), '"side" must be "long" or "short", not "buy"'],
    [JSON.stringify({ ...SIGNAL, strength: 1.1 }), '"strength" must be a number from 0 to 1, not 1.1'],
    [JSON.stringify({ ...SIGNAL, strength: '0.5' }), '"strength" must be a number'],
    [JSON.stringify({ ...SIGNAL, price: 0 }), '"price" must be a number above 0, not 0'],
    [JSON.stringify({ ...SIGNAL, price: 'x' }), '"price" must be a number above 0'],
    [JSON.stringify({ ...SIGNAL, at: START / 1_000 }), '"at" must be UTC milliseconds'],
    [JSON.stringify({ ...SIGNAL, at: '2026-01-05' }), '"at" must be UTC milliseconds'],
    [JSON.stringify({ ...SIGNAL, at: '2026-02-30T00:00:00Z' }), '"at" must be UTC milliseconds'],
    [JSON.stringify({ ...SIGNAL, reasons: 'rsi' }), '"reasons" must be a list of texts'],
    [JSON.stringify({ ...SIGNAL, source: 7 }), '"source" must be a text'],
  ])('to the signal %s', async (line, said) => {
    writeFileSync('s.ndjson', `${JSON.stringify(SIGNAL)}\n${line}\n`);
    const { code, err } = await rungwise(`backtest ${ONE} --signals s.ndjson`);
    expect(code).toBe(2);
    expect(err).toContain(`s.ndjson, line 2: ${said}`);
  });

  it('but not to the mark that an editor put before the first', async () => {
    writeFileSync('s.ndjson', `\u{feff}${JSON.stringify(SIGNAL)}\r\n`);
    expect(await rungwise(`backtest ${ONE} --signals s.ndjson`)).toMatchObject({ code: 0 });
  });

  it.each(['--funding 11', '--signals s.ndjson'])('to %s before a candle is read', async (words) => {
    writeFileSync('s.ndjson', 'x\n');
    writeFileSync('broken.csv', 'no candles at all');
    const { err } = await rungwise(`backtest --candles broken.csv --symbol BTC-USDT-SWAP ${words}`);
    expect(err).not.toContain('broken.csv');
  });

  it('to a file without a signal', async () => {
    writeFileSync('s.ndjson', '\n');
    expect(await rungwise(`backtest ${ONE} --signals s.ndjson`)).toMatchObject({ code: 2 });
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it.each([['--json'], ['--no-color']])('ends with what is known, exit code 130: %s', async (how) => {
    const long = generated(1, 60_000, SYMBOLS);
    const named = long.instruments.map((instrument, i) => {
      const file = `long-${i}.csv`;
      writeFileSync(file, csvOf(long.candles[i] as (typeof long.candles)[0], instrument));
      return ['--candles', `${instrument.instId}=${file}`];
    });
    const child = spawn(program, ['backtest', ...named.flat(), how, '--lang', 'en']);
    let out = '';
    let err = '';
    let isAsked = false;
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => {
      err += bytes;
      // A second one would kill it as it always does.
      if (isAsked || !err.includes('long-2.csv: ')) return;
      isAsked = true;
      setTimeout(() => child.kill('SIGINT'), 200);
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(code, err).toBe(130);
    if (how !== '--json') {
      const ran = /interrupted after ([\d,]+) candles/.exec(err)?.[1]?.replaceAll(',', '');
      const each = (Number(ran) / SYMBOLS.length).toLocaleString('en');
      for (const symbol of SYMBOLS)
        expect(out, 'what was run, not what was read').toContain(`${symbol}  ${each} candles, `);
      return;
    }
    const report: Json = JSON.parse(out);
    expect(report).toMatchObject({ interrupted: true, optimistic: null });
    expect(report['candles']).toBeLessThan(180_000);
    const minutes = (Date.parse(String(report['to'])) - Date.parse(String(report['from']))) / 60_000;
    expect(minutes * SYMBOLS.length, 'what was run, not what was read').toBe(report['candles']);
    expect(err).toContain('interrupted after');
    const settlements = Math.ceil(minutes / 480);
    expect(report['fundingSettled'], 'of what was run').toEqual(
      Object.fromEntries(SYMBOLS.map((symbol) => [symbol, { stored: 0, missing: settlements }])),
    );
    expect(err).toContain(`${(settlements * SYMBOLS.length).toLocaleString('en')} settlement`);
    expectToAddUp(report);
  });

  it('in the optimistic run leaves the whole pessimistic one, and says so', async () => {
    // The file is written to when the first path is over, for it is small.
    const ask = () => {
      if ((statSync('d.ndjson', { throwIfNoEntry: false })?.size ?? 0) > 0) process.emit('SIGINT');
      else setImmediate(ask);
    };
    setImmediate(ask);
    const { code, out, err } = await rungwise(`backtest ${ONE} --decisions d.ndjson --json`);
    expect([code, JSON.parse(out)]).toEqual([
      130,
      expect.objectContaining({ candles: 2_000, interrupted: true, optimistic: null }),
    ]);
    expect(err).toContain('the report is of the pessimistic one alone');
  });
});

describeWithShared('the real week', () => {
  it('trades, adds, and adds up', async () => {
    const week = sharedPath('data/btc-usdt-1m-2021-02-19-week.csv');
    const report = await json(`--candles ${week} --symbol BTC-USDT-SWAP --balance 1000`);
    expect(report).toMatchObject({ candles: 10_080, startBalance: '1000' });
    expect(report['trades']).toBeGreaterThan(50);
    expect(report['additions']).toBeGreaterThan(5);
    expectToAddUp(report);
    expectToAddUp(report.optimistic);
  });
});
