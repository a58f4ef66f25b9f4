/** Laws of a whole backtest under any configuration that loads, on any generated market. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyConfiguration } from '../../test/any-configuration.ts';
import { everyEvent } from '../../test/every-event.ts';
import { long } from '../../test/long.ts';
import { manySwaps } from '../../test/many-swaps.ts';
import { loadTree } from '../config/index.ts';
import type { Decision } from '../core/decision.ts';
import { money } from '../core/numbers/units.ts';
import { newRegistry, type Registry } from '../core/registry.ts';
import { loadRegistry, loadTouched, type Plain, saveRegistry, saveTouched } from '../core/saved-registry.ts';
import { fold, step } from '../core/step.ts';
import { RunRecorder } from '../report/run/record.ts';
import { decodeState, encodeState } from '../runtime/loop.ts';
import { Market } from '../sim/market/market.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { type BacktestRun, type BacktestSettings, runBacktest, type Witness } from './backtest.ts';

const START_MINUTE = 29_454_720; // 2026-01-01

const anyMarket = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  symbols: fc.integer({ min: 1, max: 3 }),
  minutes: fc.integer({ min: 600, max: 2_000 }),
  startTicks: fc.integer({ min: 2_000, max: 500_000 }),
  /** Of a minute, in hundred-thousandths of the price. */
  volatility: fc.integer({ min: 30, max: 400 }),
  minuteLots: fc.integer({ min: 50, max: 200_000 }),
  balanceUsdt: fc.integer({ min: 100, max: 10_000 }),
  outlook: fc.constantFrom('pessimistic' as const, 'optimistic' as const),
});

type AnyMarket = typeof anyMarket extends fc.Arbitrary<infer T> ? T : never;

function settingsOf(tree: object, market: AnyMarket): BacktestSettings {
  const { seed, symbols, minutes, startTicks, volatility, minuteLots, balanceUsdt, outlook } = market;
  const instruments = manySwaps(symbols);
  const candles = Market.of({
    seed,
    startMinute: START_MINUTE - (seed % 300),
    correlation: 0.6,
    symbols: instruments.map(({ instId }) => ({
      instId,
      startTicks,
      volatility: volatility / 100_000,
      minuteLots,
      spreadTicks: 1,
    })),
  }).candles(minutes);
  return {
    policy: loadTree(tree).policy,
    instruments,
    candles,
    balance: money(BigInt(balanceUsdt) * 100_000_000n),
    model: { ...DEFAULT_FILL_MODEL, outlook },
    funding: { intervalMs: 3_600_000, rateE8: () => 12_345 },
    traced: false,
  };
}

/** A case is a whole run: a smaller one that fails as well is looked for by hand, from the seed that is told. */
const CASES = { endOnFailure: true };

/** What was decided, without what only explains it. */
function essence(decision: Decision): unknown {
  if (decision.kind === 'place') return decision.order;
  const { kind, at } = decision;
  const code = 'code' in decision ? decision.code : undefined;
  const clientId = 'clientId' in decision ? decision.clientId : undefined;
  const priceTicks = 'priceTicks' in decision ? decision.priceTicks : undefined;
  return [kind, at, decision.instId, code, clientId, priceTicks];
}

function decided(settings: BacktestSettings, witness: Witness = {}): { run: BacktestRun; hash: string } {
  const hash = createHash('sha256');
  const run = runBacktest({
    ...settings,
    witness: {
      ...witness,
      decided(event, decisions, registry) {
        witness.decided?.(event, decisions, registry);
        for (const decision of decisions) hash.update(encodeState(essence(decision)));
      },
    },
  });
  return { run, hash: hash.digest('hex') };
}

describe('under any configuration that loads', () => {
  it('a backtest adds up, closes everything, and decides the same whoever looks on', { timeout: 600_000 }, () => {
    let trades = 0;
    let additions = 0;
    let partials = 0;
    const runs = long(40, 3_000);
    fc.assert(
      fc.property(anyConfiguration(12), anyMarket, (tree, market) => {
        const settings = settingsOf(tree, market);
        const alone = runBacktest(settings);
        const recorder = new RunRecorder(settings.balance, settings.instruments);
        const looked = decided(
          { ...settings, traced: true },
          {
            happened: (event) => recorder.happened(event),
            // Candles go one by one where somebody wants them.
            candleClosed: () => undefined,
            decided: (event, decisions) => recorder.decided(event, decisions),
          },
        );
        const passed = decided(settings);
        expect(passed.hash).toBe(looked.hash);
        expect([passed.run.registry.balance, looked.run.registry.balance]).toEqual([
          alone.registry.balance,
          alone.registry.balance,
        ]);
        const record = recorder.record({ candles: alone.candles });
        expect(record.startBalance + record.gross - record.fees + record.funding).toBe(alone.registry.balance);
        expect(record.openPositions).toEqual([]);
        expect([...alone.registry.orders.keys()]).toEqual([]);
        trades += record.trades.length;
        additions += record.additions;
        partials += record.partials;
      }),
      { ...CASES, numRuns: runs },
    );
    expect(trades / runs, 'trades of a run').toBeGreaterThan(5);
    expect(additions / runs).toBeGreaterThan(0.5);
    expect(partials / runs).toBeGreaterThan(0.5);
  });

  it('a recovery from any of its rows is what was lived', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(anyConfiguration(12), anyMarket, (tree, market) => {
        const settings = settingsOf(tree, market);
        const { run, events } = everyEvent(settings);
        const { policy, instruments, balance } = settings;
        const fresh = (): Registry =>
          newRegistry({ run: run.registry.run, policy, instruments, balance, traced: false, ready: true });
        const written = (state: Plain) => decodeState(encodeState(state)) as Plain;
        const lived = fresh();
        let folded = fresh();
        let decisions = 0;
        for (const [i, event] of events.entries()) {
          const isDecided = step(lived, event).length > 0;
          fold(folded, event);
          if (isDecided || lived.symbols.some(({ touched }) => touched))
            loadTouched(folded, written(saveTouched(lived)));
          if (isDecided && ++decisions % 29 === 0)
            expect(encodeState(saveRegistry(folded)), `after event ${i}`).toBe(encodeState(saveRegistry(lived)));
          if (i % 1_511 !== 700) continue;
          const state = written(saveRegistry(folded));
          folded = fresh();
          loadRegistry(folded, state);
        }
        expect(encodeState(saveRegistry(folded)), 'at the end').toBe(encodeState(saveRegistry(lived)));
        expect(lived.balance).toBe(run.registry.balance);
      }),
      { ...CASES, numRuns: long(12, 1_000) },
    );
  });
});
