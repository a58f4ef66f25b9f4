/**
 * The leverage that is set of isolated positions. Source: OKX's page on GET account/leverage-info: twenty instruments in one question, twenty questions in 2 s.
 *
 * At a minute's close many symbols may want to enter, and each asks twice. What is asked while a question is under way goes into the next one, together.
 */
import type { Answer, Rest } from '../door/rest.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { LeverageInfo } from '../wire/leverage.ts';

const INSTRUMENTS_MOST = 20;

interface Question {
  /** Grows until it is sent. */
  readonly instIds: Set<string>;
  readonly answer: Promise<Answer<LeverageInfo>>;
}

export type AskLeverage = (instIds: readonly string[]) => Promise<Answer<LeverageInfo>>;

/** One question. `waitMsMax`: other patience than usual for its slot. */
export function askLeverage(rest: Rest, instIds: readonly string[], waitMsMax?: number): Promise<Answer<LeverageInfo>> {
  return rest.get(endpoints.leverageInfo, { instId: instIds.join(','), mgnMode: 'isolated' }, waitMsMax);
}

/** What an answer says of one instrument. */
export function leverageIn(rows: readonly LeverageInfo[], instId: string): number | undefined {
  const row = rows.find((each) => each.instId === instId && each.mgnMode === 'isolated');
  return row && Number(row.lever);
}

export class LeverageReading {
  readonly #ask: AskLeverage;
  /** The last one that was not sent yet. */
  #next: Question | undefined;
  /** Over, in whatever way, when the next one may be sent. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(ask: AskLeverage) {
    this.#ask = ask;
  }

  /** As it is after this call. Where OKX refuses a question of several, one of them may be the reason: it is asked for alone. */
  async of(instId: string): Promise<Answer<LeverageInfo>> {
    const question = this.#questionOf(instId);
    const answer = await question.answer;
    const isNo = answer.kind === 'fault' && (answer.fault.class === 'refused' || answer.fault.class === 'rejected');
    return isNo && question.instIds.size > 1 ? this.#ask([instId]) : answer;
  }

  #questionOf(instId: string): Question {
    if (this.#next === undefined || this.#next.instIds.size >= INSTRUMENTS_MOST) this.#next = this.#newQuestion();
    this.#next.instIds.add(instId);
    return this.#next;
  }

  #newQuestion(): Question {
    const instIds = new Set<string>();
    const answer = this.#before.then(() => {
      if (this.#next?.instIds === instIds) this.#next = undefined;
      return this.#ask([...instIds]);
    });
    this.#before = answer.catch(() => undefined);
    return { instIds, answer };
  }
}
