import type { Figure } from './figure.ts';
import { newJournal, percentile } from './recorded.ts';

/** Milliseconds from a decision in memory to the same one on the disk: append, commit. Wanted: p50 0.5 at most, p99 2. */
export const durableIntent: Figure = {
  name: 'durable-intent',
  unit: 'ms (p99)',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const { journal } = newJournal();
    const commits = size === 'tiny' ? 50 : 2_000;
    const did = { commits, 'µs p50': 0 };
    return {
      sample() {
        const took: number[] = [];
        for (let n = 0; n < commits; n++) {
          const begunMs = performance.now();
          journal.append('decision', n, INTENT);
          journal.commit();
          took.push(performance.now() - begunMs);
          journal.checkpoint();
        }
        did['µs p50'] = Math.round(percentile(took, 0.5) * 1_000);
        return percentile(took, 0.99);
      },
      did,
    };
  },
};

/** An entry with its gates, of the usual size. */
const INTENT = {
  decisions: [
    {
      kind: 'place',
      at: 1_767_572_939_000,
      order: { clientId: 'rwdemo000001e00010', instId: 'BTC-USDT-SWAP', role: 'entry', sizeLots: 27, side: 1 },
      because: 'signal',
      reasoning: Array.from({ length: 16 }, (_, n) => ({ code: `gate-${n}`, ok: true, value: '5.5', limit: '10' })),
    },
  ],
  after: { account: { ready: true, nextPosition: 2 }, symbols: [] },
};
