/** The bench runs; how fast it is, no test asks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedPath } from './shared.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const hasFloor = existsSync(sharedPath('bench/floor.mjs'));

function bench(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [`${root}scripts/bootstrap.mjs`, 'bench/run.ts', ...args], {
    encoding: 'utf8',
  });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('bench', () => {
  it('prints one line a figure, each with the work that was done for it', () => {
    const { code, out } = bench('--tiny', '--json');
    const figures = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(figures.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'core candles/s',
      'core-20 symbol-candles/s',
      'core-governed candles/s',
      'core-governors % of off',
      'core-governors-idle % of off',
      'decide verdicts/s',
      'start ms',
      'memory bytes/candle',
      'durable-intent ms (p99)',
      'loop events/s',
      'order-latency ms (p99)',
      'recovery ms',
      'recovery-whole ms',
      'exchange-orders orders/s',
      'exchange-deliveries deliveries/s',
      'adapter-decode % of a core',
      'world × real time',
    ]);
    for (const { name, value, floor, ratio, runs, did } of figures) {
      expect(value, `${name}: a value`).toBeGreaterThan(0);
      expect(runs).toBe(1);
      const isMeasuredAgainstIt = hasFloor && ['core', 'core-20', 'core-governed'].includes(String(name));
      expect(floor !== null, `${name}: the floor`).toBe(isMeasuredAgainstIt);
      expect(ratio !== null, `${name}: the ratio`).toBe(isMeasuredAgainstIt);
      for (const [what, count] of Object.entries(did as object))
        expect(count, `${name}: ${what} must happen, or the figure measures nothing`).toBeGreaterThan(0);
    }
  }, 300_000);

  it('measures only what is named', () => {
    const { out } = bench('memory', '--tiny', '--json');
    expect(JSON.parse(out)).toMatchObject({ name: 'memory', value: 24, floor: null, ratio: null });
  });

  it('names the figures there are to who asks for another', () => {
    const { code, out, err } = bench('cor');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^"cor" is no figure: core, core-20, core-governed, core-governors, core-governors-idle, decide, start, memory, .*; --json, --tiny\n$/,
    );
  });
});
