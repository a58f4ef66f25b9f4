/** Access to an exchange that speaks OKX: where it is, and who we are there. */
import { Rest } from '../../okx/door/rest.ts';
import type { ApiKey } from '../../okx/door/sign.ts';
import { steadyNowMs } from '../shell/steady-clock.ts';

export interface Access {
  /** `https://www.okx.com`. */
  readonly origin: string;
  /** `wss://ws.okx.com:8443/ws/v5`. */
  readonly wsUrl: string;
  readonly key: ApiKey;
  /** OKX's demo trading. */
  readonly isDemo: boolean;
}

/** A paper exchange has REST and sockets at one address. */
export function paperAccess(origin: string, key: ApiKey): Access {
  return { origin, wsUrl: `${origin.replace(/^http/, 'ws')}/ws/v5`, key, isDemo: false };
}

/** REST to an exchange, with a bot's patience; without a key what is public can be asked. @param givenUp what is asked for then is not waited for */
export function restOf(
  { origin, key, isDemo }: Omit<Access, 'key' | 'wsUrl'> & { readonly key?: ApiKey },
  nowMs = steadyNowMs,
  givenUp?: AbortSignal,
): Rest {
  const patience = { timeoutMs: REQUEST_MS, waitMsMax: WAIT_MS, ...(givenUp === undefined ? {} : { givenUp }) };
  const shared = { origin, isDemo, nowMs, ...patience };
  return new Rest(key === undefined ? shared : { ...shared, key });
}

/** Longer than the loop's patience would make an answer come after its order was called unknown. */
const REQUEST_MS = 4_000;
const WAIT_MS = 1_500;
