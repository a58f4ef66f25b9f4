/**
 * How fast an exchange's clock runs beside ours. OKX's runs as every clock does; a paper exchange may run a market twenty times as fast, and then
 * nobody's clock is wrong: no reading of it holds for the next moment.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { endpoints } from '../wire/endpoints.ts';
import type { Rest } from './rest.ts';

const READINGS = 3;
/** Ways of different length from one reading to the next are short beside it. */
const APART_MS = 300;
/** A paper exchange runs at a whole multiple; a clock that is set between two readings, or drifts, shows less, or not twice. */
const SPEED_MIN = 1.7;

/** Seconds of the exchange in one of ours; undefined where it runs as ours does, or does not say. */
export async function clockSpeed(rest: Rest): Promise<number | undefined> {
  const readings: { readonly theirsMs: number; readonly oursMs: number }[] = [];
  for (let n = 0; n < READINGS; n += 1) {
    if (n > 0) await delay(APART_MS);
    const answer = await rest.get(endpoints.time, {});
    if (answer.kind === 'fault') return undefined;
    readings.push({ theirsMs: Number(answer.rows[0]?.ts), oursMs: answer.receivedAtMs });
  }
  const speeds = readings.slice(1).map(({ theirsMs, oursMs }, n) => {
    const before = readings[n] ?? { theirsMs, oursMs };
    return (theirsMs - before.theirsMs) / (oursMs - before.oursMs);
  });
  return speeds.every((speed) => speed >= SPEED_MIN)
    ? speeds.reduce((sum, speed) => sum + speed) / speeds.length
    : undefined;
}
