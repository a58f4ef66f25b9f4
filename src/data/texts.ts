/** The words of problem.ts, in English and Russian. A code without words does not compile. */
import { MINUTE_MS } from '../core/market/candle.ts';
import { timeText } from '../core/market/utc.ts';
import type { DataProblem, ForeignKind } from './problem.ts';
import type { Origin } from './store/origin.ts';

type Texts = { readonly [C in DataProblem['code']]: (problem: Extract<DataProblem, { readonly code: C }>) => string };

/** In English, in Russian. */
const FOREIGN_KINDS: Readonly<Record<ForeignKind, readonly [string, string]>> = {
  zip: ['a zip archive', 'архив zip'],
  parquet: ['a Parquet file', 'файл Parquet'],
  arrow: ['an Arrow or feather file', 'файл Arrow или feather'],
  zstd: ['a zstd archive', 'архив zstd'],
  xz: ['an xz archive', 'архив xz'],
  bzip2: ['a bzip2 archive', 'архив bzip2'],
  '7z': ['a 7z archive', 'архив 7z'],
  pdf: ['a PDF', 'файл PDF'],
  sqlite: ['an SQLite database', 'база SQLite'],
  binary: ['binary data', 'двоичные данные'],
};

const en: Texts = {
  columns: (p) =>
    `line ${p.line} has ${p.found} columns where ${p.expected} are expected ("${p.value}"): mend or remove the line`,
  time: (p) =>
    `line ${p.line}: "${p.value}" is no time that is understood: write milliseconds since 1970 UTC or 2021-02-19T00:00:00Z`,
  thousands: (p) =>
    `line ${p.line}: ${p.value} holds the sign that parts the columns: write numbers without thousands separators`,
  'off-minute': (p) =>
    `line ${p.line}: "${p.value}" is not the start of a minute: a candle is named by its opening time`,
  number: (p) => `line ${p.line}: ${p.column} "${p.value}" is not a number: mend or remove the line`,
  negative: (p) => `line ${p.line}: ${p.column} "${p.value}" is below zero: mend or remove the line`,
  'zero-price': (p) =>
    `line ${p.line}: ${p.column} "${p.value}" is less than one tick of the instrument: no price is zero`,
  'too-large': (p) =>
    `line ${p.line}: ${p.column} "${p.value}" is more than the store holds (4294967295 ticks or lots)`,
  'no-candle': (p) =>
    `line ${p.line}: ${p.value} is no candle: high must be the highest and low the lowest of the four prices`,
  truncated: (p) => `line ${p.line}, the last one, breaks off ("${p.value}"): the file was cut, get it again`,
  'open-end': (p) =>
    `line ${p.line}, the last one ("${p.value}"), has no line end: if the file was cut there, its last number is cut too; compare it with the source`,
  binary: (p) => `line ${p.line} holds bytes that are no text: the file was damaged, get it again`,
  unconfirmed: (p) => `line ${p.line}: the candle was still open when it was written (confirm is 0)`,
  gap: (p) => `line ${p.line}: ${p.minutes} min missing after ${minuteText(p.afterMinute)}`,
  duplicate: (p) => `line ${p.line} says ${minuteText(p.minute)} again, the same as line ${p.firstLine}`,
  conflict: (p) =>
    `line ${p.line} says ${minuteText(p.minute)} again, and otherwise than line ${p.firstLine}: the earlier line stays`,
  disorder: (p) =>
    `line ${p.line}: ${minuteText(p.minute)} comes after ${minuteText(p.afterMinute)}: sort the file by time`,
  descending: () =>
    'the candles run from the newest to the oldest: sort the file by time; "data import" and "backtest" do it with "--mend"',
  unreadable: (p) => `cannot be read (${p.reason}): check the path and the permissions`,
  empty: () => 'the file is empty: candles are lines like "ts,open,high,low,close,volume"',
  'binary-file': (p) => `this is ${FOREIGN_KINDS[p.kind][0]}, not text: export the candles as CSV`,
  encoding: (p) => `the text is ${p.kind}: save it as UTF-8`,
  'line-ends': () => 'its lines end in carriage returns alone, as on old Macs: save it with line feeds (LF or CRLF)',
  compressed: ({ isCut }) =>
    isCut ? 'the gzip file ends too early: get it again' : 'the gzip file is damaged: get it again',
  'long-line': (p) => `line ${p.line} is longer than ${p.bytesMax} bytes: this is no candle file`,
  'too-many': (p) => `more than ${p.rowsMax} lines: split the file by year`,
  header: (p) =>
    `line ${p.line} ("${p.value}") has no column for ${p.missing.join(', ')}: ` +
    'the first line should read "ts,open,high,low,close,volume"',
  'repeated-column': (p) => `line ${p.line} names the column "${p.value}" twice: remove one of them`,
  'no-candles': (p) =>
    p.rows === 0 ? 'there is a header and no line of data below it' : `not one candle in ${p.rows} lines of data`,
  'mostly-bad': (p) =>
    `${p.bad} of ${p.rows} lines are unusable, so the file is not what it seems. The first: ${problemText(p.first, 'en')}`,
  timeframe: (p) => `the candles are ${p.minutes} min apart: candles of 1 min are needed`,
  'two-symbols': (p) => `line ${p.line} is of "${p.value}", the lines before are of "${p.first}": one file, one symbol`,
  'other-symbol': (p) =>
    `line ${p.line} is of "${p.value}", not of ${p.instId}: say with --symbol whose candles the file holds`,
  name: (p) => `"${p.value}" is no name of an instrument: it looks like BTC-USDT-SWAP`,
  absent: (p) => `no candles of ${p.instId} are stored: bring them with "data import"`,
  'not-candles': () => 'this is no candle file of Rungwise: move the file away and import the candles again',
  newer: (p) =>
    `written by a newer Rungwise (format ${p.version}): update, or move the file away and import the candles again`,
  size: (p) =>
    `holds ${p.bytes} bytes where ${p.expected} are expected: the file was cut, move the file away and import the candles again`,
  checksum: (p) =>
    `the checksum is ${p.found} where ${p.expected} was written: the file was damaged, move the file away and import the candles again`,
  grid: (p) =>
    `stored with ${p.what} ${p.stored}; the instrument now has ${p.expected}, and a price would be 0 or too large there: hardly the same coin, move the file away and import the candles again`,
  'broken-candle': (p) =>
    `candle number ${p.candle} is out of order or no candle: move the file away and import the candles again`,
  'other-market': (p) =>
    `what is stored here is from ${originText(p.stored)}; ${originText(p.origin)} is another market, so nothing was stored: keep the two apart with another RUNGWISE_HOME, or remove the file`,
  'begun-anew': (p) =>
    `${originText(p.origin)} no longer says of ${minuteText(p.minute)} UTC what was stored from there: its market was begun anew, so nothing was stored; remove the file, or keep the two apart with another RUNGWISE_HOME`,
  patchwork: (p) =>
    `with ${originText(p.origin)} origins would alternate more than ${p.stretchesMax} times: keep them apart with another RUNGWISE_HOME`,
  'other-folder': (p) =>
    `the candles are of ${p.value}, the folder is named ${p.instId}: move the file into its own folder`,
  'settled-twice': (p) =>
    `line ${p.line} ("${p.value}") gives another rate for the time of line ${p.firstLine}: remove one of them`,
  'off-hour': (p) =>
    `line ${p.line}: "${p.value}" is no whole hour, at which funding is settled: mend or remove the line`,
  'odd-settlement': (p) =>
    `the exchange says that it settled "${p.value}": funding is settled at a whole hour, with at most 10 %; nothing of it was stored`,
  rate: (p) => `line ${p.line}: "${p.value}" is no funding rate, a fraction like 0.0001: mend or remove the line`,
};

const ru: Texts = {
  columns: (p) =>
    `строка ${p.line}: столбцов ${p.found} вместо ${p.expected} («${p.value}»): исправьте или удалите строку`,
  time: (p) =>
    `строка ${p.line}: время «${p.value}» не понято: пишите миллисекунды с 1970 года UTC или 2021-02-19T00:00:00Z`,
  thousands: (p) =>
    `строка ${p.line}: в ${p.value} стоит знак, который делит столбцы: пишите числа без разделителей тысяч`,
  'off-minute': (p) => `строка ${p.line}: «${p.value}» — не начало минуты: свеча называется временем открытия`,
  number: (p) => `строка ${p.line}: ${p.column} «${p.value}» — не число: исправьте или удалите строку`,
  negative: (p) => `строка ${p.line}: ${p.column} «${p.value}» меньше нуля: исправьте или удалите строку`,
  'zero-price': (p) => `строка ${p.line}: ${p.column} «${p.value}» меньше одного тика: цена не бывает нулевой`,
  'too-large': (p) =>
    `строка ${p.line}: ${p.column} «${p.value}» больше, чем вмещает хранилище (4294967295 тиков или лотов)`,
  'no-candle': (p) =>
    `строка ${p.line}: ${p.value} — не свеча: high должна быть наибольшей, low наименьшей из четырёх цен`,
  truncated: (p) => `строка ${p.line}, последняя, обрывается («${p.value}»): файл обрезан, получите его заново`,
  'open-end': (p) =>
    `строка ${p.line}, последняя («${p.value}»), без конца строки: если файл обрезан здесь, обрезано и последнее число; сверьте с источником`,
  binary: (p) => `в строке ${p.line} не текст, а двоичные данные: файл повреждён, получите его заново`,
  unconfirmed: (p) => `строка ${p.line}: свеча записана незакрытой (confirm равен 0)`,
  gap: (p) => `строка ${p.line}: после ${minuteText(p.afterMinute)} не хватает ${p.minutes} мин`,
  duplicate: (p) => `строка ${p.line} повторяет ${minuteText(p.minute)} слово в слово за строкой ${p.firstLine}`,
  conflict: (p) =>
    `строка ${p.line} повторяет ${minuteText(p.minute)}, но иначе, чем строка ${p.firstLine}: остаётся первая`,
  disorder: (p) =>
    `строка ${p.line}: ${minuteText(p.minute)} стоит после ${minuteText(p.afterMinute)}: отсортируйте файл по времени`,
  descending: () =>
    'свечи идут от новых к старым: отсортируйте файл по времени; «data import» и «backtest» делают это с «--mend»',
  unreadable: (p) => `не читается (${p.reason}): проверьте путь и права доступа`,
  empty: () => 'файл пуст: свечи — это строки вида «ts,open,high,low,close,volume»',
  'binary-file': (p) => `это ${FOREIGN_KINDS[p.kind][1]}, а не текст: выгрузите свечи в CSV`,
  encoding: (p) => `кодировка текста ${p.kind}: сохраните файл в UTF-8`,
  'line-ends': () =>
    'строки кончаются одним возвратом каретки, как на старых Mac: сохраните файл с переводами строк (LF или CRLF)',
  compressed: ({ isCut }) =>
    isCut ? 'файл gzip обрывается: скачайте его заново' : 'файл gzip повреждён: скачайте его заново',
  'long-line': (p) => `строка ${p.line} длиннее ${p.bytesMax} байт: это не файл свечей`,
  'too-many': (p) => `строк больше ${p.rowsMax}: разделите файл по годам`,
  header: (p) =>
    `в строке ${p.line} («${p.value}») нет столбца ${p.missing.join(', ')}: ` +
    'первая строка должна быть вида «ts,open,high,low,close,volume»',
  'repeated-column': (p) => `строка ${p.line} дважды называет столбец «${p.value}»: уберите один из них`,
  'no-candles': (p) =>
    p.rows === 0 ? 'есть заголовок, а строк данных под ним нет' : `ни одной свечи в строках данных (их ${p.rows})`,
  'mostly-bad': (p) =>
    `непригодны ${p.bad} из ${p.rows} строк, файл — не то, чем кажется. Первая: ${problemText(p.first, 'ru')}`,
  timeframe: (p) => `между свечами ${p.minutes} мин: нужны свечи по 1 мин`,
  'two-symbols': (p) => `строка ${p.line} — «${p.value}», строки до неё — «${p.first}»: один файл, один инструмент`,
  'other-symbol': (p) =>
    `строка ${p.line} — «${p.value}», а не ${p.instId}: назовите в --symbol инструмент, чьи это свечи`,
  name: (p) => `«${p.value}» — не имя инструмента: оно выглядит как BTC-USDT-SWAP`,
  absent: (p) => `свечей ${p.instId} в хранилище нет: загрузите их через «data import»`,
  'not-candles': () => 'это не файл свечей Rungwise: уберите файл и загрузите свечи заново',
  newer: (p) =>
    `записано более новой версией Rungwise (формат ${p.version}): обновитесь или уберите файл и загрузите свечи заново`,
  size: (p) => `${p.bytes} байт вместо ${p.expected}: файл обрезан, уберите файл и загрузите свечи заново`,
  checksum: (p) =>
    `контрольная сумма ${p.found}, а была записана ${p.expected}: файл повреждён, уберите файл и загрузите свечи заново`,
  grid: (p) =>
    `записано при ${p.what} ${p.stored}, а у инструмента теперь ${p.expected}, и цена стала бы нулём или слишком большой: едва ли это та же монета; уберите файл и загрузите свечи заново`,
  'broken-candle': (p) => `свеча номер ${p.candle} не на месте или не свеча: уберите файл и загрузите свечи заново`,
  'other-market': (p) =>
    `источник хранимого здесь — ${originText(p.stored, 'ru')}, а ${originText(p.origin, 'ru')} — другой рынок, поэтому ничего не сохранено: держите их порознь (другой RUNGWISE_HOME) или удалите файл`,
  'begun-anew': (p) =>
    `${originText(p.origin, 'ru')} уже не говорит о минуте ${minuteText(p.minute)} UTC того, что было оттуда сохранено: рынок там начат заново, поэтому ничего не сохранено; удалите файл или держите их порознь (другой RUNGWISE_HOME)`,
  patchwork: (p) =>
    `с источником «${originText(p.origin, 'ru')}» источники чередовались бы больше ${p.stretchesMax} раз: держите их порознь (другой RUNGWISE_HOME)`,
  'other-folder': (p) => `это свечи ${p.value}, а папка названа ${p.instId}: перенесите файл в его собственную папку`,
  'settled-twice': (p) =>
    `строка ${p.line} («${p.value}») даёт другую ставку на время строки ${p.firstLine}: уберите одну из них`,
  'off-hour': (p) =>
    `строка ${p.line}: «${p.value}» — не целый час, а фандинг рассчитывается по часам: исправьте или удалите строку`,
  'odd-settlement': (p) =>
    `биржа говорит, что рассчитала «${p.value}»: фандинг рассчитывается по часам и не больше 10 %; ничего из этого не сохранено`,
  rate: (p) => `строка ${p.line}: «${p.value}» — не ставка фандинга, доля вроде 0.0001: исправьте или удалите строку`,
};

const TEXTS = { en, ru };

export type Language = keyof typeof TEXTS;

/** The problem in words: what, where, and what to do. */
export function problemText<P extends DataProblem>(problem: P, language: Language = 'en'): string {
  const text = TEXTS[language][problem.code] as (problem: P) => string;
  return text(problem);
}

/** `2021-02-19 00:00`, UTC. */
export function minuteText(minute: number): string {
  return timeText(minute * MINUTE_MS);
}

/** Where candles are from: an address, a file's name. */
export function originText({ kind, name }: Origin, language: Language = 'en'): string {
  if (kind === 'unknown') return language === 'en' ? 'an origin that was not noted' : 'не отмечен';
  if (kind === 'file') return language === 'en' ? `the file ${name}` : `файл ${name}`;
  return name;
}
