/** Hostile and odd configurations (reliability.md R12): a clear error or a policy, nothing else. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { long } from '../../test/long.ts';
import { yamlOf } from './effective/effective-print.ts';
import { type Config, ConfigError, effectivePolicy, loadConfig, loadTree, template } from './index.ts';
import { DEFAULTS } from './keys/defaults.ts';
import { PRESETS } from './keys/presets.ts';
import { isSection, leavesOf } from './tree.ts';

/** @returns whether it loaded. @throws whatever is not a ConfigError that says where, what and what to do. */
function loads(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError) || error.problems.length === 0) throw error;
    const unclear = error.problems.find(
      ({ said, line }) =>
        [said.en, said.ru].some(([message, hint]) => VAGUE.test(message) || hint === '') ||
        !said.ru.every((words) => /[а-яё]/.test(words)) ||
        (line ?? 1) < 1,
    );
    if (unclear !== undefined) throw new Error(`unclear: ${JSON.stringify(unclear)}`, { cause: error });
    return false;
  }
}

/** Two seconds each on an idle machine. */
const timeout = long(240_000, 7_200_000);

const VAGUE = /^$|undefined|\[object|Invalid input/;

const PRESET_NAMES = ['conservative', 'aggressive', 'adaptive'] as const;
const WRITTEN = { ...DEFAULTS, position_scaling: { ...DEFAULTS.position_scaling, ...PRESETS.adaptive } };
const PATHS = leavesOf(WRITTEN).map(({ path }) => path);
const KEYS = [...new Set(PATHS.flatMap((path) => path.split('.')))];

const plausible = fc.constantFrom(
  0,
  1,
  2,
  3,
  5,
  10,
  50,
  0.5,
  '0.3',
  '20%',
  -1,
  '-1.5%',
  'on',
  'off',
  'general',
  [1, 0.5],
  ['1', '0.6', '0.4'],
);

const junk = fc.oneof(
  fc.constantFrom(
    0,
    -1,
    1,
    0.5,
    1e21,
    -1e-7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '',
    ' ',
    'off',
    'general',
    'on',
    '-1.5%',
    '%',
    '1e5',
    null,
    true,
    [],
    {},
    [[]],
  ),
  fc.double(),
  fc.string({ maxLength: 12 }),
  fc.array(fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.string({ maxLength: 3 })), { maxLength: 8 }),
  fc.dictionary(
    fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })),
    fc.oneof(fc.double(), fc.string({ maxLength: 5 })),
    { maxKeys: 3 },
  ),
);

/** A known key, at its place or one letter or one level away from it. */
const place = fc
  .tuple(fc.constantFrom(...PATHS), fc.integer({ min: 0, max: 9 }), fc.nat(60))
  .map(([path, change, at]) => {
    if (change === 0) return `${path.slice(0, at % path.length)}x${path.slice(at % path.length)}`;
    if (change === 1) return path.split('.').slice(1).join('.') || path;
    if (change === 2) return path.split('.').slice(0, -1).join('.') || path;
    return path;
  });

/** The tree of full keys and values; a later entry wins over what stands in its way. */
function treeOf(entries: readonly (readonly [path: string, value: unknown])[]): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of entries) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let section = tree;
    for (const key of keys) {
      const below = section[key];
      section = isSection(below) ? (below as Record<string, unknown>) : (section[key] = {});
    }
    section[last] = value;
  }
  return tree;
}

const mutatedTree = fc.array(fc.tuple(place, fc.oneof(plausible, junk)), { minLength: 1, maxLength: 3 }).map(treeOf);

it('a mutated tree is a policy or a clear error', { timeout }, () => {
  let loaded = 0;
  fc.assert(
    fc.property(mutatedTree, (tree) => {
      if (loads(() => loadTree(tree))) loaded += 1;
      loads(() => effectivePolicy({ position_scaling: tree['position_scaling'], limits: tree['limits'] }));
    }),
    { numRuns: long(6_000, 800_000) },
  );
  expect(loaded, 'the mutations also reach what loads').toBeGreaterThan(100);
});

it('anything at all is a policy or a clear error', { timeout }, () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
      (tree) => {
        loads(() => loadTree(tree));
        loads(() => effectivePolicy(tree));
      },
    ),
    { numRuns: long(1_500, 100_000) },
  );
});

const FILES = PRESET_NAMES.map((preset) =>
  template({
    preset,
    symbols: ['BTC-USDT-SWAP'],
    balance: '1000',
    smallestPartial: '5',
    governors: {
      size_by_day: true,
      targets_by_volatility: true,
      additions_without_signal: false,
      mode_by_results: false,
      pause: true,
    },
    language: 'en',
  })
    .replaceAll(/^##.*\n/gm, '')
    .replaceAll(/^#(?! yaml-)/gm, ''),
).flatMap((text) => text.split('\n\n'));

const SCRAPS = [
  '\t',
  '\0',
  '\uFFFD',
  '*a',
  '&a ',
  '!!str ',
  '---\n',
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '#',
  '"',
  "'",
  '%',
  '\n',
  '  ',
  '<<: ',
  '0x',
  '-',
  '.',
  'é',
  '🪜',
  '|',
  '>',
  '? ',
];

const brokenText = fc
  .tuple(
    fc.constantFrom(...FILES),
    fc.array(fc.tuple(fc.nat(2_000), fc.nat(5), fc.constantFrom(...SCRAPS)), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce(
      (now, [at, drop, scrap]) =>
        `${now.slice(0, at % (now.length + 1))}${scrap}${now.slice((at % (now.length + 1)) + drop)}`,
      text,
    ),
  );

it('a broken text is a configuration or a clear error', { timeout }, () => {
  fc.assert(
    fc.property(brokenText, (text) => {
      loads(() => loadConfig(text, { name: 'rungwise.yaml' }));
    }),
    { numRuns: long(1_500, 100_000) },
  );
});

it('bytes that are no text are a clear error', { timeout }, () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
      loads(() => loadConfig(new TextDecoder().decode(bytes), { name: 'rungwise.yaml' }));
    }),
    { numRuns: long(1_500, 20_000) },
  );
});

const decimalText = (min: number, max: number, places = 4) =>
  fc.integer({ min: min * 10 ** places, max: max * 10 ** places }).map((units) => {
    const digits = String(Math.abs(units)).padStart(places + 1, '0');
    return `${units < 0 ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  });
const steps = fc.array(decimalText(1, 2), { minLength: 1, maxLength: 9 });
const override = fc.record(
  {
    max_additions: fc.oneof(fc.nat(100), fc.constant('general')),
    min_interval_seconds: decimalText(0, 900, 3),
    max_loss_for_addition: decimalText(-100, 0),
    ladder: fc.oneof(steps, fc.constant('general')),
  },
  { requiredKeys: [] },
);
const regime = fc.record(
  {
    ladder_multiplier: decimalText(1, 3),
    max_loss_for_addition: fc.oneof(decimalText(-100, 0), fc.constant('off')),
    max_additions_override: fc.oneof(fc.nat(100), fc.constant('off')),
    min_profit_for_addition: fc.oneof(decimalText(-5, 5), fc.constant('off')),
  },
  { requiredKeys: [] },
);
const soundTree = fc.record(
  {
    account: fc.record({
      name: fc.constantFrom('main', 'null', '1e3', 'on', '007'),
      balance: decimalText(1, 9_000_000, 8),
    }),
    position_scaling: fc.record(
      {
        preset: fc.constantFrom(...PRESET_NAMES),
        max_additions: fc.nat(100),
        ladder: steps,
        by_balance: fc.record({ small: override, medium: override, large: override }, { requiredKeys: [] }),
        by_regime: fc.record({ trending: regime, ranging: regime, choppy: regime }, { requiredKeys: [] }),
        by_symbol: fc.dictionary(fc.constantFrom('BTC-USDT-SWAP', 'ETH-USDT-SWAP', '1INCH-USDT-SWAP'), override),
        base_size: fc.constantFrom('auto', { small: 50, medium: '100.5', large: 200 }),
        on_limit: fc.constantFrom('refuse', 'shrink'),
      },
      { requiredKeys: [] },
    ),
    limits: fc.record(
      {
        margin_reserve: fc.oneof(decimalText(0, 0.9), fc.constant('25%')),
        price_age_max_ms: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constant('off')),
      },
      { requiredKeys: [] },
    ),
    partial_take_profit: fc.record({
      steps: fc.constantFrom(
        [],
        [{ at: '0.30', fraction: '50%' }],
        [
          { at: 0.3, fraction: 0.5 },
          { at: 0.6, fraction: 0.25 },
        ],
      ),
    }),
    exits: fc.record({ trailing: fc.constantFrom('off', { activation_percent: 2 }) }),
    signals: fc.record({ scalper: fc.record({ enabled: fc.boolean() }) }),
  },
  { requiredKeys: [] },
);

const read = new Map<string, unknown>();

/** The value that a printed text stands for. Most texts come again and again, and reading YAML is what this test would spend its time on. */
function valueOf(text: string): unknown {
  if (!read.has(text)) read.set(text, parse(text));
  return read.get(text);
}

const bytesOf = (value: unknown) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}n` : each));

it('the effective configuration, printed and loaded again, is the same', { timeout }, () => {
  fc.assert(
    fc.property(soundTree, (tree) => {
      const config = loadTree(tree);
      const again = loadTree(treeOf(config.settings.map(({ path, value }) => [path, valueOf(yamlOf(value))])));
      const effective = ({ policy, account, symbols, governors }: Config) =>
        bytesOf([policy, account, symbols, governors]);
      expect(effective(again)).toBe(effective(config));
    }),
    { numRuns: long(500, 20_000) },
  );
});
