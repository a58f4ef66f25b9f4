/**
 * The leverage of isolated positions: set where it is another, and then only what is read back is believed and told. Source: okx-v5.md §1.3, §1.7, §2.
 *
 * Of one instrument one thing goes after the other: what was read before another was set must not be told after it.
 */
import type { JointReading } from '../door/joint-reading.ts';
import type { Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { LeverageInfo } from '../wire/leverage.ts';
import type { SetLeverage } from '../wire/request.ts';
import type { Errands } from './errands.ts';
import { askLeverage, leverageIn, leverageReading } from './leverage-reading.ts';
import type { Telling } from './telling.ts';

/** Of setting a leverage, by instrument and by tier, and of an order under one that is set already (okx-v5.md §1.3, §2). */
const TOO_HIGH: ReadonlySet<string> = new Set(['59102', '59106', '51186']);

export function isLeverageTooHigh(code: string): boolean {
  return TOO_HIGH.has(code);
}

/** Why a leverage did not become what was asked for; undefined where it did. */
type NotSet = string | undefined;

export class LeverageSetting {
  readonly #rest: Rest;
  readonly #errands: Errands;
  readonly #telling: Telling;
  readonly #reading: JointReading<LeverageInfo>;
  /** What is under way, by instrument. */
  readonly #turns = new Map<string, Promise<NotSet>>();

  constructor({
    rest,
    errands,
    telling,
  }: { readonly rest: Rest; readonly errands: Errands; readonly telling: Telling }) {
    this.#rest = rest;
    this.#errands = errands;
    this.#telling = telling;
    this.#reading = leverageReading((instIds) => askLeverage(rest, instIds));
  }

  /** What comes of setting it; undefined where nothing of it is under way. */
  turnOf(instId: string): Promise<NotSet> | undefined {
    return this.#turns.get(instId);
  }

  /** Sets it once `before` is over. */
  set(instId: string, leverage: number, before: Promise<void>): void {
    this.#inTurn(instId, async () => {
      await before;
      return this.#set(instId, leverage);
    });
  }

  /** An order was refused as being under too high a one: what is taken is read and told. */
  readAfterNo(instId: string): void {
    this.#inTurn(instId, async (notSet) => {
      await this.#read(instId, 'as-set');
      return notSet;
    });
  }

  #inTurn(instId: string, act: (before: NotSet) => Promise<NotSet>): void {
    const before = this.#turns.get(instId) ?? Promise.resolve(undefined);
    const turn = before.then((notSet) => this.#errands.tried(() => act(notSet), 'no answer'));
    this.#turns.set(instId, turn);
    void turn.then(() => {
      if (this.#turns.get(instId) === turn) this.#turns.delete(instId);
    });
  }

  /** What it is says a reading: also where the answer was no, or none. */
  async #set(instId: string, leverage: number): Promise<NotSet> {
    if ((await this.#there(instId)) === leverage) {
      this.#telling.tell({ kind: 'leverage', at: this.#telling.now(), instId, leverage });
      return undefined;
    }
    const answer = await this.#rest.post(endpoints.setLeverage, {
      instId,
      lever: `${leverage}`,
      mgnMode: 'isolated',
    } satisfies SetLeverage);
    if (answer.kind === 'fault') this.#telling.odd(`set-leverage ${instId} ${leverage}x: ${told(answer.fault)}`);
    const isTooHigh = answer.kind === 'fault' && isLeverageTooHigh(answer.fault.code);
    const isNow = await this.#read(instId, isTooHigh ? leverage : 'none');
    if (isNow === leverage) return undefined;
    return answer.kind === 'fault' ? told(answer.fault) : isNow === undefined ? 'it was not read' : `it is ${isNow}x`;
  }

  /** Tells the leverage that is set, and where one was refused as too high the most that is taken. */
  async #read(instId: string, refused: number | 'as-set' | 'none'): Promise<number | undefined> {
    const leverage = await this.#there(instId);
    if (leverage === undefined) return undefined;
    const most =
      refused === 'none' ? {} : { most: await this.#most(instId, refused === 'as-set' ? leverage : refused) };
    this.#telling.tell({ kind: 'leverage', at: this.#telling.now(), instId, leverage, ...most });
    return leverage;
  }

  async #there(instId: string): Promise<number | undefined> {
    const info = await this.#reading.of(instId);
    if (info.kind === 'fault') {
      this.#telling.odd(`leverage-info ${instId}: ${told(info.fault)}`);
      return undefined;
    }
    return leverageIn(info.rows, instId);
  }

  /** Less than what was refused: as the exchange says, else half of it. */
  async #most(instId: string, refused: number): Promise<number> {
    const query = { instType: 'SWAP', mgnMode: 'isolated', instId, lever: '1' };
    const answer = await this.#rest.get(endpoints.leverageEstimate, query);
    if (answer.kind === 'fault') this.#telling.odd(`adjust-leverage-info ${instId}: ${told(answer.fault)}`);
    const said = answer.kind === 'fault' ? 0 : Math.floor(Number(answer.rows[0]?.maxLever ?? ''));
    return said >= 1 && said < refused ? said : Math.max(1, Math.floor(refused / 2));
  }
}
