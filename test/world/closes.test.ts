/** The law of closes: whose refusals it counts. */
import { expect, it } from 'vitest';
import type { CoreEvent } from '../../src/core/event.ts';
import { loadRegistry, saveRegistry } from '../../src/core/saved-registry.ts';
import { Script } from '../script.ts';
import { Closes } from './closes.ts';
import { Halts } from './halts.ts';

/** A position whose close the exchange refuses, in its fourth pause: 1 s. Each event is a row of its own. */
function refused() {
  const script = new Script().enter(1);
  const found: string[] = [];
  const closes = new Closes(new Halts(), (_, detail) => found.push(detail));
  let seq = 0;
  const hear = (event: CoreEvent) => closes.appended(++seq, event);
  script.answers.set('close', 'nothing');
  script.operator({ do: 'flatten', by: 'a person' });
  for (const pauseMs of [0, 250, 500, 0]) {
    const { clientId } = script.placed.at(-1) ?? { clientId: '' };
    const no = { kind: 'order-rejected', at: script.now, clientId, code: '51000', message: 'no' } as const;
    hear(no);
    script.take(no);
    script.wait(pauseMs);
  }
  /** A reading that is believed, by the next run. */
  const read = (afterMs: number) => {
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    Object.assign(next.registry, { run: 'next', ready: true, now: script.now + afterMs });
    const { balance, now } = next.registry;
    closes.thought(
      { kind: 'exchange-read', at: now, balance, available: balance, positions: [], orders: [] },
      next.registry,
    );
    return found.splice(0);
  };
  return { closes, read, seq };
}

it('goes on with a pause that the rows tell of where the next run has another name', () => {
  const { closes, read, seq } = refused();
  closes.started(seq);
  expect(read(900)).toEqual([]);
  expect(read(1_100)).toEqual([expect.stringMatching(/operator, refused 1100 ms ago$/)]);
});

it('knows no pause of which the rows were cut away', () => {
  const { closes, read } = refused();
  closes.started(0);
  expect(read(900)).toEqual([expect.stringMatching(/operator, refused never$/)]);
});
