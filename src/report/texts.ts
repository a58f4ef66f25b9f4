/** The words of reports and charts, in English and Russian (docs/glossary.md). A key that lacks in one does not compile. */
import type { AlertCode, CloseReason, GovernedBecause, GovernorName, Halting } from '../core/decision.ts';
import type { Mode } from '../core/governors/mode-by-results.ts';
import type { SideName } from '../core/numbers/units.ts';
import type { Profile, Regime } from '../core/policy.ts';
import type { PartialGuard, RefusalCode } from '../core/refusal.ts';

export interface ReportTexts {
  /** How numbers are written: between thousands, and before decimals. */
  readonly group: string;
  readonly point: string;
  readonly percent: string;
  readonly none: string;
  readonly result: string;
  readonly startBalance: string;
  readonly finalBalance: string;
  readonly net: string;
  readonly returned: string;
  readonly gross: string;
  readonly fees: string;
  readonly penaltiesWithin: string;
  readonly funding: string;
  readonly slippageWithin: string;
  readonly feeDragOfProfit: string;
  readonly feeDragOfLoss: string;
  readonly maxDrawdown: string;
  readonly trades: string;
  readonly additions: string;
  readonly partials: string;
  readonly refusals: string;
  readonly winRate: string;
  readonly profitFactor: string;
  readonly expectancy: string;
  readonly averageWin: string;
  readonly averageLoss: string;
  readonly exposure: string;
  readonly averageHold: string;
  readonly makerFills: string;
  readonly candles: string;
  readonly stillOpen: string;
  readonly noTrades: string;
  readonly noneClosed: string;
  /** Titles of narrow columns. */
  readonly columns: { readonly net: string; readonly gross: string; readonly drawdown: string };
  readonly pessimistic: string;
  readonly optimistic: string;
  /** What the two are not. */
  readonly noBound: string;
  readonly equity: string;
  readonly byRung: string;
  readonly byRegime: string;
  readonly byProfile: string;
  readonly byExit: string;
  readonly bySymbol: string;
  readonly byRefusal: string;
  readonly heldPartials: string;
  readonly rung: string;
  readonly entry: string;
  readonly count: string;
  readonly value: string;
  readonly pnlShare: string;
  readonly regime: string;
  readonly profile: string;
  readonly reason: string;
  readonly symbol: string;
  readonly wins: string;
  readonly what: string;
  readonly code: string;
  readonly price: string;
  readonly size: string;
  readonly filled: string;
  readonly planned: string;
  readonly duration: {
    readonly days: string;
    readonly hours: string;
    readonly minutes: string;
    readonly seconds: string;
  };
  readonly sides: Readonly<Record<SideName, string>>;
  /** Of the book's worst case. */
  readonly worst: {
    readonly case: string;
    readonly shocked: (atr: string) => string;
    readonly nearest: string;
    readonly side: string;
    readonly margin: string;
    readonly stopped: string;
    readonly toLiquidation: string;
    readonly together: string;
    /** What of an entry is not filled yet. */
    readonly rest: string;
  };
  readonly levels: Readonly<Record<LevelKind, string>>;
  readonly regimes: Readonly<Record<Regime | 'unknown', string>>;
  readonly profiles: Readonly<Record<Profile | 'unknown', string>>;
  readonly reasons: Readonly<Record<CloseReason | 'unknown', string>>;
  readonly refusalOf: Readonly<Record<'entry' | 'addition' | 'partial', string>>;
  readonly codes: Readonly<Record<RefusalCode | PartialGuard, string>>;
  readonly alerts: Readonly<Record<AlertCode, string>>;
  readonly byGovernor: string;
  readonly governor: string;
  readonly until: string;
  readonly untilResumed: string;
  readonly notBefore: string;
  /** What a re-tuning has changed, before its factors. */
  readonly retuned: string;
  readonly governors: Readonly<Record<GovernorName, string>>;
  /** What a governor has brought about that is no factor. */
  readonly governed: Readonly<Record<GovernedState, string>>;
  readonly because: Readonly<Record<GovernedBecause['code'], string>>;
  /** Why nothing is added; `pause` and `halt` are followed by whose. */
  readonly halting: Readonly<Record<Halting['code'], string>>;
  /** Who halts, where it has a name of its own. */
  readonly haltedBy: Readonly<Record<string, string>>;
}

export type GovernedState = 'trading' | 'paused' | 'halted' | Mode;

/** A price that a ladder chart marks. */
export type LevelKind = 'mark' | 'average' | 'break-even' | 'target' | 'stop' | 'liquidation' | 'exit';

type ReportLanguage = 'en' | 'ru';

const en: ReportTexts = {
  group: ',',
  point: '.',
  percent: '%',
  none: '–',
  result: 'Result, money in USDT',
  startBalance: 'start balance',
  finalBalance: 'final balance',
  net: 'net',
  returned: 'return',
  gross: 'gross',
  fees: 'fees',
  penaltiesWithin: 'of it penalties',
  funding: 'funding',
  slippageWithin: 'slippage (in gross)',
  feeDragOfProfit: 'fees of gross profit',
  feeDragOfLoss: 'fees of the loss',
  maxDrawdown: 'max drawdown',
  trades: 'trades',
  additions: 'additions',
  partials: 'partial closes',
  refusals: 'refusals',
  winRate: 'win rate',
  profitFactor: 'profit factor',
  expectancy: 'net per trade',
  averageWin: 'average win',
  averageLoss: 'average loss',
  exposure: 'time in position',
  averageHold: 'average hold',
  makerFills: 'maker fills',
  candles: 'candles',
  stillOpen: 'still open',
  noTrades: 'No trade was made.',
  noneClosed: 'No trade is closed yet.',
  columns: { net: 'net', gross: 'gross', drawdown: 'drawdown' },
  pessimistic: 'pessimistic',
  optimistic: 'optimistic',
  noBound: 'neither is a bound: how far they are apart is what candles do not tell',
  equity: 'Equity, USDT',
  byRung: 'By rung',
  byRegime: 'By regime at entry',
  byProfile: 'By profile at entry',
  byExit: 'By exit',
  bySymbol: 'By symbol',
  byRefusal: 'Refusals by the first gate that said no',
  heldPartials: 'Partials held back, by the first guard',
  rung: 'rung',
  entry: 'entry',
  count: 'count',
  value: 'value',
  pnlShare: 'of gross',
  regime: 'regime',
  profile: 'profile',
  reason: 'reason',
  symbol: 'symbol',
  wins: 'won',
  what: 'asked for',
  code: 'code',
  price: 'price',
  size: 'size',
  filled: 'filled',
  planned: 'planned',
  duration: { days: 'd', hours: 'h', minutes: 'min', seconds: 's' },
  worst: {
    case: 'worst case',
    shocked: (atr) => `shock of ${atr} ATR`,
    nearest: 'nearest liquidation',
    side: 'side',
    margin: 'margin',
    stopped: 'stopped',
    toLiquidation: 'to liquidation',
    together: 'together',
    rest: 'rest of its entry',
  },
  sides: { long: 'long', short: 'short' },
  levels: {
    mark: 'price now',
    average: 'average',
    'break-even': 'break-even',
    target: 'target',
    stop: 'stop',
    liquidation: 'liquidation',
    exit: 'exit',
  },
  regimes: { trending: 'trending', ranging: 'ranging', choppy: 'choppy', unknown: 'unknown' },
  profiles: { small: 'small', medium: 'medium', large: 'large', unknown: 'unknown' },
  reasons: {
    stop: 'stop',
    breakeven: 'breakeven stop',
    trailing: 'trailing stop',
    target: 'target',
    time: 'time limit',
    opposite: 'opposite signal',
    'liquidation-guard': 'liquidation guard',
    operator: 'by the operator',
    'end-of-data': 'end of data',
    'emergency-stop': 'emergency stop',
    'unknown-position': 'not opened by the bot',
    'stop-not-standing': 'no stop would stand',
    liquidation: 'liquidation',
    adl: 'auto-deleveraging',
    foreign: 'by hand at the exchange',
    unknown: 'unknown',
  },
  refusalOf: { entry: 'entry', addition: 'addition', partial: 'partial close' },
  alerts: {
    'order-rejected': 'an order was refused',
    'stop-lost': 'a protective stop was gone',
    'close-failed': 'a position could not be closed',
    'reasoning-lost': 'a decision has lost its reasoning',
    'foreign-fill': 'a trade that is not ours',
    'foreign-order': 'an order that is not ours',
    'position-differs': 'the position is another one at the exchange',
    'balance-differs': 'the balance is another one at the exchange',
    'account-unsettled': 'the account is another one at every reading: nothing is added',
    'account-settled': 'the account holds still again',
    'instrument-stopped': 'the exchange does not trade it: nothing is added',
    'instrument-changed': 'the exchange has changed it: nothing is added',
    'maintenance-planned': 'the exchange plans maintenance',
    'maintenance-running': 'the exchange is in maintenance',
    'maintenance-over': 'maintenance of the exchange is over, or was called off',
    'instrument-trades': 'the exchange trades it again',
    'leverage-differs': 'the leverage was changed',
    'leverage-limited': 'the exchange takes less leverage than its list says',
    'tier-changed': 'the exchange has changed the margin tiers',
    'fees-changed': 'the exchange has changed the fee rates',
    'size-beside-grid': 'a part of the position is no whole lot',
    'cross-position': 'somebody holds a position with cross margin',
    'access-refused': 'the exchange refuses this bot',
    'clock-differs': 'the time is another one at the exchange: nothing is added',
    halted: 'trading is halted',
  },
  codes: {
    halted: 'trading is halted',
    'state-unknown': 'the account is not known for certain',
    'price-stale': 'the price is old or has run away',
    'order-in-flight': 'an order is still on its way',
    'no-position': 'there is no position',
    'opposite-side': 'the signal points the other way',
    'additions-exhausted': 'no rung is left',
    'interval-too-short': 'too soon after the last one',
    'loss-too-deep': 'the loss is past its limit',
    'profit-too-small': 'the profit is too small to add to',
    'leverage-unknown': 'the leverage is not known',
    'rung-too-small': 'the rung is below the smallest size or value',
    'position-too-large': 'the position would be too large',
    'margin-not-free': 'the margin is not free',
    'position-margin-too-large': 'too much margin in one position',
    'positions-at-limit': 'as many positions as allowed',
    'liquidation-too-near': 'liquidation would be too near',
    'exposure-too-large': 'total exposure would be too large',
    'funding-near': 'funding is near or too dear',
    'edge-below-cost': 'the edge is below the cost',
    'trend-against': 'the trend is against it',
    'reentry-wait': 'waiting before the next entry',
    'entry-too-small': 'the entry is below the smallest size or value',
    'worst-case-too-large': "the book's worst case would be too large",
    'position-below-min-value': 'the position is too small to be cut',
    'partial-below-min-size': 'the part is below the smallest order',
    'partial-below-min-value': 'the part is below its smallest value',
    'remainder-below-min-size': 'what remains would be too small',
    'partial-unprofitable': 'the part would not pay',
    'decision-failed': 'deciding failed: an error of ours',
  },
  byGovernor: 'Governors, and what they changed',
  governor: 'governor',
  until: 'until',
  untilResumed: 'until a person resumes',
  notBefore: 'not again before',
  retuned: 'distances of the open position to those of its entry',
  governors: {
    'size-by-day': 'size by the day',
    'targets-by-volatility': 'targets by volatility',
    'additions-without-signal': 'additions without a signal',
    'mode-by-results': 'mode by results',
    pause: 'pause',
  },
  governed: {
    trading: 'trading',
    paused: 'paused',
    halted: 'halted',
    'trend-following': 'trend-following',
    'mean-reversion': 'mean-reversion',
    off: 'off',
  },
  because: {
    'day-pnl': "the day's PnL is",
    volatility: 'ATR% ÷ its mean is',
    turbulence: 'ATR% ÷ its mean is',
    'losses-in-a-row': 'losses in a row:',
    drawdown: "fall from the day's peak:",
    'mode-results': 'net result of a trade in',
  },
  halting: {
    pause: 'paused by',
    halt: 'halted by',
    'day-loss': 'the daily loss limit is reached',
    'instrument-stopped': 'the exchange does not trade it',
    'instrument-changed': 'the exchange has changed its tick, lot or contract: the bot is to be started anew',
    maintenance: 'maintenance of the exchange',
    leaving: 'the bot is being stopped',
    'mode-off': 'mode by results is off until a mode gains again',
    'losses-in-a-row': 'pause after losses in a row',
    turbulence: 'pause, the market is turbulent',
  },
  haltedBy: { operator: 'the operator', 'emergency-stop': 'the emergency stop' },
};

const ru: ReportTexts = {
  group: '\u202f',
  point: ',',
  percent: '%',
  none: '–',
  result: 'Итог, деньги в USDT',
  startBalance: 'начальный баланс',
  finalBalance: 'конечный баланс',
  net: 'чистый результат',
  returned: 'доходность',
  gross: 'до комиссий',
  fees: 'комиссии',
  penaltiesWithin: 'из них штрафы',
  funding: 'фандинг',
  slippageWithin: 'проскальзывание (учтено)',
  feeDragOfProfit: 'комиссии от прибыли',
  feeDragOfLoss: 'комиссии в убытке',
  maxDrawdown: 'наибольшая просадка',
  trades: 'сделки',
  additions: 'добавления',
  partials: 'частичные закрытия',
  refusals: 'отказы',
  winRate: 'доля прибыльных',
  profitFactor: 'профит-фактор',
  expectancy: 'в среднем за сделку',
  averageWin: 'средняя прибыль',
  averageLoss: 'средний убыток',
  exposure: 'время в позиции',
  averageHold: 'среднее удержание',
  makerFills: 'исполнено мейкером',
  candles: 'свечи',
  stillOpen: 'ещё открыты',
  noTrades: 'Сделок не было.',
  noneClosed: 'Закрытых сделок пока нет.',
  columns: { net: 'чистыми', gross: 'до комиссий', drawdown: 'просадка' },
  pessimistic: 'пессимистично',
  optimistic: 'оптимистично',
  noBound: 'это не пределы: разница между ними — то, чего не говорят свечи',
  equity: 'Капитал, USDT',
  byRung: 'По ступеням',
  byRegime: 'По режиму рынка при входе',
  byProfile: 'По профилю при входе',
  byExit: 'По причине выхода',
  bySymbol: 'По инструментам',
  byRefusal: 'Отказы по первой отказавшей проверке',
  heldPartials: 'Удержанные частичные, по первой защите',
  rung: 'ступень',
  entry: 'вход',
  count: 'число',
  value: 'стоимость',
  pnlShare: 'доля PnL',
  regime: 'режим',
  profile: 'профиль',
  reason: 'причина',
  symbol: 'инструмент',
  wins: 'в плюс',
  what: 'запрос',
  code: 'код',
  price: 'цена',
  size: 'размер',
  filled: 'исполнена',
  planned: 'в плане',
  duration: { days: 'д', hours: 'ч', minutes: 'мин', seconds: 'с' },
  worst: {
    case: 'худший случай',
    shocked: (atr) => `шок ${atr} ATR`,
    nearest: 'ближайшая ликвидация',
    side: 'сторона',
    margin: 'маржа',
    stopped: 'по стопу',
    toLiquidation: 'до ликвидации',
    together: 'вместе',
    rest: 'остаток входа',
  },
  sides: { long: 'лонг', short: 'шорт' },
  levels: {
    mark: 'цена сейчас',
    average: 'средняя',
    'break-even': 'безубыток',
    target: 'цель',
    stop: 'стоп',
    liquidation: 'ликвидация',
    exit: 'выход',
  },
  regimes: { trending: 'трендовый', ranging: 'боковой', choppy: 'рваный', unknown: 'неизвестен' },
  profiles: { small: 'малый', medium: 'средний', large: 'крупный', unknown: 'неизвестен' },
  reasons: {
    stop: 'стоп',
    breakeven: 'стоп в безубытке',
    trailing: 'трейлинг-стоп',
    target: 'цель',
    time: 'предел времени',
    opposite: 'встречный сигнал',
    'liquidation-guard': 'защита от ликвидации',
    operator: 'оператором',
    'end-of-data': 'конец данных',
    'emergency-stop': 'аварийная остановка',
    'unknown-position': 'позиция не бота',
    'stop-not-standing': 'стоп не удалось поставить',
    liquidation: 'ликвидация',
    adl: 'автосокращение (ADL)',
    foreign: 'вручную на бирже',
    unknown: 'неизвестна',
  },
  refusalOf: { entry: 'вход', addition: 'добавление', partial: 'частичное закрытие' },
  alerts: {
    'order-rejected': 'ордер отклонён',
    'stop-lost': 'защитный стоп пропал',
    'close-failed': 'позицию не удалось закрыть',
    'reasoning-lost': 'обоснование решения потеряно',
    'foreign-fill': 'сделка не наша',
    'foreign-order': 'ордер не наш',
    'position-differs': 'на бирже другая позиция',
    'balance-differs': 'на бирже другой баланс',
    'account-unsettled': 'счёт при каждом чтении другой: ничего не добавляется',
    'account-settled': 'счёт снова не меняется сам по себе',
    'instrument-stopped': 'биржа им не торгует: ничего не добавляется',
    'instrument-changed': 'биржа изменила инструмент: ничего не добавляется',
    'maintenance-planned': 'биржа планирует техработы',
    'maintenance-running': 'на бирже техработы',
    'maintenance-over': 'техработы на бирже закончились или отменены',
    'instrument-trades': 'биржа снова им торгует',
    'leverage-differs': 'плечо изменено',
    'leverage-limited': 'биржа берёт плечо ниже, чем сказано в её списке',
    'tier-changed': 'биржа изменила ступени маржи',
    'fees-changed': 'биржа изменила ставки комиссии',
    'size-beside-grid': 'часть позиции меньше лота',
    'cross-position': 'кто-то держит позицию с кросс-маржой',
    'access-refused': 'биржа отказывает этому боту',
    'clock-differs': 'на бирже другое время: ничего не добавляется',
    halted: 'торговля остановлена',
  },
  codes: {
    halted: 'торговля остановлена',
    'state-unknown': 'состояние счёта не подтверждено',
    'price-stale': 'цена устарела или убежала',
    'order-in-flight': 'ордер ещё в пути',
    'no-position': 'позиции нет',
    'opposite-side': 'сигнал в другую сторону',
    'additions-exhausted': 'ступени закончились',
    'interval-too-short': 'слишком рано после прошлой',
    'loss-too-deep': 'убыток глубже предела',
    'profit-too-small': 'прибыль мала для добавления',
    'leverage-unknown': 'плечо неизвестно',
    'rung-too-small': 'ступень меньше минимума по размеру или сумме',
    'position-too-large': 'позиция стала бы слишком большой',
    'margin-not-free': 'нет свободной маржи',
    'position-margin-too-large': 'слишком много маржи в одной позиции',
    'positions-at-limit': 'позиций уже сколько разрешено',
    'liquidation-too-near': 'ликвидация была бы слишком близко',
    'exposure-too-large': 'общий объём стал бы слишком большим',
    'funding-near': 'фандинг близко или слишком дорог',
    'edge-below-cost': 'ожидаемый ход не покрывает издержек',
    'trend-against': 'тренд направлен против',
    'reentry-wait': 'пауза перед новым входом',
    'entry-too-small': 'вход меньше минимума по размеру или сумме',
    'worst-case-too-large': 'худший случай всех позиций слишком велик',
    'position-below-min-value': 'позиция мала для частичного закрытия',
    'partial-below-min-size': 'часть меньше минимального ордера',
    'partial-below-min-value': 'часть дешевле минимума',
    'remainder-below-min-size': 'остаток был бы слишком мал',
    'partial-unprofitable': 'часть не окупается',
    'decision-failed': 'сбой при решении: наша ошибка',
  },
  byGovernor: 'Автономные решения и их изменения',
  governor: 'решение',
  until: 'до',
  untilResumed: 'пока человек не возобновит',
  notBefore: 'снова не раньше',
  retuned: 'расстояния открытой позиции к исходным',
  governors: {
    'size-by-day': 'размер по дню',
    'targets-by-volatility': 'цели по волатильности',
    'additions-without-signal': 'добавления без сигнала',
    'mode-by-results': 'режим по результатам',
    pause: 'пауза',
  },
  governed: {
    trading: 'торговля',
    paused: 'пауза',
    halted: 'остановка',
    'trend-following': 'по тренду',
    'mean-reversion': 'к среднему',
    off: 'выключено',
  },
  because: {
    'day-pnl': 'PnL дня',
    volatility: 'ATR% к среднему',
    turbulence: 'ATR% к среднему',
    'losses-in-a-row': 'убытков подряд:',
    drawdown: 'падение от пика дня:',
    'mode-results': 'чистый итог сделки, рынок',
  },
  halting: {
    pause: 'пауза:',
    halt: 'остановка:',
    'day-loss': 'дневной предел убытка достигнут',
    'instrument-stopped': 'биржа им не торгует',
    'instrument-changed': 'биржа изменила шаг цены, лот или контракт: бота надо запустить заново',
    maintenance: 'техработы на бирже',
    leaving: 'бот останавливается',
    'mode-off': 'режим по результатам выключен, пока один из режимов не станет прибыльным',
    'losses-in-a-row': 'пауза после убытков подряд',
    turbulence: 'пауза, рынок беспокойный',
  },
  haltedBy: { operator: 'оператор', 'emergency-stop': 'аварийная остановка' },
};

export const REPORT_TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en, ru };
