/**
 * A reading that may name several things in one question: what is asked while a question is under way goes into the next one, together.
 */
import type { Answer } from './rest.ts';

interface Question<Row> {
  /** Grows until it is sent. */
  readonly names: Set<string>;
  readonly answer: Promise<Answer<Row>>;
}

export class JointReading<Row> {
  /** Of one question. */
  readonly #namesMost: number;
  readonly #ask: (names: readonly string[]) => Promise<Answer<Row>>;
  /** The last one that was not sent yet. */
  #next: Question<Row> | undefined;
  /** Over, in whatever way, when the next one may be sent. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(namesMost: number, ask: (names: readonly string[]) => Promise<Answer<Row>>) {
    this.#namesMost = namesMost;
    this.#ask = ask;
  }

  /** As it is after this call, with rows of others. Where a question of several is refused, one of them may be the reason: it is asked for alone. */
  async of(name: string): Promise<Answer<Row>> {
    const question = this.#questionOf(name);
    const answer = await question.answer;
    const isNo = answer.kind === 'fault' && (answer.fault.class === 'refused' || answer.fault.class === 'rejected');
    return isNo && question.names.size > 1 ? this.#ask([name]) : answer;
  }

  #questionOf(name: string): Question<Row> {
    if (this.#next === undefined || this.#next.names.size >= this.#namesMost) this.#next = this.#newQuestion();
    this.#next.names.add(name);
    return this.#next;
  }

  #newQuestion(): Question<Row> {
    const names = new Set<string>();
    const answer = this.#before.then(() => {
      if (this.#next?.names === names) this.#next = undefined;
      return this.#ask([...names]);
    });
    this.#before = answer.catch(() => undefined);
    return { names, answer };
  }
}
