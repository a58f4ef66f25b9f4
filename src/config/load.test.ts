import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../test/shared.ts';
import { decimal, formatDecimal } from '../core/numbers/decimal.ts';
import { ladderRows } from './effective/effective-print.ts';
import { ConfigError, loadConfig, loadTree, type Problem, type Source } from './index.ts';
import { problemsText } from './problem.ts';

const file = { name: 'rungwise.yaml' };

function problemsOf(text: string, source: Source = file): readonly Problem[] {
  try {
    loadConfig(text, source);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const FLOW = `position_scaling:
  by_balance:
    small: {max_additions: 3, min_interval_seconds: 60, max_loss_for_addition: -1.5%, ladder: [1.0, 0.6, 0.4]}
    medium: {max_additions: 5, min_interval_seconds: 45, max_loss_for_addition: -2.0%, ladder: [1.0, 0.7, 0.5, 0.3, 0.2]}
    large: {max_additions: 7, min_interval_seconds: 30, max_loss_for_addition: -3.0%, ladder: [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15]}
  by_regime:
    trending: {ladder_multiplier: 1.1, max_loss_for_addition: -2.5%}
    ranging: {ladder_multiplier: 0.9, max_loss_for_addition: -1.5%}
    choppy: {ladder_multiplier: 0.7, max_loss_for_addition: -1.0%, max_additions_override: 3}
`;

const BLOCK = `position_scaling:
  by_balance:
    small:
      max_additions: 3
      min_interval_seconds: 60
      max_loss_for_addition: -1.5%  # Более консервативно
      ladder: [1.0, 0.6, 0.4]  # Меньшие коэффициенты

    medium:
      max_additions: 5
      min_interval_seconds: 45
      max_loss_for_addition: -2.0%
      ladder: [1.0, 0.7, 0.5, 0.3, 0.2]

    large:
      max_additions: 7
      min_interval_seconds: 30
      max_loss_for_addition: -3.0%  # Более агрессивно
      ladder: [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15]
  by_regime:
    trending:
      ladder_multiplier: 1.1  # +10% к коэффициентам лестницы
      max_loss_for_addition: -2.5%  # Можно добавить при большем убытке

    ranging:
      ladder_multiplier: 0.9  # -10% к коэффициентам лестницы
      max_loss_for_addition: -1.5%  # Более консервативно

    choppy:
      ladder_multiplier: 0.7  # -30% к коэффициентам лестницы
      max_loss_for_addition: -1.0%  # Очень консервативно
      max_additions_override: 3  # Максимум 3 добавления
`;

const adaptiveRows = () => ladderRows(loadTree({ position_scaling: { preset: 'adaptive' } }).policy);

describe("the document's own YAML", () => {
  it.each([
    ['flow', FLOW],
    ['block with comments', BLOCK],
  ])('in %s style leads to the ladders of the adaptive preset', (_, text) => {
    expect(ladderRows(loadConfig(text, file).policy)).toEqual(adaptiveRows());
  });
});

describeWithShared('the papers as they stand', () => {
  const blocks = (name: string) =>
    [...readFileSync(sharedPath(name), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  it('the block of ladder.md §8 is the adaptive preset', () => {
    const [text = ''] = blocks('spec/ladder.md');
    expect(ladderRows(loadConfig(text, file).policy)).toEqual(adaptiveRows());
  });

  it('both blocks of requirements §4.2 load as pasted', () => {
    const texts = blocks('spec/requirements.ru.md');
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(loadConfig(text, file).settings.length).toBeGreaterThan(100);
    const [byBalance = '', byRegime = ''] = texts;
    const underOneHeader = loadConfig(byBalance + byRegime.replace('position_scaling:\n', ''), file);
    const asTheyStand = loadConfig(byBalance + byRegime, file);
    expect(ladderRows(underOneHeader.policy)).toEqual(adaptiveRows());
    expect(ladderRows(asTheyStand.policy)).toEqual(adaptiveRows());
    const line = (byBalance + byRegime).split('\n').lastIndexOf('position_scaling:') + 1;
    expect(asTheyStand.warnings[0]).toMatchObject({
      path: 'position_scaling',
      line,
      message: expect.stringMatching(/^goes on here, having begun in line \d+: both parts hold$/),
    });
  });
});

describe('presets', () => {
  // preset, profile, regime: additions, interval s, loss limit %, first three coefficients (ladder.md §2, D4, D8)
  it.each([
    ['conservative', 'small', 'ranging', 5, 60, '-2', ['0.72', '0.504', '0.36']],
    ['conservative', 'medium', 'trending', 5, 60, '-2', ['1.1', '0.77', '0.55']],
    ['conservative', 'large', 'choppy', 5, 60, '-2', ['0.77', '0.539', '0.385']],
    ['aggressive', 'small', 'trending', 7, 30, '-3', ['0.88', '0.704', '0.528']],
    ['aggressive', 'large', 'ranging', 7, 30, '-3', ['0.99', '0.792', '0.594']],
    ['adaptive', 'small', 'trending', 3, 60, '-1.5', ['1.1', '0.66', '0.44']],
    ['adaptive', 'medium', 'ranging', 5, 45, '-1.5', ['0.9', '0.63', '0.45']],
    ['adaptive', 'large', 'trending', 7, 30, '-2.5', ['1.1', '0.88', '0.66']],
    ['adaptive', 'large', 'choppy', 3, 30, '-1', ['0.7', '0.56', '0.42']],
  ])(
    '%s, %s, %s: %i additions every %i s down to %s %%',
    (preset, profile, regime, additions, seconds, loss, coefficients) => {
      const row = ladderRows(loadTree({ position_scaling: { preset } }).policy).find(
        (each) => each.profile === profile && each.regime === regime,
      );
      expect(row?.rules.additionsMax).toBe(additions);
      expect(row?.rules.intervalMs).toBe(seconds * 1000);
      expect(row === undefined ? '' : formatDecimal(row.rules.lossLimitPercent)).toBe(loss);
      expect(row?.rules.coefficients.slice(0, 3).map(formatDecimal)).toEqual(coefficients);
    },
  );
});

describe('merging', () => {
  it('lays a file over its preset key by key and replaces lists whole', () => {
    const { scaling } = loadConfig('position_scaling: {preset: aggressive, ladder: [1, 0.5]}', file).policy;
    expect(scaling.ladder.map(formatDecimal)).toEqual(['1', '0.5']);
    expect(scaling.additionsMax, 'the rest of the preset stays').toBe(7);
  });

  it('lets a by_balance value beat the general one, and "general" take it back', () => {
    const text =
      'position_scaling: {preset: adaptive, max_additions: 9, by_balance: {large: {max_additions: general}}}';
    const { scaling } = loadConfig(text, file).policy;
    expect([
      scaling.byBalance.small?.additionsMax,
      scaling.byBalance.large?.additionsMax,
      scaling.additionsMax,
    ]).toEqual([3, undefined, 9]);
  });

  it('lets "off" take back what a regime of the preset sets', () => {
    const { scaling } = loadConfig(
      'position_scaling: {preset: adaptive, by_regime: {choppy: {max_loss_for_addition: off}}}',
      file,
    ).policy;
    expect(scaling.byRegime.choppy.lossLimitPercent).toBeUndefined();
    expect(scaling.byRegime.choppy.additionsMax).toBe(3);
  });

  it('switches the trailing stop and the age of prices off', () => {
    const { exits, limits } = loadConfig('exits: {trailing: off}\nlimits: {price_age_max_ms: off}', file).policy;
    expect([exits.trailing, limits.priceAgeMaxMs]).toEqual([undefined, undefined]);
  });

  it('knows one number however it is spelled', () => {
    const spelled = ['-1.5', '"-1.5"', '-1.5%', '"-1.50 "', '-1.500'].map(
      (value) =>
        loadConfig(`position_scaling: {max_loss_for_addition: ${value}}`, file).policy.scaling.lossLimitPercent,
    );
    for (const each of spelled) expect(each).toEqual(decimal('-1.5'));
    expect(loadConfig('limits: {margin_reserve: 30%}', file).policy.limits.marginReserve).toEqual(decimal('0.3'));
  });

  it('keeps every digit of a quoted decimal', () => {
    const { marginReserve } = loadConfig('limits: {margin_reserve: "0.12345678901234567890123"}', file).policy.limits;
    expect(formatDecimal(marginReserve)).toBe('0.12345678901234567890123');
  });

  it('turns seconds and minutes into milliseconds', () => {
    const { policy } = loadConfig(
      'position_scaling: {min_interval_seconds: 0.5}\nexits: {time_limit_minutes: {choppy: 1.5}}',
      file,
    );
    expect([policy.scaling.intervalMs, policy.exits.timeLimitMs.choppy]).toEqual([500, 90_000]);
  });
});

describe('origins', () => {
  const text = `account: {balance: 500}
position_scaling:
  preset: adaptive
  by_balance:
    small:
      max_additions: 2
`;
  const config = loadConfig(text, {
    name: 'rungwise.yaml',
    commandLine: { account: { balance: '750' }, symbols: ['ETH-USDT-SWAP'] },
  });

  it.each([
    ['account.balance', 'command line'],
    ['symbols', 'command line'],
    ['position_scaling.preset', 'file 3'],
    ['position_scaling.by_balance.small.max_additions', 'file 6'],
    ['position_scaling.by_balance.small.ladder', 'preset adaptive'],
    ['position_scaling.by_regime.choppy.max_additions_override', 'preset adaptive'],
    ['position_scaling.on_limit', 'default'],
    ['exits.stop_trigger', 'default'],
  ])('%s was said by the %s', (path, origin) => {
    const setting = config.settings.find((each) => each.path === path);
    expect(Object.values(setting?.origin ?? {}).join(' ')).toBe(origin);
  });

  it('the command line beats the file', () => expect(formatDecimal(config.account.balance)).toBe('750'));

  it('names the command line where its value is wrong', () => {
    expect(() => loadConfig(text, { name: 'x', commandLine: { account: { balance: '-5' } } })).toThrow(
      /^command line: 1 problem\n.*-5/,
    );
  });
});

describe('strictness', () => {
  // text, line, path, what the hint says
  it.each([
    ['limts: {}', 1, 'limts', '"limits"'],
    ['position_scaling:\n  max_additons: 4', 2, 'position_scaling.max_additons', '"max_additions"'],
    ['position_scaling:\n  by_balance:\n    smal: {}', 3, 'position_scaling.by_balance.smal', '"small"'],
    [
      'position_scaling: {by_regime: {trending: {ladder_multiplyer: 1}}}',
      1,
      'position_scaling.by_regime.trending.ladder_multiplyer',
      '"ladder_multiplier"',
    ],
    [
      'position_scaling: {by_symbol: {BTC-USDT-SWAP: {max_addition: 1}}}',
      1,
      'position_scaling.by_symbol.BTC-USDT-SWAP.max_addition',
      '"max_additions"',
    ],
    ['limits: {max_reprices: 3}', 1, 'limits.max_reprices', 'execution.max_reprices'],
    ['profiles: {large: {below: 9000}}', 1, 'profiles.large.below', 'profiles.small.below'],
    [
      'partial_take_profit: {steps: [{at: 0.5, fraction: 0.5, frction: 1}]}',
      1,
      'partial_take_profit.steps[0].frction',
      '"fraction"',
    ],
    ['exits: {trailing: {distance: 1}}', 1, 'exits.trailing.distance', '"distance_atr"'],
    ['zzzzzzzz: 1', 1, 'zzzzzzzz', 'Known here: account'],
  ])('%j names the unknown key and the nearest known one', (text, line, path, hint) => {
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        path,
        line,
        message: 'is not a key of the configuration',
        hint: expect.stringContaining(hint),
      }),
    ]);
  });

  it.each(['notify: {telegram: on}', 'state: {directory: x}', 'timezone: UTC', 'account: {uid: "1"}'])(
    '%j is refused because nothing reads it',
    (text) =>
      expect(problemsOf(text)).toEqual([
        expect.objectContaining({ message: expect.stringContaining('not supported') }),
      ]),
  );

  it('an amount of more than eight decimal places is told so, and the command line by its name', () => {
    let told: unknown;
    try {
      loadConfig('symbols: [BTC-USDT-SWAP]', { ...file, commandLine: { account: { balance: '0.123456789' } } });
    } catch (error) {
      told = error;
    }
    const problems = told instanceof ConfigError ? told.problems : [];
    expect(problemsText(problems, 'command line', 'en')).toContain('it has more than 8 decimal places');
    expect(problemsText(problems, 'command line', 'ru')).toMatch(/^командная строка: .*знаков после точки больше 8/s);
    expect(told).toMatchObject({ source: 'command line' });
  });

  // a slip, what says how to mend it, in both languages
  it.each([
    ['account: {balance: "1000,50"}', 'Decimals take a point', 'отделяет точка'],
    ['account:\n  balance: 1 000\n', 'thousands nothing at all', 'тысячи не отделяет ничего'],
    ['position_scaling: {ladder: [1, 0,7]}', '0,7 is two steps', '0,7 — это две ступени'],
    ['position_scaling: {max_loss_for_addition: \u22121.5}', 'type the plain "-"', 'обычный «-»'],
    ['position_scaling: {max_loss_for_addition: -500}', 'Write it like -1.5', 'Пишите так: -1.5'],
    ['position_scaling:\n  m\u0430x_additions: 3\n', '"\u0430" is Cyrillic', '«\u0430» здесь кириллица'],
    ['symbols: [\u0412\u0422\u0421-USDT-SWAP]', '"\u0412\u0422\u0421" is Cyrillic', 'Наберите латиницей'],
    [
      'account:\n\u00a0\u00a0balance: 1000\n',
      'ordinary spaces: these are of another kind (U+00A0)',
      'здесь другие (U+00A0)',
    ],
    ['account:\n\u2003balance: 1000\n', 'of another kind (U+2003)', 'здесь другие (U+2003)'],
    ['\u0007account: {balance: 1}\n', 'cannot be seen, or is no ordinary space (U+0007)', 'невидимый знак'],
    ['limits:\n  shock_atr\u200b: 3\n', 'cannot be seen, or is no ordinary space (U+200B)', 'невидимый знак'],
    ['symbols: [BTC-USDT-SWAP]\n\ufefflimits: {shock_atr: 3}\n', '(U+FEFF): type it anew', 'наберите заново'],
    ['limits:\n  shock_atr:\u00a03\n', 'no ordinary space (U+00A0)', 'необычный пробел'],
    ['account: {balance: 1000\u200b}\n', '(U+200B)', '(U+200B)'],
    ['governors: {pause: "on\u200b"}\n', '(U+200B)', '(U+200B)'],
    ['limits.shock_atr: 5\n', 'nested, not dotted: "limits: {shock_atr: …}"', 'не пишут через точку'],
    ['limits:\n  regime_margin_points.choppy: -5\n', '"regime_margin_points: {choppy: …}"', 'не пишут через точку'],
    [
      'position_scaling: {by_balance: {small: &s {max_additions: 3}, medium: {<<: *s, ladder: [1]}}}\n',
      'Keys are not merged in: write them out',
      'Ключи так не подставляются',
    ],
    ['symbols: [btc-usdt-swap]', 'Did you mean "BTC-USDT-SWAP"?', 'Может быть, «BTC-USDT-SWAP»?'],
    ['symbols: ["BTC/USDT:USDT"]', 'Did you mean "BTC-USDT-SWAP"?', '«BTC-USDT-SWAP»'],
    ['symbols: [1000pepeusdt]', 'Did you mean "1000PEPE-USDT-SWAP"?', '«1000PEPE-USDT-SWAP»'],
    ['symbols: [USDT_BTC]', 'Did you mean "BTC-USDT-SWAP"?', '«BTC-USDT-SWAP»'],
    ['symbols: [BTCUSDT.P]', 'Did you mean "BTC-USDT-SWAP"?', '«BTC-USDT-SWAP»'],
    ['symbols: [eth]', 'Did you mean "ETH-USDT-SWAP"?', '«ETH-USDT-SWAP»'],
    ['symbols: [BTC-USDC-SWAP]', 'Write it like that', 'Напишите так'],
    ['symbols: ["123"]', 'Write it like that', 'Напишите так'],
    ['position_scaling: {by_symbol: {BTCUSDT: {max_additions: 2}}}', 'mean "BTC-USDT-SWAP"?', '«BTC-USDT-SWAP»'],
    ['position_scaling: {by_symbol: {"BTC-PERP": {max_additions: 2}}}', 'like BTC-USDT-SWAP', 'так: BTC-USDT-SWAP'],
    ['account:\n  balance:1000\n', 'a space after the colon: "balance: 1000"', 'пробел после двоеточия'],
    ['account:\n  balance = 1000\n', 'a colon, not "=": "balance: 1000"', 'Вместо «=»'],
    ['account: {balance:1000}', 'a space after the colon: "balance: 1000"', 'пробел после двоеточия'],
    [
      'symbols:\n  -BTC-USDT-SWAP\n  -ETH-USDT-SWAP\n',
      'after each dash: "- BTC-USDT-SWAP"',
      'каждого дефиса: «- BTC-USDT-SWAP»',
    ],
    ['position_scaling:\n  ladder:\n    -1\n    -0.7\n', 'after each dash: "- 1"', 'каждого дефиса: «- 1»'],
    ['signals: {scalper: {enabled: no}}', 'Did you mean "off"?', 'Может быть, «off»?'],
    ['signals: {scalper: {enabled: yes}}', 'Did you mean "on"?', 'Может быть, «on»?'],
    ['signals: {scalper: {enabled: ofv}}', 'Did you mean "off"?', 'Может быть, «off»?'],
    ['account: |\n  balance: 1000\n', 'Its keys: name, balance', 'Его ключи: name, balance'],
    ['exits: {trailing: on}', 'Write it like that', 'Напишите так'],
    ['position_scaling:\n  - preset: adaptive\n', 'without dashes', 'без дефисов'],
    ['timeframes: 5m', 'Its keys: signal, regime, atr', 'Его ключи: signal, regime, atr'],
    ['exits: {stop_atr: 2}', 'Its keys: trending, ranging, choppy', 'Его ключи: trending, ranging, choppy'],
    ['account: {name: 1}', 'Put it in quotes', 'Возьмите в кавычки'],
  ])('%j is told with what was meant', (text, en, ru) => {
    const hints = problemsOf(text).map(({ said }) => said);
    expect(
      hints.some((said) => said.en[1].includes(en)),
      JSON.stringify(hints),
    ).toBe(true);
    expect(
      hints.some((said) => said.ru[1].includes(ru)),
      JSON.stringify(hints),
    ).toBe(true);
  });

  it.each([
    'exchange: {name: okx}',
    'api_key: x',
    'account: {secret: x}',
    'account: {apiKey: x}',
    'okx: {passphrase: x}',
  ])('%j is told where the keys of the exchange go', (text) => {
    const [found] = problemsOf(text);
    expect(found?.said.en[0]).toContain('never stand in this file: give them by RUNGWISE_OKX_KEY');
    expect(found?.said.ru[0]).toContain('в этот файл не пишут: их задают RUNGWISE_OKX_KEY');
  });

  it('account.uid says what does name the account of the exchange', () => {
    const [found] = problemsOf('account: {uid: "1"}');
    expect(found?.said.en[0]).toContain('whose keys live and paper are given');
    expect(found?.said.ru[0]).toContain('чьи ключи даны командам live и paper');
  });

  // text, what the message and hint say
  it.each([
    ['account: {balance: -100}', '-100 is not an amount in USDT above 0 and up to 1000000000'],
    ['account: {balance: 0}', 'above 0'],
    ['account: {balance: .nan}', 'plain decimal number'],
    ['account: {balance: .inf}', 'plain decimal number'],
    ['account: {balance: lots}', '"lots" is not an amount'],
    ['account: {balance: [1]}', 'a list is not an amount'],
    ['account: {balance: 0.123456789}', 'not an amount'],
    ['account: {name: ../etc}', 'letters, digits'],
    ['symbols: []', 'an empty list'],
    ['symbols: BTC-USDT-SWAP', 'a list'],
    ['symbols: [BTC/USDT]', 'like BTC-USDT-SWAP'],
    ['position_scaling: {ladder: [1, -0.5]}', '-0.5 is not a share above 0'],
    ['position_scaling: {ladder: [1, 0]}', '0 is not a share above 0'],
    ['position_scaling: {ladder: []}', 'an empty list'],
    ['position_scaling: {by_balance: {small: {ladder: []}}}', 'an empty list'],
    ['position_scaling: {by_balance: {small: {ladder: [1, x]}}}', '"x" is not a share'],
    ['position_scaling: {max_additions: 2.5}', '2.5 is not a whole number from 0 to 100. Write it like 3 or "3"'],
    ['execution: {leverage: {max: 200}}', '200 is not a whole number from 1 to 125. Write it like 3 or "3"'],
    ['position_scaling: {max_additions: "six"}', '"six" is not a whole number'],
    ['position_scaling: {max_additions: 12345678901234567}', 'more than 15 digits'],
    ['account: {balance: 1e20}', 'up to 1000000000: it has more than 15 digits; put it in quotes'],
    ['position_scaling: {max_loss_for_addition: 1.5}', 'A loss is negative'],
    ['position_scaling: {max_loss_for_addition: -150%}', 'from -100 to 0'],
    ['position_scaling: {preset: agressive}', 'Did you mean "aggressive"?'],
    ['position_scaling: {preset: true}', 'one of "conservative"'],
    ['position_scaling: {base_size: {small: 1}}', 'is missing'],
    ['position_scaling: {by_symbol: {BTC: {max_additions: 2}}}', 'BTC-USDT-SWAP'],
    ['limits: {daily_loss_limit: -5}', 'without a sign'],
    ['governors: {pause: maybe}', '"on", "off" or a section of its numbers'],
    ['limits: {max_open_positons: 3}', 'Did you mean profiles.small.max_open_positions, profiles.medium.max_open_pos'],
    ['exits: {laddr: [1]}', 'Did you mean position_scaling.ladder, '],
    ['exits: {atrs: 1}', 'Known here: target_atr'],
    ['max_open_trades: 3', 'Did you mean profiles.small.max_open_positions, '],
    ['position_scaling: {max_positions: 3}', 'Did you mean profiles.small.max_open_positions, '],
    ['pairs: [BTC-USDT-SWAP]', 'Did you mean "symbols"?'],
    ['exits: {take_profit: 3}', 'Did you mean "target_atr"?'],
    ['fees: 0.1', 'Did you mean execution.fee_rates?'],
    ['governors: {pause: {losses: 5}}', 'It belongs to governors.size_by_day.losses'],
    ['governors: {pause: {symbol_losses: 0}}', 'from 1 to 1000'],
    ['governors: {pause: {drawdown_readings: 1}}', 'from 2 to 100'],
    ['governors: {size_by_day: {losses: [{at: 1, factor: 0.8}]}}', '1 is not a percentage from -100 and below 0'],
    ['governors: {size_by_day: {gains: [{at: 1}]}}', 'is missing'],
    ['exits:', 'has no value'],
    ['exits: 5', 'a section'],
    ['exits: {trailing: on}', '"off" or a section'],
    ['partial_take_profit: {steps: [{at: 1.2, fraction: 0.5}]}', '1.2 is not a share above 0 and below 1'],
    ['partial_take_profit: {steps: [{at: 0.2}]}', 'is missing'],
  ])('%j is refused: %s', (text, said) => {
    const [problem, ...others] = problemsOf(text);
    expect(others.length === 0 || text.includes('base_size')).toBe(true);
    expect(`${problem?.message}. ${problem?.hint}`).toContain(said);
    expect(problem?.said.ru.join(' '), 'and in Russian').toMatch(/[а-яё]/);
    expect(problem?.line).toBe(1);
  });

  it('tells every problem at once, in the order of the lines', () => {
    const text =
      'position_scaling:\n  max_additons: 4\n  ladder: [1, -1]\nlimits:\n  margin_reserve: 0x10\n  max_total_exposure: many\noops: 1\n';
    expect(problemsOf(text).map(({ line }) => line)).toEqual([2, 3, 5, 6, 7]);
  });

  it('shows a long value shortened', () => {
    expect(problemsOf(`account: {balance: ${'x'.repeat(1000)}}`)[0]?.message.length).toBeLessThan(120);
  });
});
