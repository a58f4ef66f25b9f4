/** Why a connection was lost, in the trader's language. */
import type { ConnectionLoss } from '../../core/account/connection-loss.ts';
import type { Texts } from '../texts/en.ts';

export function lossText({ exchange: { loss: texts } }: Texts, loss: ConnectionLoss): string {
  switch (loss.code) {
    case 'silent':
      return texts.silent(Math.round(loss.ms / 1_000));
    case 'no-answer':
      return texts.noAnswer[loss.to];
    case 'closed':
      return texts.closed(`${loss.status} ${loss.words}`.trim());
    case 'notice':
      return texts.notice(`${loss.said} ${loss.words}`.trim());
    case 'refused':
      return texts.refused(`${loss.said} ${loss.words}`.trim());
    case 'failed':
      return texts.failed(loss.said);
  }
}
