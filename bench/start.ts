import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Milliseconds of a whole small command, `plan BTC-USDT-SWAP`, from its process's beginning to its end; what was compiled before is found. */
export const start: Figure = {
  name: 'start',
  unit: 'ms',
  hasFloor: false,
  runs: 9,
  prepare() {
    const folder = mkdtempSync(join(tmpdir(), 'rungwise-bench-'));
    const words = [`${root}scripts/bootstrap.mjs`, 'src/cli/main.ts', 'plan', 'BTC-USDT-SWAP'];
    const did = { lines: 0 };
    return {
      sample() {
        const begunMs = performance.now();
        const { status, stdout } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
        const tookMs = performance.now() - begunMs;
        if (status !== 0) throw new Error(`the plan ended with ${status}`);
        did.lines = stdout.split('\n').length;
        return tookMs;
      },
      end: () => rmSync(folder, { recursive: true }),
      did,
    };
  },
};
