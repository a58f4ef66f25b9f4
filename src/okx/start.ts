/**
 * What must be true of the exchange and the account before anything is traded, looked at in order; what can be known is returned with the
 * findings. Source: rules.md §4; okx-v5.md §1.7; design.md §6.
 *
 * Nothing here changes the account: a wrong mode is told, not mended. A key that may withdraw is refused: a bot never needs that, a thief does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Instrument } from '../core/instrument/instrument.ts';
import type { Decimal } from '../core/numbers/decimal.ts';
import type { Money } from '../core/numbers/units.ts';
import { clockSpeed } from './door/clock-speed.ts';
import { type Fault, type FaultClass, faultOfPayload, isOfGateway } from './door/faults.ts';
import { JointReading } from './door/joint-reading.ts';
import type { Answer, Rest } from './door/rest.ts';
import { familyOf, instrumentOf, untradable } from './instrument.ts';
import { QUOTE } from './numbers.ts';
import { isPayloadFault } from './payload-fault.ts';
import { askLeverage, leverageIn, leverageReading } from './trading/leverage-reading.ts';
import { balanceOf } from './trading/position-and-balance.ts';
import type { Untradable } from './untradable.ts';
import type { FeeRates } from './watches/fees.ts';
import { type FeeGroup, feeGroupsOf, highestRates, readFees } from './watches/fees.ts';
import { FAMILIES_MOST, readTiers } from './watches/tier-watch.ts';
import type { AccountConfig } from './wire/account-config.ts';
import { endpoints } from './wire/endpoints.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { PositionTier } from './wire/position-tier.ts';

/** `bad` stops the start, `odd` is told. */
export type Weight = 'good' | 'odd' | 'bad';

/** One finding: what was looked at, how it is, and its figures for a sentence. */
export type Finding = { readonly weight: Weight } & (
  | { readonly about: 'reach'; readonly origin: string; readonly fault?: Fault }
  | { readonly about: 'clock'; readonly offsetMs: number; readonly uncertaintyMs: number }
  /** Seconds of the exchange in one of the world: a bot lives in the world's. */
  | { readonly about: 'clock-speed'; readonly speed: number }
  | { readonly about: 'key'; readonly fault?: Fault; readonly uid?: string }
  | { readonly about: 'account-mode'; readonly mode: AccountConfig['acctLv'] }
  | { readonly about: 'position-mode'; readonly mode: AccountConfig['posMode'] }
  | { readonly about: 'permissions'; readonly permissions: readonly string[]; readonly wrong?: 'withdraw' | 'no-trade' }
  | { readonly about: 'balance'; readonly balance?: Money; readonly fault?: Fault }
  | { readonly about: 'instrument'; readonly instId: string; readonly problem?: Untradable; readonly fault?: Fault }
  | {
      readonly about: 'fees';
      readonly instId: string;
      readonly maker?: Decimal;
      readonly taker?: Decimal;
      readonly fault?: Fault;
    }
  | { readonly about: 'leverage'; readonly instId: string; readonly leverage?: number; readonly fault?: Fault }
);

/** What a start needs to know; there only where nothing is `bad`. */
export interface Ready {
  readonly uid: string;
  readonly balance: Money;
  readonly instruments: readonly Instrument[];
  /** The highest of the instruments. */
  readonly feeRates: FeeRates;
  readonly feeGroups: readonly FeeGroup[];
}

export interface StartReport {
  readonly findings: readonly Finding[];
  readonly ready: Ready | undefined;
}

/** OKX refuses a signature 30 s off; our own clock should not need its patience. */
const CLOCK_ODD_MS = 1_000;
const CLOCK_BAD_MS = 25_000;
/** What is asked of every symbol waits for its slot: a start of many symbols asks more than a window allows, and no other try would ask less. */
const SLOT_MS = 60_000;
/** So often in a look at all symbols an answer "too many requests" is asked for again: requests do not all travel equally long, and other programs ask too. */
const BUSY_MOST = 5;
/** Net mode with isolated margin: OKX takes isolated margin no more in multi-currency and portfolio mode (50072). */
const ACCOUNT_MODES: readonly AccountConfig['acctLv'][] = ['2'];

/** Looks at everything that can be looked at; `found` hears each finding as it is made. */
export async function checkStart(
  rest: Rest,
  origin: string,
  symbols: readonly string[],
  found: (finding: Finding) => void = () => undefined,
): Promise<StartReport> {
  const findings: Finding[] = [];
  const say = (finding: Finding) => {
    findings.push(finding);
    found(finding);
  };
  const notReady = { findings, ready: undefined };

  if (!(await checkClock(rest, origin, say))) return notReady;
  const instruments = await checkInstruments(rest, symbols, say);
  const config = await rest.get(endpoints.config, {});
  const account = config.kind === 'ok' ? config.rows[0] : undefined;
  if (account === undefined) {
    const fault = config.kind === 'fault' ? config.fault : faultOfPayload('account/config has no row');
    say({ about: 'key', weight: 'bad', fault });
    return notReady;
  }
  say({ about: 'key', weight: 'good', uid: account.uid });
  checkAccount(account, say);
  const balance = await checkBalance(rest, say);
  const feeGroups = feeGroupsOf(instruments.map(({ row }) => row));
  const feeRates = await checkFees(rest, feeGroups, say);
  await checkLeverage(rest, instruments, say);

  const isBad = findings.some(({ weight }) => weight === 'bad');
  if (isBad || balance === undefined || feeRates === undefined) return notReady;
  return {
    findings,
    ready: {
      uid: account.uid,
      balance,
      instruments: instruments.map(({ instrument }) => instrument),
      feeRates,
      feeGroups,
    },
  };
}

/**
 * Whether all that is bad is an answer that another try may get: of an exchange that did not say no. An address at which nobody listens is a person's
 * affair.
 */
export function mayPass(findings: readonly Finding[]): boolean {
  const bad = findings.filter(({ weight }) => weight === 'bad');
  return bad.length > 0 && bad.every((finding) => 'fault' in finding && isPassing(finding.fault));
}

const LOOK_AGAIN_MS = [1_000, 2_000, 4_000];

/**
 * Looks, and where what was seen may pass a few times more: one answer that is lost must not keep a bot from a position that is open, nor end a download
 * before it has begun. `again` hears in how long; once it is given up nothing is looked at any more.
 */
export async function lookPatiently<Seen>(
  look: () => Promise<Seen>,
  passes: (seen: Seen) => boolean,
  again: (inMs: number) => void,
  givenUp?: AbortSignal,
): Promise<Seen> {
  const isGivenUp = () => givenUp?.aborted === true;
  let seen = await look();
  for (const pauseMs of LOOK_AGAIN_MS) {
    if (isGivenUp() || !passes(seen)) break;
    again(pauseMs);
    // What ends it early is looked at below.
    await delay(pauseMs, undefined, givenUp && { signal: givenUp }).catch(() => undefined);
    if (!isGivenUp()) seen = await look();
  }
  return seen;
}

/** Whether another try may get another answer. */
export function isPassing(fault: Fault | undefined): boolean {
  if (fault === undefined || NOBODY_THERE.has(fault.code)) return false;
  return PASSING.has(fault.class) || (fault.class === 'auth' && isOfGateway(fault));
}

const PASSING: ReadonlySet<FaultClass> = new Set(['pace', 'unreached', 'maintenance', 'unknown']);
const NOBODY_THERE: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND']);

type Say = (finding: Finding) => void;

/** @returns whether the exchange has said what time it is */
async function checkClock(rest: Rest, origin: string, say: Say): Promise<boolean> {
  const clock = await rest.syncClock();
  const isOdd = clock.kind === 'fault' ? clock.fault.code === 'payload' : weightOfClock(clock.offsetMs) !== 'good';
  const speed = isOdd ? await clockSpeed(rest) : undefined;
  if (speed !== undefined) {
    say({ about: 'reach', weight: 'good', origin });
    say({ about: 'clock-speed', weight: 'bad', speed });
  } else if (clock.kind === 'fault') {
    say({ about: 'reach', weight: 'bad', origin, fault: clock.fault });
  } else {
    const { offsetMs, uncertaintyMs } = clock;
    say({ about: 'reach', weight: 'good', origin });
    say({ about: 'clock', weight: weightOfClock(offsetMs), offsetMs, uncertaintyMs });
  }
  return clock.kind === 'ok';
}

function weightOfClock(offsetMs: number): Weight {
  const off = Math.abs(offsetMs);
  return off >= CLOCK_BAD_MS ? 'bad' : off >= CLOCK_ODD_MS ? 'odd' : 'good';
}

function checkAccount(account: AccountConfig, say: Say): void {
  say({
    about: 'account-mode',
    weight: ACCOUNT_MODES.includes(account.acctLv) ? 'good' : 'bad',
    mode: account.acctLv,
  });
  say({ about: 'position-mode', weight: account.posMode === 'net_mode' ? 'good' : 'bad', mode: account.posMode });
  const permissions = account.perm.split(',').map((word) => word.trim());
  const wrong = permissions.includes('withdraw') ? 'withdraw' : permissions.includes('trade') ? undefined : 'no-trade';
  if (wrong === undefined) say({ about: 'permissions', weight: 'good', permissions });
  else say({ about: 'permissions', weight: 'bad', permissions, wrong });
}

interface Listed {
  readonly row: InstrumentRow;
  readonly instrument: Instrument;
}

/** Stopped for a while: a bot that starts then is needed for what is open, there and on its other symbols; nothing is added to it (decision 0027). */
function mayTradeAgain(problem: Untradable): boolean {
  return problem.code === 'not-live' && PASSING_STATES.has(problem.state ?? '');
}

const PASSING_STATES: ReadonlySet<string> = new Set(['suspend', 'rebase', 'post_only']);

/** Every symbol's instrument with its tiers; of those that are found wanting, a finding. */
export async function checkInstruments(rest: Rest, symbols: readonly string[], say: Say): Promise<Listed[]> {
  const answer = await rest.get(endpoints.instruments, { instType: 'SWAP' });
  const listed: Listed[] = [];
  const tiersOf = tierReading(rest);
  const looks = symbols.map((instId) => {
    const row = answer.kind === 'ok' ? answer.rows.find((each) => each.instId === instId) : undefined;
    const problem: Untradable | undefined = row === undefined ? { code: 'not-listed' } : untradable(row);
    const isWanted = row !== undefined && (problem === undefined || mayTradeAgain(problem));
    return { instId, row, problem, tiers: isWanted ? tiersOf(row) : undefined };
  });
  for (const { instId, row, problem, tiers: read } of looks) {
    if (answer.kind === 'fault') {
      say({ about: 'instrument', weight: 'bad', instId, fault: answer.fault });
      continue;
    }
    if (row === undefined || read === undefined) {
      say({ about: 'instrument', weight: 'bad', instId, ...(problem && { problem }) });
      continue;
    }
    const tiers = await read;
    if (tiers.kind === 'fault' || tiers.faults.length > 0) {
      const fault = tiers.kind === 'fault' ? tiers.fault : faultOfPayload(tiers.faults[0]?.reason ?? '');
      say({ about: 'instrument', weight: 'bad', instId, fault });
      continue;
    }
    try {
      listed.push({ row, instrument: instrumentOf(row, tiers.rows) });
      say({ about: 'instrument', weight: problem === undefined ? 'good' : 'odd', instId, ...(problem && { problem }) });
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      say({ about: 'instrument', weight: 'bad', instId, problem: { code: 'unreadable', reason: error.message } });
    }
  }
  return listed;
}

/** Tiers of one instrument: of several together where OKX answers so, else alone. */
function tierReading(rest: Rest): (row: InstrumentRow) => Promise<Answer<PositionTier>> {
  const patiently = askingAgain();
  const ask = (families: readonly string[]) => patiently(() => readTiers(rest, families, SLOT_MS));
  const reading = new JointReading(FAMILIES_MOST, ask);
  return async (row) => {
    const family = familyOf(row);
    const answer = await reading.of(family);
    if (answer.kind === 'fault') return answer;
    const rows = answer.rows.filter(({ instFamily, uly }) => (instFamily ?? uly) === family);
    return rows.length > 0 && answer.faults.length === 0 ? { ...answer, rows } : ask([family]);
  };
}

/** Whether the exchange lists the instrument no more, and nothing of it is open in the account. What cannot be read says no. */
export async function isDelisted(rest: Rest, instId: string): Promise<boolean> {
  const listed = await rest.get(endpoints.instruments, { instType: 'SWAP' });
  if (listed.kind === 'fault' || listed.faults.length > 0 || listed.rows.length === 0) return false;
  if (listed.rows.some((row) => row.instId === instId)) return false;
  const held = await rest.get(endpoints.positions, { instType: 'SWAP' });
  return held.kind === 'ok' && held.faults.length === 0 && !held.rows.some((row) => row.instId === instId);
}

async function checkBalance(rest: Rest, say: Say): Promise<Money | undefined> {
  const answer = await rest.get(endpoints.balance, { ccy: QUOTE });
  const row = answer.kind === 'ok' && answer.faults.length === 0 ? answer.rows[0] : undefined;
  if (row === undefined) {
    say({
      about: 'balance',
      weight: 'bad',
      fault: answer.kind === 'fault' ? answer.fault : faultOfPayload('the balance'),
    });
    return undefined;
  }
  const { balance } = balanceOf(row);
  say({ about: 'balance', weight: balance > 0n ? 'good' : 'bad', balance });
  return balance;
}

async function checkFees(rest: Rest, groups: readonly FeeGroup[], say: Say): Promise<FeeRates | undefined> {
  const all: FeeRates[] = [];
  for (const group of groups) {
    const { instId } = group;
    const read = await readFees(rest, group, SLOT_MS);
    if ('fault' in read) {
      say({ about: 'fees', weight: 'bad', instId, fault: read.fault });
      return undefined;
    }
    all.push(read);
    say({ about: 'fees', weight: 'good', instId, ...read });
  }
  return highestRates(all);
}

async function checkLeverage(rest: Rest, listed: readonly Listed[], say: Say): Promise<void> {
  const patiently = askingAgain();
  const reading = leverageReading((instIds) => patiently(() => askLeverage(rest, instIds, SLOT_MS)));
  const answers = listed.map(async ({ row: { instId } }) => ({ instId, answer: await reading.of(instId) }));
  for (const { instId, answer } of await Promise.all(answers)) {
    const leverage = answer.kind === 'ok' ? leverageIn(answer.rows, instId) : undefined;
    if (leverage !== undefined) say({ about: 'leverage', weight: 'good', instId, leverage });
    else
      say({
        about: 'leverage',
        weight: 'bad',
        instId,
        fault: answer.kind === 'fault' ? answer.fault : faultOfPayload('leverage-info'),
      });
  }
}

/** Asks again where the exchange was asked too often; `Rest` lets the window pass before. */
function askingAgain(): <Row>(ask: () => Promise<Answer<Row>>) => Promise<Answer<Row>> {
  let left = BUSY_MOST;
  return async (ask) => {
    let answer = await ask();
    for (; left > 0 && answer.kind === 'fault' && answer.fault.class === 'pace'; left -= 1) answer = await ask();
    return answer;
  };
}
