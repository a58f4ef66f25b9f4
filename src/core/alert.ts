/**
 * Alerts: what a person is told, as values, and the English message that is made of them. Source: decision 0018.
 *
 * The message is part of the journal: `replay` compares it, and hashes of whole runs hold it. Both stand here so that they say the same; whoever
 * shows an alert words its values.
 */
import type { AlertFacts, MaintenanceFacts, UnexplainedFacts, UnknownFate, UntradableFacts } from './decision.ts';
import { utcText } from './market/utc.ts';
import { decide } from './orders/orders.ts';
import type { Registry, SymbolState } from './registry.ts';

/** Tells a person. `instId` undefined: it is about the account. */
export function alert(registry: Registry, instId: string | undefined, facts: AlertFacts): void {
  const message = alertMessage(facts, instId);
  decide(registry, { kind: 'alert', at: registry.now, instId, code: facts.code, message, facts });
}

/** In lots, and in 10⁻⁸ USDT. */
export function alertMessage(facts: AlertFacts, instId: string | undefined): string {
  switch (facts.code) {
    case 'order-rejected':
      return `the exchange rejected ${facts.role} ${facts.clientId}: ${facts.said} ${facts.words}`;
    case 'stop-lost':
      return `the exchange ended the protective stop (${facts.cause}); it is placed again`;
    case 'close-failed':
      return `the exchange would not close the position ${facts.times} times: close it by hand, or flatten to try again`;
    case 'reasoning-lost':
      return `why this was decided could not be told: ${facts.error}`;
    case 'foreign-fill':
      return `a fill (${facts.cause}) opened a position that no entry of ours asked for: ${fateText(facts.fate)}`;
    case 'foreign-order':
      return `the exchange holds an order of ${instId} that the journal does not know: ${facts.clientId === '' ? 'not placed by this bot' : facts.clientId}`;
    case 'position-differs':
      return positionMessage(facts, instId);
    case 'balance-differs':
      return `the exchange reports a balance of ${facts.balance}, the journal ${facts.believed} (10⁻⁸ USDT)`;
    case 'account-unsettled':
      return `the last ${facts.readings} readings of the exchange each said something else: ${alertMessage(facts.difference, instId)}; nothing is added until two in a row agree`;
    case 'account-settled':
      return 'the exchange says the same at every reading again: what is asked for is added';
    case 'instrument-stopped':
    case 'instrument-changed':
      return [
        `${untradableText(facts)}; nothing is added to ${instId}, what reduces ${facts.code === 'instrument-stopped' ? 'is tried every minute' : 'goes on'}`,
        ...(facts.isClosing ? ['it waits to be closed'] : []),
        ...(facts.isUncovered ? ['it has no confirmed stop'] : []),
      ].join('; ');
    case 'maintenance-planned':
      return `the exchange plans maintenance: ${maintenanceText(facts)}`;
    case 'maintenance-running':
      return `the exchange is in maintenance: ${maintenanceText(facts)}`;
    case 'maintenance-over':
      return `maintenance of the exchange is over, or was called off: ${facts.title}`;
    case 'instrument-trades':
      return `the exchange trades ${instId} again`;
    case 'size-beside-grid':
      return `the exchange holds ${facts.contracts} contracts of ${instId} beside whole lots of ${facts.lot}: they are not counted, and have no stop and no exit; close them by hand`;
    case 'cross-position':
      return crossMessage(facts, instId);
    case 'leverage-differs':
      return `the exchange reports ${facts.leverage}x for the open position, it was ${facts.believed}x`;
    case 'leverage-limited':
      return `the exchange takes at most ${facts.most}x at present, its list says ${facts.listed}x: entries are planned with that`;
    case 'tier-changed':
      return (
        `the exchange wants ${facts.maintenancePercent} % of the value kept for ${facts.isOpen ? 'what is open' : 'the smallest position'}, it was ${facts.maintenancePercentWas} %,` +
        ` and takes at most ${facts.leverageMax}x, it was ${facts.leverageMaxWas}x: liquidation and sizes are reckoned with that`
      );
    case 'fees-changed':
      return (
        `the exchange takes ${facts.makerPercent} % of a maker, it was ${facts.makerPercentWas} %,` +
        ` and ${facts.takerPercent} % of a taker, it was ${facts.takerPercentWas} %: costs are reckoned with that`
      );
    case 'access-refused':
      return [
        `the exchange refuses our requests (${facts.words}): nothing can be placed, moved or closed until it takes them again; stops stand`,
        ...(facts.closing.length === 0 ? [] : [`waiting to be closed: ${facts.closing.join(', ')}`]),
        ...(facts.uncovered.length === 0 ? [] : [`without a confirmed stop: ${facts.uncovered.join(', ')}`]),
      ].join('; ');
    case 'clock-differs':
      return (
        `the exchange’s time (${facts.exchangeAt} UTC ms) is ${Math.round((facts.believedAt - facts.exchangeAt) / 1_000)} s behind the newest event of the journal (${facts.believedAt});` +
        ' nothing is added until it is past that; stops stand'
      );
  }
}

function maintenanceText({ title, begin, end, stopsTrading }: MaintenanceFacts): string {
  const times = `${begin === undefined ? '' : ` from ${utcText(begin)}`}${end === undefined ? '' : ` until ${utcText(end)}`}`;
  return `${title}${times}${stopsTrading ? '; nothing is added while it runs' : ''}`;
}

/** Also what gate `halted` tells. */
export function untradableText(facts: UntradableFacts): string {
  if (facts.code === 'instrument-stopped') return `the exchange does not trade it: its state is "${facts.state}"`;
  const changes = facts.changes.map(({ of, was, is }) => `${of} ${is}, it was ${was}`).join('; ');
  return `the exchange has changed it (${changes}), until the bot is started anew`;
}

function positionMessage(facts: Extract<AlertFacts, { code: 'position-differs' }>, instId: string | undefined): string {
  return facts.of === 'lots'
    ? `the exchange reports a position of ${facts.signedLots} lots of ${instId}, the journal ${facts.believedLots}, and no fill explains it${facts.fate === undefined ? '' : `: ${fateText(facts.fate)}`}`
    : `the exchange reports a cost of ${facts.costUnits} for the position of ${instId}, the journal ${facts.believedUnits} (10⁻⁸ USDT)`;
}

function fateText(fate: UnknownFate | undefined): string {
  switch (fate) {
    case undefined:
      return 'it gets a stop and exits, but no rungs';
    case 'close':
      return 'it is closed';
    case 'alert':
      return 'it is left alone, without stop and exits';
  }
}

function crossMessage(
  { side, contracts }: Extract<AlertFacts, { code: 'cross-position' }>,
  instId: string | undefined,
): string {
  return `the exchange holds ${contracts} contracts of ${instId} ${side} with cross margin, a position beside the isolated one: it is not counted, and has no stop and no exit; nothing is added to ${instId} until a person resumes`;
}

/** From here nothing is added to the symbol until a person resumes. */
export function leaveUnexplained(symbol: SymbolState, facts: UnexplainedFacts): void {
  symbol.unexplained = unexplainedMessage(facts, symbol.instrument.instId);
  symbol.unexplainedFacts = facts;
}

function unexplainedMessage(facts: UnexplainedFacts, instId: string): string {
  switch (facts.code) {
    case 'position-differs':
      return positionMessage(facts, instId);
    case 'cross-position':
      return crossMessage(facts, instId);
    case 'lost-journal':
      return `an order of a journal that is lost (${facts.clientId}) was filled: nothing is added until a person resumes`;
  }
}

/** A person takes things as they are. */
export function acceptUnexplained(symbol: SymbolState): void {
  symbol.unexplained = undefined;
  symbol.unexplainedFacts = undefined;
}

/** What is only told never changes what is done: where telling throws, a person learns that it did (lessons.md 5, 12). */
export function explained<T>(registry: Registry, symbol: SymbolState, otherwise: T, tell: () => T): T {
  try {
    return tell();
  } catch (error) {
    alert(registry, symbol.instrument.instId, { code: 'reasoning-lost', error: String(error) });
    return otherwise;
  }
}
