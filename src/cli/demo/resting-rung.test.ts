/** A resting rung on the simulated exchange through the real loop and its journal: published, known again after a crash, never doubled. */
import { describe, expect, it, vi } from 'vitest';
import { knownInstrument } from '../../../test/generated.ts';
import { MemoryDisk, openMemoryJournal } from '../../../test/memory-journal.ts';
import { loadTree } from '../../config/index.ts';
import type { Decision } from '../../core/decision.ts';
import { money } from '../../core/numbers/units.ts';
import { newRegistry, type Registry, type Working } from '../../core/registry.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { LOOP_LIMITS, Loop } from '../../runtime/loop.ts';
import { recover } from '../../runtime/past/recover.ts';
import { SimClock } from '../../sim/clock.ts';
import { fillModelOf } from '../input/run-options.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { bookStatus } from '../watch/book-status.ts';
import { nextRungLine } from '../watch/happening-line.ts';
import { DemoMachine } from './demo-machine.ts';
import { demoMarketOf } from './demo-market.ts';

vi.setConfig({ testTimeout: 120_000 });

const BALANCE = money(1_000_00000000n);
const { policy } = loadTree({ governors: { additions_without_signal: { placement: 'resting' } } });
const instruments = ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP', 'XRP-USDT-SWAP', 'DOGE-USDT-SWAP'].map(
  knownInstrument,
);

function rethrow(error: unknown): never {
  throw error;
}

function resting(registry: Registry): Working | undefined {
  return registry.symbols
    .map(({ working }) => working)
    .find((working) => working?.rests === true && registry.orders.get(working.clientId)?.state === 'live');
}

describe('a resting rung in the loop', () => {
  it('is published, is known again after a crash, is called back until the exchange was read, and never doubled', () => {
    const archive = { rowsMax: 1e9, bytesMax: 1e9, segmentRows: 1e9 };
    const journal = openMemoryJournal(new MemoryDisk(), { accountUid: 'demo', run: 'demo', now: () => 0, archive });
    const decided: Decision[] = [];
    const thought = (_: unknown, decisions: readonly Decision[]) => void decided.push(...decisions);
    const machine = new DemoMachine({
      policy,
      symbols: instruments.map((instrument) => ({ instrument, market: demoMarketOf(instrument) })),
      balance: BALANCE,
      model: fillModelOf(policy),
      seed: 27,
      journal,
      thought,
      warn: rethrow,
      failed: rethrow,
    });
    machine.warmUp();
    for (let second = 0; second < 8 * 3600 && resting(machine.registry) === undefined; second++) machine.nextSecond();
    const before = resting(machine.registry);
    if (before === undefined) throw new Error('a rung rests within eight hours');
    const { order } = machine.registry.orders.get(before.clientId) ?? rethrow(new Error('it has its order'));

    const { symbols } = bookStatus(machine.registry);
    const shown = symbols.find(({ symbol }) => symbol === order.instId)?.position;
    expect(shown?.nextRung?.averageDown, 'the live view says where').not.toBeNull();
    if (shown === null || shown === undefined) throw new Error('it has its position');
    const line = (texts: typeof en, report: (typeof REPORT_TEXTS)['en']) =>
      nextRungLine(shown, { texts, report, palette: PLAIN });
    expect(line(en, REPORT_TEXTS.en)).toMatch(/^next rung without a signal: averaging down at \d/);
    expect(line(ru, REPORT_TEXTS.ru)).toMatch(/^следующая ступень без сигнала: усреднение при \d/);

    const reborn = newRegistry({ run: 'demo', policy, instruments, balance: BALANCE, traced: true, ready: false });
    recover(reborn, journal);
    expect(resting(reborn), 'the journal knows it for its own').toEqual(before);
    const clock = new SimClock(machine.nowMs);
    const loop = new Loop({
      registry: reborn,
      exchange: machine.venue,
      journal,
      clock,
      limits: LOOP_LIMITS,
      witness: { thought, warn: rethrow },
      failed: rethrow,
    });
    Object.assign(machine, { loop, registry: reborn });
    const seen = decided.length;
    loop.drain();
    expect(decided.slice(seen)).toContainEqual(expect.objectContaining({ kind: 'cancel', clientId: order.clientId }));
    expect(machine.venue.account.order(order.clientId), 'gone from the exchange').toBeUndefined();

    let again = 0;
    for (let second = 0; second < 4 * 3600; second++) {
      machine.venue.nextSecond();
      loop.drain();
      clock.advanceTo(machine.nowMs);
      for (const { orders } of reborn.symbols) {
        const growing = orders.filter(({ order: each }) => !each.reduceOnly);
        expect(growing.length, 'one entry or rung of a symbol at a time').toBeLessThanOrEqual(1);
      }
      if (resting(reborn) !== undefined) again += 1;
    }
    expect(again, 'rungs rest again').toBeGreaterThan(60);
    expect(reborn.balance, 'two books of the same money').toBe(machine.venue.account.balance);
    const alerts = decided.flatMap((each) => (each.kind === 'alert' ? [each.code] : []));
    expect(alerts.filter((code) => code === 'foreign-order' || code === 'position-differs')).toEqual([]);
  });
});
