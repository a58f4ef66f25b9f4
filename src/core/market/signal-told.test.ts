/** What a decision tells of the scalper's signal that it answers. Source: rules.md §2 (strength = score / 12), §6.4 (which components a mode counts). */
import { describe, expect, it } from 'vitest';
import { closedCandles, generated } from '../../../test/generated.ts';
import { GOVERNOR_KEYS } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import type { Reasoning } from '../decision.ts';
import { money } from '../numbers/units.ts';
import { newRegistry } from '../registry.ts';
import { step } from '../step.ts';
import { COMPONENTS } from './signal.ts';

const { instruments, candles } = generated(11, 3 * 1440, ['SOL-USDT-SWAP']);
const [column] = candles;
if (column === undefined) throw new Error('a market');
const CANDLES = closedCandles(column);

/** Nobody answers its orders: after the first entry every signal is refused, and told all the same. */
function toldIn(mode: string | undefined): readonly Reasoning[] {
  const off = Object.fromEntries(GOVERNOR_KEYS.map((name) => [name, 'off']));
  const governors = mode === undefined ? off : { ...off, mode_by_results: { start_mode: mode, trades: 1_000 } };
  const { policy } = loadTree({ governors });
  const registry = newRegistry({
    run: 'test',
    policy,
    instruments,
    balance: money(1_000_00000000n),
    traced: true,
    ready: true,
  });
  return CANDLES.flatMap((event) =>
    step(registry, event).flatMap((decision) =>
      'reasoning' in decision && decision.reasoning !== undefined ? [decision.reasoning] : [],
    ),
  );
}

describe('the reasons of a signal', () => {
  it.each([
    [undefined, COMPONENTS, 'scalper'],
    ['trend_following', ['ema', 'sma', 'macd'], 'scalper, trend-following'],
    ['mean_reversion', ['rsi', 'bollinger'], 'scalper, mean-reversion'],
  ] as const)(
    'in mode %s are points of %j, and its strength is their sum of what these can reach',
    (mode, counted, source) => {
      const told = toldIn(mode);
      expect(told.length).toBeGreaterThan(10);
      const heard = new Set<string>();
      for (const { reasons, strength, source: from } of told) {
        expect(from).toBe(source);
        const points = reasons.map((reason) => reason.split(' ') as [string, string]);
        for (const [component] of points) heard.add(component);
        const sum = points.reduce((total, [, each]) => total + Number(each), 0);
        expect(strength).toBeCloseTo(sum / (2 * counted.length), 12);
      }
      expect([...heard].toSorted()).toEqual([...counted].toSorted());
    },
  );
});
