/** `rungwise doctor`: everything that a start would look at, told line by line, with what to do where it is not as it must be. Changes nothing. */
import type { ApiKey } from '../../okx/door/sign.ts';
import { checkStart, type Finding } from '../../okx/start.ts';
import { findingLines } from '../format/findings.ts';
import { jsonText } from '../format/json-text.ts';
import { restOf } from '../input/access.ts';
import { exchangeOriginOf } from '../input/addresses.ts';
import { configurationOrDefaults } from '../input/configuration.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { apiKeyOf } from './keys.ts';
import type { LiveOptions } from './live.ts';

export type DoctorOptions = Pick<LiveOptions, 'config' | 'demo' | 'real' | 'keys' | 'host' | 'json'> & {
  readonly exchange?: string;
};

/** @returns 0; 3 where something is not as it must be. @throws {UsageError} @throws {ConfigError} */
export async function doctor(session: Session, options: DoctorOptions): Promise<number> {
  const { texts, palette } = session;
  if (options.demo === true && options.real === true) throw new UsageError(texts.bots.bothLives);
  if (options.exchange !== undefined && options.real === true) throw new UsageError(texts.bots.noRealPaper);
  const origin = exchangeOriginOf(session, options);
  const config = configurationOrDefaults(session, options.config);
  const key = apiKeyOf(session, options.keys);
  const isDemo = options.real !== true && options.exchange === undefined;
  const rest = restOf(withKey({ origin, isDemo }, key));
  const show = (finding: Finding) => {
    if (options.json !== true) for (const line of findingLines(session, finding)) session.say(line);
  };
  const { findings, ready } = await checkStart(rest, origin, config.symbols, show);
  if (options.json === true) session.print(jsonText({ ready: ready !== undefined, findings }, 2));
  else if (ready !== undefined) session.print(palette.good(texts.bots.doctor.fine));
  return ready === undefined ? EXIT.exchange : EXIT.done;
}

function withKey(where: { readonly origin: string; readonly isDemo: boolean }, key: ApiKey | undefined) {
  return key === undefined ? where : { ...where, key };
}
