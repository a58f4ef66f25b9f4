/** How a position begins: by a fill, or adopted from the exchange. */
import { planExits } from '../exits/planned-exits.ts';
import type { Side } from '../numbers/units.ts';
import { ofRegime } from '../policy.ts';
import type { PlannedExits, Position, Registry, SymbolState } from '../registry.ts';
import { costSharesAround } from '../situation.ts';

export interface Opening {
  readonly number: number;
  readonly side: Side;
  readonly at: number;
  readonly leverage: number | undefined;
  /** Of an entry: the exits that it was judged with. */
  readonly planned: PlannedExits | undefined;
  /** Price of the first fill, or the average of an adopted position. */
  readonly priceTicks: number;
}

/**
 * A position without lots yet: the fills, or the exchange's word, bring them. Its exits are those the entry was judged with; of one that we
 * did not plan, those of an entry now; where the market is not known yet, distances of the whole price, which `max_loss_per_position` cuts, and
 * costs around its own price, until it is (late-exits.ts).
 */
export function beginPosition(registry: Registry, symbol: SymbolState, opening: Opening): Position {
  const regimeNow = symbol.series.regime;
  const plan = opening.planned ?? planExits(registry, symbol, regimeNow);
  const regime = plan?.regime ?? regimeNow;
  const whole = Math.ceil(opening.priceTicks);
  const costs =
    plan === undefined
      ? costSharesAround(symbol, registry.policy, opening.priceTicks)
      : { roundTrip: plan.roundTripShare, exit: plan.exitShare };
  const position: Position = {
    number: opening.number,
    holding: { lots: 0, side: opening.side, costUnits: 0 },
    openedAt: opening.at,
    lastGrownAt: opening.at,
    regime,
    profile: registry.profile,
    leverage: opening.leverage,
    entryLots: 0,
    baseUnits: 0,
    rungs: [],
    partials: [],
    exits: {
      stopDistanceTicks: plan?.stopDistanceTicks ?? whole,
      targetDistanceTicks: plan?.targetDistanceTicks ?? whole,
      atrTicks: plan?.atrTicks ?? whole,
      roundTripShare: costs.roundTrip,
      exitShare: costs.exit,
      timeLimitAt: opening.at + ofRegime(registry.policy.exits.timeLimitMs, regime),
      extensions: 0,
      first: {
        stopTicks: plan?.stopDistanceTicks ?? whole,
        targetTicks: plan?.targetDistanceTicks ?? whole,
        factor: plan?.factor ?? 1,
      },
      tunedBy: 1,
      tunedAt: opening.at,
      stopReason: 'stop',
      raisedTicks: 0,
      bestTicks: 0,
      ...(plan === undefined ? { isUnplanned: true } : {}),
    },
    attempts: new Map(),
    standsAgainAt: undefined,
    lotsMost: 0,
    realisedUnits: 0,
    feeUnits: 0,
    enteredFeeUnits: 0,
    fundingUnits: 0,
    enteredLots: 0,
    enteredTickLots: 0,
    leftLots: 0,
    leftTickLots: 0,
    closing: undefined,
    closeFailures: 0,
    closeRefusal: undefined,
    held: undefined,
    markReadTicks: 0,
    markReadBeforeTicks: 0,
  };
  symbol.position = position;
  // One that waits was to follow the position before.
  symbol.reversal = undefined;
  return position;
}
