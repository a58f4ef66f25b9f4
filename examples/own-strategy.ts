/**
 * Your own strategy on the ladder: it says when it would buy; gates, ladder, stops and targets are the core's. `npm run -s example own-strategy`
 *
 * The exchange here is ten lines: it accepts every order and fills limit orders at their price. A real one is a port of yours that tells the
 * core what happened, in the same events.
 */
import { loadTree } from 'rungwise/config';
import {
  type Approved,
  type CoreEvent,
  type Decision,
  instrument,
  lots,
  money,
  newRegistry,
  nextDeadlineMs,
  priceText,
  type Side,
  step,
  ticks,
} from 'rungwise/core';

/** The strategy: a close 0.3 % below the mean of the last twenty is a buy, as far above a sell. */
function strategy(closes: readonly number[]): Side | undefined {
  const mean = closes.slice(-20).reduce((sum, close) => sum + close, 0) / 20;
  const last = closes.at(-1) ?? mean;
  if (closes.length < 20 || Math.abs(last / mean - 1) < 0.003) return undefined;
  return last < mean ? 1 : -1;
}

const eth = instrument({
  instId: 'ETH-USDT-SWAP',
  baseCoin: 'ETH',
  ctVal: '0.1',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.01',
  maxLimitSz: '100000',
  maxMarketSz: '10000',
  leverageMax: 50,
  tiers: [{ maxSz: '100000', maintenanceRate: '0.005', leverageMax: 50 }],
});
const registry = newRegistry({
  run: 'mine',
  policy: loadTree({ signals: { scalper: { enabled: 'off' } }, execution: { entry_style: 'maker_only' } }).policy,
  instruments: [eth],
  balance: money(1_000_00000000n),
  traced: false,
  ready: true,
});

/** Orders that rest, by client id. */
const resting = new Map<string, Approved>();
let trades = 0;

function tell(event: CoreEvent): void {
  for (const decision of step(registry, event)) act(decision, event.at);
}

function act(decision: Decision, at: number): void {
  if (decision.kind === 'set-leverage') tell({ kind: 'leverage', at, instId: eth.instId, leverage: decision.leverage });
  if (decision.kind === 'place') {
    const { order } = decision;
    resting.set(order.clientId, order);
    tell({ kind: 'order-accepted', at, clientId: order.clientId });
    if (order.terms.type === 'stop') console.log(`  stop stands at ${priceText(eth, order.terms.triggerTicks)}`);
    if (order.role === 'entry' || order.role === 'rung') fill(order, at);
  }
  if (decision.kind === 'amend') {
    if (decision.triggerTicks !== undefined) console.log(`  stop moves to ${priceText(eth, decision.triggerTicks)}`);
    tell({ kind: 'order-amended', at, clientId: decision.clientId, done: true });
  }
  if (decision.kind === 'cancel' && resting.delete(decision.clientId))
    tell({ kind: 'order-ended', at, clientId: decision.clientId, filledLots: lots(0), cause: 'cancelled' });
  if (decision.kind === 'refused') console.log(`  refused ${decision.what}: ${decision.code}`);
}

function fill(order: Approved, at: number): void {
  if (order.terms.type !== 'limit') return;
  const { clientId, side, sizeLots, role, step: number, terms } = order;
  resting.delete(clientId);
  console.log(
    `  ${role}${number === 0 ? '' : ` ${number}`} filled: ${sizeLots} lots at ${priceText(eth, terms.priceTicks)}`,
  );
  const fee = money(BigInt(Math.ceil(sizeLots * terms.priceTicks * eth.moneyPerTickLot * 0.0002)));
  trades += 1;
  tell({
    kind: 'filled',
    at,
    instId: eth.instId,
    tradeId: `t${trades}`,
    clientId,
    side,
    sizeLots,
    priceTicks: terms.priceTicks,
    fee,
    liquidity: 'maker',
    cause: 'order',
  });
}

const START_MINUTE = Date.UTC(2026, 0, 5, 1) / 60_000;
const closes: number[] = [];
tell({ kind: 'leverage', at: START_MINUTE * 60_000, instId: eth.instId, leverage: 5 });
for (let minute = 0; minute < 96; minute++) {
  const before = closes.at(-1) ?? 300_000;
  const close = minute < 90 ? 300_000 + (minute % 2 === 0 ? 400 : -400) : before - 330;
  closes.push(close);
  const at = (START_MINUTE + minute + 1) * 60_000;
  tell({
    kind: 'candle-closed',
    at,
    instId: eth.instId,
    openMinute: START_MINUTE + minute,
    openTicks: before,
    highTicks: Math.max(before, close) + 100,
    lowTicks: Math.min(before, close) - 100,
    closeTicks: close,
    volumeLots: 10_000,
  });
  while (nextDeadlineMs(registry) <= at) tell({ kind: 'time', at });
  const side = strategy(closes);
  if (side === undefined) continue;
  console.log(
    `${new Date(at).toISOString().slice(11, 16)} close ${priceText(eth, close)}: ${side === 1 ? 'buy' : 'sell'}`,
  );
  tell({
    kind: 'signal',
    at,
    instId: eth.instId,
    side,
    strength: 1,
    priceTicks: ticks(close),
    source: 'mine',
    reasons: ['far from its mean'],
  });
}
