/**
 * `rungwise data import FILE --symbol SYMBOL`: candles from a CSV file into the store, beside those that are there.
 *
 * A file with faults is not stored unless `--mend` is given; either way every fault is told with its line.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Candles } from '../../core/market/candle.ts';
import { importCsvFile } from '../../data/import/csv.ts';
import type { VolumeUnit } from '../../data/import/csv-layout.ts';
import { isFaultless } from '../../data/import/import-report.ts';
import { excerpt } from '../../data/problem.ts';
import type { Origin } from '../../data/store/origin.ts';
import { addCandles, candlePath } from '../../data/store/store.ts';
import { countShown } from '../../report/words/numbers.ts';
import { candleFolder } from '../input/configuration.ts';
import { instrumentOf } from '../input/instruments.ts';
import { storedCandles } from '../input/stored-candles.ts';
import { EXIT } from '../shell/failure.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted } from '../shell/usage-error.ts';
import { importLines } from './import-text.ts';
import { lockStore } from './store-lock.ts';

export interface DataImportOptions {
  readonly symbol: string;
  readonly instrument?: string;
  readonly volume?: VolumeUnit;
  readonly mend?: boolean;
  readonly json?: boolean;
}

/** @returns 0; 2 where the file has faults and nothing was stored. @throws {DataError} where nothing can be made of the file. @throws {Interrupted} while it is read */
export async function dataImport(session: Session, file: string, options: DataImportOptions): Promise<number> {
  const { texts, palette } = session;
  const instrument = instrumentOf(session, options.symbol, options.instrument);
  const { candles, report } = await readUnlessStopped(session, file, instrument, options.volume);
  const isStored = options.mend === true || isFaultless(report);
  const stored = isStored ? put(session, file, instrument, candles) : undefined;
  if (options.json === true) {
    const told = stored && {
      path: stored.path,
      candles: stored.candles.length,
      added: stored.added,
      replaced: stored.replaced,
    };
    session.print(JSON.stringify({ stored: told ?? null, report }, null, 2));
  } else {
    const count = (value: number) => countShown(value, session.report);
    for (const line of importLines(report, session.language)) session.say(line);
    if (stored !== undefined) session.say(palette.good(texts.data.stored(stored.path, stored.candles.length)));
    if (stored !== undefined && stored.isBeside)
      session.say(texts.data.merged(count(stored.added), count(stored.replaced)));
  }
  if (stored !== undefined) return EXIT.done;
  session.tell(palette.bad(texts.data.faulty));
  return EXIT.usage;
}

function put(session: Session, file: string, instrument: Instrument, candles: Candles) {
  const folder = candleFolder(session);
  const lock = lockStore(session, instrument.instId);
  try {
    const isBeside = existsSync(candlePath(folder, instrument.instId));
    const older = isBeside ? storedCandles(session, folder, instrument) : undefined;
    const origin: Origin = { kind: 'file', name: excerpt(basename(file)) };
    return { isBeside, ...addCandles(folder, instrument, older, candles, origin) };
  } finally {
    lock.release();
  }
}

/** @throws {DataError} @throws {Interrupted} */
async function readUnlessStopped(session: Session, file: string, instrument: Instrument, volume?: VolumeUnit) {
  const interruption = listenForInterruption();
  try {
    const read = await importCsvFile(file, { instrument, ...(volume === undefined ? {} : { volumeUnit: volume }) });
    if (interruption.isAsked) throw new Interrupted(session.texts.data.stopped);
    return read;
  } finally {
    interruption.release();
  }
}
