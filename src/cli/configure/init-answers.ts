/** The questions of `init`, as data: what may be answered, and what holds where nobody answers. */
import type { Answers } from '../../config/index.ts';
import type { Decimal } from '../../core/numbers/decimal.ts';

export const PRESETS = ['conservative', 'aggressive', 'adaptive'] as const satisfies readonly Answers['preset'][];
export const GOVERNORS = [
  'size_by_day',
  'targets_by_volatility',
  'additions_without_signal',
  'mode_by_results',
  'pause',
] as const satisfies readonly (keyof Answers['governors'])[];
export type Governor = (typeof GOVERNORS)[number];

/** What was answered; what was not is undefined. */
export interface Given {
  readonly preset?: Answers['preset'] | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly balance?: Decimal | undefined;
  /** `by_balance`, or USDT as plain text. */
  readonly partialMin?: string | undefined;
  readonly governors?: readonly Governor[] | undefined;
}

/** Decision record 0001. */
export const DEFAULT_ANSWERS = {
  preset: 'conservative',
  symbols: ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP'],
  balance: '1000',
  partialMin: 'by_balance',
  governors: ['size_by_day', 'targets_by_volatility', 'pause'],
} as const satisfies Record<keyof Given, unknown>;
