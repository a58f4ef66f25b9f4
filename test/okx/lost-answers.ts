/**
 * The errors that reliability.md R3 asks for, when they strike, and how a test reads what it was told: one place for orders and for stops.
 */
import type { CoreEvent } from '../../src/core/event.ts';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import type { Answer } from './fault-proxy.ts';
import { BTC } from './paper-rig.ts';

export const reply = (status: number, body: object | string): Answer => ({
  how: 'reply',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const code = (status: number, value: string) => reply(status, { code: value, msg: 'planted', data: [] });

/** How long the truth may take to be found: questions are paced, and each market has an order to be asked for. Who has found it waits no longer. */
export const PATIENCE_MS = 60_000;

/** Long enough that a request is not lost only because the machine is busy. */
export const TIMEOUT_MS = 600;
export const TAKEN_WITHIN_MS = 2_000;
export const ERRORS: Readonly<Record<string, Answer>> = {
  reset: { how: 'reset' },
  timeout: { how: 'silence', ms: TIMEOUT_MS * 2 },
  'http 500': reply(500, 'Internal Server Error'),
  'http 502 html': reply(502, '<html><body>Bad Gateway</body></html>'),
  'http 503': reply(503, ''),
  'endpoint timeout 50004': code(400, '50004'),
  'order timed out 51149': code(500, '51149'),
  'order timed out 51054': code(500, '51054'),
  'system error 50026': code(500, '50026'),
  'internal 64007': code(200, '64007'),
  'code nobody knows': code(200, '99999'),
  'half a body': reply(200, '{"code":"0","msg":"","data":[{"ordId":"2100'),
};
export const TRUTHS = ['never arrived', 'live', 'partly filled', 'filled', 'rejected', 'cancelled'] as const;
export type Truth = (typeof TRUTHS)[number];
/** `before send`: we have the error before the exchange has the order. `before ack`: it has acted. `after ack`: asking how it went meets the error. */
export const TIMINGS = ['before send', 'before ack', 'after ack'] as const;
export type Timing = (typeof TIMINGS)[number];

/** Every kind of error has its own market, so that one case's price is no other's. */
export const MARKETS: readonly Instrument[] = Object.keys(ERRORS).map((_, at) => ({
  ...BTC,
  instId: `T${at}-USDT-SWAP`,
}));

export interface Told {
  readonly end: 'standing' | 'ended' | 'absent' | 'rejected' | undefined;
  /** Price, or trigger of a stop, as last told. */
  readonly ticks: number | undefined;
  readonly filledLots: number;
}

/** The last word on an order and the sum of its fills. */
export function toldOf(events: readonly CoreEvent[], clientId: string): Told {
  let end: Told['end'];
  let ticks: number | undefined;
  let filledLots = 0;
  for (const event of events) {
    if (!('clientId' in event) || event.clientId !== clientId) continue;
    if (event.kind === 'order-standing') {
      end = 'standing';
      ({ ticks } = event);
    }
    if (event.kind === 'order-ended') end = 'ended';
    if (event.kind === 'order-absent') end = 'absent';
    if (event.kind === 'order-rejected') end = 'rejected';
    if (event.kind === 'filled') filledLots += event.sizeLots;
  }
  return { end, ticks, filledLots };
}
