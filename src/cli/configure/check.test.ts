/** `check`: what must not be traded with is told at once, with lines; what may be is printed with the origin of every value. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';

inEmptyFolder();

async function checked(yaml: string | Uint8Array, words = '') {
  writeFileSync('a.yaml', yaml);
  return rungwise(`check a.yaml ${words}`);
}

describe('a configuration that must not be traded with ends with 2, a message and nothing on standard output', () => {
  it.each([
    // what                                    file                                                                said
    [
      'an unknown key',
      'position_scaling:\n  max_aditions: 3\n',
      ['line 2', 'position_scaling.max_aditions', 'max_additions'],
    ],
    ['an unknown section', 'limit:\n  margin_reserve: 0.1\n', ['line 1', 'limit', 'limits']],
    ['a wrong type', 'position_scaling:\n  max_additions: many\n', ['line 2', '"many"', 'whole number']],
    ['a list for a section', 'limits: [1]\n', ['line 1', 'limits']],
    ['a minimum above its maximum', 'profiles:\n  small: {min_position_value: 2000}\n', ['line 2', '2000', '1350']],
    ['a negative step of the ladder', 'position_scaling:\n  ladder: [1, -0.5]\n', ['line 2', 'ladder[1]', '-0.5']],
    [
      'a limit of 1 position with additions refused',
      'position_scaling: {additions_at_position_limit: refuse}\nprofiles:\n  small: {max_open_positions: 1}\n',
      ['line 3', 'the ladder could never add'],
    ],
    ['a negative balance', 'account: {balance: -5}\n', ['line 1', 'account.balance', '-5']],
    ['a loss limit above zero', 'position_scaling: {max_loss_for_addition: 2}\n', ['line 1', 'max_loss_for_addition']],
    [
      'an unknown symbol',
      'account: {name: a}\nsymbols: [BTC-USDT-SWAP, BTCC-USDT-SWAP]\n',
      ['line 2', 'symbols[1]', 'Did you mean BTC-USDT-SWAP?'],
    ],
    [
      'a misspelt key, an unknown symbol and a contradiction, all at once',
      'limits: {margin_reserv: 0.1}\nsymbols: [BTC-USDT-SWAP, BTCC-USDT-SWAP]\nprofiles: {small: {min_position_value: 2000}}\n',
      ['3 problems', 'line 1', 'margin_reserve', 'line 2', 'Did you mean BTC-USDT-SWAP?', 'line 3', '1350'],
    ],
    ['a symbol by another name', 'symbols: [BTCUSDT]\n', ['line 1', 'symbols[0]', 'BTC-USDT-SWAP']],
    ['no text at all', '', ['empty']],
    ['broken YAML', 'symbols: [BTC-USDT-SWAP\n', ['line']],
    ['a tab', 'limits:\n\tmargin_reserve: 0.1\n', ['line 2', 'tab']],
    ['a binary file', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0xff, 0xfe, 0x80]), ['not UTF-8 text']],
  ])('%s', async (_, yaml, said) => {
    const { code, out, err } = await checked(yaml);
    expect({ code, out }, err).toEqual({ code: 2, out: '' });
    for (const word of ['a.yaml', ...said]) expect(err).toContain(word);
    expect(err, 'no stack').not.toMatch(/^ +at /m);
    const ru = await checked(yaml, '--lang ru');
    expect({ code: ru.code, out: ru.out }).toEqual({ code: 2, out: '' });
    expect(ru.err).toMatch(/^rungwise: a\.yaml: ошибок: \d+\n {2}(строка \d+|.*[а-яё])/);
    expect(ru.err, 'no English sentence is left').not.toMatch(/\b(is|the|not|line)\b/);
  });

  it('all of them at once, in the order of their lines', async () => {
    const { err } = await checked(
      'account: {balance: -5}\nsymbol: [A]\nposition_scaling:\n  ladder: [0]\n  preset: bold\n',
    );
    expect(err).toContain('4 problems');
    expect([...err.matchAll(/line (\d)/g)].map(([, line]) => line)).toEqual(['1', '2', '4', '5']);
  });

  it('as JSON where that is asked for', async () => {
    const { code, out } = await checked('symbol: [A]\n', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [{ path: 'symbol', line: 1 }] });
  });

  it.each([
    ['check no.yaml', 'no.yaml: there is no such file', 'no.yaml: нет такого файла'],
    ['check there', 'there: this is a folder', 'there: это папка'],
    ['check', 'write one with "rungwise init"', 'создайте его командой «rungwise init»'],
    ['check --instrument no.json', 'no.json: there is no such file', 'no.json: нет такого файла'],
  ])('%s', async (words, english, russian) => {
    mkdirSync('there');
    const en = await rungwise(words);
    const ru = await rungwise(`${words} --lang ru`);
    expect([en.code, ru.code, en.out, ru.out]).toEqual([2, 2, '', '']);
    expect(en.err).toContain(english);
    expect(ru.err).toContain(russian);
  });
});

describe('a configuration that may be traded with', () => {
  it('is printed in full, every value with its origin', async () => {
    const { code, out } = await checked('symbols: [BTC-USDT-SWAP]\nposition_scaling:\n  preset: adaptive\n');
    expect(code).toBe(0);
    expect(out).toMatch(/symbols = \[BTC-USDT-SWAP\] +line 1\n/);
    expect(out).toMatch(/preset = adaptive +line 3\n/);
    expect(out).toMatch(/by_balance\.small\.max_additions = 3 +preset adaptive\n/);
    expect(out).toMatch(/margin_reserve = 0\.2 +default\n/);
  });

  it('shows the rules of every profile and regime as ladder.md has them', async () => {
    const { out } = await checked('position_scaling: {preset: adaptive}\n');
    const rows = out.split('\n').filter((line) => /^(trending|ranging|choppy) +\d/.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/).join(' | '))).toEqual([
      'trending | 3 | 60 s | −1.5 % | 20 % | 110 66 44 | 220',
      'ranging | 3 | 60 s | −1.5 % | 15 % | 90 54 36 | 180',
      'choppy | 3 | 60 s | −1 % | 10 % | 70 42 28 | 140',
      'trending | 5 | 45 s | −2 % | 25 % | 110 77 55 33 22 | 297',
      'ranging | 5 | 45 s | −1.5 % | 20 % | 90 63 45 27 18 | 243',
      'choppy | 3 | 45 s | −1 % | 15 % | 70 49 35 | 154',
      'trending | 7 | 30 s | −2.5 % | 30 % | 110 88 66 44 33 22 16.5 | 379.5',
      'ranging | 7 | 30 s | −1.5 % | 25 % | 90 72 54 36 27 18 13.5 | 310.5',
      'choppy | 3 | 30 s | −1 % | 20 % | 70 56 42 | 168',
    ]);
  });

  it('says a margin of half a per cent as it is', async () => {
    const { out } = await checked('profiles: {small: {max_margin_percent: 12.5}}\n');
    expect(out).toMatch(/ranging .* 12\.5 % +72 50\.4/);
  });

  it('says of ladders that differ from which leverage to which they are planned, and from which stop', async () => {
    const swaps = 'symbols: [BTC-USDT-SWAP, DOGE-USDT-SWAP]\nexecution: {leverage: {max: 125}}\n';
    const { out } = await checked(swaps);
    expect(out).toContain('fully climbed, 50–100x\n');
    expect(out).toContain('USDT, long, stop 0.24–0.26 % away.');
    expect((await checked(swaps, '--lang ru')).out).toContain('USDT, лонг, стоп в 0,24–0,26 %.');
    const { ladders } = JSON.parse((await checked(swaps, '--json')).out);
    expect(ladders.map((each: { leverage: number }) => each.leverage)).toEqual([100, 100, 100, 50, 50, 50]);
  });

  it('shows the rules of a symbol that has its own', async () => {
    const { out } = await checked('position_scaling: {by_symbol: {BTC-USDT-SWAP: {max_additions: 2}}}\n');
    expect(out).toContain('Additions of BTC-USDT-SWAP');
  });

  it('shows the least profit only where a regime asks for one', async () => {
    expect((await checked('account: {name: a}\n')).out).not.toContain('  least  ');
    const { out } = await checked('position_scaling: {by_regime: {trending: {min_profit_for_addition: 1.5}}}\n');
    expect(out).toMatch(/market +adds +after +loss +least/);
    expect(out).toMatch(/trending +5 +60 s +−2 % +1\.5 %/);
  });

  it('warns of what is shadowed', async () => {
    const { code, err } = await checked('position_scaling:\n  preset: adaptive\n  max_additions: 4\n');
    expect(code).toBe(0);
    expect(err).toMatch(/line 3 +position_scaling\.max_additions.*shadowed/);
  });

  it('says which rungs of a fixed base could never fit, and which gate is in the way', async () => {
    const { code, err } = await checked(
      'symbols: [BTC-USDT-SWAP]\nposition_scaling: {base_size: {small: 300, medium: 500, large: 800}}\n',
    );
    expect(code).toBe(0);
    expect(err).toContain('BTC-USDT-SWAP, ranging: rungs 3–5 can never be added at 60,000 USDT, an example price:');
    expect(err).toContain('BTC-USDT-SWAP, choppy: rungs 2–5 can never be added');
    expect(err).toContain('(position-margin-too-large)');
  });

  it('says that it is fine where nothing is odd', async () => {
    const { code, err } = await checked(`governors: {size_by_day: off, targets_by_volatility: off, pause: off}\n`);
    expect({ code, err }).toEqual({ code: 0, err: 'a.yaml is fine\n' });
  });

  it('comes as one JSON object', async () => {
    const { code, out } = await checked('symbols: [BTC-USDT-SWAP]\n', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ ok: true, file: 'a.yaml', symbols: ['BTC-USDT-SWAP'] });
    expect(result.settings).toContainEqual({
      path: 'symbols',
      value: ['BTC-USDT-SWAP'],
      origin: { from: 'file', line: 1 },
    });
    expect(result.settings).toContainEqual({
      path: 'position_scaling.ladder',
      value: ['1', '0.7', '0.5', '0.3', '0.2'],
      origin: { from: 'preset', preset: 'conservative' },
    });
    expect(result.rules).toHaveLength(9);
    expect(result.rules[1]).toMatchObject({
      profile: 'small',
      regime: 'ranging',
      additionsMax: 5,
      marginPercentMax: '15',
      coefficientSum: '1.944',
    });
    expect(result.ladders).toHaveLength(3);
    expect(result.ladders[1]).toMatchObject({ regime: 'ranging', price: '60000', base: '222.1563981', refusal: null });
  });

  it('says how large a position may grow where the market decides it', async () => {
    writeFileSync('a.yaml', 'limits: {regime_value_factor: {trending: 3, choppy: 0.1}}\n');
    const { out } = await rungwise('check a.yaml');
    expect(out).toContain('small, below 1,500 USDT: a position up to 4,050 USDT, 2 open positions');
    expect(out).toMatch(/market +adds +after +loss +up to, USDT +margin/);
    expect(out).toMatch(/choppy +5 +60 s +−2 % +135 +10 %/);
    const { rules } = JSON.parse((await rungwise('check a.yaml --json')).out);
    expect(rules.slice(0, 3).map((row: { positionValueMax: string }) => row.positionValueMax)).toEqual([
      '4050',
      '1350',
      '135',
    ]);
  });

  it.each([80, 120])('is drawn within %i columns', async (columns) => {
    writeFileSync('a.yaml', 'position_scaling: {preset: aggressive}\n');
    for (const language of ['en', 'ru']) {
      const { out } = await rungwise(`check a.yaml --lang ${language}`, { columns });
      // A long list of the configuration is not cut: it could not be copied.
      const tables = out.slice(out.search(/^(Additions by|Добавления по)/m)).split('\n');
      expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(out.match(/ (sum|сумма)\n/g), 'no column had to go').toHaveLength(3);
      expect(out).toMatch(/ (stopped|по стопу)\n/);
    }
  });

  it('knows a symbol that an instrument file describes', async () => {
    writeFileSync('pepe.json', JSON.stringify(PEPE));
    const { code, out } = await checked('symbols: [PEPE-USDT-SWAP]\n', '--instrument pepe.json');
    expect(code).toBe(0);
    expect(out).toContain('PEPE-USDT-SWAP');
  });

  it('refuses an instrument file that lacks a field, by its name', async () => {
    const { tickSz, ...rest } = PEPE;
    writeFileSync('pepe.json', JSON.stringify(rest));
    const { code, err } = await checked('symbols: [PEPE-USDT-SWAP]\n', '--instrument pepe.json');
    expect({ code, tickSz }).toEqual({ code: 2, tickSz: '0.01' });
    expect(err).toContain('pepe.json: "tickSz" is missing');
  });
});

const PEPE = {
  instId: 'PEPE-USDT-SWAP',
  ctVal: '0.1',
  lotSz: '0.1',
  minSz: '0.1',
  tickSz: '0.01',
  maxLimitSz: '1000000',
  maxMarketSz: '100000',
  leverageMax: 20,
  tiers: [{ maxSz: '100000', maintenanceRate: '0.01', leverageMax: 20 }],
};

it("loads the requirements' own YAML as it was pasted", async () => {
  const { code, out } = await checked(`position_scaling:
  by_balance:
    small: {max_additions: 3, min_interval_seconds: 60, max_loss_for_addition: -1.5%, ladder: [1.0, 0.6, 0.4]}
    medium: {max_additions: 5, min_interval_seconds: 45, max_loss_for_addition: -2.0%, ladder: [1.0, 0.7, 0.5, 0.3, 0.2]}
    large: {max_additions: 7, min_interval_seconds: 30, max_loss_for_addition: -3.0%, ladder: [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15]}
  by_regime:
    trending: {ladder_multiplier: 1.1, max_loss_for_addition: -2.5%}
    ranging: {ladder_multiplier: 0.9, max_loss_for_addition: -1.5%}
    choppy: {ladder_multiplier: 0.7, max_loss_for_addition: -1.0%, max_additions_override: 3}
`);
  expect(code).toBe(0);
  expect(out).toMatch(/ranging +7 +30 s +−1\.5 % +25 % +90 72 54 36 27 18 13\.5 +310\.5/);
});
