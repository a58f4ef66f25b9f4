import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { type Answers, type Config, jsonSchema, loadConfig, template } from '../index.ts';
import { DEFAULTS } from '../keys/defaults.ts';
import { meaningOf, WORDS } from '../keys/words.ts';
import { leavesOf } from '../tree.ts';
import { effectiveTree } from './effective.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
}

const answers: Answers = {
  preset: 'conservative',
  symbols: ['BTC-USDT-SWAP', 'ETH-USDT-SWAP'],
  balance: '1000',
  smallestPartial: 'by_balance',
  governors: {
    size_by_day: true,
    targets_by_volatility: true,
    additions_without_signal: false,
    mode_by_results: false,
    pause: true,
  },
  language: 'en',
};

const anyAnswers = fc.record({
  preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
  symbols: fc.uniqueArray(fc.constantFrom('BTC-USDT-SWAP', 'ETH-USDT-SWAP', '1INCH-USDT-SWAP', 'DOGE-USDT-SWAP'), {
    minLength: 1,
  }),
  balance: fc
    .integer({ min: 1, max: 10 ** 9 })
    .map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100 || 1).padStart(2, '0')}`),
  smallestPartial: fc.constantFrom('by_balance', '3', '5', '10', '12.5'),
  governors: fc.record({
    size_by_day: fc.boolean(),
    targets_by_volatility: fc.boolean(),
    additions_without_signal: fc.boolean(),
    mode_by_results: fc.boolean(),
    pause: fc.boolean(),
  }),
  language: fc.constantFrom('en', 'ru'),
});

/** Takes every # away, as a person would who wants to decide everything. */
function everythingWritten(text: string): string {
  return text.replaceAll(/^#(?![# ]yaml-|#)/gm, '');
}

const load = (text: string): Config => loadConfig(text, { name: 'rungwise.yaml' });
const valueOf = ({ settings }: Config, path: string) => settings.find((setting) => setting.path === path)?.value;

describe('the file that init writes', () => {
  it('loads and says exactly what was answered', () => {
    fc.assert(
      fc.property(anyAnswers, (given) => {
        const config = load(template(given));
        expect(valueOf(config, 'position_scaling.preset')).toBe(given.preset);
        expect(config.symbols).toEqual(given.symbols);
        expect(formatDecimal(config.account.balance)).toBe(formatDecimal(decimal(given.balance)));
        expect(config.governors).toEqual(given.governors);
        const smallest =
          given.smallestPartial === 'by_balance'
            ? ['3', '5', '10']
            : Array.from({ length: 3 }, () => given.smallestPartial);
        const { valueMin, valueMinCap } = config.policy.partial;
        expect([valueMin.small, valueMin.medium, valueMin.large].map(formatDecimal)).toEqual(smallest);
        expect(valueMinCap.approx, 'an amount above the cap would not hold').toBeGreaterThanOrEqual(
          valueMin.large.approx,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes nothing that was not answered: the preset and the defaults go on holding', () => {
    const written = load(template(answers))
      .settings.filter(({ origin }) => origin.from === 'file')
      .map(({ path }) => path);
    const governors = Object.keys(DEFAULTS.governors).map((name) => `governors.${name}.enabled`);
    expect(written).toEqual(['account.balance', 'symbols', 'position_scaling.preset', ...governors]);
  });

  it.each([
    ['conservative', 'en'],
    ['aggressive', 'ru'],
    ['adaptive', 'en'],
  ] as const)('shows every key of %s with its value (%s)', (preset, language) => {
    const text = template({ ...answers, preset, language });
    const shown = load(everythingWritten(text));
    expect(shown.settings.filter(({ origin, path }) => origin.from !== 'file' && !path.endsWith('by_symbol'))).toEqual(
      [],
    );
    expect(shown.policy).toEqual(load(text).policy);
  });

  it('names the schema for the editor in its first line', () => {
    expect(template(answers).split('\n')[0]).toBe('# yaml-language-server: $schema=./rungwise.schema.json');
  });

  it('speaks Russian', () =>
    expect(template({ ...answers, language: 'ru' })).toContain('Не больше добавлений к позиции'));

  it('keeps its comments short', () => {
    for (const language of ['en', 'ru'] as const)
      for (const line of template({ ...answers, language }).split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(170);
  });
});

describe('meanings', () => {
  const tree = effectiveTree({ position_scaling: { by_symbol: { 'BTC-USDT-SWAP': { max_additions: decimal(1) } } } });
  const paths = leavesOf(tree).map(({ path }) => path.split('.'));

  it('every key has its own in both languages', () => {
    for (const path of paths)
      expect([meaningOf(path, 'en'), meaningOf(path, 'ru')], path.join('.')).not.toContain(undefined);
  });

  it('none is left without a key', () => {
    const inSchema = (node: Schema, path: string): string[] => [
      path,
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => inSchema(child, `${path}.${key}`)),
      ...(typeof node.additionalProperties === 'object' ? inSchema(node.additionalProperties, `${path}.X`) : []),
      ...(node.anyOf ?? []).flatMap((branch) => inSchema(branch, path)),
    ];
    const known = inSchema(jsonSchema(), '').map((path) => path.slice(1).split('.'));
    const fits = (pattern: string, path: readonly string[]) => {
      const parts = pattern.split('.');
      return parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]);
    };
    expect(Object.keys(WORDS).filter((pattern) => !known.some((path) => fits(pattern, path)))).toEqual([]);
  });
});

it.each([
  'exits.breakeven_percent.trending',
  'exits.trailing.activation_percent',
  'exits.extension.min_profit_percent',
])('%s says that it is of the price: a trader thinks of the margin', (key) => {
  expect(meaningOf(key.split('.'), 'en')).toMatch(/net of costs.*% of price/);
  expect(meaningOf(key.split('.'), 'ru')).toMatch(/после расходов.*% цены/);
});
