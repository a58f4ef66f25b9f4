/** What the feed of a bot knows of an instrument reaches its adapter, over real sockets. */
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { inEmptyFolder } from '../../../test/command-line.ts';
import { botWithin } from '../../../test/okx/bot-within.ts';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { generatedExchange } from '../../../test/okx/generated-exchange.ts';
import { until } from '../../../test/okx/local-server.ts';
import { BTC, BTC_ROW } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent, ExchangeRead } from '../../core/event.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';

inEmptyFolder();
/** Before their folder goes: a journal that is gone under its writer is told. */
const leaving: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(leaving.splice(0).map((leave) => leave())));

const WITHIN_MS = 30_000;
/** @returns a bot whose list of instruments is not read before `isReadable` is called */
async function started() {
  const { paper, origin } = await generatedExchange();
  let isReadable = true;
  const proxy = await startFaultProxy(origin, ({ path }) =>
    isReadable || path !== endpoints.instruments.path
      ? undefined
      : { forward: 'never', answer: { how: 'reply', status: 502, body: '' } },
  );
  onTestFinished(() => proxy.close());
  const events: CoreEvent[] = [];
  const noes: string[] = [];
  const { bot, symbol, long } = await botWithin({
    origin,
    through: proxy.origin,
    entryStyle: 'taker',
    thought: (event, decisions) => {
      events.push(event);
      for (const decision of decisions)
        if (decision.kind === 'alert' && decision.facts?.code === 'order-rejected') noes.push(decision.facts.said);
    },
  });
  isReadable = false;
  leaving.push(() => bot.leave());
  const another = JSON.stringify({
    arg: { channel: 'instruments', instType: 'SWAP' },
    data: [{ ...BTC_ROW, ctVal: '0.1' }],
  });
  const sayAnother = () => {
    for (const session of paper.sessions) if (session.place === 'public') session.deliver(Buffer.from(another));
  };
  const read = async () => {
    isReadable = true;
    await until('the list', () => events.some(({ kind }) => kind === 'instrument'), WITHIN_MS);
  };
  await until('it trades', () => bot.registry.ready && symbol.series.ready && symbol.pricedAt > 0, WITHIN_MS);
  return { paper, symbol, events, noes, long, sayAnother, read };
}

it('a bot sends no entry while it does not, and counts what it holds in the contract that is said', {
  timeout: 4 * WITHIN_MS,
}, async () => {
  const { paper, symbol, events, noes, long, sayAnother, read } = await started();
  long();
  await until('the entry comes back', () => noes.length > 0, WITHIN_MS);
  expect(noes).toEqual(['instrument-not-read']);
  await read();
  long();
  await until('it is open', () => symbol.position !== undefined && symbol.working === undefined, WITHIN_MS);

  sayAnother();
  await until('it is heard', () => symbol.instrument.moneyPerTickLot === 10 * BTC.moneyPerTickLot, WITHIN_MS);
  const before = events.length;
  for (const session of paper.sessions) if (session.place === 'private') session.cut();
  const reading = () => events.slice(before).find((event): event is ExchangeRead => event.kind === 'exchange-read');
  await until('the account is read', () => reading() !== undefined, WITHIN_MS);
  const { holding } = symbol.position ?? { holding: undefined };
  expect(reading()?.positions).toMatchObject([{ signedLots: holding?.lots, costUnits: holding?.costUnits }]);
});

it('a bot does not send what it has decided by a contract that another one follows before it is sent', {
  timeout: 4 * WITHIN_MS,
}, async () => {
  const { symbol, events, noes, long, sayAnother, read } = await started();
  await read();
  // The loop is not woken before both wait.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  long();
  sayAnother();
  for (const untilMs = performance.now() + 200; performance.now() < untilMs; ) await new Promise(setImmediate);
  vi.advanceTimersByTime(100);
  vi.useRealTimers();
  // By what the adapter knows; or, where the leverage is still being set, called back by what the core has heard.
  const unsent = () => events.some((event) => event.kind === 'order-ended' && event.cause === 'not-sent');
  const isFilled = () => events.some(({ kind }) => kind === 'filled');
  await until('the entry comes back', () => noes.length > 0 || unsent() || isFilled(), WITHIN_MS);
  expect(noes).toEqual(unsent() ? [] : ['instrument-not-read']);
  expect([isFilled(), symbol.position]).toEqual([false, undefined]);
});
