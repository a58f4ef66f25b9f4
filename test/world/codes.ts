/** What something in front of the exchange may answer: every code that the adapter knows, in its own classes (okx/door/faults.ts), and some that nobody has documented. */
import {
  classOfCode,
  EXPIRED_CODES,
  type FaultClass,
  faultOfCode,
  faultOfStatus,
  provesNoEffect,
} from '../../src/okx/door/faults.ts';
import type { No } from './wire.ts';

function codesOf(...classes: FaultClass[]): string[] {
  return [...classOfCode].filter(([, each]) => classes.includes(each)).map(([code]) => code);
}

/** Sure refusals that an order may meet. */
export const REJECTED_CODES = codesOf('refused', 'rejected');
export const PACE_CODES = codesOf('pace');
/** Nothing of whether the order was taken. */
export const UNKNOWN_CODES = [
  ...codesOf('unknown', 'maintenance'),
  'http-500',
  'http-502',
  'http-503',
  'reset',
  '59998',
];

export function noOfCode(code: string): No {
  const [, status] = code.split('http-');
  const fault = status === undefined ? faultOfCode(code, '') : faultOfStatus(Number(status), '');
  return {
    code,
    message: 'said in front of the exchange',
    proves: provesNoEffect(fault.class),
    isUntimely: fault.class === 'pace' || EXPIRED_CODES.has(code),
    refusesAccess: fault.class === 'auth',
  };
}
