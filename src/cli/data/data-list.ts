/** `rungwise data list`: what is stored. */
import { fractions } from '../../core/numbers/arithmetic.ts';
import { distinctOrigins } from '../../data/store/origin.ts';
import { listStored, type StoredFile, stretchesOf } from '../../data/store/store.ts';
import { minuteText, originText } from '../../data/texts.ts';
import { table } from '../../report/drawing/table.ts';
import { countShown } from '../../report/words/numbers.ts';
import { dataErrorText } from '../format/data-error-text.ts';
import { figure } from '../format/figures.ts';
import { candleFolder } from '../input/configuration.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';

const STRETCHES_SHOWN = 10;

/** @returns 0; 1 where a file cannot be read. */
export function dataList(session: Session, options: { readonly json?: boolean }): number {
  const { texts, palette } = session;
  const folder = candleFolder(session);
  const { files, damaged } = listStored(folder);
  const told = damaged.map((error) => ({ path: error.source, message: dataErrorText(error, session) }));
  if (options.json === true) {
    const stored = files.map((file) => ({ path: file.path, bytes: file.bytes, ...file.head }));
    session.print(JSON.stringify({ folder, stored, damaged: told }, null, 2));
  } else if (files.length > 0) {
    for (const line of listTable(session, files)) session.print(line);
    for (const line of originLines(session, files)) session.print(line);
  } else if (damaged.length === 0) {
    session.tell(texts.data.none(folder));
  }
  for (const { path, message } of told) session.tell(`${palette.bad(texts.data.damaged)}: ${path}: ${message}`);
  return damaged.length === 0 ? EXIT.done : EXIT.no;
}

function listTable(session: Session, files: readonly StoredFile[]): string[] {
  const { texts, report, width, palette } = session;
  const { columns } = texts.data;
  const minute = (value: number | undefined) => (value === undefined ? '' : minuteText(value));
  const sizeShown = (bytes: number) => {
    const [unit, named] =
      bytes < 1_000_000 ? ([1_000, texts.data.kilobytes] as const) : ([1_000_000, texts.data.megabytes] as const);
    return named(figure(fractions.over(fractions.whole(bytes), fractions.whole(unit)), 1, report));
  };
  return table(
    [
      { title: columns.symbol, align: 'left' },
      { title: columns.candles, align: 'right' },
      { title: columns.from, align: 'left' },
      { title: columns.to, align: 'left' },
      { title: columns.missing, align: 'right' },
      { title: columns.size, align: 'right' },
    ],
    files.map(({ head, bytes }) => [
      head.instId,
      countShown(head.candles, report),
      minute(head.firstMinute),
      minute(head.lastMinute),
      countShown(missingMinutes(head), report),
      sizeShown(bytes),
    ]),
    width,
    palette,
  );
}

/** In one line where all is from one place. */
function originLines(session: Session, files: readonly StoredFile[]): string[] {
  const { texts, language, palette } = session;
  const origins = distinctOrigins(files.flatMap(({ head }) => stretchesOf(head)));
  const [only, ...more] = origins;
  if (only === undefined) return [];
  if (more.length === 0) return [palette.dim(texts.data.allFrom(originText(only, language)))];
  return files.flatMap((file) => stretchLines(session, file));
}

/** Which stretch is from where; the first of them where they are many. */
function stretchLines({ texts, language }: Session, { head }: StoredFile): string[] {
  const stretches = stretchesOf(head);
  const lines = stretches
    .slice(0, STRETCHES_SHOWN)
    .map((each) =>
      texts.data.stretch(
        head.instId,
        minuteText(each.firstMinute),
        minuteText(each.lastMinute),
        originText(each, language),
      ),
    );
  const more = stretches.length - lines.length;
  return more === 0 ? lines : [...lines, texts.data.moreStretches(head.instId, more)];
}

function missingMinutes({ firstMinute, lastMinute, candles }: StoredFile['head']): number {
  return firstMinute === undefined || lastMinute === undefined ? 0 : lastMinute - firstMinute + 1 - candles;
}
