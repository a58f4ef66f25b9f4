/** The account's fee rates while the bot runs: whatever is reckoned with costs follows, and what is open keeps those of its entry. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script, type ScriptOptions } from '../../../test/script.ts';
import { bookWorstCaseUnits } from '../ladder/worst-case.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import { money, type Side } from '../numbers/units.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';
import { costShares } from '../situation.ts';
import { fold } from '../step.ts';

const said = (script: Script, maker: string, taker: string) =>
  script.take({ kind: 'fee-rates', at: script.now, maker, taker });
const costs = ({ registry, symbol }: Script) => costShares(new Doubles(), symbol, registry.policy);
const alerts = (script: Script) => script.ofKind('alert').map(({ facts }) => facts);

describe('other fee rates', () => {
  it('are what a round trip costs from then on', () => {
    const script = new Script();
    const before = costs(script);
    said(script, '0.0005', '0.001');
    expect(costs(script).roundTrip - before.roundTrip).toBeCloseTo(0.0003 + 0.0005, 12);
    expect(costs(script).exit - before.exit).toBeCloseTo(0.0005, 12);
  });

  it('are news where one of the two has changed, and none where both are as they were', () => {
    const told = ([maker, taker]: readonly [string, string]) => {
      const script = new Script();
      said(script, maker, taker);
      return alerts(script).length;
    };
    const rates = [
      ['0.0002', '0.0005'],
      ['0.0003', '0.0005'],
      ['0.0002', '0.0006'],
    ] as const;
    expect(rates.map(told)).toEqual([0, 1, 1]);
  });

  it('refuse an entry whose edge they eat, and let it pass once they are gone', () => {
    const options: ScriptOptions = { traced: true, atrTicks: 50 };
    const refusal = (script: Script) => script.ofKind('refused', script.signal(1)).map(({ code }) => code);
    expect(refusal(new Script(options))).toEqual([]);
    const script = new Script(options);
    said(script, '0.002', '0.005');
    expect(refusal(script)).toEqual(['edge-below-cost']);
    said(script, '0.0002', '0.0005');
    expect(refusal(script)).toEqual([]);
  });

  it('leave what is open the costs of its entry', () => {
    const script = new Script().enter(1);
    const { roundTripShare, exitShare } = script.position.exits;
    const orders = [...script.book.values()].map(({ ticks }) => ticks);
    said(script, '0.0005', '0.001');
    expect(script.position.exits).toMatchObject({ roundTripShare, exitShare });
    expect([...script.book.values()].map(({ ticks }) => ticks)).toEqual(orders);
  });

  it.each<[string, Side]>([
    ['long', 1],
    ['short', -1],
  ])('are what its stop is said to lose, where they are higher: a %s', (_, side) => {
    const script = new Script({ config: { position_scaling: { max_additions: 0 } } }).enter(side);
    const before = bookWorstCaseUnits(script.registry);
    said(script, '0.0001', '0.0003');
    expect(bookWorstCaseUnits(script.registry) / before, 'lower ones change next to nothing').toBeCloseTo(1, 4);
    said(script, '0.0005', '0.001');
    const { order, sizeLots, ticks } = script.live('stop');
    const priceTicks = ticks - side * Math.ceil(ticks / 10_000);
    const fee = money(BigInt(Math.ceil(sizeLots * priceTicks * SCRIPT_SWAP.moneyPerTickLot * 0.001)));
    const figure = bookWorstCaseUnits(script.registry);
    const { balance } = script.registry;
    script.take(script.fillEvent(-side as Side, sizeLots, priceTicks, { clientId: order.clientId, fee }));
    expect(script.symbol.position).toBeUndefined();
    const lost = Number(balance - script.registry.balance);
    expect(lost).toBeLessThanOrEqual(figure);
    expect(lost, 'and little less').toBeGreaterThan(figure * 0.98);
  });

  it('are told to a person, with what they were, and nothing else of the policy is another one', () => {
    const script = new Script();
    const { execution, ...rest } = script.registry.policy;
    said(script, '-0.00005', '0.0004');
    expect(alerts(script)).toEqual([
      {
        code: 'fees-changed',
        makerPercent: '-0.005',
        makerPercentWas: '0.02',
        takerPercent: '0.04',
        takerPercentWas: '0.05',
      },
    ]);
    const { execution: now, ...restNow } = script.registry.policy;
    expect(restNow).toEqual(rest);
    expect({ ...now, feeRates: execution.feeRates }).toEqual(execution);
  });

  it.each([
    ['0.0002', '0.0005'],
    ['0.00020', '0.000500'],
  ])('that are the same, as %s and %s, are no news', (maker, taker) => {
    const script = new Script();
    const { policy } = script.registry;
    said(script, maker, taker);
    expect([alerts(script), script.registry.policy]).toEqual([[], policy]);
    expect(script.registry.policy).toBe(policy);
  });

  it('of a life before are not taken by the next one, which has asked itself', () => {
    const script = new Script();
    said(script, '0.0005', '0.001');
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    fold(next.registry, { kind: 'fee-rates', at: script.now, maker: '0.0005', taker: '0.001' });
    expect(costs(next)).toEqual(costs(new Script()));
    expect(alerts(next)).toEqual([]);
  });
});
