/**
 * Where stored candles are from: stretches of minutes, each with its origin, in the head of the file (store.ts).
 *
 * OKX's candles, files and what nobody noted may stand together: it is the person who says that they are of one market. An exchange that is not OKX
 * has a market of its own (the paper exchange invents its prices): its candles stand alone.
 */
import type { Candles } from '../../core/market/candle.ts';
import { DataError } from '../data-error.ts';

export interface Origin {
  /** `unknown`: stored by a version that did not note it. */
  readonly kind: 'okx' | 'exchange' | 'file' | 'unknown';
  /** The exchange's address or the file's name; empty where unknown. */
  readonly name: string;
}

/** All stored candles from the first to the last of these minutes; whole minutes since 1970 UTC. */
export interface Stretch extends Origin {
  readonly firstMinute: number;
  readonly lastMinute: number;
}

/** Past it a head would outgrow its place. */
const STRETCHES_MAX = 4_000;

/** Of an address like `https://www.okx.com`, the paper exchange's among them: which market answers there. */
export function exchangeOrigin(address: string): Origin {
  const host = URL.parse(address)?.hostname ?? '';
  return { kind: host === 'okx.com' || host.endsWith('.okx.com') ? 'okx' : 'exchange', name: address };
}

/** An origin by its name alone, as a line of funding.csv has it. */
export function originNamed(name: string): Origin {
  if (name === '') return UNKNOWN;
  return URL.canParse(name) ? exchangeOrigin(name) : { kind: 'file', name };
}

/** The one among `stored` beside which candles of `origin` may not stand; undefined: they may. */
export function strangerTo(stored: readonly Origin[], origin: Origin): Origin | undefined {
  return stored.find((other) => {
    const isAlone = other.kind === 'exchange' || origin.kind === 'exchange';
    return isAlone && !isSame(other, origin);
  });
}

function isSame(a: Origin, b: Origin): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** Each origin once, in the order of time. */
export function distinctOrigins(stretches: readonly Stretch[]): Origin[] {
  return stretches.flatMap(({ kind, name }, i) =>
    stretches.findIndex((other) => isSame(other, { kind, name })) === i ? [{ kind, name }] : [],
  );
}

/**
 * The stretches of `all`, which `older` ones and the `newer` candles of `origin` came together in (store.ts `mergedCandles`): a minute is of
 * the newer where they know it.
 * @throws {DataError} where origins alternate too often to be noted
 */
export function mergedStretches(
  path: string,
  all: Candles,
  older: readonly Stretch[],
  newer: Candles,
  origin: Origin,
): Stretch[] {
  const stretches: Stretch[] = [];
  let current: { of: Origin; firstMinute: number; lastMinute: number } | undefined;
  let o = 0;
  let n = 0;
  const end = () => {
    if (current === undefined) return;
    const { of, firstMinute, lastMinute } = current;
    stretches.push({ kind: of.kind, name: of.name, firstMinute, lastMinute });
    if (stretches.length > STRETCHES_MAX)
      throw new DataError(path, { code: 'patchwork', stretchesMax: STRETCHES_MAX, origin });
  };
  for (let i = 0; i < all.length; i++) {
    const minute = all.openMinute[i] as number;
    while (n < newer.length && (newer.openMinute[n] as number) < minute) n++;
    while (o < older.length && (older[o] as Stretch).lastMinute < minute) o++;
    const of = n < newer.length && newer.openMinute[n] === minute ? origin : (older[o] ?? UNKNOWN);
    if (current !== undefined && isSame(current.of, of)) current.lastMinute = minute;
    else {
      end();
      current = { of, firstMinute: minute, lastMinute: minute };
    }
  }
  end();
  return stretches;
}

export const UNKNOWN: Origin = { kind: 'unknown', name: '' };
