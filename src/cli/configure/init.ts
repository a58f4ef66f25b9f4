/**
 * `rungwise init`: asks what the requirements leave open, writes a commented `rungwise.yaml` and its JSON Schema beside it.
 *
 * Every question has an option; `--yes` asks nothing. Files that are there stay as they are unless `--force` is given.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Answers, jsonSchema, loadConfig, template } from '../../config/index.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { CONFIG_FILE } from '../input/configuration.ts';
import { knownInstrument } from '../input/instruments.ts';
import { EXIT } from '../shell/failure.ts';
import { readText, refuseDash, writeText } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { DEFAULT_ANSWERS, type Given, GOVERNORS } from './init-answers.ts';
import { asked } from './init-questions.ts';

export interface InitOptions extends Given {
  readonly yes?: boolean;
  readonly force?: boolean;
}

const SCHEMA_FILE = 'rungwise.schema.json';

/** @throws {UsageError} where a file is in the way or nobody can be asked. @throws {Interrupted} @throws {ConfigError} on wrong answers. */
export async function init(session: Session, file: string | undefined, options: InitOptions): Promise<number> {
  const { texts, terminal } = session;
  const path = file ?? CONFIG_FILE;
  refuseDash(session, path);
  const schemaPath = join(dirname(path), SCHEMA_FILE);
  const made = jsonSchema();
  const schema = `${JSON.stringify(made, null, 2)}\n`;
  const there = existsSync(schemaPath) ? readText(session, schemaPath) : undefined;
  const refuseExisting = () => {
    if (options.force !== true && existsSync(path)) throw new UsageError(texts.init.exists(path));
  };
  refuseExisting();
  const isStrange = there !== undefined && !hasTitle(there, made['title']);
  if (options.force !== true && isStrange) throw new UsageError(texts.init.strangeSchema(schemaPath));
  const isAsking = options.yes !== true && !isComplete(options);
  if (isAsking && terminal.input.isTTY !== true) throw new UsageError(texts.init.noTerminal);
  const given = isAsking ? await asked(session, options) : options;
  const answers = answersOf(given, session);
  for (const symbol of answers.symbols) knownInstrument(session, symbol);
  const text = template(answers);
  loadConfig(text, { name: path });
  // Answering takes a while: another may have written one meanwhile.
  refuseExisting();
  writeText(session, path, text);
  session.tell(texts.init.wrote(path));
  if (there !== schema) {
    writeText(session, schemaPath, schema);
    session.tell(texts.init.wrote(schemaPath));
  }
  session.tell(texts.init.next(path));
  return EXIT.done;
}

/** Whether a schema is one that `init` wrote, perhaps in an older version. */
function hasTitle(text: string, title: unknown): boolean {
  try {
    return (JSON.parse(text) as { readonly title?: unknown } | null)?.title === title;
  } catch {
    return false;
  }
}

function isComplete({ preset, symbols, balance, partialMin, governors }: InitOptions): boolean {
  return [preset, symbols, balance, partialMin, governors].every((answer) => answer !== undefined);
}

function answersOf(given: Given, { language }: Session): Answers {
  const on: readonly string[] = given.governors ?? DEFAULT_ANSWERS.governors;
  return {
    preset: given.preset ?? DEFAULT_ANSWERS.preset,
    symbols: given.symbols ?? DEFAULT_ANSWERS.symbols,
    balance: given.balance === undefined ? DEFAULT_ANSWERS.balance : formatDecimal(given.balance),
    smallestPartial: given.partialMin ?? DEFAULT_ANSWERS.partialMin,
    governors: Object.fromEntries(GOVERNORS.map((name) => [name, on.includes(name)])) as Answers['governors'],
    language,
  };
}
