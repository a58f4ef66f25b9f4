/**
 * The exchange's numbers for a life of the bot that began before an instrument got another grid, as src/okx and its watches/instrument-watch.ts make them of
 * OKX's decimals: contracts and prices stay what they are, in lots and ticks of the life's start. What is no whole number of these cannot be told.
 */

import type { CoreEvent, Filled, GridChange, InstrumentSaid, OrderReading } from '../../src/core/event.ts';
import type { GridSteps, Instrument } from '../../src/core/instrument/instrument.ts';
import { formatDecimal } from '../../src/core/numbers/decimal.ts';
import { lots, money, type Ticks, ticks } from '../../src/core/numbers/units.ts';
import { Ratio, Regrid } from './other-grid.ts';
import type { ExchangeTruth } from './truth.ts';
import type { Answer, No, Request, Yes } from './wire.ts';

export class LifeGrid {
  /** As the life began with them: as they were listed. */
  readonly #instruments: readonly Instrument[];
  readonly #truth: ExchangeTruth;
  /** Orders of which a part of a lot was filled, and their instruments. */
  readonly #besideGrid = new Set<string>();
  /** By instrument, as the adapter has heard it last: what a position costs is counted in it. */
  readonly #contracts = new Map<string, GridSteps['contractValue']>();

  constructor(truth: ExchangeTruth) {
    this.#instruments = [...truth.listed];
    this.#truth = truth;
    for (const { instId, contractValue } of this.#instruments) this.#contracts.set(instId, contractValue);
  }

  /** The exchange's grid is the life's. */
  isOfNow(index: number): boolean {
    return this.#regridAt(index) === undefined;
  }

  /** A lot of the life is as many coins as it was at its start. */
  isOfSameContract(index: number): boolean {
    const [was, is] = [this.#instruments[index], this.#truth.instruments[index]];
    return was !== undefined && is !== undefined && new Ratio([was.contractValue], [is.contractValue]).whole(1) === 1;
  }

  /** The adapter has heard of the contract that the exchange counts in. */
  knowsContract(instId: string): boolean {
    const [heard, is] = [this.#contracts.get(instId), this.#truth.instruments[this.#index(instId)]];
    return heard !== undefined && is !== undefined && new Ratio([heard], [is.contractValue]).whole(1) === 1;
  }

  /** What the adapter has been told counts from here on, though the bot has not thought about it. */
  hearInstrument({ instId, changes }: InstrumentSaid): void {
    const index = this.#index(instId);
    const [was, is] = [this.#instruments[index], this.#truth.notices.listedAt(index)];
    const isChanged = was !== undefined && changes.some(({ of }) => of === 'contract');
    if (isChanged) this.#contracts.set(instId, is.contractValue);
  }

  /** A push, or a candle; undefined: it is on no grid of the life. Of a fill that is not, nothing can be trusted that was heard (okx/trading/telling.ts). */
  event(event: CoreEvent): CoreEvent | undefined {
    switch (event.kind) {
      case 'price':
      case 'candle-closed':
        return this.#market(event);
      case 'filled':
        return (
          this.#fill(event) ?? {
            kind: 'exchange-lost',
            at: event.at,
            reason: `fill ${event.tradeId} cannot be counted`,
          }
        );
      case 'order-ended': {
        const regrid = this.#regridOf(event.clientId);
        if (regrid === undefined) return event;
        return { ...event, filledLots: lots(this.#filledOf(event.clientId, regrid.traded.down(event.filledLots))) };
      }
      case 'order-amended': {
        const regrid = this.#regridOf(event.clientId);
        const { stands, ...rest } = event;
        if (regrid === undefined || stands === undefined) return event;
        const there = standing(regrid, stands);
        return there === undefined ? rest : { ...rest, stands: there };
      }
      case 'instrument':
        return this.#said(event);
      default:
        return event;
    }
  }

  #market(event: Extract<CoreEvent, { kind: 'price' | 'candle-closed' }>): CoreEvent {
    const regrid = this.#regridAt(this.#index(event.instId));
    if (regrid === undefined) return event;
    const near = (of: number) => ticks(regrid.ticks.near(of));
    if (event.kind === 'price')
      return {
        ...event,
        markTicks: near(event.markTicks),
        bidTicks: ticks(regrid.ticks.down(event.bidTicks)),
        askTicks: ticks(regrid.ticks.up(event.askTicks)),
      };
    return {
      ...event,
      openTicks: near(event.openTicks),
      highTicks: ticks(regrid.ticks.up(event.highTicks)),
      lowTicks: ticks(regrid.ticks.down(event.lowTicks)),
      closeTicks: near(event.closeTicks),
      volumeLots: lots(regrid.traded.down(event.volumeLots)),
    };
  }

  /** A price that somebody names, to the nearest tick. */
  nearTicks(index: number, price: number): number {
    return this.#regridAt(index)?.ticks.near(price) ?? price;
  }

  /** The whole lots of the life in a size. */
  lotsAt(index: number, size: number): number {
    return this.#regridAt(index)?.traded.down(size) ?? size;
  }

  /** Between two ticks it was the nearer one, and what that costs is a fee: the cash is exact. Of a part of a lot nothing can be told. */
  #fill(event: Filled): Filled | undefined {
    const index = this.#index(event.instId);
    const regrid = this.#regridAt(index);
    if (regrid === undefined) return event;
    const size = regrid.traded.whole(event.sizeLots);
    if (size === undefined) {
      this.#besideGrid.add(event.clientId ?? '').add(event.instId);
      this.#truth.uncounted.add(event.tradeId);
      return undefined;
    }
    const near = regrid.ticks.near(event.priceTicks);
    const beside = event.priceTicks - (this.#wordsAt(index)?.ticks.of(near) ?? near);
    const { moneyPerTickLot } = this.#truth.instruments[index] as Instrument;
    const costs = BigInt(Math.round(event.side * beside * event.sizeLots * moneyPerTickLot));
    return { ...event, sizeLots: lots(size), priceTicks: ticks(near), fee: money(event.fee + costs) };
  }

  /** As okx/exchange.ts: of which a part of a lot was filled has another lot than the life's, whatever is said of it, and is not enlarged. */
  mayGrow(instId: string): boolean {
    return !this.#besideGrid.has(instId);
  }

  /** What an order has filled by its end, as far as that can be told. */
  #filledOf(clientId: string, filledLots: number): number {
    if (!this.#besideGrid.has(clientId)) return filledLots;
    const fills = this.#truth.fills.filter((fill) => fill.clientId === clientId);
    return fills.reduce((sum, fill) => sum + (this.#fill(fill)?.sizeLots ?? 0), 0);
  }

  /** What the exchange answers to a request of the life that arrives now. */
  serve(request: Request, ageMs = 0): Answer {
    const asked = this.#asked(request);
    if ('no' in asked) return { at: this.#truth.nowMs, no: asked.no };
    const answer = this.#truth.serve(asked.request, ageMs);
    return 'no' in answer ? answer : this.#heard(request, answer.at, answer.yes);
  }

  #asked(request: Request): { readonly request: Request } | { readonly no: No } {
    if (request.kind === 'place') {
      const { order } = request;
      const to = this.#wordsAt(this.#index(order.instId));
      if (to === undefined) return { request };
      const { terms } = order;
      const sizeLots = to.traded.whole(order.sizeLots);
      const at = terms.type === 'market' ? 0 : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks;
      const price = to.ticks.whole(at);
      if (sizeLots === undefined) return { no: OFF_LOT };
      if (price === undefined) return { no: OFF_TICK };
      const on =
        terms.type === 'market'
          ? terms
          : terms.type === 'stop'
            ? { ...terms, triggerTicks: ticks(price) }
            : { ...terms, priceTicks: ticks(price) };
      return { request: { ...request, order: { ...order, sizeLots: lots(sizeLots), terms: on } as typeof order } };
    }
    if (request.kind !== 'amend') return { request };
    const { change } = request;
    const to = this.#wordsAt(this.#index(change.instId));
    if (to === undefined) return { request };
    const { sizeLots, priceTicks, triggerTicks, ...rest } = change;
    const size = sizeLots === undefined ? undefined : to.traded.whole(sizeLots);
    if (sizeLots !== undefined && size === undefined) return { no: OFF_LOT };
    const [price, trigger] = [priceTicks, triggerTicks].map((at) => (at === undefined ? 0 : to.ticks.whole(at)));
    if (price === undefined || trigger === undefined) return { no: OFF_TICK };
    return {
      request: {
        ...request,
        change: {
          ...rest,
          ...(size === undefined ? {} : { sizeLots: lots(size) }),
          ...(priceTicks === undefined ? {} : { priceTicks: ticks(price) }),
          ...(triggerTicks === undefined ? {} : { triggerTicks: ticks(trigger) }),
        },
      },
    };
  }

  #heard(request: Request, at: number, yes: Yes): Answer {
    const { order, fills, account, orders, notices } = yes;
    if (order !== undefined && order.state !== 'none') {
      const regrid = this.#regridAt(this.#truth.matcher.indexOf(order.instId) ?? 0);
      // Of one that has ended nobody asks where it stood.
      const there = regrid === undefined || order.state === 'ended' ? order : standing(regrid, order);
      // Of an order of ours that stands where nobody here can say nothing is known (okx/trading/evidence.ts).
      if (there === undefined) return { at, no: UNREADABLE };
      const told = order.fills.flatMap((fill) => this.#fill(fill) ?? []);
      const filled = regrid?.traded.down(order.filledLots) ?? order.filledLots;
      const filledLots = request.kind === 'order' ? this.#filledOf(request.clientId, filled) : filled;
      return { at, yes: { ...yes, order: { ...order, ...there, filledLots, fills: told } } };
    }
    if (fills !== undefined)
      return { at, yes: { ...yes, fills: { ...fills, page: fills.page.flatMap((fill) => this.#fill(fill) ?? []) } } };
    if (account !== undefined)
      return {
        at,
        yes: {
          ...yes,
          account: { ...account, positions: account.positions.flatMap((each) => this.#position(each) ?? []) },
        },
      };
    if (orders !== undefined) return { at, yes: { ...yes, orders: orders.map((each) => this.#order(each)) } };
    if (notices !== undefined)
      return {
        at,
        yes: { ...yes, notices: notices.map((each) => (each.kind === 'instrument' ? this.#said(each) : each)) },
      };
    return { at, yes };
  }

  #position<P extends NonNullable<Yes['account']>['positions'][number]>(of: P): P | undefined {
    const index = this.#index(of.instId);
    const is = this.#truth.instruments[index] as Instrument;
    const heard = this.#contracts.get(of.instId) ?? is.contractValue;
    const ofContract = new Ratio([heard], [is.contractValue]);
    const regrid = this.#regridAt(index);
    const size = Math.abs(of.signedLots);
    const whole = regrid?.traded.down(size) ?? size;
    if (whole === 0) return undefined;
    if (whole === size && ofContract.whole(1) === 1 && regrid === undefined) return of;
    const share = regrid === undefined ? 1 : whole / regrid.traded.of(size);
    const costUnits = Math.round(ofContract.of(of.costUnits) * share);
    return { ...of, signedLots: Math.sign(of.signedLots) * whole, costUnits };
  }

  #order(of: OrderReading): OrderReading {
    const regrid = this.#regridAt(this.#index(of.instId));
    const { stands, ...rest } = of;
    if (regrid === undefined || stands === undefined) return of;
    const there = standing(regrid, stands);
    return there === undefined ? rest : { ...rest, stands: there };
  }

  /** Changes are those since the life's start, and limits in its lots. */
  #said(said: InstrumentSaid): InstrumentSaid {
    const index = this.#index(said.instId);
    const [was, is] = [this.#instruments[index] as Instrument, this.#truth.notices.listedAt(index)];
    if (was === is || isSame(was, is)) return said;
    const parts = [
      ['tick', was.tickSize, is.tickSize],
      ['lot', was.lotSize, is.lotSize],
      ['contract', was.contractValue, is.contractValue],
    ] as const;
    const changes = parts.flatMap(([of, before, after]): GridChange[] => {
      const told = said.changes.find((each) => each.of === of);
      const text = { was: formatDecimal(before), is: told?.is ?? formatDecimal(after) };
      return text.was === text.is ? [] : [{ of, ...text }];
    });
    const inLots = new Ratio([is.lotSize], [was.lotSize]);
    const most = (size: number) => lots(inLots.down(size));
    const { limits } = said;
    return {
      ...said,
      changes,
      ...(limits === undefined
        ? {}
        : {
            limits: {
              ...limits,
              lotsMaxLimitOrder: most(limits.lotsMaxLimitOrder),
              lotsMaxMarketOrder: most(limits.lotsMaxMarketOrder),
            },
          }),
    };
  }

  #regridOf(clientId: string): Regrid | undefined {
    const life = this.#truth.lives.get(clientId)?.at(-1);
    return life === undefined ? undefined : this.#regridAt(life.order.index);
  }

  /** From the exchange's grid to the life's; undefined: they are one. */
  #regridAt(index: number): Regrid | undefined {
    const [was, is] = [this.#truth.instruments[index], this.#instruments[index]];
    return was === undefined || is === undefined || was === is || isSame(was, is) ? undefined : new Regrid(was, is);
  }

  /** And back. */
  #wordsAt(index: number): Regrid | undefined {
    const [was, is] = [this.#instruments[index], this.#truth.instruments[index]];
    return was === undefined || is === undefined || isSame(was, is) ? undefined : new Regrid(was, is);
  }

  #index(instId: string): number {
    return this.#truth.matcher.indexOf(instId) ?? 0;
  }
}

function isSame(a: GridSteps, b: GridSteps): boolean {
  return (['tickSize', 'lotSize', 'contractValue'] as const).every(
    (of) => formatDecimal(a[of]) === formatDecimal(b[of]),
  );
}

/** Where an order stands, in contracts and at a price that stay what they are. */
function standing(regrid: Regrid, { ticks: at, sizeLots }: { readonly ticks: number; readonly sizeLots: number }) {
  const [price, size] = [regrid.ticks.whole(at), regrid.traded.whole(sizeLots)];
  return price === undefined || size === undefined ? undefined : { ticks: price as Ticks, sizeLots: lots(size) };
}

const OFF_LOT: No = { code: '51121', message: 'Order quantity must be a multiple of the lot size', proves: true };
const OFF_TICK: No = { code: '51150', message: 'The price is no multiple of the tick size', proves: true };
const UNREADABLE: No = { code: 'payload', message: 'where it stands cannot be said', proves: false };
