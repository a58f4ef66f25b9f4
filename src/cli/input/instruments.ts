/** Which instrument a symbol names, without a network; and a price to begin with where nobody gave one. */
import { nearest } from '../../config/reading/nearest.ts';
import { coinOf, type Instrument, priceText } from '../../core/instrument/instrument.ts';
import { ticks } from '../../core/numbers/units.ts';
import {
  InstrumentFileError,
  OFFLINE_INSTRUMENTS,
  offlineInstrument,
  parseInstrument,
} from '../../sim/market/instruments.ts';
import { readText } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

/** One of the ten, for a command that takes no other. @throws {UsageError} with the nearest known symbol. */
export function knownInstrument({ texts }: Session, symbol: string): Instrument {
  const instrument = offlineInstrument(symbol);
  if (instrument !== undefined) return instrument;
  throw new UsageError(texts.usage.onlySymbols(symbol, knownSymbols(), nearestSymbol(symbol)));
}

/** Of the ten, or of `file`; for a command with `--instrument`. @throws {UsageError} with the nearest known symbol. */
export function instrumentOf(session: Session, symbol: string, file: string | undefined): Instrument {
  if (file !== undefined) {
    const instrument = described(session, file);
    if (instrument.instId !== symbol) throw new UsageError(session.texts.usage.otherSymbol(symbol, instrument.instId));
    return instrument;
  }
  const instrument = offlineInstrument(symbol);
  if (instrument !== undefined) return instrument;
  throw new UsageError(session.texts.usage.unknownSymbol(symbol, knownSymbols(), nearestSymbol(symbol)));
}

/** Those of `symbols`, in their order: described by `files`, or of the ten. @throws {UsageError} also where a file describes none of them */
export function instrumentsOf(session: Session, symbols: readonly string[], files: readonly string[]): Instrument[] {
  const described = instrumentsIn(session, files);
  refuseStrangers(session, described, symbols);
  return symbols.map(
    (symbol) => described.find(({ instId }) => instId === symbol) ?? instrumentOf(session, symbol, undefined),
  );
}

/** @throws {UsageError} where one is none of `symbols`, or described twice: it would be passed over */
export function refuseStrangers(
  { texts }: Session,
  described: readonly Instrument[],
  symbols: readonly string[],
): void {
  for (const [at, { instId }] of described.entries()) {
    if (!symbols.includes(instId)) throw new UsageError(texts.usage.otherSymbol(symbols.join(', '), instId));
    if (described.findIndex((each) => each.instId === instId) !== at)
      throw new UsageError(texts.usage.describedTwice(instId));
  }
}

/** That of the same coin, else of one that begins alike and is spelt most like it: all names end alike, and short ones are soon near. */
export function nearestSymbol(symbol: string, among: readonly string[] = knownSymbols()): string | undefined {
  const coin = symbol.toUpperCase().split(/[-_/]|USDT/)[0] ?? '';
  const alike = among.filter((known) => known[0] === coin[0]);
  const coins = alike.map(coinOf);
  const near = coins.find((known) => known === coin) ?? nearest(coin, coins);
  return near === undefined ? undefined : alike.find((known) => coinOf(known) === near);
}

function knownSymbols(): readonly string[] {
  return OFFLINE_INSTRUMENTS.map(({ instId }) => instId);
}

/** Round prices, for examples only and said to be one wherever shown; USDT. */
const EXAMPLE_PRICES: Readonly<Record<string, string>> = {
  'BTC-USDT-SWAP': '60000',
  'ETH-USDT-SWAP': '3000',
  'SOL-USDT-SWAP': '150',
  'XRP-USDT-SWAP': '2',
  'DOGE-USDT-SWAP': '0.2',
  'BNB-USDT-SWAP': '600',
  'ADA-USDT-SWAP': '0.6',
  'LINK-USDT-SWAP': '15',
  'LTC-USDT-SWAP': '80',
  'AVAX-USDT-SWAP': '25',
};

/** Of any other than the ten the tick at which a contract is worth some 100 USDT, which is about its size on OKX: a coin may cost 0.00001. */
export function examplePrice(instrument: Instrument): string {
  const { instId, contractValue, tickSize } = instrument;
  const inTicks = Math.round(CONTRACT_USDT / (contractValue.approx * tickSize.approx));
  return EXAMPLE_PRICES[instId] ?? priceText(instrument, ticks(Math.min(TICKS_MAX, Math.max(TICKS_MIN, inTicks))));
}

const CONTRACT_USDT = 100;
/** Coarser, a stop would lie between two ticks; finer, a generated market would outgrow its columns. */
const TICKS_MIN = 1_000;
const TICKS_MAX = 10_000_000;

/** Instruments that files describe. @throws {UsageError} */
export function instrumentsIn(session: Session, files: readonly string[]): Instrument[] {
  return files.map((file) => described(session, file));
}

function described(session: Session, file: string): Instrument {
  const text = readText(session, file);
  try {
    return parseInstrument(text);
  } catch (error) {
    if (!(error instanceof InstrumentFileError)) throw error;
    const why = session.language === 'ru' ? error.ru : error.message;
    throw new UsageError(session.texts.usage.notInstrument(file, why), { cause: error });
  }
}
