/** Decisions as scripts read them: every amount in its own unit, under its own name. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Decision } from '../../core/decision.ts';
import type { Side } from '../../core/numbers/units.ts';
import { decisionJson } from './decision-json.ts';

const json = (decision: Decision | undefined) => {
  if (decision === undefined) throw new Error('it was decided');
  return decisionJson(decision, () => SCRIPT_SWAP);
};

/** 10,000 ticks are 100 USDT; 50 ticks of ATR: the stop 75 ticks away, the target 100; a round trip costs 8. */
describe.each<[name: string, side: Side]>([
  ['long', 1],
  ['short', -1],
])('of a %s', (name, side) => {
  const entered = () => new Script({ traced: true }).enter(side);
  const exit = {
    contracts: '2221',
    average: '100',
    mark: '100',
    atr: '0.5',
    stopDistance: '0.75',
    targetDistance: '1',
    roundTripPercent: '0.08',
    timeLimit: expect.stringMatching(/^2023-11-14T22:28:.*Z$/),
  };

  it('a stop is told with its trigger, and what it stands on: size, average, mark, ATR, distances, costs, time limit', () => {
    const stop = entered()
      .ofKind('place')
      .find(({ order }) => order.role === 'stop');
    expect(json(stop)).toMatchObject({ type: 'stop', trigger: side === 1 ? '99.25' : '100.75', by: 'mark', exit });
  });

  it('an amendment names what changes: a stop its trigger, a limit order its price', () => {
    const script = entered();
    const stops = script.ofKind('amend', script.price(PRICE + side * 98)).map(json);
    expect(stops).toMatchObject([{ trigger: side === 1 ? '100.08' : '99.92' }]);
    expect(stops[0]).not.toHaveProperty('price');
    const entry = new Script({ traced: true });
    entry.signal(side);
    entry.price(PRICE + side * 5);
    const [followed] = entry.ofKind('amend', entry.wait(2_500)).map(json);
    expect(followed).toMatchObject({ price: side === 1 ? '100.05' : '99.95' });
    expect(followed).not.toHaveProperty('trigger');
  });

  it('a closed position is told by its side, and its net is gross less fees and with funding', () => {
    const script = entered();
    const [closed] = script
      .ofKind('position-closed', script.operator({ do: 'flatten', by: 'a person' }))
      .concat(script.ofKind('position-closed', script.fill('close', { ticks: PRICE + side * 10 })));
    if (closed === undefined) throw new Error('it closed');
    const told = json({ ...closed, fundingUnits: 3e8 });
    const units = (key: string) => Math.round(Number(told[key]) * 1e8);
    expect(told).toMatchObject({ side: name, gross: '0.2221', funding: '3', exit: side === 1 ? '100.1' : '99.9' });
    expect(units('net')).toBe(units('gross') - units('fees') + units('funding'));
  });

  it('an order is told as the exchange takes it, with the step of a rung or a part; a closed position with the most that it held', () => {
    const script = entered();
    const [buys, sells] = side === 1 ? ['buy', 'sell'] : ['sell', 'buy'];
    script.wait(60_000);
    script.signal(side);
    const ofRole = (role: string) => script.ofKind('place').find(({ order }) => order.role === role);
    const [entry, stop, rung, part] = ['entry', 'stop', 'rung', 'partial'].map(ofRole);
    expect([entry, stop, rung, part].map(json)).toMatchObject([
      { role: 'entry', side: buys },
      { role: 'stop', side: sells },
      { role: 'rung', side: buys, step: 1 },
      { role: 'partial', side: sells, step: 1 },
    ]);
    for (const none of [entry, stop]) expect(json(none)).not.toHaveProperty('step');
    const held = script.position.holding.lots;
    const more = script.live('rung').sizeLots;
    script.fill('rung');
    script.operator({ do: 'flatten', by: 'a person' });
    const [closed] = script.ofKind('position-closed', script.fill('close'));
    expect(json(closed)).toMatchObject({
      entryContracts: `${held}`,
      contractsMost: `${held + more}`,
      additions: 1,
    });
  });

  it('a position that differs is told by its side, its size without a sign', () => {
    const facts = { code: 'position-differs', of: 'lots', signedLots: side * 5, believedLots: side * -3 } as const;
    const alert = {
      kind: 'alert',
      at: 0,
      instId: SCRIPT_SWAP.instId,
      code: 'position-differs',
      message: '',
      facts,
    } as const;
    const other = side === 1 ? 'short' : 'long';
    expect(json(alert)['facts']).toMatchObject({
      position: { side: name, contracts: '5' },
      believed: { side: other, contracts: '3' },
    });
  });
});
