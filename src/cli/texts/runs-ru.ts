/** Что говорят бэктест и демо, по-русски. */
import { countedRu } from './counted.ts';
import type { RunsTexts } from './runs-en.ts';

export const runsRu: RunsTexts = {
  run: {
    stoppedReading: 'прервано при чтении свечей: ничего не запущено',
    balance: 'начальный баланс, USDT (по умолчанию из конфигурации)',
  },

  backtest: {
    summary: 'поторговать свечами прошлого и отчитаться в каждом числе',
    candlesOption: 'свечи в CSV (можно gzip); для нескольких инструментов повторяйте SYMBOL=FILE',
    symbol: 'чьи свечи в FILE; без файлов — сохранённые свечи этого инструмента; можно повторять',
    signals: 'чужие сигналы в NDJSON вместо встроенного скальпера',
    funding:
      'фандинг при каждом расчёте (00, 08, 16 UTC), % стоимости; платят лонги (по умолчанию что сохранено со свечами, иначе 0.01)',
    spread: 'спред, тиков (по умолчанию из конфигурации, 1)',
    slippage: 'сколько тейкер теряет сверх лучшей цены, bps (по умолчанию из конфигурации, 1)',
    fees: 'комиссии, % стоимости (по умолчанию из конфигурации, 0.02/0.05)',
    decisions: 'записать каждое решение с его числами и каждое исполнение в FILE, в NDJSON',
    mend: 'взять годное из файла с ошибками: негодные строки отбросить, порядок навести',
    whoseCandles: (file, several) =>
      several
        ? `--candles: несколько файлов пишутся каждый как SYMBOL=FILE, например BTC-USDT-SWAP=${file}`
        : `чьи свечи в ${file}? Добавьте --symbol BTC-USDT-SWAP или напишите SYMBOL=${file}`,
    symbolTwice: (symbol) => `${symbol} назван дважды: один инструмент — один файл свечей`,
    fileTwice: (file, symbol) =>
      `${file} назван для ${symbol} и для другого инструмента: один файл свечей — один инструмент`,
    notStored: (symbol, folder) =>
      `свечей ${symbol} нет в ${folder}: укажите файл, --candles ${symbol}=FILE, или загрузите его через «rungwise data import»`,
    stored: (symbol, span, origins) => `${symbol} из хранилища: ${span}; источник: ${origins}`,
    candles: (count) => countedRu(count, 'свеча', 'свечи', 'свечей'),
    mapped: (prices, volumes) =>
      `приведено к сетке инструмента: цены ${countedRu(prices, 'свечи', 'свечей', 'свечей')}, объём — ${volumes}`,
    gaps: (gaps, minutes) => `${countedRu(gaps, 'разрыв', 'разрыва', 'разрывов')} (не хватает минут: ${minutes})`,
    fundingRange: (value) => `--funding: ${value} % — не ставка; до шести знаков после точки, от -10 до 10`,
    overwrites: (file) => `--decisions: ${file} читается этой же командой; назовите другой файл`,
    ladder: (symbol, side, begun) => `Самая глубокая лестница, контракты: ${symbol}, ${side}, ${begun} UTC`,
    fundingStored: (symbol, stored, missing) =>
      missing === undefined
        ? `фандинг ${symbol}: ${countedRu(stored, 'расчёт', 'расчёта', 'расчётов')} как на бирже`
        : `фандинг ${symbol}: ${countedRu(stored, 'расчёт', 'расчёта', 'расчётов')} как на бирже, не сохранено ${missing}: взято 0,01 % за 8 ч`,
    fundingUnknown: (symbols, settlements) =>
      `фандинг ${symbols} здесь неизвестен: ${countedRu(settlements, 'расчёт', 'расчёта', 'расчётов')} по 0,01 % за 8 ч (к сохранённым свечам его приносит «data download --funding»)`,
    neverWarm: (symbol, candles) =>
      `${symbol}: индикаторы не прогрелись за ${countedRu(candles, 'свечу', 'свечи', 'свечей')}, и скальпер молчал; сократите timeframes и периоды или возьмите больше свечей`,
    makerOnly: (windowSeconds) =>
      `entry_style maker_only: по минутным свечам не узнать, какие из заявок, стоящих ${windowSeconds} с, исполнились бы. В пессимистичном прогоне — только те, через которые цена перескочила на открытии, в оптимистичном — почти все: заработок при таком входе не виден ни в том, ни в другом`,
    signalsLeftOut: (left, given) =>
      `попало на минуты без свечи и отброшено: ${left} из ${countedRu(given, 'сигнала', 'сигналов', 'сигналов')}`,
    wrote: (count, file) => `в ${file} ${countedRu(count, 'строка', 'строки', 'строк')} решений и исполнений`,
    interruptedLate: 'оптимистичный прогон прерван: в отчёте только пессимистичный',
    interrupted: (candles) =>
      `прервано, пройдено: ${countedRu(candles, 'свеча', 'свечи', 'свечей')}; отчёт кончается там`,
    speed: (candles, seconds, rate) =>
      `${countedRu(candles, 'свеча', 'свечи', 'свечей')} за ${seconds} с, ${rate} в секунду`,
  },

  demo: {
    summary: 'посмотреть, как бот торгует на выдуманном рынке: без ключей и сети',
    for: 'сколько работать по настоящему времени, например 20s или 5m (по умолчанию до Ctrl-C)',
    speed: 'сколько секунд рынка проходит за одну настоящую (по умолчанию 300)',
    seed: 'какой рынок: то же число — тот же рынок (по умолчанию 27)',
    symbols: 'имена OKX через запятую (по умолчанию пять)',
    starting: (symbols, path) =>
      `выдуманный рынок, ${countedRu(symbols, 'инструмент', 'инструмента', 'инструментов')}; журнал: ${path}`,
    preparing: 'готовлю историю рынка за сутки …',
    title: 'демо',
    balance: 'баланс',
    equity: 'капитал',
    seedName: 'рынок №',
    open: 'позиций',
    signal: 'сигнал',
    rungs: 'ступени',
    position: 'позиция',
    market: 'рынок и позиции',
    refusals: (count) => `отказы (${count})`,
    happened: 'события',
    none: 'пока ничего',
    flat: 'нет позиции',
    average: 'ср.',
    stop: 'стоп',
    target: 'цель',
    nextRung: 'следующая ступень без сигнала',
    averageDownAt: (price: string) => `усреднение при ${price}`,
    pyramidAt: (price: string) => `пирамида при ${price}`,
    limit: 'предел',
    closed: 'закрыт',
    partial: (contracts, price) => `закрыта часть: ${contracts} по ${price}`,
    keys: 'q — конец, пробел — пауза',
    paused: 'пауза',
    slower: (reached, asked) => `${reached} из ${asked}`,
    keysPaused: 'пауза: пробел — дальше, q — конец',
    status: (balance, equity, open) => `баланс ${balance}, капитал ${equity} USDT, позиций ${open}`,
    ended: (simulated, seconds, speed) => `${simulated} рынка за ${seconds} с (×${speed})`,
    journal: (path) => `каждое событие и решение записано в ${path}`,
    displayFailed: (why) => `по дороге отказал вывод, но не бот: ${why}`,
    journalFailed: 'журнал отказал, и демо остановлено: что не записано, то не делается',
  },

  signals: {
    line: (file, line, problem) => `${file}, строка ${line}: ${problem}`,
    none: (file) => `в ${file} нет ни одного сигнала`,
    json: 'это не объект JSON; сигнал выглядит как {"instId":"BTC-USDT-SWAP","side":"long","strength":0.6,"price":"51234.5","at":1613692800000}',
    missing: (keys) =>
      `не хватает: ${keys}; сигнал выглядит как {"instId":"BTC-USDT-SWAP","side":"long","strength":0.6,"price":"51234.5","at":1613692800000}`,
    unknownKey: (key, known) => `ключа «${key}» нет; есть: ${known.join(', ')}`,
    symbol: (value, known) => `«instId» — один из ${known}, а не ${value}`,
    side: (value) => `«side» — "long" или "short", а не ${value}`,
    strength: (value) => `«strength» — число от 0 до 1, а не ${value}`,
    text: (key, value) =>
      key === 'reasons' ? `«reasons» — список текстов, а не ${value}` : `«${key}» — текст, а не ${value}`,
    at: (value) => `«at» — миллисекунды UTC или время вида 2021-02-19T00:01:00Z, а не ${value}`,
    price: (value) => `«price» — число больше 0, а не ${value}`,
  },
};
