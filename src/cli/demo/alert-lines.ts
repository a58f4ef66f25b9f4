/** An alert, and what is left unexplained, in the trader's language where there are values to say it with; else as it stands in the journal. */
import type { PositionShown, SizeDiffers, UnexplainedShown } from '../../report/alert-facts.ts';
import type { AlertHappened } from './demo-happenings.ts';
import { shown, type Words } from './words.ts';

export function alertText({ facts, message }: AlertHappened, words: Words): string {
  if (facts === undefined) return message;
  const { report } = words;
  const { alerts } = words.texts;
  switch (facts.code) {
    case 'order-rejected':
      return alerts.rejected(facts.role, facts.said, facts.words).trim();
    case 'stop-lost':
      return alerts.stopLost(facts.cause);
    case 'close-failed':
      return alerts.closeFailed(facts.times);
    case 'reasoning-lost':
      return alerts.reasoningLost(facts.error);
    case 'foreign-order':
      return facts.isOurs ? alerts.orderOfOurs(facts.clientId) : alerts.foreignOrder(facts.clientId);
    case 'foreign-fill':
      return alerts.foreignFill(facts.cause, report.sides[facts.side], shown(facts.contracts, words));
    case 'position-differs':
      return facts.of === 'size'
        ? `${sizeText(facts, words)}; ${alerts.positionTaken}`
        : alerts.cost(shown(facts.cost, words), shown(facts.believed, words));
    case 'balance-differs':
      return alerts.balance(shown(facts.balance, words), shown(facts.believed, words));
    case 'leverage-differs':
      return alerts.leverage(facts.leverage, facts.believed);
    case 'clock-differs':
      return alerts.clock(shown(String(facts.behindSeconds), words));
  }
}

export function unexplainedText(facts: UnexplainedShown, words: Words): string {
  return facts.code === 'lost-journal' ? words.texts.alerts.lostJournal(facts.clientId) : sizeText(facts, words);
}

function sizeText({ position, believed }: SizeDiffers, words: Words): string {
  return words.texts.alerts.size(positionText(position, words), positionText(believed, words));
}

function positionText(position: PositionShown | null, words: Words): string {
  if (position === null) return words.texts.alerts.noPosition;
  return `${words.report.sides[position.side]} ${shown(position.contracts, words)}`;
}
