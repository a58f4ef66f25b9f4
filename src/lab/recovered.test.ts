/**
 * What a recovery folds is what was lived: events alone, and beside them what was decided, lead to the same state wherever it is looked at. Every configuration
 * with something that only decisions change; candles with gaps.
 */
import { describe, expect, it } from 'vitest';
import { everyEvent } from '../../test/every-event.ts';
import { generated, withGaps } from '../../test/generated.ts';
import { loadTree } from '../config/index.ts';
import { money } from '../core/numbers/units.ts';
import { newRegistry, type Registry } from '../core/registry.ts';
import { loadRegistry, loadTouched, type Plain, saveRegistry, saveTouched } from '../core/saved-registry.ts';
import { fold, step } from '../core/step.ts';
import { decodeState, encodeState } from '../runtime/loop.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';

const BALANCE = money(1_000_00000000n);

/** As it comes out of the journal. */
const written = (state: Plain) => decodeState(encodeState(state)) as Plain;

const MODES = { trades: 3, switch_minutes: 5, min_standard_errors: 0.1, off_standard_errors: 0.5 };
const PAUSES = { symbol_losses: 2, account_losses: 2, turbulence: 1.5 };

describe('a recovery', () => {
  const market = withGaps(
    generated(78, 2 * 1440, ['SOL-USDT-SWAP', 'DOGE-USDT-SWAP']),
    (index, candle) => (candle * (index + 7)) % 101 > 4 && candle % 900 > 40,
  );

  it.each([
    ['as it is by default', {}],
    ['that reverses', { execution: { on_opposite: 'reverse' } }],
    ['that pauses and reverses', { execution: { on_opposite: 'reverse' }, governors: { pause: PAUSES } }],
    ['with modes that switch', { governors: { mode_by_results: MODES }, execution: { on_opposite: 'reverse' } }],
    ['with rungs that rest', { governors: { additions_without_signal: { placement: 'resting' } } }],
    [
      'with everything, on candles of five minutes',
      {
        timeframes: { signal: '5m', regime: '5m', atr: '3m' },
        execution: { on_opposite: 'reverse' },
        governors: { additions_without_signal: 'on', mode_by_results: MODES, pause: PAUSES },
      },
    ],
  ])('of a bot %s', (_, tree) => {
    const { policy } = loadTree(tree);
    const { run, events } = everyEvent({
      policy,
      ...market,
      balance: BALANCE,
      model: DEFAULT_FILL_MODEL,
      funding: { intervalMs: 8 * 3_600_000, rateE8: () => 10_000 },
      traced: false,
    });
    const fresh = (): Registry =>
      newRegistry({
        run: run.registry.run,
        policy,
        instruments: market.instruments,
        balance: BALANCE,
        traced: false,
        ready: true,
      });
    const lived = fresh();
    let folded = fresh();
    let looked = 0;
    const look = (i: number) => {
      looked += 1;
      expect(written(saveRegistry(folded)), `after event ${i}`).toEqual(written(saveRegistry(lived)));
    };
    for (const [i, event] of events.entries()) {
      const isDecided = step(lived, event).length > 0;
      fold(folded, event);
      if (isDecided || lived.symbols.some(({ touched }) => touched)) loadTouched(folded, written(saveTouched(lived)));
      if (isDecided && i % 7 === 0) look(i);
      if (i % 1_511 !== 700) continue;
      const state = written(saveRegistry(folded));
      folded = fresh();
      loadRegistry(folded, state);
    }
    look(events.length);
    expect(lived.nextPosition).toBeGreaterThan(20);
    expect(looked).toBeGreaterThan(50);
  });
});
