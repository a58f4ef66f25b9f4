/** Where a command finds its configuration. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig, loadTree, problemLine, type Source } from '../../config/index.ts';
import { readText } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

export const CONFIG_FILE = 'rungwise.yaml';
/** What no file has said. */
const DEFAULTS = 'defaults';

/**
 * The configuration in `file`, or in the folder's own; `commandLine` is laid over it. That it has warnings is told.
 * @throws {UsageError} where there is none. @throws {ConfigError} @throws what reading throws.
 */
export function configurationIn(session: Session, file: string | undefined, commandLine: object = {}): Config {
  const config = readConfiguration(session, file, commandLine);
  tellWarnings(session, config);
  return config;
}

/** Briefly: `check` tells each. Those that an option of the command line may have brought it cannot know; what stands in no line is not the file's. */
function tellWarnings({ texts, language, palette, tell }: Session, { name, warnings, settings }: Config): void {
  if (warnings.length === 0) return;
  const lines = settings.some(({ origin }) => origin.from === 'command line')
    ? warnings.map((each) => `${each.line === undefined ? '' : `${name}: `}${problemLine(each, language).trim()}`)
    : [texts.configuration.warnings(name, warnings.length, name === CONFIG_FILE ? '' : ` ${name}`)];
  for (const line of lines) tell(`${palette.warn('!')} ${line}`);
}

/** The same, of warnings nothing is said. `unknownSymbol`: what the command has against a symbol. */
export function readConfiguration(
  session: Session,
  file: string | undefined,
  commandLine: object = {},
  unknownSymbol: Source['unknownSymbol'] = () => undefined,
): Config {
  const name = file ?? CONFIG_FILE;
  if (file === undefined && !existsSync(name)) throw new UsageError(session.texts.configuration.absent(name));
  return loadConfig(readText(session, name), { name, commandLine, unknownSymbol });
}

/** The same, but where the folder has none the defaults hold, and that is said. */
export function configurationOrDefaults(session: Session, file: string | undefined, commandLine: object = {}): Config {
  if (file !== undefined || existsSync(CONFIG_FILE)) return configurationIn(session, file, commandLine);
  session.tell(session.texts.configuration.defaults(CONFIG_FILE));
  const config = loadTree({}, { name: DEFAULTS, commandLine });
  tellWarnings(session, config);
  return config;
}

/** Where candles and journals lie. */
export function stateFolder({ terminal }: Session): string {
  return terminal.env['RUNGWISE_HOME'] || 'state';
}

/** Where candles lie; journals lie beside, in a folder an account. */
export function candleFolder(session: Session): string {
  return join(stateFolder(session), 'candles');
}
