/** What an alert says beyond its name, in English; `alerts-ru.ts` has the type of this object. */
import type { Filled } from '../../core/event.ts';
import type { OrderRole } from '../../core/order.ts';

const roles: Readonly<Record<OrderRole, string>> = {
  entry: 'the entry',
  rung: 'a rung',
  stop: 'the stop',
  target: 'the target',
  partial: 'a partial close',
  close: 'the close',
};

export const alertsEn = {
  rejected: (role: OrderRole | null, said: string, words: string) =>
    `${role === null ? 'an order' : roles[role]}: ${said} ${words}`,
  stopLost: (cause: string) => `the exchange ended it (${cause}); it is placed again`,
  closeFailed: 'close it by hand, or "rungwise flatten" to try again; the stop stands',
  reasoningLost: 'what was decided holds, why could not be told',
  foreignOrder: 'one of this bot is called back, any other is yours to cancel',
  foreignFill: (cause: Filled['cause'], side: string, contracts: string) =>
    `${{ order: 'an order', liquidation: 'a liquidation', adl: 'auto-deleveraging', foreign: 'somebody' }[cause]} opened ${side} ${contracts}; ` +
    'it gets a stop and exits, but no rungs',
  position: (side: string, contracts: string) => `there it is ${side} ${contracts}, which is taken over`,
  noPosition: 'there it is none, which is taken over',
  balance: (usdt: string) => `there it is ${usdt} USDT, which is taken over`,
  leverage: (leverage: number) => `there it is ${leverage}x now, for an open position`,
  clock: (seconds: string) => `it is ${seconds} s behind the newest event of the journal; stops stand`,
};

export type AlertTexts = typeof alertsEn;
