/** The signal that the demo's view shows is the one that is traded: with modes chosen by results, that of the mode in force. */
import { expect, it } from 'vitest';
import { governorsOf, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { CandleClosed } from '../../core/event.ts';
import { type Mode, newModeState } from '../../core/governors/mode-by-results.ts';
import { Happenings } from './happenings.ts';

const { instId } = SCRIPT_SWAP;

/** The scalper says long, trend-following short, mean-reversion nothing. */
function shown(mode: Mode | undefined) {
  const script = new Script({ governors: governorsOf({ mode_by_results: mode === undefined ? 'off' : {} }) });
  const { series, governors } = script.symbol;
  Object.defineProperty(series, 'signalSide', { get: () => 1 });
  Object.defineProperty(series, 'signalStrength', { get: () => 0.5 });
  const policy = script.policy.governors.modeByResults;
  if (mode !== undefined && policy !== undefined) {
    const state = newModeState(policy);
    Object.assign(state, { mode });
    Object.assign(state.votes['trend-following'], { side: -1, strength: 0.75 });
    governors.mode = state;
  }
  const happenings = new Happenings(() => undefined);
  happenings.thought({ kind: 'candle-closed', at: 60_000, instId } as CandleClosed, [], script.registry);
  return happenings.signals.get(instId);
}

it.each([
  [undefined, { at: 60_000, side: 1, strength: 0.5 }],
  ['trend-following', { at: 60_000, side: -1, strength: 0.75 }],
  ['mean-reversion', undefined],
  ['off', undefined],
] as const)('with mode %s: %j', (mode, signal) => {
  expect(shown(mode)).toEqual(signal);
});
