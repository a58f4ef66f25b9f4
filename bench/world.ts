import { FAULT_NAMES, type FaultName } from '../test/world/faults.ts';
import { runWorld } from '../test/world/world.ts';
import type { Figure } from './figure.ts';

/**
 * Simulated time over the time that one core spends on it: seeds of ten minutes with every fault of their swarm, every check at every instant.
 * Wanted: 2,000; 8,760 is a year in an hour.
 *
 * @throws {Error} where a seed violates an invariant: then there is something better to do than to measure
 */
export const world: Figure = {
  name: 'world',
  unit: '× real time',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const seeds = size === 'tiny' ? 1 : 20;
    const minutes = size === 'tiny' ? 4 : 10;
    const did = { seeds, faults: 0, kinds: 0, fills: 0 };
    return {
      sample() {
        const kinds = new Set<FaultName>();
        did.faults = did.fills = 0;
        const before = process.cpuUsage();
        for (let seed = 1; seed <= seeds; seed++) {
          const { met, fills, violations } = runWorld({ seed, minutes });
          if (violations.length > 0)
            throw new Error(`seed ${seed}: ${violations[0]?.invariant}: ${violations[0]?.detail}`);
          for (const name of FAULT_NAMES) {
            const times = met[name] ?? 0;
            did.faults += times;
            if (times > 0) kinds.add(name);
          }
          did.fills += fills;
        }
        const { user, system } = process.cpuUsage(before);
        did.kinds = kinds.size;
        return (seeds * minutes * 60) / ((user + system) / 1e6);
      },
      did,
    };
  },
};
