import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsed } from '../reading/parse.ts';
import { readYaml } from '../reading/yaml.ts';
import { DEFAULTS } from './defaults.ts';
import { jsonSchema } from './json-schema.ts';
import { PRESETS } from './presets.ts';
import { fileSchema } from './schema.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
}

/** The words of draft 7 that the schema uses; any other word fails the test below. */
function objections(schema: Schema, value: unknown, path = ''): string[] {
  const own: string[] = [];
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const isWrong = (holds: boolean, what: string) => !holds && own.push(`${path}: ${what}`);
  if (schema.type !== undefined)
    isWrong(
      [schema.type].flat().some((each) => each === type),
      `${type} is not ${schema.type}`,
    );
  if (schema.enum !== undefined) isWrong(schema.enum.includes(value), 'enum');
  if ('const' in schema) isWrong(schema.const === value, 'const');
  if (schema.anyOf !== undefined)
    isWrong(
      schema.anyOf.some((each) => objections(each, value).length === 0),
      'anyOf',
    );
  if (typeof value === 'string' && schema.pattern !== undefined)
    isWrong(new RegExp(schema.pattern).test(value), `pattern ${schema.pattern}`);
  if (typeof value === 'number') {
    isWrong(schema.multipleOf === undefined || value % schema.multipleOf === 0, 'multipleOf');
    isWrong(value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value), 'range');
    isWrong(
      value > (schema.exclusiveMinimum ?? value - 1) && value < (schema.exclusiveMaximum ?? value + 1),
      'exclusive range',
    );
  }
  if (Array.isArray(value)) {
    isWrong(value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? value.length), 'length');
    own.push(...value.flatMap((item, index) => objections(schema.items ?? {}, item, `${path}[${index}]`)));
  } else if (typeof value === 'object' && value !== null) {
    for (const key of schema.required ?? []) isWrong(key in value, `${key} is missing`);
    for (const [key, inner] of Object.entries(value)) {
      const known = schema.properties?.[key] ?? schema.additionalProperties ?? {};
      if (schema.propertyNames !== undefined) own.push(...objections(schema.propertyNames, key, `${path}.${key}`));
      if (typeof known === 'boolean') isWrong(known, `unknown key ${key}`);
      else own.push(...objections(known, inner, `${path}.${key}`));
    }
  }
  return own;
}

const schema: Schema = jsonSchema();

// biome-ignore format: a table
const SPELLINGS = [
  '0', '1', '-1', '0.5', '-1.5', '2.0', '1e2', '100', '0.00000001', '50%', '-1.5%', '1 %', '-1.5 %', '"1"', '" 1"', '"1 "', '"2.0"', '"2.50"', '"-2 %"', '" 5%"',
  '"01"', '"+1"', 'on', 'off', '"on"', 'true', 'false', 'yes', 'general', 'auto', 'allow', 'refuse', 'regime', '5m', '[1]', '[1, 0.5]', '["1", "50 %"]', '[]', '{}', 'null',
];

function everyPath(node: object): string[][] {
  return Object.entries(node).flatMap(([key, inner]) =>
    typeof inner !== 'object' || inner === null || Array.isArray(inner)
      ? [[key]]
      : [[key], ...everyPath(inner as object).map((below) => [key, ...below])],
  );
}

const KNOWN_WORDS = [
  '$schema',
  'title',
  'description',
  'type',
  'enum',
  'const',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'items',
  'required',
  'properties',
  'propertyNames',
  'additionalProperties',
  'anyOf',
];

function childrenOf(node: Schema): Schema[] {
  const below = [
    node.items,
    node.propertyNames,
    node.additionalProperties,
    ...(node.anyOf ?? []),
    ...Object.values(node.properties ?? {}),
  ];
  return below.filter((child): child is Schema => typeof child === 'object');
}

function everyNode(node: Schema): Schema[] {
  return [node, ...childrenOf(node).flatMap(everyNode)];
}

describe('the JSON Schema', () => {
  it('passes every preset, completely spelled out', () => {
    for (const preset of Object.values(PRESETS)) {
      const written = { ...DEFAULTS, position_scaling: { ...DEFAULTS.position_scaling, ...preset } };
      expect(objections(schema, structuredClone(written))).toEqual([]);
    }
  });

  it.each([
    'position_scaling: {by_balance: {small: {max_loss_for_addition: -1.5%, max_additions: general}}}',
    'position_scaling: {base_size: {small: 50, medium: "100", large: 200.5}, by_symbol: {BTC-USDT-SWAP: {max_additions: 2}}}',
    'exits: {trailing: off}\nlimits: {price_age_max_ms: off, margin_reserve: 20%}\ngovernors: {pause: true, size_by_day: off}',
    'partial_take_profit: {steps: []}',
  ])('passes %j', (text) => expect(objections(schema, parse(text))).toEqual([]));

  it.each([
    'oops: 1',
    'position_scaling: {max_additons: 1}',
    'position_scaling: {by_balance: {small: {max_aditions: 1}}}',
    'position_scaling: {by_symbol: {BTC: {}}}',
    'position_scaling: {by_symbol: {BTC-USDT-SWAP: {oops: 1}}}',
    'position_scaling: {base_size: {small: 50}}',
    'position_scaling: {preset: bold}',
    'position_scaling: {max_additions: 101}',
    'position_scaling: {max_additions: many}',
    'position_scaling: {max_additions: 0.5}',
    'position_scaling: {ladder: []}',
    'position_scaling: {ladder: [1, -0.5]}',
    'exits: {trailing: {distance: 1}}',
    'partial_take_profit: {steps: [{at: 0.5}]}',
    'account: {balance: 0}',
    'symbols: []',
    'limits:',
  ])('refuses %j', (text) => expect(objections(schema, parse(text))).not.toEqual([]));

  it('passes whatever is read without a problem, at every key', () => {
    let accepted = 0;
    for (const path of everyPath({
      ...DEFAULTS,
      position_scaling: { ...DEFAULTS.position_scaling, ...PRESETS.adaptive },
    }))
      for (const value of SPELLINGS) {
        const text = path.toReversed().reduce((inner, key) => `{${key}: ${inner}}`, value);
        const yaml = readYaml(text);
        if ('unreadable' in yaml || yaml.problems.length > 0 || 'problems' in parsed(fileSchema, yaml.tree)) continue;
        accepted += 1;
        expect(objections(schema, parse(text)), text).toEqual([]);
      }
    expect(accepted).toBeGreaterThan(2_000);
  });

  it('closes every section and uses no word that this test does not check', () => {
    for (const node of everyNode(schema)) {
      expect(KNOWN_WORDS).toEqual(expect.arrayContaining(Object.keys(node)));
      if (node.properties !== undefined) expect(node.additionalProperties).toBe(false);
    }
  });

  it('describes every key', () => {
    const undescribed = (node: Schema, path: string): string[] =>
      Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
        ...(child.description === undefined && child.properties === undefined ? [`${path}.${key}`] : []),
        ...[child, ...(child.anyOf ?? [])].flatMap((each) => undescribed(each, `${path}.${key}`)),
      ]);
    expect(undescribed(schema, '').filter((path) => !/\.(at|fraction|below|leverage)$/.test(path))).toEqual([]);
  });
});
