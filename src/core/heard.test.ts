/** What the exchange and a person say, where it changes what is known and nothing else. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../test/script.ts';
import { lots } from './numbers/units.ts';

const { instId } = SCRIPT_SWAP;

describe('a leverage that the exchange tells', () => {
  const alerts = (script: Script, leverage: number) =>
    script.ofKind('alert', script.take({ kind: 'leverage', at: script.now, instId, leverage })).map(({ code }) => code);

  it('is news where the position had another one, and where it is the same, or was not known, it is none', () => {
    const script = new Script().enter(1);
    expect([alerts(script, 5), alerts(script, 3), alerts(script, 3)]).toEqual([[], ['leverage-differs'], []]);
    script.position.leverage = undefined;
    expect(alerts(script, 5)).toEqual([]);
    expect(script.position.leverage).toBe(5);
  });
});

it.each([{ nextSettlesAt: 9 }, {}])(
  'a funding forecast says what it knows of the settlement after the next: %j',
  (next) => {
    const script = new Script();
    script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: 1, settlesAt: 5, ...next });
    expect(script.symbol.funding).toEqual({ rateE8: 1, settlesAt: 5, ...next });
  },
);

it('what was sent and not answered when the exchange was lost may have been taken, or not', () => {
  const script = new Script();
  script.answers.set('entry', 'nothing');
  script.signal(1);
  const { clientId } = script.live('entry').order;
  const state = () => script.registry.orders.get(clientId)?.state;
  expect(state()).toBe('sent');
  script.take({ kind: 'exchange-lost', at: script.now, reason: 'a test' });
  expect(state()).toBe('unknown');
});

it('the profile follows the balance with the fill that changes it', () => {
  const script = new Script({ balance: 1_499 }).enter(1);
  expect(script.registry.profile).toBe('small');
  script.take(script.fillEvent(-1, script.position.holding.lots, PRICE + 200));
  expect([script.balanceUsdt > 1_500, script.registry.profile]).toEqual([true, 'medium']);
});

it('a person who flattens everything has halted, and is named', () => {
  const script = new Script();
  script.operator({ do: 'flatten', by: 'a person' });
  expect(script.registry.halt).toEqual({ kind: 'halt', by: 'a person', at: script.now });
});

it.each([{ lotsMaxLimitOrder: lots(60_000) }, { lotsMaxMarketOrder: lots(50_000) }, { leverageMax: 20 }])(
  'another limit of an instrument that is traded holds, and leaves an entry on its way: %j',
  (more) => {
    const script = new Script();
    script.signal(1);
    const { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } = SCRIPT_SWAP;
    const limits = { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax, ...more };
    script.take({ kind: 'instrument', at: script.now, instId, changes: [], limits });
    expect(script.symbol.instrument).toMatchObject(more);
    expect(script.has('entry')).toBe(true);
  },
);
