/** Scripted lives in which governor 3 asks for rungs without a signal (rules.md §6.3), and nothing else acts. */
import type { Side } from '../src/core/numbers/units.ts';
import { governorsOf, PRICE, Script, type ScriptOptions } from './script.ts';

export const SIDES: readonly Side[] = [1, -1];

/** At 10,000 ticks and 5x: half of the limit of −2 % is 20 ticks, the limit 40, half of the ATR of 50 is 25, the stop 75. */
export function opened(side: Side, placement: 'on_trigger' | 'resting', more: ScriptOptions = {}): Script {
  return new Script({ governors: governorsOf({ additions_without_signal: { placement } }), ...more }).enter(side);
}

/** A rung that rests at its published price, 25 ticks behind the entry. */
export function resting(side: Side, more: ScriptOptions = {}): Script {
  const script = opened(side, 'resting', more);
  script.wait(60_000);
  script.candle(at(side, 0));
  return script;
}

/** The price so many ticks in favour of the position. */
export function at(side: Side, favour: number): number {
  return PRICE + side * favour;
}

/** RSI turns in the position's favour with the next candle. */
export function turn(script: Script, side: Side, points = 5): void {
  script.market.previousRsi = 50 - side * 20;
  script.market.rsi = script.market.previousRsi + side * points;
}

export function placedRungs(script: Script): Script['placed'] {
  return script.placed.filter(({ role }) => role === 'rung');
}
