/** `decide` as a user meets it: lines in, lines out, and what is said of a line that is no case. */
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LAW } from '../../../test/long.ts';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import { decideLines, verdictOfLine } from './decide.ts';

class Sink extends Writable {
  readonly written: string[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk.toString('utf8'));
    done();
  }
  get lines(): string[] {
    return this.written.join('').split('\n').slice(0, -1);
  }
}

async function decide(...chunks: string[]): Promise<{ code: number; lines: string[] }> {
  const output = new Sink();
  const code = await decideLines(Readable.from(chunks), output);
  return { code, lines: output.lines };
}

const ADDITION = {
  id: 'a1',
  kind: 'addition',
  config: { position_scaling: { preset: 'adaptive' } },
  instrument: { instId: 'BTC-USDT-SWAP', ctVal: '0.01', lotSz: '0.01', minSz: '0.01', tickSz: '0.1' },
  account: {
    balance: '1000',
    marginUsed: '46.9',
    marginReserved: '0',
    unrealised: '0',
    openPositions: 1,
    totalExposure: '234.3',
  },
  position: {
    side: 'long',
    contracts: '0.4',
    entryContracts: '0.4',
    avgPrice: '58590',
    leverage: '5',
    baseValue: '234.36',
    openedAt: 0,
    additions: [],
    stopPrice: '57500',
  },
  market: { price: '58500', regime: 'ranging', now: 120000, volatilityFactor: '1' },
  signal: { side: 'long' },
};

const PARTIAL = {
  id: 'p1',
  kind: 'partial',
  instrument: ADDITION.instrument,
  account: { balance: '1000' },
  position: { side: 'long', contracts: '0.4', entryContracts: '0.4', avgPrice: '58590', leverage: '5' },
  market: { price: '60000', regime: 'ranging', now: 120000 },
  partial: { fraction: '0.5' },
};

/** The case with the value at a dotted path replaced; undefined takes the key away. */
function withAt(given: object, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(given) as Record<string, unknown>;
  const keys = path.split('.');
  let at = copy;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

interface Verdict {
  readonly id: unknown;
  readonly code?: string | null;
  readonly decision?: string;
  readonly gates?: readonly { readonly code: string; readonly ok: boolean | null }[];
  readonly error?: { readonly code: string; readonly message: string; readonly path: string };
}

function verdictOf(given: unknown): Verdict {
  return verdictOfLine(typeof given === 'string' ? given : JSON.stringify(given)) as Verdict;
}

describeWithShared('worked cases', () => {
  const cases = readFileSync(sharedPath('vectors/cases.ndjson'), 'utf8');
  const verdicts = readFileSync(sharedPath('vectors/verdicts.ndjson'), 'utf8').trimEnd().split('\n');

  it('answers 2,000 of 2,000 in every field given', LAW, async () => {
    const { code, lines } = await decide(cases);
    expect(code).toBe(0);
    expect(lines).toHaveLength(2000);
    lines.forEach((line, index) => {
      expect(JSON.parse(line), `line ${index + 1}`).toMatchObject(JSON.parse(verdicts[index] ?? '{}'));
    });
  });

  it('answers the same however the stream is cut into chunks', async () => {
    const some = cases.slice(0, 60_000);
    const whole = await decide(some);
    const cut = await decide(...(some.match(/[^]{1,997}/g) ?? []));
    expect(cut.lines).toEqual(whole.lines);
  });

  it('streams: what waits to be written stays below 500 kB of the 4 MB that 6,000 cases are', LAW, async () => {
    let waitingMost = 0;
    let lines = 0;
    const slow = new Writable({
      highWaterMark: 1 << 16,
      write(chunk: Buffer, _encoding, done) {
        waitingMost = Math.max(waitingMost, slow.writableLength);
        lines += chunk.toString('utf8').split('\n').length - 1;
        setImmediate(done);
      },
    });
    async function* many() {
      for (let round = 0; round < 3; round++) yield cases;
    }
    await decideLines(Readable.from(chunksOf(many(), 1 << 16)), slow);
    expect(waitingMost).toBeLessThan(500_000);
    slow.end();
    await new Promise((resolve) => slow.once('finish', resolve));
    expect(lines).toBe(6000);
  });
});

async function* chunksOf(texts: AsyncIterable<string>, size: number): AsyncGenerator<string> {
  for await (const text of texts) for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

describe('decide', () => {
  it('adds as the worked example of ladder.md §7 says', () => {
    expect(verdictOf(ADDITION)).toMatchObject({
      id: 'a1',
      profile: 'small',
      coefficient: '0.9',
      contracts: '0.36',
      value: '210.6',
      margin: '42.12',
      decision: 'add',
      code: null,
    });
  });

  it("shows of a fact that stands in nobody's way neither value nor limit, as the sample of ladder.md §7", () => {
    const facts = ['halted', 'state-unknown', 'no-position', 'opposite-side', 'leverage-unknown'];
    const passed = verdictOf(ADDITION).gates?.filter(({ code }) => facts.includes(code));
    expect(passed).toEqual(facts.map((code) => ({ code, ok: true, value: null, limit: null })));
    const refused = verdictOf(withAt(ADDITION, 'halted', true)).gates?.[0];
    expect(refused).toEqual({ code: 'halted', ok: false, value: 'true', limit: 'false' });
  });

  it('reports all eighteen gates with value and limit, after the first refusal too', () => {
    const verdict = verdictOf(withAt(ADDITION, 'halted', true));
    expect(verdict.code).toBe('halted');
    expect(verdict.gates).toHaveLength(18);
    expect(verdict.gates?.[17]).toEqual({ code: 'exposure-too-large', ok: true, value: '444.9', limit: '3000' });
  });

  it('shows a size in contracts, and of a coin worth millionths the digits of its distances', () => {
    const small = withAt(withAt(ADDITION, 'position.baseValue', '20'), 'instrument.minSz', '0.04');
    const gateOf = (given: object, of: string) => verdictOf(given).gates?.find(({ code }) => code === of);
    expect(gateOf(small, 'rung-too-small')).toEqual({
      code: 'rung-too-small',
      ok: false,
      value: '0.03',
      limit: '0.04',
    });
    const shib = {
      ...ADDITION,
      instrument: { instId: 'SHIB-USDT-SWAP', ctVal: '1000000', lotSz: '0.1', minSz: '0.1', tickSz: '0.000000001' },
      position: { ...ADDITION.position, contracts: '10', avgPrice: '0.000021304', stopPrice: '0.00002127' },
      market: { ...ADDITION.market, price: '0.000021301' },
    };
    expect(gateOf(shib, 'liquidation-too-near')).toMatchObject({
      ok: true,
      value: '0.0000041834',
      limit: '0.000000048761',
    });
  });

  it('reads JSON numbers and decimal strings alike', () => {
    const numbers = withAt(withAt(ADDITION, 'market.price', 58500), 'position.contracts', 0.4);
    expect(verdictOf(numbers)).toEqual(verdictOf(ADDITION));
  });

  it('goes on after a line that errs and ends with 1', async () => {
    const { code, lines } = await decide(`${JSON.stringify(ADDITION)}\nnot json\n\n${JSON.stringify(PARTIAL)}\n`);
    expect(code).toBe(1);
    expect(lines.map((line) => (JSON.parse(line) as Verdict).decision)).toEqual(['add', undefined, 'close']);
  });

  it('reads the last line without its end of line, and lines that end as on Windows', async () => {
    const { lines } = await decide(`${JSON.stringify(ADDITION)}\r\n${JSON.stringify(PARTIAL)}`);
    expect(lines).toHaveLength(2);
  });

  it('says nothing for no input', async () => {
    expect(await decide('')).toEqual({ code: 0, lines: [] });
  });

  it('refuses with its own code, not with an error, where leverage or stop are missing', () => {
    expect(verdictOf(withAt(ADDITION, 'position.leverage', undefined)).code).toBe('leverage-unknown');
    expect(verdictOf(withAt(ADDITION, 'position.leverage', null)).code).toBe('leverage-unknown');
    expect(verdictOf(withAt(ADDITION, 'position.stopPrice', undefined)).code).toBe('liquidation-too-near');
    expect(verdictOf(withAt(ADDITION, 'position', null))).toMatchObject({ code: 'no-position', coefficient: null });
  });

  it('holds a partial, and shows no numbers of it', () => {
    expect(verdictOf(withAt(PARTIAL, 'market.price', '58591'))).toMatchObject({
      decision: 'hold',
      code: 'partial-unprofitable',
      contracts: '0',
      value: '0',
      netProfit: null,
    });
  });
});

// biome-ignore format: a table
const malformed: readonly (readonly [fact: string, given: object | string, code: string, path: string, message: RegExp])[] = [
  ['a text that is no JSON',       '{"id": "a1",',                                          'not-json',     '',                         /this line is not JSON/],
  ['a list',                       '[1]',                                                   'malformed',    '',                         /must be an object/],
  ['no kind',                      withAt(ADDITION, 'kind', undefined),                     'malformed',    'kind',                     /is missing/],
  ['an unknown kind',              withAt(ADDITION, 'kind', 'entry'),                       'malformed',    'kind',                     /one of addition, partial, not "entry"/],
  ['an unknown key',               withAt(ADDITION, 'position.leverge', '5'),               'malformed',    'position.leverge',         /known are side, contracts/],
  ['an unknown key of a partial',  withAt(PARTIAL, 'market.prise', '5'),                    'malformed',    'market.prise',             /not a key/],
  ['an unknown key of config',     withAt(ADDITION, 'config', { position_scaling: { presett: 'adaptive' } }), 'config', 'config.position_scaling.presett', /preset/],
  ['a wrong value of config',      withAt(ADDITION, 'config', { limits: { margin_reserve: 2 } }), 'config', 'config.limits.margin_reserve', /margin_reserve/],
  ['a wrong type',                 withAt(ADDITION, 'market.price', true),                  'malformed',    'market.price',             /a number or a decimal string, not true/],
  ['a number that is none',        withAt(ADDITION, 'market.price', '58,500'),              'malformed',    'market.price',             /"58,500" is not a decimal number/],
  ['no price',                     withAt(ADDITION, 'market.price', undefined),             'malformed',    'market.price',             /is missing/],
  ['a price of zero',              withAt(ADDITION, 'market.price', 0),                     'malformed',    'market.price',             /above 0, not 0/],
  ['a negative price',             withAt(ADDITION, 'market.price', '-1'),                  'malformed',    'market.price',             /above 0/],
  ['a negative balance',           withAt(ADDITION, 'account.balance', '-0.01'),            'malformed',    'account.balance',          /must be 0 or more, not -0.01/],
  ['a negative size',              withAt(ADDITION, 'position.contracts', '-0.4'),          'malformed',    'position.contracts',       /above 0/],
  ['a leverage of zero',           withAt(ADDITION, 'position.leverage', 0),                'malformed',    'position.leverage',        /whole number from 1/],
  ['a leverage of 2.5',            withAt(ADDITION, 'position.leverage', '2.5'),            'malformed',    'position.leverage',        /whole number from 1/],
  ['a fraction above the whole',   withAt(PARTIAL, 'partial.fraction', '1.5'),              'malformed',    'partial.fraction',         /from 0 to 1, not 1.5/],
  ['a size off the lot grid',      withAt(ADDITION, 'position.contracts', '0.405'),         'off-grid',     'position.contracts',       /0.405 contracts are not a multiple of lotSz 0.01/],
  ['an entry off the lot grid',    withAt(PARTIAL, 'position.entryContracts', '0.405'),     'off-grid',     'position.entryContracts',  /not a multiple/],
  ['a smallest size off the grid', withAt(ADDITION, 'instrument.minSz', '0.015'),           'off-grid',     'instrument.minSz',         /not a multiple/],
  ['a side that is none',          withAt(ADDITION, 'signal.side', 'buy'),                  'malformed',    'signal.side',              /long, short, not "buy"/],
  ['a regime that is none',        withAt(ADDITION, 'market.regime', 'calm'),               'malformed',    'market.regime',            /trending, ranging, choppy/],
  ['an addition without its time', withAt(ADDITION, 'position.additions', [{ value: '1' }]),'malformed',    'position.additions.0.at',  /is missing/],
  ['additions that are no list',   withAt(ADDITION, 'position.additions', {}),              'malformed',    'position.additions',       /a list/],
  ['no position at all',           withAt(ADDITION, 'position', undefined),                 'malformed',    'position',                 /is missing/],
  ['a time between milliseconds',  withAt(ADDITION, 'market.now', 1.5),                     'malformed',    'market.now',               /milliseconds, not 1.5/],
  ['a price off the tick',         withAt(ADDITION, 'market.price', '58500.05'),            'off-grid',     'market.price',             /the price 58500.05 is not a multiple of tickSz 0.1/],
  ['a price off the tick, partial',withAt(PARTIAL, 'market.price', 60000.01),               'off-grid',     'market.price',             /not a multiple of tickSz/],
  ['a price off it without any position', withAt(withAt(ADDITION, 'position', null), 'market.price', '58500.05'), 'off-grid', 'market.price', /not a multiple of tickSz/],
  ['a stop off the tick',          withAt(ADDITION, 'position.stopPrice', '57500.01'),      'off-grid',     'position.stopPrice',       /57500.01 is not a multiple of tickSz 0.1/],
  ["a signal's price off the tick",withAt(ADDITION, 'signal.price', '58500.001'),           'off-grid',     'signal.price',             /not a multiple of tickSz/],
  ['a tick of zero',               withAt(ADDITION, 'instrument.tickSz', '0'),              'malformed',    'instrument.tickSz',        /above 0/],
  ['no margin of what is open',    withAt(ADDITION, 'account.marginUsed', undefined),       'malformed',    'account.marginUsed',       /is missing/],
  ['no margin of what is ordered', withAt(ADDITION, 'account.marginReserved', undefined),   'malformed',    'account.marginReserved',   /is missing/],
  ['no open result',               withAt(ADDITION, 'account.unrealised', undefined),       'malformed',    'account.unrealised',       /is missing/],
  ['no number of positions',       withAt(ADDITION, 'account.openPositions', undefined),    'malformed',    'account.openPositions',    /is missing/],
  ['no exposure',                  withAt(ADDITION, 'account.totalExposure', undefined),    'malformed',    'account.totalExposure',    /is missing/],
  ['no volatility',                withAt(ADDITION, 'market.volatilityFactor', undefined),  'malformed',    'market.volatilityFactor',  /is missing/],
  ['no tick',                      withAt(ADDITION, 'instrument.tickSz', undefined),        'malformed',    'instrument.tickSz',        /is missing/],
  ['a number past all range',      JSON.stringify(ADDITION).replace('"58500"', '1e999'),    'malformed',    'market.price',             /the number 1e999 is past/],
  ['a number too small to hold',   JSON.stringify(ADDITION).replace('"58500"', '1e-400'),   'malformed',    'market.price',             /the number 1e-400 is past/],
  ['a time past all range',        JSON.stringify(ADDITION).replace('"now":120000', '"now":1e400'), 'malformed', 'market.now',          /the number 1e400 is past/],
  ['a time between, as a text',    withAt(ADDITION, 'market.now', '1.5'),                   'malformed',    'market.now',               /milliseconds, not "1.5"/],
  ['an unknown key of the account',withAt(ADDITION, 'account.equity', '5'),                 'malformed',    'account.equity',           /not a key/],
  ['a flag that is a text',        withAt(ADDITION, 'halted', 'no'),                        'malformed',    'halted',                   /true or false, not "no"/],
  ['a negative count',             withAt(ADDITION, 'account.openPositions', -1),           'malformed',    'account.openPositions',    /0 or more, not -1/],
  ['a size past the safe range',   withAt(ADDITION, 'position.contracts', '90071992547409930'), 'off-grid', 'position.contracts',       /past the safe range/],
];

describe('a malformed case', () => {
  it.each(malformed)('of %s is told in Russian under --lang ru', (_fact, given, code, path) => {
    const line = typeof given === 'string' ? given : JSON.stringify(given);
    const { error } = verdictOfLine(line, 'ru') as Verdict;
    expect(error).toMatchObject({ code, path });
    expect(error?.message).toMatch(/[а-я]/);
    expect(error?.message, 'no English sentence').not.toMatch(/\b(is|are|must|not|missing|known)\b/);
  });

  it.each(malformed)('of %s is told by code, path and message', (_fact, given, code, path, message) => {
    const { error, decision } = verdictOf(given);
    expect(decision).toBeUndefined();
    expect(error).toMatchObject({ code, path });
    expect(error?.message).toMatch(message);
  });

  it('may have whole numbers as texts too, as every other number', () => {
    const texts = {
      'market.now': '120000',
      'position.openedAt': '0',
      'account.openPositions': '1',
      'market.priceAgeMs': '5.0',
    };
    const given = Object.entries(texts).reduce<object>((all, [path, text]) => withAt(all, path, text), ADDITION);
    expect(verdictOf(given)).toEqual(verdictOf(withAt(ADDITION, 'market.priceAgeMs', 5)));
    expect(verdictOf(given)).not.toHaveProperty('error');
  });

  it('may have an average between ticks: it is a cost, divided', () => {
    expect(verdictOf(withAt(ADDITION, 'position.avgPrice', '58590.12345'))).not.toHaveProperty('error');
  });

  it('keeps its id', () => {
    expect(verdictOf(withAt(ADDITION, 'market.price', 0)).id).toBe('a1');
    expect(verdictOf('{').id).toBeNull();
  });

  it.each([
    ['"58500"', '58500.0000000000001', 'market.price'],
    ['"0.4"', '0.40000000000000002', 'position.contracts'],
    ['120000', '1234567890123456', 'market.now'],
    ['"adaptive"', '"adaptive", "ladder": [1.0000000000000001]', 'config.position_scaling.ladder.0'],
  ])(
    'of a number of more than 15 digits (%s → %s) says "use a string", also where a double would not show it',
    (text, instead, path) => {
      const line = JSON.stringify(ADDITION).replace(text, instead);
      const { error } = verdictOfLine(line) as Verdict;
      expect(error).toMatchObject({ code: 'malformed', path });
      expect(error?.message).toMatch(/more than 15 digits and may have lost some: use a string/);
    },
  );

  it('is not a long number in a text, nor one of 15 digits', () => {
    const line = JSON.stringify(ADDITION).replace('"58590"', '58590.0000000001');
    expect(verdictOfLine(line)).not.toHaveProperty('error');
    expect(verdictOf(withAt(ADDITION, 'position.avgPrice', '58590.00000000000000001'))).not.toHaveProperty('error');
    expect(verdictOf(withAt(ADDITION, 'id', ': 1234567890123456789'))).not.toHaveProperty('error');
  });
});

it('a byte order mark before the first case is no part of it, one further on is a mistake', async () => {
  const line = JSON.stringify(ADDITION);
  const plain = await decide(`${line}\n`);
  expect(await decide(`\u{feff}${line}\n`)).toEqual(plain);
  expect(await decide(`${line}\n`, `\u{feff}${line}\n`)).toMatchObject({ code: 1 });
});

describe('a line that is no case by its mere size', () => {
  const line = JSON.stringify(ADDITION);

  it('is told and passed over without being collected, whole or in pieces, and the next one is judged', async () => {
    const piece = 'x'.repeat(700_000);
    for (const chunks of [
      [`${piece}${piece}\n${line}\n`],
      [piece, piece, piece, `\n${line}\n`],
      [piece, piece, `${piece}\n`, line],
    ]) {
      const { code, lines } = await decide(...chunks);
      expect([code, lines.length]).toEqual([1, 2]);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        error: { message: expect.stringContaining('longer than 1048576 characters') },
      });
      expect(JSON.parse(lines[1] ?? '')).toMatchObject({ id: ADDITION.id, decision: 'add' });
    }
  });

  it('or by its depth is told in words of ours', () => {
    const deep = `{"id":"a","kind":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(verdictOfLine(deep)).toMatchObject({
      error: { code: 'malformed', message: 'this case is nested too deeply' },
    });
  });

  it('or by the length of a value is told by its beginning', () => {
    const long = verdictOf(withAt(ADDITION, 'account.balance', '9'.repeat(5_000)));
    expect(long.error?.message.length).toBeLessThan(320);
  });
});
