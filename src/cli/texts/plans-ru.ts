/** What `plan --book` and `plan --risk` say, in Russian. */
import { countedRu } from './counted.ts';
import type { PlansTexts } from './plans-en.ts';

export const plansRu: PlansTexts = {
  planBook: {
    option: 'весь портфель: каждый инструмент так, будто в него сейчас вошли, и худший случай против пределов',
    shock: 'для --book: все рынки разом на столько ATR против портфеля (по умолчанию limits.shock_atr)',
    noPrice:
      '--price задаёт цену одного инструмента: с --book её не указывают (берутся сохранённые свечи или цены для примера)',
    examplePrice: (symbol, price) => `${symbol}: ${price} — цена для примера: свечи не сохранены`,
    title: (symbols, balance, profile) => `Портфель, инструментов: ${symbols}, баланс ${balance} USDT (${profile})`,
    columns: {
      side: 'сторона',
      regime: 'рынок',
      price: 'цена',
      entry: 'вход',
      rungs: 'ступени',
      refusal: 'отказ',
    },
    order: 'в порядке конфигурации; лестницы выше уже пройдены целиком',
    none: 'ни один вход не проходит условий: портфель останется пустым',
    filled: 'Всё исполнено, затем стопы или шок, USDT',
    stoppedNote: 'по стопу: взяты все ступени, затем все стопы (*: ликвидация, она ближе)',
    shockNote: 'шок: все рынки разом против нас; стоп исполняется там, где кончился ход',
    atrNote: 'где свечи не сохранены, ATR взят по расстоянию стопа',
    against: 'Против пределов',
    of: 'из',
    caps: {
      worstCase: 'худший случай',
      shock: (atr) => `шок ${atr} ATR`,
      exposure: 'все позиции',
      margin: 'маржа',
      positions: 'открытых позиций',
    },
  },

  planRisk: {
    option: 'сколько она может потерять по своим пределам и что вышло на множестве придуманных рынков',
    seeds: 'для --risk: сколько рынков (по умолчанию 60)',
    seed: 'для --risk: номер первого рынка (по умолчанию 1)',
    days: 'для --risk: дней на каждом рынке (по умолчанию 7)',
    tooMany: (candles, symbols, days, warmUpDays, most) =>
      `рынок из ${countedRu(symbols, 'инструмента', 'инструментов', 'инструментов')} на ${countedRu(days, 'день', 'дня', 'дней')} и ещё ${warmUpDays} до них, пока прогреваются индикаторы, — это свечей: ${candles}; ` +
      `--risk делает не больше ${most}: назовите меньше инструментов или --days, сократите timeframes и периоды`,
    notWith: (flag) => `${flag} рядом с --risk ни к чему: там торгуются целые рынки`,
    progress: (done, seeds) => `рынков ${done} из ${seeds}`,
    capsTitle: 'Сколько можно потерять',
    planned: 'по плану',
    limits: 'самое большее',
    position: 'позиция, по стопу',
    gap: 'позиция, любой разрыв',
    day: 'сутки (UTC)',
    streak: 'десять позиций подряд',
    streakDays: '… дней не меньше',
    capsNotes: [
      'по стопу: взяты все ступени, с издержками; разрыв: вся маржа позиции',
      'сутки: daily_loss_limit останавливает входы, затем стопы всего портфеля',
      'план: лонг, цены для примера, ближайший стоп, какой допускает exits',
    ],
    title: (seeds, days, symbols, balance) =>
      `Придуманных рынков: ${seeds}, дней на каждом: ${days}; ${symbols}; баланс ${balance} USDT`,
    interrupted: (done, seeds) => `прервано: прошло рынков ${done} из ${seeds}`,
    worst: 'худшее',
    mean: 'среднее',
    rows: {
      trade: 'сделка',
      day: 'сутки',
      streak: 'десять подряд',
      drawdown: 'просадка',
    },
    tableNote: (first, last, done) =>
      `${done > last - first ? '' : `${done} из: `}рынки ${first}–${last}; 5 %: хуже была одна из двадцати`,
    honest: 'придуманные рынки ничего не обещают: чем отличаются, см. docs/market.md',
    histograms: { trade: 'Сделки, USDT', day: 'Сутки, USDT' },
  },
};
