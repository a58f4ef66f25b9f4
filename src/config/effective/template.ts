/**
 * The commented `rungwise.yaml` that `init` writes.
 *
 * What was answered stands as a value; every other key stands behind a `#` with the value it has anyway, so that the preset and the defaults go on
 * holding until a person takes the `#` away. `##` begins prose.
 */
import { compareDecimals, type Decimal, decimal } from '../../core/numbers/decimal.ts';
import { PROFILES } from '../../core/policy.ts';
import type { PresetName } from '../keys/presets.ts';
import { type Language, meaningOf } from '../keys/words.ts';
import { isSection, merged } from '../tree.ts';
import { baseOf } from './effective.ts';
import { yamlOf } from './effective-print.ts';
import type { Switches } from './policy-of.ts';

export interface Answers {
  readonly preset: PresetName;
  /** OKX's names. */
  readonly symbols: readonly string[];
  /** USDT, as a decimal text. */
  readonly balance: string;
  /** The document's question: by balance (3 / 5 / 10 USDT), or one amount in USDT for every profile, as a decimal text. */
  readonly smallestPartial: 'by_balance' | string;
  readonly governors: Switches;
  readonly language: Language;
}

/** @throws {DecimalError} on a balance or amount that is no decimal. What the answers say is checked by `loadConfig`. */
export function template(answers: Answers): string {
  const chosen = chosenTree(answers);
  const tree = merged(baseOf(answers.preset).tree, chosen);
  const sections = Object.entries(tree).map(([name, value]) =>
    sectionLines([name], value, chosen[name], answers.language),
  );
  return [...headOf(answers.language), ...sections.flatMap((lines) => ['', ...lines]), ''].join('\n');
}

function chosenTree({
  preset,
  symbols,
  balance,
  smallestPartial,
  governors,
}: Answers): Readonly<Record<string, unknown>> {
  return {
    account: { balance: decimal(balance) },
    symbols,
    position_scaling: { preset },
    ...(smallestPartial === 'by_balance' ? {} : { partial_take_profit: partialOf(decimal(smallestPartial), preset) }),
    governors: Object.fromEntries(Object.entries(governors).map(([name, enabled]) => [name, { enabled }])),
  };
}

/** An amount above the cap would not hold: the cap goes with it. */
function partialOf(amount: Decimal, preset: PresetName): Readonly<Record<string, unknown>> {
  const cap = baseOf(preset).tree.partial_take_profit.min_value_cap;
  return {
    min_value: Object.fromEntries(PROFILES.map((profile) => [profile, amount])),
    ...(compareDecimals(amount, cap) > 0 ? { min_value_cap: amount } : {}),
  };
}

const HEAD = {
  en: [
    '# yaml-language-server: $schema=./rungwise.schema.json',
    "## Rungwise. Lines with one # show what holds now: take the # away (the section's too) to change the value.",
    '## "rungwise check" prints every effective value with its origin, and the ladder it leads to.',
  ],
  ru: [
    '# yaml-language-server: $schema=./rungwise.schema.json',
    '## Rungwise. Строки с одним # показывают то, что действует сейчас: уберите # (и у раздела), чтобы изменить значение.',
    '## "rungwise check" печатает каждое действующее значение, откуда оно взято, и к какой лестнице это ведёт.',
  ],
} as const satisfies Record<Language, readonly string[]>;

function headOf(language: Language): readonly string[] {
  return HEAD[language];
}

type Keys = readonly string[];

/** A key with its value; `chosen` is the part of it that was answered. */
function sectionLines(path: Keys, value: unknown, chosen: unknown, language: Language): string[] {
  const heading = path.length === 1 && isSection(value) ? meaningOf(path, language) : undefined;
  return [
    ...(heading === undefined ? [] : [`## ${heading}`]),
    ...keyLines(path, value, chosen, language, heading !== undefined),
  ];
}

function keyLines(path: Keys, value: unknown, chosen: unknown, language: Language, isExplained: boolean): string[] {
  const key = `${chosen === undefined ? '#' : ''}${'  '.repeat(path.length - 1)}${path.at(-1)}:`;
  const comment = isExplained || isRepetition(path) ? '' : commentOf(path, value, language);
  if (!isSection(value) || isGroup(path, value, language)) return [withComment(`${key} ${yamlOf(value)}`, comment)];
  const children = Object.entries(value).flatMap(([name, child]) => {
    const childPath = [...path, name];
    const isSaidAbove = commentOf(childPath, child, language) === comment;
    return keyLines(childPath, child, isSection(chosen) ? chosen[name] : undefined, language, isSaidAbove);
  });
  return [withComment(key, comment), ...children];
}

function withComment(line: string, comment: string): string {
  return comment === '' ? line : `${line.padEnd(COMMENT_COLUMN)}  # ${comment}`;
}

const COMMENT_COLUMN = 44;

/** Values that fit one line: explained together, alike to a sibling that was explained, or empty. */
function isGroup(path: Keys, section: Readonly<Record<string, unknown>>, language: Language): boolean {
  const values = Object.entries(section);
  if (values.some(([, value]) => isSection(value))) return false;
  return (
    values.length === 0 ||
    isRepetition(path) ||
    values.every(
      ([name]) => commentOf([...path, name], undefined, language) === commentOf([...path, '*'], undefined, language),
    )
  );
}

/** The second and third profile or regime: the first has said what the keys mean. */
function isRepetition(path: Keys): boolean {
  return path.some((name, index) => index > 0 && ['medium', 'large', 'ranging', 'choppy'].includes(name));
}

function commentOf(path: Keys, value: unknown, language: Language): string {
  const meaning = meaningOf(path, language) ?? (isSection(value) ? meaningOf([...path, '*'], language) : undefined);
  return meaning ?? '';
}
