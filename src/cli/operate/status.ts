/** `rungwise status`: how a running bot stands. */
import { maintenanceOf } from '../../core/instrument/maintenance.ts';
import { utcText } from '../../core/market/utc.ts';
import { worstParts, worstTable } from '../../report/book-worst.ts';
import { governingText, haltingText } from '../../report/decision/governed-text.ts';
import { table } from '../../report/drawing/table.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { lostText, unexplainedText, windowText } from '../watch/alert-text.ts';
import type { PositionStatus } from '../watch/book-status.ts';
import { happeningLine, nextRungLine } from '../watch/happening-line.ts';
import { money, price, shown } from '../watch/words.ts';
import type { FullStatus, LostStatus, OrderStatus } from './bot-status.ts';
import { type CommandOptions, statusOrNo } from './command-bot.ts';

/** @returns 0; 1 where no bot runs, or one of a release that tells too little */
export async function status(session: Session, options: CommandOptions): Promise<number> {
  const found = await statusOrNo(session, { do: 'status' }, options);
  if (found === undefined) return EXIT.no;
  const { account, pid } = found;
  if (options.json === true) session.print(JSON.stringify(found, null, 2));
  else if ('worst' in found) for (const line of statusLines(session, found)) session.say(line);
  else {
    session.complain(session.texts.operate.olderBot(account, pid));
    return EXIT.no;
  }
  return EXIT.done;
}

function statusLines(session: Session, found: FullStatus): string[] {
  const { texts, palette, report } = session;
  const { demo, operate } = texts;
  const open = found.symbols.filter(({ position }) => position !== null).length;
  return [
    `${palette.strong(found.account)} (pid ${found.pid}), ${new Date(found.at).toISOString()}: ${stateText(session, found)}`,
    demo.status(money(found.balance, session), money(found.equity, session), open),
    worstParts(found.worst, report, palette).join(', '),
    ...found.governing.map(({ instId, ...each }) =>
      palette.warn(`${instId === undefined ? '' : `${instId} `}${governingText({ instId, ...each }, report)}`),
    ),
    ...(found.lost === null ? [] : [palette.bad(lostSinceText(session, found.lost))]),
    ...found.unexplained.map(({ symbol, why, facts }) =>
      palette.bad(operate.unexplained(symbol, facts === undefined ? why : unexplainedText(facts, session))),
    ),
    ...found.maintenance.map((each) =>
      palette.warn(`${report.alerts[`maintenance-${each.state}`]}: ${windowText(each, session)}`),
    ),
    ...found.untradable.map(({ symbol, why }) => palette.bad(`${symbol}: ${haltingText(why, found.at, report)}`)),
    '',
    ...symbolTable(session, found),
    ...found.symbols.flatMap(({ symbol, position }) => {
      if (position === null) return [];
      if (position.leftAlone) return [palette.bad(`${symbol}: ${texts.alerts.fates.alert}`)];
      if (position.base === null) return [palette.warn(`${symbol}: ${operate.noBase(symbol)}`)];
      const line = nextRungLine(position, session);
      return line === undefined ? [] : [`${symbol}: ${line}`];
    }),
    ...found.symbols.flatMap(({ symbol, position }) =>
      position === null ? [] : exitLines(session, position).map((line) => `${symbol}: ${line}`),
    ),
    ...section(operate.worst, worstTable(found.worst, { texts: report, width: session.width, palette })),
    ...section(operate.orders, orderTable(session, found.openOrders)),
    ...section(
      operate.refusals,
      found.refusals.flatMap((refusal) => happeningLine(refusal, session) ?? []),
    ),
  ];
}

/** What of its exits is not as it should be, or under way. A bot that runs an older release says nothing of a close. */
function exitLines(session: Session, position: PositionStatus): string[] {
  const { palette, report } = session;
  const { operate } = session.texts;
  const { leftAlone, stop, stopContracts, contracts, closing } = position;
  const lines = leftAlone || stop !== null ? [] : [palette.bad(operate.unconfirmedStop)];
  // An older release says one size for all.
  if (!leftAlone && stop !== null && stopContracts !== undefined && stopContracts !== contracts)
    lines.push(palette.bad(operate.partlyStopped(shown(stopContracts, session), shown(contracts, session))));
  if (closing === null || closing === undefined) return lines;
  const told = operate.closing(report.reasons[closing.reason]);
  return [...lines, closing.isRefused ? palette.bad(`${told}; ${operate.closeRefused}`) : palette.warn(told)];
}

function stateText(
  { texts, palette, report }: Session,
  { at, halt, isReady, isConnected, isTimeBehind, isUnsettled, isDayLost, maintenance }: FullStatus,
): string {
  const { state } = texts.operate;
  if (halt !== null) {
    const halted = haltingText({ code: halt.kind, by: halt.by }, halt.at, report);
    return palette.warn(state.since(halted, utcText(halt.at)));
  }
  if (!isConnected) return palette.bad(state.disconnected);
  if (isTimeBehind) return palette.bad(report.alerts['clock-differs']);
  if (isUnsettled) return palette.bad(state.unsettled);
  if (!isReady) return palette.warn(state.notReady);
  const stands = maintenanceOf({ maintenance, now: at });
  if (stands !== undefined) return palette.warn(state.maintenance);
  return isDayLost ? palette.warn(state.dayLost) : palette.good(state.trading);
}

function lostSinceText({ texts }: Session, lost: LostStatus): string {
  const told = texts.bots.lost(lostText(lost, texts));
  return lost.since === undefined ? told : texts.operate.state.since(told, utcText(lost.since));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function symbolTable(session: Session, { symbols }: FullStatus): string[] {
  const { texts, width, palette, report } = session;
  const { demo, plan } = texts;
  const { sides } = report;
  const level = (value: string | null) => (value === null ? '' : price(value, session));
  return table(
    [
      { title: texts.data.columns.symbol, align: 'left' },
      { title: texts.operate.columns.price, align: 'right' },
      { title: demo.position, align: 'left' },
      { title: plan.columns.contracts, align: 'right' },
      { title: demo.average, align: 'right' },
      { title: 'PnL', align: 'right' },
      { title: demo.rungs, align: 'right' },
      { title: demo.stop, align: 'right' },
      { title: demo.target, align: 'right' },
    ],
    symbols.map(({ symbol, price: mark, position }) => [
      symbol,
      level(mark),
      ...(position === null
        ? [demo.flat]
        : [
            sides[position.side],
            shown(position.contracts, session),
            level(position.average),
            money(position.pnl, session),
            `${position.rungs}/${position.rungsMax}`,
            level(position.stop),
            level(position.target),
          ]),
    ]),
    width,
    palette,
  );
}

function orderTable(session: Session, orders: readonly OrderStatus[]): string[] {
  if (orders.length === 0) return [];
  const { texts, width, palette } = session;
  const { columns, roles, buySell, states } = texts.operate;
  return table(
    [
      { title: texts.data.columns.symbol, align: 'left' },
      { title: columns.order, align: 'left' },
      { title: columns.role, align: 'left' },
      { title: columns.side, align: 'left' },
      { title: texts.plan.columns.contracts, align: 'right' },
      { title: columns.filled, align: 'right' },
      { title: columns.price, align: 'right' },
      { title: columns.state, align: 'left' },
    ],
    orders.map((order) => [
      order.symbol,
      order.clientId,
      roles[order.role],
      buySell[order.side],
      shown(order.contracts, session),
      shown(order.filled, session),
      order.price === null ? '' : price(order.price, session),
      states[order.state],
    ]),
    width,
    palette,
  );
}
