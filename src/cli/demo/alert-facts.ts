/**
 * What an alert is about, as values: taken from the event that it answers, because its message is English text in the journal (decision 0018).
 * What only the message knows (what we believed before) is not among them.
 */
import type { Alert } from '../../core/decision.ts';
import type { CoreEvent, ExchangeRead, Filled } from '../../core/event.ts';
import { contractsText, moneyText } from '../../core/instrument.ts';
import { type OrderRole, partsOfClientId } from '../../core/order.ts';
import type { Registry, SymbolState } from '../../core/registry.ts';
import { type SideName, sideName } from '../../core/units.ts';

export type AlertFacts =
  /** `code` and `words` are the exchange's. */
  | { readonly code: 'order-rejected'; readonly role: OrderRole | null; readonly said: string; readonly words: string }
  | { readonly code: 'stop-lost'; readonly cause: string }
  | { readonly code: 'close-failed' | 'reasoning-lost' | 'foreign-order' }
  | {
      readonly code: 'foreign-fill';
      readonly cause: Filled['cause'];
      readonly side: SideName;
      readonly contracts: string;
    }
  /** The position at the exchange; null where it has none. */
  | {
      readonly code: 'position-differs';
      readonly position: { readonly side: SideName; readonly contracts: string } | null;
    }
  /** USDT. */
  | { readonly code: 'balance-differs'; readonly balance: string }
  | { readonly code: 'leverage-differs'; readonly leverage: number }
  | { readonly code: 'clock-differs'; readonly behindSeconds: number };

/** @returns undefined where the event does not say it: then there is the message */
export function alertFacts({ code, instId }: Alert, event: CoreEvent, registry: Registry): AlertFacts | undefined {
  const symbol = registry.byInstId.get(instId ?? '');
  switch (code) {
    case 'order-rejected':
      if (event.kind !== 'order-rejected') return undefined;
      return { code, role: partsOfClientId(event.clientId)?.role ?? null, said: event.code, words: event.message };
    case 'stop-lost':
      return event.kind === 'order-ended' ? { code, cause: event.cause } : undefined;
    case 'close-failed':
    case 'reasoning-lost':
    case 'foreign-order':
      return { code };
    case 'foreign-fill':
      if (event.kind !== 'filled' || symbol === undefined) return undefined;
      return {
        code,
        cause: event.cause,
        side: sideName(event.side),
        contracts: contractsText(symbol.instrument, event.sizeLots),
      };
    case 'position-differs':
      return event.kind === 'exchange-read' && symbol !== undefined
        ? { code, position: positionIn(event, symbol) }
        : undefined;
    case 'balance-differs':
      return event.kind === 'exchange-read' ? { code, balance: moneyText(event.balance) } : undefined;
    case 'leverage-differs': {
      const leverage = symbol?.leverage;
      return leverage === undefined ? undefined : { code, leverage };
    }
    case 'clock-differs':
      return event.kind === 'exchange-read'
        ? { code, behindSeconds: Math.round((registry.now - event.at) / 1_000) }
        : undefined;
    case 'halted':
      return undefined;
  }
}

function positionIn({ positions }: ExchangeRead, { instrument }: SymbolState) {
  const lots = positions.find(({ instId }) => instId === instrument.instId)?.signedLots ?? 0;
  if (lots === 0) return null;
  return { side: sideName(lots > 0 ? 1 : -1), contracts: contractsText(instrument, Math.abs(lots)) };
}
