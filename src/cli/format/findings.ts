/** What a look at the exchange has found, as lines for a person: the fact, and what to do where it is not as it must be. */

import { moneyText } from '../../core/instrument/instrument.ts';
import { percentText } from '../../core/numbers/decimal.ts';
import { type Fault, isOfGateway } from '../../okx/door/faults.ts';
import { type Finding, isPassing } from '../../okx/start.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import { isOkx } from '../input/addresses.ts';
import type { Session } from '../shell/session.ts';

/** `✓ clock: 12 ms off`; a second line says what to do. */
export function findingLines(session: Session, finding: Finding): string[] {
  const { palette } = session;
  const { fact, advice } = saidOf(session, finding);
  const mark =
    finding.weight === 'good' ? palette.good('✓') : finding.weight === 'odd' ? palette.warn('!') : palette.bad('✗');
  return advice === undefined ? [`${mark} ${fact}`] : [`${mark} ${fact}`, `  ${palette.strong(advice)}`];
}

interface Said {
  readonly fact: string;
  readonly advice?: string;
}

function saidOf({ texts, report }: Session, finding: Finding): Said {
  const shown = (value: string) => decimalShown(value, report);
  const { doctor } = texts.bots;
  const unanswered = (fault: Fault | undefined, reachAdvice = doctor.reachAdvice) =>
    fault?.class === 'maintenance' && !isOfGateway(fault) ? doctor.maintenanceAdvice : reachAdvice;
  switch (finding.about) {
    case 'reach':
      return finding.fault === undefined
        ? { fact: doctor.reached(finding.origin) }
        : {
            fact: doctor.notReached(finding.origin, told(finding.fault)),
            advice: unanswered(finding.fault, isOkx(finding.origin) ? doctor.reachAdvice : doctor.otherReachAdvice),
          };
    case 'clock': {
      const fact = doctor.clock(shown(String(finding.offsetMs)), shown(String(finding.uncertaintyMs)));
      return finding.weight === 'good' ? { fact } : { fact, advice: doctor.clockAdvice };
    }
    case 'clock-speed':
      return { fact: doctor.clockSpeed(speedShown(finding.speed, shown)), advice: doctor.clockSpeedAdvice };
    case 'key':
      if (finding.fault === undefined) return { fact: doctor.key(finding.uid ?? '') };
      return isPassing(finding.fault)
        ? { fact: doctor.keyUntried(told(finding.fault)), advice: unanswered(finding.fault) }
        : { fact: doctor.noKey(told(finding.fault)), advice: doctor.keyAdvice(finding.fault.code) };
    case 'account-mode':
      return finding.weight === 'good'
        ? { fact: doctor.accountMode(finding.mode) }
        : { fact: doctor.accountMode(finding.mode), advice: doctor.accountModeAdvice };
    case 'position-mode':
      return finding.weight === 'good'
        ? { fact: doctor.positionMode(finding.mode) }
        : { fact: doctor.positionMode(finding.mode), advice: doctor.positionModeAdvice };
    case 'permissions':
      return {
        fact: doctor.permissions(finding.permissions.join(', ')),
        ...(finding.wrong === undefined
          ? {}
          : { advice: finding.wrong === 'withdraw' ? doctor.withdrawAdvice : doctor.noTradeAdvice }),
      };
    case 'balance':
      if (finding.balance === undefined) return { fact: doctor.balanceUnread(told(finding.fault)) };
      return finding.weight === 'good'
        ? { fact: doctor.balance(shown(moneyText(finding.balance))) }
        : { fact: doctor.balance(shown(moneyText(finding.balance))), advice: doctor.balanceAdvice };
    case 'instrument':
      if (finding.weight === 'good') return { fact: doctor.instrument(finding.instId) };
      if (finding.problem === undefined)
        return {
          fact: doctor.instrumentUnread(finding.instId, told(finding.fault)),
          advice: unanswered(finding.fault),
        };
      return {
        fact: doctor.instrumentProblem(finding.instId, doctor.untradable(finding.problem)),
        advice: finding.weight === 'odd' ? doctor.instrumentWaits : doctor.instrumentAdvice,
      };
    case 'fees':
      return finding.maker === undefined || finding.taker === undefined
        ? { fact: doctor.feesUnread(finding.instId, told(finding.fault)) }
        : { fact: doctor.fees(finding.instId, shown(percentText(finding.maker)), shown(percentText(finding.taker))) };
    case 'leverage':
      return finding.leverage === undefined
        ? { fact: doctor.leverageUnread(finding.instId, told(finding.fault)) }
        : { fact: doctor.leverage(finding.instId, finding.leverage) };
  }
}

/** Two digits: more were not measured. */
function speedShown(speed: number, shown: (text: string) => string): string {
  return shown(String(Number(speed.toPrecision(2))));
}

function told(fault: Fault | undefined): string {
  return fault === undefined ? '' : `${fault.code} ${fault.message}`.trim();
}
