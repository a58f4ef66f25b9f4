/** The questions of `init` in a terminal; only what no option has answered is asked. */
import { type CANCEL_SYMBOL, cancel, intro, isCancel, multiselect, outro, select, text } from '@clack/prompts';
import { decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/market/instruments.ts';
import { isAmount } from '../shell/option-values.ts';
import { readDecimal } from '../shell/read-decimal.ts';
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
  const answer = <T>(value: T | typeof CANCEL_SYMBOL): T => {
    if (!isCancel(value)) return value;
    cancel(texts.stopped, on);
    throw new Interrupted();
  };
  const amount = async (message: string, initialValue: string): Promise<string> =>
    answer(await text({ ...on, message, initialValue, validate: (word) => (isUsdt(word) ? undefined : texts.number) }));

  const symbols = async (): Promise<readonly string[]> => {
    for (let message = texts.askSymbols; ; message = `${texts.askSymbols} ${texts.askSymbolsNone}`) {
      const chosen = answer(
        await multiselect({
          ...on,
          message,
          options: OFFLINE_INSTRUMENTS.map(({ instId }) => ({ value: instId, label: instId })),
          initialValues: DEFAULT_ANSWERS.symbols,
          required: false,
          showInstructions: false,
        }),
      );
      if (chosen.length > 0) return chosen;
    }
  };

  const preset = async () =>
    answer(
      await select({
        ...on,
        message: texts.askPreset,
        options: PRESETS.map((value) => ({ value, label: `${value}: ${texts.presets[value]}` })),
        showInstructions: false,
      }),
    );

  const partialMin = async (): Promise<string> => {
    const chosen = answer(
      await select({
        ...on,
        message: texts.askPartial,
        options: PARTIALS.map((value) => ({ value, label: texts.partials[value] })),
        showInstructions: false,
      }),
    );
    return chosen === 'other' ? amount(texts.askPartialAmount, '5') : chosen;
  };

  const governors = async (): Promise<readonly Governor[]> =>
    answer(
      await multiselect({
        ...on,
        message: texts.askGovernors,
        options: GOVERNORS.map((value) => ({ value, label: texts.governorNames[value] })),
        initialValues: DEFAULT_ANSWERS.governors,
        required: false,
        showInstructions: false,
      }),
    );

  intro(texts.title, on);
  const all = {
    symbols: given.symbols ?? (await symbols()),
    balance: given.balance ?? decimal(await amount(texts.askBalance, DEFAULT_ANSWERS.balance)),
    preset: given.preset ?? (await preset()),
    partialMin: given.partialMin ?? (await partialMin()),
    governors: given.governors ?? (await governors()),
  };
  outro(`${all.preset}, ${all.symbols.join(', ')}, ${formatDecimal(all.balance)} USDT`, on);
  return all;
}

const CTRL_D = '\u0004';
const PARTIALS = ['by_balance', '5', '10', 'other'] as const;

function isUsdt(word: string | undefined): boolean {
  const amount = readDecimal(word ?? '');
  return amount !== undefined && isAmount(amount);
}
