/** What befalls the world by the clock: outages, outsiders, damage to the disk, the operator's moods. */
import type { CoreEvent, Operator } from '../../src/core/event.ts';
import type { Side } from '../../src/core/numbers/units.ts';
import type { Random } from '../../src/sim/market/random.ts';
import type { SimOrder } from '../../src/sim/matching/order.ts';
import { MemoryDisk } from '../memory-journal.ts';
import type { TimedFault } from './faults.ts';
import { CONTRACT_FACTORS, FINER, Ratio, STEP_FACTORS, timesStep } from './other-grid.ts';
import { WORLD_INSTRUMENTS } from './rules.ts';
import { isOurs, isTarget } from './truth.ts';
import type { World } from './world.ts';

/** Longer than a bot here is away or asleep: it has heard of it, or died meanwhile. */
const STOPPED_MS = { least: 140_000, most: 200_000 } as const;

const GRID_PARTS = ['tickSize', 'lotSize', 'contractValue'] as const;

export class Happenings {
  readonly #world: World;
  readonly #strangers: string[] = [];
  #announced = 0;
  /** Of instruments that are becoming others: what is still to come of it. */
  readonly #becoming = new Map<number, () => void>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Lets it happen. @returns false where there was nothing for it to befall */
  happen(name: TimedFault): boolean {
    const random = this.#world.faults.of(name);
    return this.#deeds[name](random);
  }

  readonly #deeds: Readonly<Record<TimedFault, (random: Random) => boolean>> = {
    disconnect: (random) => this.#done(() => this.#world.network.disconnect(random.between(200, 15_000))),
    'partition-push': (random) =>
      this.#done(() => (this.#world.network.pushesLostUntil = this.#in(random.between(500, 12_000)))),
    'partition-request': (random) =>
      this.#done(() => (this.#world.network.requestsLostUntil = this.#in(random.between(500, 12_000)))),
    'partition-answer': (random) =>
      this.#done(() => (this.#world.network.answersLostUntil = this.#in(random.between(500, 12_000)))),
    'slow-answers': (random) =>
      this.#done(() => (this.#world.network.answersSlowUntil = this.#in(random.between(5_000, 40_000)))),
    maintenance: (random) =>
      this.#done(() => (this.#world.truth.maintenanceUntil = this.#in(random.between(3_000, 25_000)))),
    'hand-buy': (random) => this.#trade(random, 1),
    'hand-sell': (random) => this.#trade(random, -1),
    'hand-close': (random) => this.#handCloses(random),
    'hand-cancel': (random) => this.#handCancels(random),
    'foreign-order': (random) => this.#strangerRests(random),
    adl: (random) => this.#adl(random),
    liquidation: (random) => this.#liquidation(random),
    'leverage-by-hand': (random) => this.#leverageByHand(random),
    'mode-by-hand': (random) => this.#mode(random),
    'clock-jump': (random) =>
      this.#done(() => (this.#world.network.signaturesRefusedUntil = this.#in(random.between(1_000, 20_000)))),
    'price-gap': (random) => this.#done(() => this.#prices(this.#index(random)).jump((random.uniform() - 0.5) * 0.06)),
    'event-flood': (random) => this.#flood(random),
    'process-kill': (random) => this.#kill(random),
    'disk-full': (random) => this.#diskFails(random),
    'torn-tail': (random) => this.#tornTail(random),
    'rows-unvouched': () => this.#lateRows(),
    'bit-flip': (random) => this.#bitFlip(random),
    'snapshot-rot': (random) => this.#snapshotRot(random),
    'journal-lost': (random) => this.#journalLost(random),
    'operator-pause': (random) => this.#pause(random),
    'operator-flatten': (random) => this.#flatten(random),
    funding: (random) => this.#funding(random),
    'instrument-stopped': (random) => this.#stops(random),
    'instrument-delisted': (random) => this.#delists(random),
    'grid-changed': (random) => this.#changesGrid(random),
    'contract-changed': (random) => this.#rebases(random, this.#index(random)),
    'grid-between-lives': (random) => this.#regrids(random),
    'grid-under-way': (random) => this.#regridsUnderWay(random),
    'limits-lowered': (random) => this.#lowersLimits(random),
    'targets-refused': (random) => this.#refusesTargets(random),
    'maintenance-announced': (random) => this.#announces(random),
    'hand-cross': (random) => this.#crosses(random),
    'operator-base': () => this.#givesBase(),
    'operator-leave': (random) => this.#leaves(random),
    'orders-swept': () => this.#sweeps(),
    'process-frozen': (random) => this.#freezes(random),
    'cash-moved': (random) =>
      this.#done(() => this.#world.truth.moveCash(BigInt(random.between(-2_000, 3_000)) * 1_000_000n)),
  };

  /** Everything that would last comes to its end. */
  heal(): void {
    const { network, truth, bot } = this.#world;
    const never = Number.NEGATIVE_INFINITY;
    network.pushesLostUntil = network.requestsLostUntil = network.answersLostUntil = never;
    network.answersSlowUntil = network.signaturesRefusedUntil = truth.maintenanceUntil = never;
    truth.isNetMode = true;
    if (!truth.instruments.every((_, index) => truth.notices.isOfSameContract(index))) this.#startWithoutJournal();
    for (const become of this.#becoming.values()) become();
    truth.notices.heal();
    truth.targets.fill(undefined);
    for (const index of truth.cross.keys()) truth.holdCross(index, undefined);
    bot.disk.nextCommitFault = undefined;
    bot.thaw();
    for (const clientId of this.#strangers) truth.outsiderCancels(clientId);
  }

  /** A person starts the bot anew where it was told of another grid, which holds until then. */
  startAnew(): void {
    const { bot } = this.#world;
    if (bot.registry?.symbols.some(({ untradable }) => untradable?.facts.code === 'instrument-changed') === true)
      bot.end('a person starts it anew', 500);
  }

  /** A person cancels a stop of the bot's in the calm: it must soon stand again. */
  cancelAStop(): void {
    const { truth } = this.#world;
    const stop = truth.account.orders.flat().find(({ clientId, type }) => type === 'stop' && isOurs(clientId));
    if (stop !== undefined) truth.outsiderCancels(stop.clientId);
  }

  #done(deed: () => unknown): true {
    deed();
    return true;
  }

  /** Later, unless everything has healed by then. */
  #later(ms: number, deed: () => void): void {
    const { scheduler, faults } = this.#world;
    scheduler.after(ms, () => {
      if (faults.isActive) deed();
    });
  }

  #in(ms: number): number {
    return this.#world.scheduler.nowMs + ms;
  }

  #index(random: Random): number {
    return random.between(0, this.#world.instruments.length - 1);
  }

  #prices(index: number) {
    const prices = this.#world.truth.prices[index];
    if (prices === undefined) throw new RangeError(`there is no instrument number ${index}`);
    return prices;
  }

  /** An open position, if there is one. */
  #open(random: Random): number | undefined {
    const open = this.#world.truth.account.positions.filter(({ lots }) => lots > 0).map(({ index }) => index);
    return open[random.between(0, Math.max(0, open.length - 1))];
  }

  #trade(random: Random, side: Side): boolean {
    const index = this.#index(random);
    return this.#world.truth.outsiderTrades('hand', index, side, random.between(1, 60), false);
  }

  /** A person opens with cross margin, as the app proposes it, or closes what they have so. It costs them a fee. */
  #crosses(random: Random): boolean {
    const { truth } = this.#world;
    const index = this.#index(random);
    const isHeld = truth.cross[index] !== undefined;
    const side = random.uniform() < 0.5 ? 'long' : 'short';
    truth.holdCross(index, isHeld ? undefined : { side, contracts: String(random.between(1, 60)) });
    truth.moveCash(-BigInt(random.between(1, 50)) * 1_000_000n);
    return true;
  }

  #handCloses(random: Random): boolean {
    const index = this.#open(random);
    if (index === undefined) return false;
    const { lots, side } = this.#world.truth.account.positionAt(index);
    const part = random.uniform() < 0.5 ? lots : Math.max(1, Math.floor(lots * random.uniform()));
    return this.#world.truth.outsiderTrades('hand', index, side === 1 ? -1 : 1, part, true);
  }

  /** A person cancels what they do not recognise: the bot's stop, target or entry. */
  #handCancels(random: Random): boolean {
    const { truth } = this.#world;
    const ours = truth.account.orders.flat().filter(({ clientId }) => isOurs(clientId));
    const order = ours[random.between(0, Math.max(0, ours.length - 1))];
    return order !== undefined && truth.outsiderCancels(order.clientId);
  }

  #strangerRests(random: Random): boolean {
    const side: Side = random.uniform() < 0.5 ? 1 : -1;
    const clientId = this.#world.truth.outsiderRests(this.#index(random), side, 0.015, random.between(1, 40));
    if (clientId !== undefined) this.#strangers.push(clientId);
    return clientId !== undefined;
  }

  #adl(random: Random): boolean {
    const index = this.#open(random);
    if (index === undefined) return false;
    const { lots, side } = this.#world.truth.account.positionAt(index);
    const part = Math.max(1, Math.floor(lots * random.uniform()));
    return this.#world.truth.outsiderTrades('adl', index, side === 1 ? -1 : 1, part, true);
  }

  /** Somebody sets a reckless leverage, and the price goes against it past every stop. */
  #liquidation(random: Random): boolean {
    const index = this.#open(random);
    if (index === undefined) return false;
    const { truth } = this.#world;
    const { instId } = this.#world.instruments[index] ?? { instId: '' };
    const { side } = truth.account.positionAt(index);
    for (const order of truth.livingOf(index).slice())
      if (!order.reduceOnly || order.type === 'stop') truth.outsiderCancels(order.clientId);
    truth.outsiderSetsLeverage(instId, 50);
    this.#prices(index).jump(-side * (0.02 + 0.02 * random.uniform()));
    truth.outsiderAt = this.#world.scheduler.nowMs;
    return true;
  }

  #leverageByHand(random: Random): boolean {
    const { truth, instruments } = this.#world;
    const { instId } = instruments[this.#index(random)] ?? { instId: '' };
    return truth.outsiderSetsLeverage(instId, random.between(2, 15));
  }

  /** OKX lets a person change it while nothing is open. */
  #mode(random: Random): boolean {
    const { truth, scheduler } = this.#world;
    const isBusy = truth.account.positions.some(({ lots }) => lots > 0) || truth.account.orders.flat().length > 0;
    if (isBusy) return false;
    truth.isNetMode = false;
    scheduler.after(random.between(5_000, 30_000), () => {
      truth.isNetMode = true;
    });
    return true;
  }

  /** The process stalls while messages pour in. */
  #flood(random: Random): boolean {
    const { bot, scheduler } = this.#world;
    if (bot.loop === undefined) return false;
    const stallMs = random.between(500, 6_000);
    bot.stall(stallMs);
    scheduler.after(stallMs - 20, () => this.#pour(random));
    return true;
  }

  #pour(random: Random): void {
    const { bot, truth, scheduler, instruments } = this.#world;
    const index = this.#index(random);
    const { instId } = instruments[index] ?? { instId: '' };
    const { fills } = truth;
    for (let n = 0; n < 600; n++) {
      const told = fills[n % Math.max(1, fills.length)];
      const replayed = told && truth.isOfThisGrid(told) ? bot.grid.event(told) : undefined;
      const event: CoreEvent =
        n % 3 !== 0 || replayed === undefined
          ? { kind: 'funding-forecast', at: scheduler.nowMs, instId, rateE8: 0, settlesAt: scheduler.nowMs + 3_600_000 }
          : replayed;
      bot.loop?.hear(event);
    }
  }

  #kill(random: Random): boolean {
    if (!this.#world.bot.isAlive) return false;
    this.#world.bot.end('killed', random.between(100, 20_000));
    return true;
  }

  #diskFails(random: Random): boolean {
    const code = (['disk-full', 'io', 'read-only'] as const)[random.between(0, 2)] ?? 'io';
    this.#world.bot.disk.nextCommitFault = { code, rows: random.uniform() < 0.5 ? 'lost' : 'landed' };
    return this.#world.bot.isAlive;
  }

  /** The disk had said that the last rows were safe, and they were not. */
  #tornTail(random: Random): boolean {
    const { bot } = this.#world;
    if (!bot.isAlive || bot.disk.rows.length < 20) return false;
    bot.end('power failure', random.between(500, 5_000));
    bot.disk.truncate(bot.disk.rows.length - random.between(1, 12));
    return true;
  }

  /** Rows that nobody vouched for have landed all the same; a commit is whole or not at all. */
  #lateRows(): boolean {
    this.#world.bot.disk.nextCommitFault = { code: 'io', rows: 'landed' };
    return this.#world.bot.isAlive;
  }

  #bitFlip(random: Random): boolean {
    const { bot } = this.#world;
    if (!bot.isAlive || bot.disk.rows.length < 50) return false;
    bot.end('power failure', random.between(500, 5_000));
    const seq = bot.disk.rows.length - random.between(0, 15);
    bot.disk.rot(seq, random.between(0, 20), random.between(0, 6));
    bot.disk.snapshots = bot.disk.snapshots.filter((snapshot) => snapshot.seq < seq);
    return true;
  }

  #snapshotRot(random: Random): boolean {
    const { bot } = this.#world;
    const snapshot = bot.disk.snapshots.at(-1);
    if (snapshot === undefined || !bot.isAlive) return false;
    bot.disk.snapshots = bot.disk.snapshots.map((each) =>
      each === snapshot ? { ...each, state: `${each.state.slice(0, 100)}?${each.state.slice(101)}` } : each,
    );
    bot.end('power failure', random.between(500, 5_000));
    return true;
  }

  #journalLost(random: Random): boolean {
    const { bot, truth } = this.#world;
    // Here a bot without a journal is told all that was ever filled; in another contract that is not what it holds. A real one is told what comes after.
    if (!bot.isAlive || truth.hasRegridded) return false;
    bot.end('the disk is gone', random.between(500, 5_000));
    bot.disk = new MemoryDisk();
    bot.nextRun();
    return true;
  }

  #command(command: Operator['command']): boolean {
    const { loop } = this.#world.bot;
    loop?.hear({ kind: 'operator', at: this.#world.bot.registry?.now ?? 0, command });
    return loop !== undefined;
  }

  #pause(random: Random): boolean {
    this.#world.scheduler.after(random.between(2_000, 25_000), () => this.#command({ do: 'resume', by: 'world' }));
    return this.#command({ do: random.uniform() < 0.5 ? 'pause' : 'halt', by: 'world' });
  }

  #flatten(random: Random): boolean {
    this.#world.scheduler.after(random.between(5_000, 20_000), () => this.#command({ do: 'resume', by: 'world' }));
    return this.#command({ do: 'flatten', by: 'world' });
  }

  #funding(random: Random): boolean {
    const { truth, instruments } = this.#world;
    const { instId } = instruments[this.#index(random)] ?? { instId: '' };
    truth.settleFunding(instId, random.between(-50_000, 50_000));
    return true;
  }

  /** Of the instruments that are traded as ever. */
  #sound(random: Random): number | undefined {
    const index = this.#index(random);
    return this.#world.truth.notices.soundSince(index) === Number.POSITIVE_INFINITY ? undefined : index;
  }

  /** The exchange trades it no more for a while, or for minutes, and may cancel what rests on it. */
  #stops(random: Random): boolean {
    const { truth } = this.#world;
    const index = this.#sound(random);
    if (index === undefined) return false;
    truth.notices.list(index, { stopped: random.uniform() < 0.7 ? 'suspend' : 'rebase' });
    if (random.uniform() < 0.4)
      for (const { clientId } of truth.livingOf(index).slice()) truth.outsiderCancels(clientId);
    const ms = random.uniform() < 0.7 ? random.between(2_000, 40_000) : random.between(70_000, 150_000);
    this.#later(ms, () => truth.notices.list(index, { stopped: undefined }));
    return true;
  }

  /** Settled by the exchange and gone from its list; listed anew after a while. */
  #delists(random: Random): boolean {
    const { truth } = this.#world;
    const index = this.#sound(random);
    if (index === undefined) return false;
    truth.notices.list(index, { stopped: 'expired' });
    const settledMs = random.between(500, 10_000);
    const goneMs = settledMs + random.between(0, 10_000);
    this.#later(settledMs, () => truth.settleDelisted(index));
    this.#later(goneMs, () => truth.notices.list(index, { stopped: 'not-listed' }));
    this.#later(goneMs + random.between(5_000, 60_000), () => truth.notices.list(index, { stopped: undefined }));
    return true;
  }

  #changesGrid(random: Random): boolean {
    const { notices } = this.#world.truth;
    const index = this.#sound(random);
    if (index === undefined) return false;
    const factor = random.uniform() < 0.5 ? 10 : 2;
    notices.list(index, random.uniform() < 0.5 ? { tickFactor: factor } : { lotFactor: factor });
    this.#later(random.between(5_000, 80_000), () => notices.list(index, { tickFactor: 1, lotFactor: 1 }));
    return true;
  }

  /**
   * A contract becomes one of other coins. OKX stops the instrument for that, for five to thirty minutes, converts what is open and calls back what rests;
   * here it does so when nothing is open, so that what the bot would open by the old contract is all that can go wrong. And back again the same way; then a
   * person starts the bot anew without its journal, which is written in the other contract (decision 0024). It is stopped for longer than a bot here is away:
   * one that sleeps through all of it may open by the old contract before it has read the list.
   */
  #rebases(random: Random, index: number): boolean {
    const { notices, account } = this.#world.truth;
    if (notices.soundSince(index) === Number.POSITIVE_INFINITY || account.positionAt(index).lots > 0) {
      this.#later(200, () => this.#rebases(random, index) && this.#world.faults.count('contract-changed'));
      return false;
    }
    const stopMs = random.between(180_000, 220_000);
    const factor = random.uniform() < 0.5 ? 10 : 2;
    this.#stopsToConvert(index);
    this.#later(stopMs, () => notices.list(index, { stopped: undefined, contractFactor: factor }));
    const back = stopMs + random.between(5_000, 80_000);
    this.#later(back, () => this.#stopsToConvert(index));
    this.#later(back + random.between(5_000, 20_000), () => {
      notices.list(index, { stopped: undefined, contractFactor: 1 });
      this.#startWithoutJournal();
    });
    return true;
  }

  #startWithoutJournal(): void {
    const { bot } = this.#world;
    bot.end('a person starts it anew without its journal', 2_000);
    bot.disk = new MemoryDisk();
    bot.nextRun();
  }

  #stopsToConvert(index: number): void {
    const { truth } = this.#world;
    truth.notices.list(index, { stopped: 'rebase' });
    for (const { clientId } of truth.livingOf(index).slice()) truth.outsiderCancels(clientId);
  }

  /**
   * While the bot is away its instrument becomes another one: of another tick, or lot, or of a contract of other coins, for which the lot may change too.
   * Not before nothing that the life before has sent is on its way any more.
   */
  #regrids(random: Random): boolean {
    const { bot, truth, instruments } = this.#world;
    const index = this.#index(random);
    const [was, first] = [instruments[index], WORLD_INSTRUMENTS[index]];
    if (!bot.isAlive || was === undefined || first === undefined || !truth.notices.isAsAtTheStart(index)) return false;
    if (this.#becoming.has(index)) return false;
    const factor = STEP_FACTORS[random.between(0, STEP_FACTORS.length - 1)];
    const what = GRID_PARTS[random.between(0, GRID_PARTS.length - 1)] ?? 'tickSize';
    const steps = { ...was, [what]: timesStep(first[what], factor) };
    const ordersStay = what !== 'contractValue' && random.uniform() < 0.7;
    const changedMs = random.between(9_000, 20_000);
    const backMs = changedMs + random.between(100, 10_000);
    bot.end('killed', backMs);
    this.#becoming.set(index, () => undefined);
    this.#later(changedMs, () => {
      this.#becoming.delete(index);
      this.#world.regrid(index, steps, () => ordersStay);
      truth.listAs(index, steps);
    });
    return true;
  }

  /**
   * An instrument becomes another one, whatever is open, asked for or on its way; its list says so some seconds before or after. A finer tick or lot at
   * once: what rests stays. Another contract while it is suspended, for longer than a bot here is away: what is open is converted, and what rests too, or
   * it is called back, or its stops are.
   */
  #regridsUnderWay(random: Random): boolean {
    const { truth, bot } = this.#world;
    const index = this.#index(random);
    const [was, first] = [truth.instruments[index], WORLD_INSTRUMENTS[index]];
    if (was === undefined || first === undefined) return false;
    if (!truth.notices.isAsAtTheStart(index) || !bot.grid.isOfNow(index) || this.#becoming.has(index)) return false;
    const what = GRID_PARTS[random.between(0, GRID_PARTS.length - 1)] ?? 'tickSize';
    const isContract = what === 'contractValue';
    const factors = isContract ? CONTRACT_FACTORS : FINER;
    const steps = { ...was, [what]: timesStep(first[what], factors[random.between(0, factors.length - 1)]) };
    const times = new Ratio([was[what]], [steps[what]]).whole(1);
    if (times === 1 || (!isContract && times === undefined)) return false;
    const listedMs = random.between(-2_000, 4_000);
    const atMs = isContract ? random.between(STOPPED_MS.least, STOPPED_MS.most) : 3_000;
    const kept = random.uniform();
    const mayStay = ({ type }: SimOrder) => !isContract || kept < 0.5 || (kept < 0.75 && type !== 'stop');
    if (isContract) truth.notices.list(index, { stopped: random.uniform() < 0.5 ? 'suspend' : 'rebase' });
    const parts = [
      { ms: atMs, become: () => this.#world.regrid(index, steps, mayStay) },
      { ms: atMs + listedMs, become: () => truth.listAs(index, steps) },
    ];
    const become = (part = parts[0]) => {
      if (part !== undefined && parts.includes(part)) parts.splice(parts.indexOf(part), 1)[0]?.become();
      if (parts.length === 0) this.#becoming.delete(index);
    };
    this.#becoming.set(index, () => parts.slice().forEach(become));
    for (const part of parts.slice()) this.#later(part.ms, () => become(part));
    const overMs = atMs + Math.max(0, listedMs) + random.between(0, 5_000);
    if (isContract) this.#later(overMs, () => truth.notices.list(index, { stopped: undefined }));
    return true;
  }

  /** The largest order becomes about what is open, or the largest leverage is one of the bot's; the list says so, or does not. */
  #lowersLimits(random: Random): boolean {
    const { notices, account } = this.#world.truth;
    const index = this.#sound(random);
    if (index === undefined) return false;
    const held = account.positionAt(index).lots;
    const isSize = held > 0 && random.uniform() < 0.5;
    const lotsMost = Math.max(1, Math.round(held * (0.3 + 0.9 * random.uniform())));
    const areLimitsListed = random.uniform() < 0.5;
    notices.list(index, { areLimitsListed, ...(isSize ? { lotsMost } : { leverageMost: random.between(1, 4) }) });
    this.#later(random.between(10_000, 90_000), () =>
      notices.list(index, { lotsMost: Number.POSITIVE_INFINITY, leverageMost: Number.POSITIVE_INFINITY }),
    );
    return true;
  }

  /** For a minute or two no take-profit of an open position may rest: it is refused, or taken and ended at once. One that stands is ended mostly. */
  #refusesTargets(random: Random): boolean {
    const { truth } = this.#world;
    const index = this.#open(random);
    if (index === undefined) return false;
    truth.targets[index] = {
      refusedUntil: this.#in(random.between(60_000, 150_000)),
      how: random.uniform() < 0.5 ? 'refused' : 'ended',
    };
    const standing = truth.livingOf(index).filter(isTarget);
    if (random.uniform() < 0.8) for (const { clientId } of standing) truth.outsiderCancels(clientId);
    return true;
  }

  /** Planned, or at once; called off, shorter, longer, or begun without a further word. Of connections alone now and then. */
  #announces(random: Random): boolean {
    const { truth, scheduler } = this.#world;
    const { notices } = truth;
    this.#announced += 1;
    const title = `upgrade ${this.#announced}`;
    const stopsTrading = random.uniform() < 0.85;
    const leadMs = random.uniform() < 0.25 ? 0 : random.between(1_000, 40_000);
    const lengthMs = random.between(3_000, 25_000);
    const begin = scheduler.nowMs + leadMs;
    const plan = { title, service: stopsTrading ? '5' : '0', begin, end: begin + lengthMs, stopsTrading };
    notices.say({ ...plan, state: leadMs === 0 ? 'running' : 'planned' });
    if (random.uniform() < 0.15) {
      this.#later(random.between(0, leadMs), () => notices.over(title));
      return true;
    }
    const overMs = Math.max(1_000, lengthMs + random.between(-3_000, 8_000));
    const isSaid = random.uniform() < 0.7;
    const isDown = stopsTrading && random.uniform() < 0.6;
    this.#later(leadMs, () => {
      if (isSaid) notices.say({ ...plan, state: 'running' });
      if (isDown) truth.maintenanceUntil = Math.max(truth.maintenanceUntil, scheduler.nowMs + overMs);
    });
    if (random.uniform() < 0.3)
      this.#later(leadMs + Math.floor(overMs / 2), () =>
        notices.say({ ...plan, state: 'running', end: plan.end + 9_000 }),
      );
    this.#later(leadMs + overMs, () => notices.over(title));
    return true;
  }

  /** A person gives the positions that were adopted a base: rungs may follow. */
  #givesBase(): boolean {
    const symbol = this.#world.bot.registry?.symbols.find(({ position }) => position?.baseUnits === 0);
    return symbol !== undefined && this.#command({ do: 'base', by: 'world', instId: symbol.instrument.instId });
  }

  #leaves(random: Random): boolean {
    const { bot } = this.#world;
    if (bot.loop === undefined) return false;
    this.#command({ do: 'leave', by: 'world' });
    bot.leave(random.between(100, 3_000), random.between(100, 20_000));
    return true;
  }

  /** As the exchange does where it has not heard of the bot for a while (cancel-all-after): everything but stops is cancelled at once. */
  #sweeps(): boolean {
    const { truth } = this.#world;
    const swept = truth.account.orders.flat().filter(({ clientId, type }) => isOurs(clientId) && type !== 'stop');
    for (const { clientId } of swept) truth.outsiderCancels(clientId);
    return swept.length > 0;
  }

  /** The machine sleeps, and its clock with it now and then; the exchange may give the connection up meanwhile. */
  #freezes(random: Random): boolean {
    const { bot, network } = this.#world;
    if (!bot.isAlive || bot.isStalled) return false;
    const ms = random.between(8_000, 130_000);
    bot.freeze(ms, random.uniform() < 0.5);
    if (random.uniform() < 0.5) network.disconnect(random.between(5_000, ms));
    return true;
  }
}
