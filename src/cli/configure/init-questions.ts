/** The questions of `init` in a terminal; only what no option has answered is asked. */
import {
  type CANCEL_SYMBOL,
  type CommonOptions,
  cancel,
  intro,
  isCancel,
  multiselect,
  outro,
  select,
  text,
} from '@clack/prompts';
import { decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/market/instruments.ts';
import { isAmount } from '../input/option-values.ts';
import { readDecimal } from '../input/read-decimal.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted } from '../shell/usage-error.ts';
import { DEFAULT_ANSWERS, type Given, GOVERNORS, type Governor, PRESETS } from './init-answers.ts';

/** Every answer. @throws {Interrupted} where the person leaves. */
export async function asked({ texts: { init: texts }, terminal }: Session, given: Given): Promise<Given> {
  // Ctrl-D ends the input: no answer would ever come.
  const leaving = new AbortController();
  const { input, output } = { input: terminal.input, output: terminal.errors };
  input.on('keypress', (_: unknown, key: { readonly sequence?: string }) => {
    if (key.sequence === CTRL_D) leaving.abort();
  });
  const on = { input, output, signal: leaving.signal };
  const questions = new Questions(texts, on);
  intro(texts.title, on);
  const all = {
    symbols: given.symbols ?? (await questions.symbols()),
    balance: given.balance ?? decimal(await questions.balance()),
    preset: given.preset ?? (await questions.preset()),
    partialMin: given.partialMin ?? (await questions.partialMin()),
    governors: given.governors ?? (await questions.governors()),
  };
  outro(`${all.preset}, ${all.symbols.join(', ')}, ${formatDecimal(all.balance)} USDT`, on);
  return all;
}

type Texts = Session['texts']['init'];
type Where = Required<Pick<CommonOptions, 'input' | 'output' | 'signal'>>;

class Questions {
  readonly #texts: Texts;
  readonly #on: Where;

  constructor(texts: Texts, on: Where) {
    this.#texts = texts;
    this.#on = on;
  }

  async symbols(): Promise<readonly string[]> {
    const { askSymbols, askSymbolsNone } = this.#texts;
    for (let message = askSymbols; ; message = `${askSymbols} ${askSymbolsNone}`) {
      const chosen = this.#answer(
        await multiselect({
          ...this.#on,
          message,
          options: OFFLINE_INSTRUMENTS.map(({ instId }) => ({ value: instId, label: instId })),
          initialValues: DEFAULT_ANSWERS.symbols,
          required: false,
          showInstructions: false,
        }),
      );
      if (chosen.length > 0) return chosen;
    }
  }

  balance(): Promise<string> {
    return this.#amount(this.#texts.askBalance, DEFAULT_ANSWERS.balance);
  }

  async preset(): Promise<(typeof PRESETS)[number]> {
    return this.#answer(
      await select({
        ...this.#on,
        message: this.#texts.askPreset,
        options: PRESETS.map((value) => ({ value, label: `${value}: ${this.#texts.presets[value]}` })),
        showInstructions: false,
      }),
    );
  }

  async partialMin(): Promise<string> {
    const chosen = this.#answer(
      await select({
        ...this.#on,
        message: this.#texts.askPartial,
        options: PARTIALS.map((value) => ({ value, label: this.#texts.partials[value] })),
        showInstructions: false,
      }),
    );
    return chosen === 'other' ? this.#amount(this.#texts.askPartialAmount, '5') : chosen;
  }

  async governors(): Promise<readonly Governor[]> {
    return this.#answer(
      await multiselect({
        ...this.#on,
        message: this.#texts.askGovernors,
        options: GOVERNORS.map((value) => ({ value, label: this.#texts.governorNames[value] })),
        initialValues: DEFAULT_ANSWERS.governors,
        required: false,
        showInstructions: false,
      }),
    );
  }

  async #amount(message: string, initialValue: string): Promise<string> {
    const validate = (word: string | undefined) => (isUsdt(word) ? undefined : this.#texts.number);
    return this.#answer(await text({ ...this.#on, message, initialValue, validate }));
  }

  #answer<T>(value: T | typeof CANCEL_SYMBOL): T {
    if (!isCancel(value)) return value;
    cancel(this.#texts.stopped, this.#on);
    throw new Interrupted();
  }
}

const CTRL_D = '\u0004';
const PARTIALS = ['by_balance', '5', '10', 'other'] as const;

function isUsdt(word: string | undefined): boolean {
  const amount = readDecimal(word ?? '');
  return amount !== undefined && isAmount(amount);
}
