/** The adapter before the paper exchange, over real sockets: the same cards that the simulator passes. */
import { BTC, LAST_TICKS, startRig } from '../../test/okx/paper-rig.ts';
import { describeExchange } from '../sim/exchange.contract.ts';

describeExchange('okx adapter, paper exchange', async () => {
  const rig = await startRig();
  const { paper } = rig;
  return {
    instrument: BTC,
    exchange: rig.exchange,
    events: rig.events,
    lastTicks: LAST_TICKS,
    move: async (toTicks, volumeLots) => {
      paper.advance();
      paper.floor.setPrice(paper.floor.listingOf(BTC.instId), toTicks, toTicks, volumeLots);
      await rig.settled();
    },
    settled: rig.settled,
    dispose: rig.close,
  };
});
