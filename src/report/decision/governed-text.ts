/** What a governor changed, in one line for a person: `size by the day ×1 → ×0.8: the day's PnL is -1.2 %, until 2026-01-06 00:00 UTC`. */

import type { Governed, GovernedBecause, Halting, ModeResult } from '../../core/decision.ts';
import type { Governing } from '../../core/governors/door.ts';
import { DAY_MS } from '../../core/market/candle.ts';
import { utcText } from '../../core/market/utc.ts';
import { decimalShown } from '../words/numbers.ts';
import type { GovernedState, ReportTexts } from '../words/texts.ts';

export function governedText(governed: Omit<Governed, 'kind' | 'at' | 'instId'>, texts: ReportTexts): string {
  const { governor, old, because, until } = governed;
  const what = isRetuning(governed) ? `${texts.governors[governor]}, ${texts.retuned}` : texts.governors[governor];
  const change = `${what} ${stateText(old, texts)} → ${stateText(governed.new, texts)}`;
  const lasts = isKept(governed)
    ? `, ${texts.notBefore} ${utcText(governed.until)}`
    : untilText(governed.new, until, texts);
  return `${change}: ${becauseText(because, texts)}${lasts}`;
}

type Change = Pick<Governed, 'governor' | 'until'>;

/** Of an open position, whose factor is that of now ÷ that of its entry; an entry's has no end. */
function isRetuning({ governor, until }: Change): boolean {
  return governor === 'targets-by-volatility' && until !== undefined;
}

/** It does not end then, but may be changed from then on. */
function isKept<C extends Change>(change: C): change is C & { readonly until: number } {
  return isRetuning(change) || (change.governor === 'mode-by-results' && change.until !== undefined);
}

/** `pause after losses in a row, until …`, `size by the day: ×0.8, until …`: what acts now. */
export function governingText(acting: Governing, texts: ReportTexts): string {
  return `${actingText(acting, texts)}${untilText(acting.effect, acting.until, texts)}`;
}

/** What lets nothing be added says why. */
function actingText({ governor, effect, because }: Governing, texts: ReportTexts): string {
  switch (because) {
    case 'losses-in-a-row':
    case 'turbulence':
      return texts.halting[because];
    case 'drawdown':
      return `${texts.halting.halt} ${texts.haltedBy['emergency-stop']}`;
    default:
      if (governor === 'size-by-day' && effect === 'halted') return texts.halting['day-loss'];
      return `${texts.governors[governor]}: ${stateText(effect, texts)}`;
  }
}

/** `pause after losses in a row, until 12:40 UTC`: why nothing is added, and until when; a day is named where it is not within the next 24 hours. */
export function haltingText(halting: Halting, at: number, texts: ReportTexts): string {
  const what = texts.halting[halting.code];
  switch (halting.code) {
    case 'pause':
    case 'halt':
      return `${what} ${texts.haltedBy[halting.by] ?? halting.by}, ${texts.untilResumed}`;
    case 'mode-off':
    case 'leaving':
    case 'instrument-changed':
      return what;
    case 'maintenance': {
      const { title, until } = halting;
      return `${what}: ${title}${until === undefined ? '' : `, ${texts.until} ${soonText(until, at)}`}`;
    }
    case 'instrument-stopped':
      return `${what} ("${halting.state}")`;
    case 'day-loss':
    case 'losses-in-a-row':
    case 'turbulence':
      return `${what}, ${texts.until} ${soonText(halting.until, at)}`;
  }
}

function soonText(until: number, at: number): string {
  const whole = utcText(until);
  return until - at > DAY_MS ? whole : whole.slice(whole.indexOf(' ') + 1);
}

function stateText(state: string, texts: ReportTexts): string {
  return isNamed(state, texts) ? texts.governed[state] : `×${decimalShown(state, texts)}`;
}

function isNamed(state: string, texts: ReportTexts): state is GovernedState {
  return Object.hasOwn(texts.governed, state);
}

function untilText(state: string, until: number | undefined, texts: ReportTexts): string {
  if (until !== undefined) return `, ${texts.until} ${utcText(until)}`;
  return state === 'halted' ? `, ${texts.untilResumed}` : '';
}

function becauseText(because: GovernedBecause, texts: ReportTexts): string {
  return `${texts.because[because.code]} ${numberText(because, texts)}`;
}

function numberText(because: GovernedBecause, texts: ReportTexts): string {
  switch (because.code) {
    case 'day-pnl':
    case 'drawdown':
      return `${decimalShown(because.percent, texts)} ${texts.percent}`;
    case 'volatility':
    case 'turbulence':
      return decimalShown(because.ratio, texts);
    case 'losses-in-a-row':
      return String(because.losses);
    case 'mode-results': {
      const { regime, trendFollowing, meanReversion } = because;
      const both = [
        `${texts.governed['trend-following']} ${resultText(trendFollowing, texts)}`,
        `${texts.governed['mean-reversion']} ${resultText(meanReversion, texts)}`,
      ];
      return `${texts.regimes[regime]}: ${both.join(', ')}`;
    }
  }
}

/** `-0.1 ± 0.05 % (10)`: mean, standard error, trades. */
function resultText({ trades, netPercent, errorPercent }: ModeResult, texts: ReportTexts): string {
  const error = errorPercent === null ? '' : ` ± ${decimalShown(errorPercent, texts)}`;
  return `${decimalShown(netPercent, texts)}${error} ${texts.percent} (${trades})`;
}
