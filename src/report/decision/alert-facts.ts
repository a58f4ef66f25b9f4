/**
 * What an alert is about, as people and scripts read it: contracts and USDT as decimal strings, sides by name. Plain JSON.
 *
 * Made from the values that the core has put beside its English message (core/alert.ts); a row that an older release has written has none.
 */
import type {
  Alert,
  AlertFacts,
  DifferenceFacts,
  UnexplainedFacts,
  UnknownFate,
  UntradableFacts,
} from '../../core/decision.ts';
import type { Filled } from '../../core/event.ts';
import { contractsText, type Instrument, moneyText } from '../../core/instrument/instrument.ts';
import { type SideName, sideName } from '../../core/numbers/units.ts';

/** Facts that hold no lots and no units. */
type PlainCode =
  | 'order-rejected'
  | 'stop-lost'
  | 'close-failed'
  | 'reasoning-lost'
  | 'leverage-differs'
  | 'leverage-limited'
  | 'tier-changed'
  | 'fees-changed'
  | 'size-beside-grid'
  | 'cross-position'
  | 'account-settled'
  | UntradableFacts['code']
  | 'instrument-trades'
  | 'maintenance-planned'
  | 'maintenance-running'
  | 'maintenance-over'
  | 'access-refused';

/** `believed…` is what the journal said before. */
export type AlertShown =
  | Extract<AlertFacts, { readonly code: PlainCode }>
  | {
      readonly code: 'foreign-fill';
      readonly cause: Filled['cause'];
      readonly side: SideName;
      readonly contracts: string;
      readonly fate?: UnknownFate;
    }
  | DifferenceShown
  /** What the newest reading says; not taken over. */
  | { readonly code: 'account-unsettled'; readonly readings: number; readonly difference: DifferenceShown }
  | { readonly code: 'clock-differs'; readonly behindSeconds: number };

export type DifferenceShown =
  | SizeDiffers
  /** USDT. */
  | { readonly code: 'position-differs'; readonly of: 'cost'; readonly cost: string; readonly believed: string }
  | { readonly code: 'balance-differs'; readonly balance: string; readonly believed: string }
  | Extract<AlertFacts, { readonly code: 'foreign-order' }>;

export interface SizeDiffers {
  readonly code: 'position-differs';
  readonly of: 'size';
  readonly position: PositionShown | null;
  readonly believed: PositionShown | null;
  readonly fate?: UnknownFate;
}

/** Null in its place: there is none. */
export interface PositionShown {
  readonly side: SideName;
  readonly contracts: string;
}

export type UnexplainedShown = SizeDiffers | Exclude<UnexplainedFacts, { readonly code: 'position-differs' }>;

/** @returns undefined where the alert has its message alone */
export function alertShown({ facts }: Alert, instrument: Instrument | undefined): AlertShown | undefined {
  return facts === undefined ? undefined : factsShown(facts, instrument);
}

function factsShown(facts: DifferenceFacts, instrument: Instrument | undefined): DifferenceShown | undefined;
function factsShown(facts: AlertFacts, instrument: Instrument | undefined): AlertShown | undefined;
function factsShown(facts: AlertFacts, instrument: Instrument | undefined): AlertShown | undefined {
  switch (facts.code) {
    case 'order-rejected':
    case 'stop-lost':
    case 'close-failed':
    case 'reasoning-lost':
    case 'foreign-order':
    case 'leverage-differs':
    case 'leverage-limited':
    case 'tier-changed':
    case 'fees-changed':
    case 'size-beside-grid':
    case 'cross-position':
    case 'account-settled':
    case 'instrument-stopped':
    case 'instrument-changed':
    case 'instrument-trades':
    case 'maintenance-planned':
    case 'maintenance-running':
    case 'maintenance-over':
    case 'access-refused':
      return facts;
    case 'foreign-fill': {
      if (instrument === undefined) return undefined;
      const { code, cause, side, sizeLots, fate } = facts;
      const shown = { code, cause, side: sideName(side), contracts: contractsText(instrument, sizeLots) };
      return fate === undefined ? shown : { ...shown, fate };
    }
    case 'position-differs':
      if (facts.of === 'lots') return instrument === undefined ? undefined : sizeDiffers(facts, instrument);
      return {
        code: facts.code,
        of: 'cost',
        cost: unitsText(facts.costUnits),
        believed: unitsText(facts.believedUnits),
      };
    case 'balance-differs':
      return { code: facts.code, balance: moneyText(facts.balance), believed: moneyText(facts.believed) };
    case 'account-unsettled': {
      const difference = factsShown(facts.difference, instrument);
      return difference && { code: facts.code, readings: facts.readings, difference };
    }
    case 'clock-differs':
      return { code: facts.code, behindSeconds: Math.round((facts.believedAt - facts.exchangeAt) / 1_000) };
  }
}

export function unexplainedShown(facts: UnexplainedFacts, instrument: Instrument): UnexplainedShown {
  return facts.code === 'position-differs' ? sizeDiffers(facts, instrument) : facts;
}

function sizeDiffers(facts: Extract<UnexplainedFacts, { of: 'lots' }>, instrument: Instrument): SizeDiffers {
  const { code, signedLots, believedLots, fate } = facts;
  return {
    code,
    of: 'size',
    position: positionShown(signedLots, instrument),
    believed: positionShown(believedLots, instrument),
    ...(fate === undefined ? {} : { fate }),
  };
}

function positionShown(signedLots: number, instrument: Instrument): PositionShown | null {
  if (signedLots === 0) return null;
  return { side: sideName(signedLots > 0 ? 1 : -1), contracts: contractsText(instrument, Math.abs(signedLots)) };
}

function unitsText(units: number): string {
  return moneyText(BigInt(Math.round(units)));
}
