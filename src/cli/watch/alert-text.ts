/** An alert, and what is left unexplained, in the trader's language where there are values to say it with; else as it stands in the journal. */
import type { MaintenanceFacts } from '../../core/decision.ts';
import type { ExchangeLost, GridChange } from '../../core/event.ts';
import { utcText } from '../../core/market/utc.ts';
import { isOfAnotherMode } from '../../okx/door/faults.ts';
import type {
  DifferenceShown,
  PositionShown,
  SizeDiffers,
  UnexplainedShown,
} from '../../report/decision/alert-facts.ts';
import { lossText } from '../format/loss-text.ts';
import type { Texts } from '../texts/en.ts';
import type { AlertHappened } from './happenings.ts';
import { shown, type Words } from './words.ts';

export function alertText({ facts, message }: AlertHappened, words: Words): string {
  if (facts === undefined) return message;
  const { report } = words;
  const { alerts } = words.texts;
  switch (facts.code) {
    case 'order-rejected': {
      const { role, said } = facts;
      const ours = Object.hasOwn(alerts.notSent, said) ? alerts.notSent[said] : undefined;
      const text = alerts.rejected(role, said, ours ?? facts.words).trim();
      return isOfAnotherMode(said, facts.words) ? `${text}; ${alerts.otherMode}` : text;
    }
    case 'stop-lost':
      return alerts.stopLost(facts.cause);
    case 'close-failed':
      return alerts.closeFailed(facts.times);
    case 'reasoning-lost':
      return alerts.reasoningLost(facts.error);
    case 'foreign-order':
      return differenceText(facts, words);
    case 'foreign-fill':
      return `${alerts.foreignFill(facts.cause, report.sides[facts.side], shown(facts.contracts, words))}; ${alerts.fates[facts.fate ?? 'adopt']}`;
    case 'position-differs':
      return [
        differenceText(facts, words),
        alerts.taken[facts.of],
        ...(facts.of === 'size' && facts.fate !== undefined ? [alerts.fates[facts.fate]] : []),
      ].join('; ');
    case 'balance-differs':
      return `${differenceText(facts, words)}; ${alerts.taken.balance}`;
    case 'account-unsettled':
      return alerts.unsettled(differenceText(facts.difference, words), facts.readings);
    case 'account-settled':
      return alerts.settled;
    case 'instrument-stopped':
    case 'instrument-changed':
      return [
        facts.code === 'instrument-stopped'
          ? alerts.stopped(facts.state)
          : alerts.changedGrid(gridText(facts.changes, words)),
        ...(facts.isClosing ? [alerts.waitsItself] : []),
        ...(facts.isUncovered ? [alerts.uncoveredItself] : []),
      ].join('; ');
    case 'maintenance-planned':
      return `${windowText(facts, words)}; ${facts.stopsTrading ? alerts.planned : alerts.notOfTrading}`;
    case 'maintenance-running':
      return `${windowText(facts, words)}; ${facts.stopsTrading ? alerts.running : alerts.notOfTrading}`;
    case 'maintenance-over':
      return facts.title;
    case 'instrument-trades':
      return alerts.trades;
    case 'size-beside-grid':
      return alerts.besideGrid(shown(facts.contracts, words), shown(facts.lot, words));
    case 'cross-position':
      return alerts.crossPosition(crossText(facts, words));
    case 'leverage-differs':
      return alerts.leverage(facts.leverage, facts.believed);
    case 'leverage-limited':
      return alerts.leverageMost(facts.most, facts.listed);
    case 'tier-changed':
      return alerts.tier[facts.isOpen ? 'open' : 'flat'](
        shown(facts.maintenancePercent, words),
        shown(facts.maintenancePercentWas, words),
        facts.leverageMax,
        facts.leverageMaxWas,
      );
    case 'fees-changed': {
      const { makerPercent, makerPercentWas, takerPercent, takerPercentWas } = facts;
      const [maker, makerWas] = [shown(makerPercent, words), shown(makerPercentWas, words)];
      return alerts.fees(maker, makerWas, shown(takerPercent, words), shown(takerPercentWas, words));
    }
    case 'access-refused':
      return [
        alerts.accessRefused(facts.words),
        ...(facts.closing.length === 0 ? [] : [alerts.waitsForClose(facts.closing.join(', '))]),
        ...(facts.uncovered.length === 0 ? [] : [alerts.uncovered(facts.uncovered.join(', '))]),
      ].join('; ');
    case 'clock-differs':
      return alerts.clock(shown(String(facts.behindSeconds), words));
  }
}

/** What, from when, until when. */
export function windowText(
  { title, begin, end }: Pick<MaintenanceFacts, 'title' | 'begin' | 'end'>,
  { texts }: Words,
): string {
  const time = (at: number | undefined) => (at === undefined ? undefined : utcText(at));
  return texts.alerts.window(title, time(begin), time(end));
}

export function gridText(changes: readonly GridChange[], words: Words): string {
  const { grid, gridChange } = words.texts.alerts;
  return changes.map(({ of, is, was }) => gridChange(grid[of], shown(is, words), shown(was, words))).join(', ');
}

/** What is there, and what the journal says. */
function differenceText(facts: DifferenceShown, words: Words): string {
  const { alerts } = words.texts;
  switch (facts.code) {
    case 'foreign-order':
      return facts.isOurs ? alerts.orderOfOurs(facts.clientId) : alerts.foreignOrder(facts.clientId);
    case 'balance-differs':
      return alerts.balance(shown(facts.balance, words), shown(facts.believed, words));
    case 'position-differs':
      return facts.of === 'size'
        ? sizeText(facts, words)
        : alerts.cost(shown(facts.cost, words), shown(facts.believed, words));
  }
}

/** Why nothing is added until the exchange was read. */
export function lostText({ reason, because }: Pick<ExchangeLost, 'reason' | 'because'>, texts: Texts): string {
  const { lost } = texts.alerts;
  switch (because?.code) {
    case undefined:
      return reason;
    case 'not-running':
      return lost.notRunning;
    case 'time-ahead':
      return lost.timeAhead(because.event, utcText(because.saidAt), String(Math.round(because.aheadMs / 1_000)));
    case 'events-dropped':
      return lost.eventsDropped(String(because.events));
    case 'past-told':
      return lost.pastTold(because.instId);
    case 'not-read':
      return lost.notRead[because.what](because.words);
    case 'disconnected':
      return lost.disconnected(
        because.connection,
        because.loss === undefined ? because.words : lossText(texts, because.loss),
      );
    case 'not-connected':
      return lost.notConnected;
    case 'access-refused':
      return lost.accessRefused(because.words);
    case 'channel-refused':
      return lost.channelRefused(because.channel);
    case 'unreadable':
      return because.twoSided === undefined
        ? lost.unreadable(because.words)
        : lost.twoSided(because.twoSided.instId, because.twoSided.side);
    case 'said':
      return because.words;
  }
}

/** Of what was found then: what is there since may be another position, or none. */
export function unexplainedText(facts: UnexplainedShown, words: Words): string {
  const { alerts } = words.texts;
  switch (facts.code) {
    case 'position-differs':
      return sizeText(facts, words, alerts.sizeOfThen);
    case 'cross-position':
      return alerts.crossOfThen(crossText(facts, words));
    case 'lost-journal':
      return alerts.lostJournal(facts.clientId);
  }
}

function crossText({ side, contracts }: Extract<UnexplainedShown, { code: 'cross-position' }>, words: Words): string {
  return `${words.report.sides[side]} ${shown(contracts, words)}`;
}

function sizeText({ position, believed }: SizeDiffers, words: Words, said = words.texts.alerts.size): string {
  return said(positionText(position, words), positionText(believed, words));
}

function positionText(position: PositionShown | null, words: Words): string {
  if (position === null) return words.texts.alerts.noPosition;
  return `${words.report.sides[position.side]} ${shown(position.contracts, words)}`;
}
