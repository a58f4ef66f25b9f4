/**
 * The leverage that is set of isolated positions. Source: OKX's page on GET account/leverage-info: twenty instruments in one question, twenty questions in 2 s.
 *
 * At a minute's close many symbols may want to enter, and each asks twice: they ask together.
 */
import { JointReading } from '../door/joint-reading.ts';
import type { Answer, Rest } from '../door/rest.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { LeverageInfo } from '../wire/leverage.ts';

const INSTRUMENTS_MOST = 20;

/** How many are asked for together; `ask` asks one question, with whatever patience. */
export function leverageReading(
  ask: (instIds: readonly string[]) => Promise<Answer<LeverageInfo>>,
): JointReading<LeverageInfo> {
  return new JointReading(INSTRUMENTS_MOST, ask);
}

/** One question. `waitMsMax`: other patience than usual for its slot. */
export function askLeverage(rest: Rest, instIds: readonly string[], waitMsMax?: number): Promise<Answer<LeverageInfo>> {
  return rest.get(endpoints.leverageInfo, { instId: instIds.join(','), mgnMode: 'isolated' }, waitMsMax);
}

/** What an answer says of one instrument. */
export function leverageIn(rows: readonly LeverageInfo[], instId: string): number | undefined {
  const row = rows.find((each) => each.instId === instId && each.mgnMode === 'isolated');
  return row && Number(row.lever);
}
