/** Symbols that are configured no more: with nothing open they may go, and come back as they went; with something open nobody forgets them. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { CoreEvent } from '../../core/event.ts';
import { instrument } from '../../core/instrument/instrument.ts';
import { money } from '../../core/numbers/units.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { LeftOutError, type Plain, saveRegistry, saveTouched } from '../../core/saved-registry.ts';
import { step } from '../../core/step.ts';
import { decodeState, encodeState } from '../loop.ts';
import type { JournalPast } from '../ports.ts';
import { recover } from './recover.ts';

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

const OTHER = instrument({
  instId: 'OTHER-USDT-SWAP',
  baseCoin: 'OTHER',
  ctVal: '0.001',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.01',
  maxLimitSz: '1000000',
  maxMarketSz: '100000',
  leverageMax: 50,
  tiers: [{ maxSz: '10000000', maintenanceRate: '0.004', leverageMax: 50 }],
});

const governors = governorsOf({ pause: 'on' });

function two(): Script {
  const script = new Script({ governors, instruments: [SCRIPT_SWAP, OTHER] });
  script.price(PRICE, { instId: OTHER.instId });
  return script;
}

/** A trade of the other symbol by hand, which loses. */
function trade(script: Script): void {
  script.take(script.fillEvent(1, 100, PRICE, { instId: OTHER.instId, tradeId: 'in' }));
  script.take(script.fillEvent(-1, 100, PRICE - 1, { instId: OTHER.instId, tradeId: 'out' }));
}

const fresh = ({ policy }: Script, instruments: readonly (typeof OTHER)[]): Registry =>
  newRegistry({ run: 'test', policy, instruments, balance: money(0n), traced: false, ready: false });

function pastOf(state: Plain, rows: readonly Row[] = []): JournalPast {
  return { latestSnapshot: () => ({ seq: 1, state: encodeState(state) }), rows: () => rows, lastSeq: 1 + rows.length };
}

const rowOf = (event: CoreEvent): Row => ({ seq: 2, kind: 'event', atMs: event.at, payload: event }) as Row;

describe('a symbol of which nothing is open', () => {
  it('may be left out, and what the account knows goes on without it', () => {
    const script = two();
    trade(script);
    script.enter(1);
    const registry = fresh(script, [SCRIPT_SWAP]);
    recover(registry, pastOf(saveRegistry(script.registry)));
    expect(registry.symbols.map(({ instrument: { instId } }) => instId)).toEqual([SCRIPT_SWAP.instId]);
    expect(registry.balance).toBe(script.registry.balance);
    expect(registry.governors).toEqual(script.registry.governors);
    expect(registry.symbols[0]?.position).toEqual(script.position);
  });

  it('comes back as it went, over starts without it: a fill that is told again is booked once', () => {
    const script = two();
    trade(script);
    let state = saveRegistry(script.registry);
    for (let start = 0; start < 3; start++) {
      const without = fresh(script, [SCRIPT_SWAP]);
      recover(without, pastOf(state));
      step(without, { kind: 'time', at: script.now + start });
      state = decodeState(encodeState(saveRegistry(without))) as Plain;
    }
    const again = fresh(script, [SCRIPT_SWAP, OTHER]);
    recover(again, pastOf(state));
    const [, other] = again.symbols;
    expect(other?.governors.pause.lossesInARow).toBe(1);
    step(again, script.fillEvent(1, 100, PRICE, { instId: OTHER.instId, tradeId: 'in' }));
    expect(other?.position).toBeUndefined();
    expect(again.balance).toBe(script.registry.balance);
    expect(again.leftOut).toEqual([]);
  });

  it('is nobody’s business in the rows after the snapshot that decide about another', () => {
    const script = two();
    const state = saveRegistry(script.registry);
    const event = script.fillEvent(1, 100, PRICE);
    const payload = { decisions: script.takeAlone(event), after: saveTouched(script.registry) };
    const registry = fresh(script, [SCRIPT_SWAP]);
    recover(registry, pastOf(state, [{ seq: 2, kind: 'decision', atMs: event.at, payload } as Row]));
    expect(registry.symbols[0]?.position?.holding.lots).toBe(100);
  });

  it('is nobody’s business in the rows after the snapshot, as long as they only tell its market', () => {
    const script = two();
    const state = saveRegistry(script.registry);
    const price: CoreEvent = {
      kind: 'candle-closed',
      at: script.now + 60_000,
      instId: OTHER.instId,
      openMinute: Math.floor(script.now / 60_000),
      openTicks: PRICE,
      highTicks: PRICE,
      lowTicks: PRICE,
      closeTicks: PRICE,
      volumeLots: 1,
    };
    const registry = fresh(script, [SCRIPT_SWAP]);
    recover(registry, pastOf(state, [rowOf(price)]));
    expect(registry.balance).toBe(script.registry.balance);
  });
});

describe('a symbol that no exchange lists any more', () => {
  const delisted = new Set([OTHER.instId]);
  const without = (script: Script) =>
    newRegistry({
      run: 'test',
      policy: script.policy,
      instruments: [SCRIPT_SWAP],
      balance: money(0n),
      traced: false,
      ready: false,
      delisted,
    });

  it('is given up with its position, and with what the last rows say of it; the others and the account go on', () => {
    const script = two();
    script.enter(1);
    const before = saveRegistry(script.registry);
    const fill = script.fillEvent(1, 100, PRICE, { instId: OTHER.instId });
    const decisions = script.takeAlone(fill);
    const after = saveTouched(script.registry);
    const rows = [rowOf(fill), { seq: 3, kind: 'decision', atMs: fill.at, payload: { decisions, after } } as Row];
    for (const past of [pastOf(before, rows), pastOf(saveRegistry(script.registry))]) {
      const registry = without(script);
      recover(registry, past);
      expect([...registry.orders.values()].every(({ order }) => order.instId === SCRIPT_SWAP.instId)).toBe(true);
      expect(registry.symbols[0]?.position).toEqual(script.position);
      expect(registry.governors).toEqual(script.registry.governors);
    }
    const registry = without(script);
    recover(registry, pastOf(saveRegistry(script.registry)));
    expect(registry.leftOut, 'nobody comes back to it').toEqual([]);
  });

  it('is kept as any other where nothing is open of it', () => {
    const script = two();
    trade(script);
    const registry = without(script);
    recover(registry, pastOf(saveRegistry(script.registry)));
    expect(registry.leftOut).toHaveLength(1);
  });
});

describe('a symbol of which something is open', () => {
  it('is not left out: a position', () => {
    const script = two();
    script.take(script.fillEvent(1, 100, PRICE, { instId: OTHER.instId }));
    expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(saveRegistry(script.registry)))).toThrow(
      new LeftOutError('OTHER-USDT-SWAP', 'open'),
    );
  });

  it('is not left out: a position that is left to the person whose it is, without any order', () => {
    const script = new Script({ instruments: [SCRIPT_SWAP, OTHER], execution: { unknownPosition: 'alert' } });
    script.take(script.fillEvent(1, 100, PRICE, { instId: OTHER.instId }));
    expect(script.registry.orders.size).toBe(0);
    expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(saveRegistry(script.registry)))).toThrow(
      new LeftOutError('OTHER-USDT-SWAP', 'open'),
    );
  });

  it('is not left out: a stop that outlives its position until the exchange says that it is gone', () => {
    const script = two();
    script.cancellations = 'nothing';
    trade(script);
    expect([script.registry.symbols[1]?.position, script.registry.orders.size > 0]).toEqual([undefined, true]);
    expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(saveRegistry(script.registry)))).toThrow(
      new LeftOutError('OTHER-USDT-SWAP', 'open'),
    );
  });

  it('is not left out: an entry on its way', () => {
    const script = two();
    script.signal(1, { instId: OTHER.instId });
    expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(saveRegistry(script.registry)))).toThrow(
      new LeftOutError('OTHER-USDT-SWAP', 'open'),
    );
  });

  it('is not left out: a trade or a settlement of funding after the last snapshot, or a decision about it', () => {
    const script = two();
    const state = saveRegistry(script.registry);
    const fill = script.fillEvent(1, 100, PRICE, { instId: OTHER.instId });
    const said = new LeftOutError('OTHER-USDT-SWAP', 'traded');
    const funding: CoreEvent = { kind: 'funding-settled', at: script.now, instId: OTHER.instId, amount: money(1n) };
    for (const booking of [fill, funding])
      expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(state, [rowOf(booking)]))).toThrow(said);
    const decisions = script.takeAlone(fill);
    const payload = { decisions, after: saveTouched(script.registry) };
    const row = { seq: 2, kind: 'decision', atMs: fill.at, payload } as Row;
    expect(() => recover(fresh(script, [SCRIPT_SWAP]), pastOf(state, [row]))).toThrow(said);
  });
});
