/**
 * `rungwise check`: is this configuration fit to trade with, what does it say in full, and which ladder does it lead to?
 *
 * Standard output: every effective value with its origin, the rules by balance and market, the ladder of every symbol; or all of it as JSON.
 * Standard error: problems (all at once, with their lines) and warnings. Exit code 2 where it must not be traded with.
 */

import { plainValue } from '../../config/effective/effective-print.ts';
import { type Config, ConfigError, type InBoth, type Problem, problemLine } from '../../config/index.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { offlineInstrument } from '../../sim/market/instruments.ts';
import { CONFIG_FILE, readConfiguration } from '../input/configuration.ts';
import { instrumentsIn, nearestSymbol, refuseStrangers } from '../input/instruments.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { ladderSection, laddersJson } from './check-ladders.ts';
import { ruleSections, rulesJson } from './check-rules.ts';
import { settingsSection } from './check-settings.ts';
import { riskJson, riskSection } from './risk-section.ts';

export interface CheckOptions {
  readonly instrument?: readonly string[];
  readonly json?: boolean;
}

/** @throws {ConfigError} with every problem (with `--json` they are printed instead). @throws {UsageError} where there is no file. */
export async function check(session: Session, file: string | undefined, options: CheckOptions): Promise<number> {
  const described = instrumentsIn(session, options.instrument ?? []);
  try {
    const config = readConfiguration(session, file, {}, (symbol) =>
      instrumentNamed(symbol, described) === undefined ? unknownSymbol(symbol) : undefined,
    );
    refuseStrangers(session, described, config.symbols);
    const instruments = config.symbols.flatMap((symbol) => instrumentNamed(symbol, described) ?? []);
    if (options.json === true) printJson(session, config, instruments);
    else printText(session, config, instruments);
    return EXIT.done;
  } catch (error) {
    if (options.json !== true || !(error instanceof ConfigError)) throw error;
    const problems = error.problems.map((each) => problemJson(session, each));
    session.print(JSON.stringify({ ok: false, file: file ?? CONFIG_FILE, problems }, null, 2));
    return EXIT.usage;
  }
}

function instrumentNamed(symbol: string, described: readonly Instrument[]): Instrument | undefined {
  return described.find(({ instId }) => instId === symbol) ?? offlineInstrument(symbol);
}

function unknownSymbol(symbol: string): InBoth {
  const near = nearestSymbol(symbol);
  const said = ({ check }: Session['texts']) =>
    [`${symbol} ${check.unknownSymbol}`, check.unknownSymbolHint(near)] as const;
  return { en: said(en), ru: said(ru) };
}

function problemJson({ language }: Session, { path, line, said }: Problem) {
  const [message, hint] = said[language];
  return { path, ...(line === undefined ? {} : { line }), message, hint };
}

function printText(session: Session, config: Config, instruments: readonly Instrument[]): void {
  const { texts, palette } = session;
  const { text, refused } = ladderSection(session, config, instruments);
  const risk = riskSection(session, config, instruments);
  for (const section of [settingsSection(session, config.settings), ...ruleSections(session, config), text, risk])
    session.say(`${section.join('\n')}\n`);
  const warnings = [...config.warnings.map((each) => problemLine(each, session.language).trim()), ...refused];
  for (const warning of warnings) session.tell(`${palette.warn('!')} ${warning}`);
  session.tell(
    warnings.length === 0
      ? palette.good(texts.check.fine(config.name))
      : texts.check.fineWith(config.name, texts.check.warnings(warnings.length)),
  );
}

function printJson(session: Session, config: Config, instruments: readonly Instrument[]): void {
  const result = {
    ok: true,
    file: config.name,
    account: { name: config.account.name, balance: formatDecimal(config.account.balance) },
    symbols: config.symbols,
    warnings: config.warnings.map((each) => problemJson(session, each)),
    settings: config.settings.map(({ path, value, origin }) => ({ path, value: plainValue(value), origin })),
    rules: rulesJson(config),
    ladders: laddersJson(config, instruments),
    risk: riskJson(config, instruments),
  };
  session.print(JSON.stringify(result, null, 2));
}
