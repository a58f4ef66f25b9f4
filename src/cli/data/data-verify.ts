/** `rungwise data verify`: is every stored candle what was stored? */
import { basename, dirname } from 'node:path';
import { DataError } from '../../data/data-error.ts';
import { candlePath, listStored, verifyStored } from '../../data/store/store.ts';
import { dataErrorText } from '../format/data-error-text.ts';
import { candleFolder } from '../input/configuration.ts';
import { nearestSymbol } from '../input/instruments.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

type Verdict =
  | { readonly path: string; readonly ok: true; readonly symbol: string; readonly candles: number }
  | { readonly path: string; readonly ok: false; readonly message: string };

/** @returns 0; 1 where a file is damaged. @throws {UsageError} where nothing is stored of a symbol that was named. */
export function dataVerify(session: Session, symbols: readonly string[], options: { readonly json?: boolean }): number {
  const { texts, palette } = session;
  const folder = candleFolder(session);
  const verdicts = pathsOf(session, folder, symbols).map((path) => verdictOf(session, path));
  if (options.json === true) session.print(JSON.stringify({ folder, files: verdicts }, null, 2));
  else if (verdicts.length === 0) session.tell(texts.data.none(folder));
  for (const verdict of options.json === true ? [] : verdicts) {
    if (verdict.ok) session.print(`${palette.good('✓')} ${texts.data.sound(verdict.symbol, verdict.candles)}`);
    else session.print(`${palette.bad('✗')} ${verdict.path}: ${verdict.message}`);
  }
  return verdicts.every(({ ok }) => ok) ? EXIT.done : EXIT.no;
}

function pathsOf({ texts }: Session, folder: string, symbols: readonly string[]): string[] {
  const { files, damaged } = listStored(folder);
  const all = [...files.map(({ path }) => path), ...damaged.map(({ source }) => source)].toSorted();
  if (symbols.length === 0) return all;
  return symbols.map((symbol) => {
    const path = candlePath(folder, symbol);
    if (all.includes(path)) return path;
    const stored = all.map((file) => basename(dirname(file)));
    throw new UsageError(texts.data.notStored(symbol, stored, nearestSymbol(symbol, stored)));
  });
}

function verdictOf(session: Session, path: string): Verdict {
  try {
    const { instId, candles } = verifyStored(path);
    return { path, ok: true, symbol: instId, candles };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { path, ok: false, message: dataErrorText(error, session) };
  }
}
