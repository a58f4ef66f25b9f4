/** Stored candles as every command reads them: where they had to be put onto another grid, that is told. */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type GridMove, type Loaded, loadStored } from '../../data/store/store.ts';
import { countShown } from '../../report/words/numbers.ts';
import type { Session } from '../shell/session.ts';

/** @throws {DataError} as `loadStored` */
export function storedCandles(session: Session, folder: string, instrument: Instrument): Loaded {
  const loaded = loadStored(folder, instrument);
  if (loaded.moved !== undefined)
    session.tell(session.palette.warn(moveText(session, instrument.instId, loaded.candles.length, loaded.moved)));
  return loaded;
}

function moveText({ texts, report }: Session, symbol: string, candles: number, move: GridMove): string {
  const count = (value: number) => countShown(value, report);
  const changes = move.changed.map(({ what, stored, expected }) => texts.data.gridChange(what, stored, expected));
  const { mappedPrices, mappedVolumes } = move;
  return texts.data.gridMoved(symbol, changes.join(', '), count(mappedPrices), count(mappedVolumes), candles);
}
