/** What a configuration can lose by its limits (core/ladder/loss-caps.ts): for `check` and `plan --risk`. */
import type { Config } from '../../config/index.ts';
import { type Instrument, moneyOf, moneyText, ticksOf } from '../../core/instrument/instrument.ts';
import { planBook } from '../../core/ladder/book-plan.ts';
import { type LossCaps, type LossReading, lossCaps } from '../../core/ladder/loss-caps.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';
import type { Regime } from '../../core/policy.ts';
import { table } from '../../report/drawing/table.ts';
import { moneyShown, percentShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import { examplePrice } from '../input/instruments.ts';
import type { Session } from '../shell/session.ts';
import { examplePlans } from './check-ladders.ts';

/** For people: what is planned now beside the most that the limits allow. */
export function riskSection(session: Session, config: Config, instruments: readonly Instrument[]): string[] {
  const { texts, report, palette, width } = session;
  const { planRisk } = texts;
  const caps = capsOf(config, instruments);
  const balance = Number(moneyOf(config.account.balance));
  const cell = (units: number) => lossShown(units, balance, report);
  const row = (name: string, of: (reading: LossReading) => string) => [name, of(caps.planned), of(caps.limits)];
  return [
    palette.strong(planRisk.capsTitle),
    ...table(
      [
        { title: 'USDT', align: 'left' },
        { title: planRisk.planned, align: 'right' },
        { title: planRisk.limits, align: 'right' },
      ],
      [
        row(planRisk.position, ({ positionUnits }) => cell(positionUnits)),
        [planRisk.gap, '', cell(caps.gapUnits)],
        row(planRisk.day, ({ dayUnits }) => cell(dayUnits)),
        row(planRisk.streak, ({ streakUnits }) => cell(streakUnits)),
        row(planRisk.streakDays, ({ streakDays }) => String(streakDays)),
      ],
      width,
      palette,
    ),
    ...planRisk.capsNotes.map((note) => palette.dim(`  ${note}`)),
  ];
}

function lossShown(units: number, balance: number, report: ReportTexts): string {
  const share = BigInt(Math.round((units / balance) * 1e6));
  return `−${moneyShown(BigInt(Math.ceil(units)), report)} (${percentShown(share, report)})`;
}

/** The same as data. */
export function riskJson(config: Config, instruments: readonly Instrument[]) {
  const caps = capsOf(config, instruments);
  const balance = Number(moneyOf(config.account.balance));
  const loss = (units: number) => ({
    loss: moneyText(BigInt(Math.ceil(units))),
    percent: formatUnits(BigInt(Math.ceil((units / balance) * 1e6)), 4),
  });
  const reading = ({ positionUnits, dayUnits, streakUnits, streakDays }: LossReading) => ({
    position: loss(positionUnits),
    day: loss(dayUnits),
    tenPositions: { ...loss(streakUnits), daysMin: streakDays },
  });
  return {
    planned: reading(caps.planned),
    limits: { ...reading(caps.limits), positionThroughGap: loss(caps.gapUnits) },
  };
}

/** Of longs at example prices; a book of them is climbed in a ranging market. */
function capsOf(config: Config, instruments: readonly Instrument[]): LossCaps {
  const { policy, account } = config;
  const book = planBook(
    policy,
    account.balance,
    instruments.map((instrument) => ({
      instrument,
      side: 1,
      entryTicks: ticksOf(instrument, examplePrice(instrument)),
      regime: 'ranging' satisfies Regime,
      stopPercent: undefined,
      atrTicks: undefined,
    })),
  );
  return lossCaps(policy, Number(moneyOf(account.balance)), examplePlans(config, instruments), book);
}
