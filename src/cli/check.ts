/**
 * `rungwise check`: is this configuration fit to trade with, what does it say in full, and which ladder does it lead to?
 *
 * Standard output: every effective value with its origin, the rules by balance and market, the ladder of every symbol; or all of it as JSON.
 * Standard error: problems (all at once, with their lines) and warnings. Exit code 2 where it must not be traded with.
 */
import { type Config, ConfigError, type Origin, type Problem, problemLine } from '../config/index.ts';
import { formatDecimal } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { offlineInstrument } from '../sim/instruments.ts';
import { ladderSection, laddersJson } from './check-ladders.ts';
import { rulesJson, ruleSections } from './check-rules.ts';
import { jsonValue, settingsSection } from './check-settings.ts';
import { CONFIG_FILE, configurationIn } from './configuration.ts';
import { EXIT } from './failure.ts';
import { instrumentsIn, nearestSymbol } from './instruments.ts';
import type { Session } from './session.ts';

export interface CheckOptions {
  readonly instrument?: readonly string[];
  readonly json?: boolean;
}

/** @throws {ConfigError} with every problem (with `--json` they are printed instead). @throws {UsageError} where there is no file. */
export async function check(session: Session, file: string | undefined, options: CheckOptions): Promise<number> {
  const described = instrumentsIn(session, options.instrument ?? []);
  try {
    const config = configurationIn(session, file);
    const instruments = instrumentsOf(session, config, described);
    if (options.json === true) printJson(session, config, instruments);
    else printText(session, config, instruments);
    return EXIT.done;
  } catch (error) {
    if (options.json !== true || !(error instanceof ConfigError)) throw error;
    session.print(JSON.stringify({ ok: false, file: file ?? CONFIG_FILE, problems: error.problems }, null, 2));
    return EXIT.usage;
  }
}

/** Of every symbol. @throws {ConfigError} for those that nobody describes. */
function instrumentsOf({ texts }: Session, config: Config, described: readonly Instrument[]): readonly Instrument[] {
  const unknown: Problem[] = [];
  const line = lineOf(config.settings.find(({ path }) => path === 'symbols')?.origin);
  const instruments = config.symbols.flatMap((symbol, index) => {
    const instrument = described.find(({ instId }) => instId === symbol) ?? offlineInstrument(symbol);
    if (instrument !== undefined) return [instrument];
    unknown.push({
      path: `symbols[${index}]`,
      ...line,
      message: `${symbol} ${texts.check.unknownSymbol}`,
      hint: texts.check.unknownSymbolHint(nearestSymbol(symbol)),
    });
    return [];
  });
  if (unknown.length > 0) throw new ConfigError(unknown, config.name);
  return instruments;
}

function lineOf(origin: Origin | undefined): { readonly line?: number } {
  return origin?.from === 'file' && origin.line !== undefined ? { line: origin.line } : {};
}

function printText(session: Session, config: Config, instruments: readonly Instrument[]): void {
  const { texts, palette } = session;
  const { text, refused } = ladderSection(session, config, instruments);
  for (const section of [settingsSection(session, config.settings), ...ruleSections(session, config), text])
    session.print(`${section.join('\n')}\n`);
  const warnings = [...config.warnings.map((problem) => problemLine(problem).trim()), ...refused];
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
    warnings: config.warnings,
    settings: config.settings.map(({ path, value, origin }) => ({ path, value: jsonValue(value), origin })),
    rules: rulesJson(config),
    ladders: laddersJson(config, instruments),
  };
  session.print(JSON.stringify(result, null, 2));
}
