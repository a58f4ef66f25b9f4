/** What a person does with cross margin, as the app proposes it, on an instrument of ours: another position beside the isolated one. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/okx/local-server.ts';
import { BTC, LAST_TICKS, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';

const { instId } = BTC;
const BY_HAND = { key: 'rig', instId, side: 'buy', sz: '0.2' };
const CROSS = { ...BY_HAND, side: 'sell', sz: '0.1', mgnMode: 'cross' };

async function rigged() {
  const rig = await startRig();
  onTestFinished(() => rig.close());
  const of = <K extends CoreEvent['kind']>(kind: K) =>
    rig.events.filter((event): event is Extract<CoreEvent, { kind: K }> => event.kind === kind);
  const trade = (how: object) => {
    rig.admin('trade', how);
    rig.paper.advance();
    rig.paper.floor.setPrice(rig.paper.floor.listingOf(instId), LAST_TICKS, LAST_TICKS, 10_000_000);
  };
  const read = async () => {
    const before = of('exchange-read').length;
    rig.exchange.read();
    await until('a reading', () => of('exchange-read').length > before);
    await rig.settled();
    return of('exchange-read').at(-1);
  };
  return { rig, of, trade, read };
}

describe('a trade with cross margin beside an isolated position', () => {
  it.each(['pushed', 'read, for its push was lost'])('changes nothing of that position: %s', async (how) => {
    const { rig, of, trade, read } = await rigged();
    trade(BY_HAND);
    await until('the isolated fill', () => of('filled').length === 1);
    if (how !== 'pushed') rig.admin('sockets', { how: 'mute', key: 'rig' });
    trade(CROSS);
    const first = await read();
    expect(first?.positions).toMatchObject([{ instId, signedLots: 20 }]);
    expect(of('filled').map(({ side, sizeLots }) => [side, sizeLots])).toEqual([[1, 20]]);
    expect(of('exchange-lost')).toEqual([]);
  });

  it('and its auto-deleveraging are no fills of that position', async () => {
    const { rig, of, trade, read } = await rigged();
    trade(BY_HAND);
    trade(CROSS);
    await read();
    rig.admin('adl', { key: 'rig', instId, mgnMode: 'cross' });
    await rig.settled();
    expect((await read())?.positions).toMatchObject([{ instId, signedLots: 20 }]);
    expect(of('filled')).toHaveLength(1);
    expect(of('exchange-read').at(-1)?.crossMargin).toBeUndefined();
  });

  it('is in every reading while it is there, and the first comes without being asked for', async () => {
    const { of, trade, read } = await rigged();
    trade(CROSS);
    await until('it is told', () => of('exchange-read').some((each) => each.crossMargin));
    expect((await read())?.crossMargin).toEqual([{ instId, side: 'short', contracts: '0.1' }]);
    trade({ ...CROSS, side: 'buy' });
    expect((await read())?.crossMargin).toBeUndefined();
  });

  it('while nobody listened is no fill of ours either', async () => {
    const { rig, trade } = await rigged();
    rig.exchange.close();
    trade(CROSS);
    trade(BY_HAND);
    const events: CoreEvent[] = [];
    const next = rig.another({ hear: (event) => events.push(event), fillsSinceMs: 0, fundingSinceMs: Date.now() });
    onTestFinished(() => next.close());
    next.start();
    await until('a reading', () => events.some(({ kind }) => kind === 'exchange-read'));
    expect(events.filter(({ kind }) => kind === 'filled')).toMatchObject([{ side: 1, sizeLots: 20 }]);
    expect(events.find(({ kind }) => kind === 'exchange-read')).toMatchObject({
      positions: [{ signedLots: 20 }],
      crossMargin: [{ side: 'short', contracts: '0.1' }],
    });
  });
});
