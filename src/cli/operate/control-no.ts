/** Why a running bot does not do what a person asks of it: as values, for scripts, and as a sentence. */

import { moneyText } from '../../core/instrument/instrument.ts';
import type { BaseObjection } from '../../core/position/given-base.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import type { Texts } from '../texts/en.ts';

/** Amounts in USDT. */
export type ControlNo =
  | { readonly code: 'not-traded'; readonly instId: string; readonly symbols: readonly string[] }
  | { readonly code: 'not-carried-out' }
  | { readonly code: 'nothing-open'; readonly instId: string }
  | { readonly code: 'has-base'; readonly instId: string; readonly base: string }
  | { readonly code: 'below-a-lot'; readonly instId: string; readonly lot: string }
  | { readonly code: 'above-position'; readonly instId: string; readonly held: string };

export function baseNo(objection: BaseObjection, instId: string): ControlNo {
  const usdt = (units: number) => moneyText(BigInt(units));
  switch (objection.code) {
    case 'nothing-open':
      return { code: 'nothing-open', instId };
    case 'has-base':
      return { code: 'has-base', instId, base: usdt(objection.baseUnits) };
    case 'below-a-lot':
      return { code: 'below-a-lot', instId, lot: usdt(objection.lotUnits) };
    case 'above-position':
      return { code: 'above-position', instId, held: usdt(objection.heldUnits) };
  }
}

export function noText(no: ControlNo, { operate }: Pick<Texts, 'operate'>, report: ReportTexts): string {
  switch (no.code) {
    case 'not-traded':
      return operate.notTraded(no.instId, no.symbols.join(', '));
    case 'not-carried-out':
      return operate.notCarriedOut;
    case 'nothing-open':
      return operate.nothingOpen(no.instId);
    case 'has-base':
      return operate.hasBase(no.instId, decimalShown(no.base, report));
    case 'below-a-lot':
      return operate.belowALot(no.instId, decimalShown(no.lot, report));
    case 'above-position':
      return operate.abovePosition(no.instId, decimalShown(no.held, report));
  }
}
