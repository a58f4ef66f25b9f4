/** Всё, что говорит командная строка, по-русски. */

import { alertsRu } from './alerts-ru.ts';
import { botsRu } from './bots-ru.ts';
import { countedRu } from './counted.ts';
import type { Texts } from './en.ts';
import { exchangeRu } from './exchange-ru.ts';
import { journalRu } from './journal-ru.ts';
import { operateRu } from './operate-ru.ts';
import { plansRu } from './plans-ru.ts';
import { runsRu } from './runs-ru.ts';

export const ru: Texts = {
  ...runsRu,
  ...plansRu,
  ...exchangeRu,
  ...operateRu,
  alerts: alertsRu,
  bots: botsRu,
  journal: journalRu,
  description: 'Торгует бессрочными свопами USDT лестницей, худший случай которой рассчитан до первого ордера.',

  help: {
    titles: {
      'Usage:': 'Вызов:',
      'Arguments:': 'Аргументы:',
      'Options:': 'Ключи:',
      'Global Options:': 'Общие ключи:',
      'Commands:': 'Команды:',
    },
    options: '[КЛЮЧИ]',
    command: 'КОМАНДА',
    help: 'показать эту справку',
    helpCommand: 'справка по команде',
    version: 'показать версию',
    language: 'язык текстов: en, ru (по умолчанию системный)',
    noColor: 'без цвета (как и NO_COLOR)',
    exitCodes:
      'Коды завершения: 0 готово, 1 ответ «нет» или в строках ошибки,\n' +
      '2 вызов или конфигурация, 3 биржа, 4 уже запущен, 130 прервано.\n' +
      'Файлы лежат в ./state или там, куда указывает RUNGWISE_HOME.',
  },

  options: {
    config: 'конфигурация (по умолчанию rungwise.yaml)',
    configOrDefaults: 'конфигурация (по умолчанию rungwise.yaml, а без него значения по умолчанию)',
    preset: 'conservative, aggressive или adaptive',
    instruments: 'инструмент, которого нет в таблице, в JSON; можно повторять',
    json: 'один объект JSON вместо текста',
    jsonLines: 'по объекту JSON в строке о том, что происходит, последний — итог',
  },

  misuse: {
    unknownOption: (flag) => `ключа «${flag}» нет`,
    unknownCommand: (word) => `команды «${word}» нет`,
    missingArgument: (name) => `не хватает ${name}`,
    missingValue: (flag) => `ключу «${flag}» нужно значение`,
    missingOption: (flag) => `не хватает ключа «${flag}»`,
    tooManyWords: (command, example) =>
      `слов больше, чем понимает команда${example === undefined ? '' : `: пишите ${command} ${example}`}`,
    near: (names) => `может быть, ${names}?`,
    help: 'команды перечислит «rungwise --help», ключи команды — «--help» после неё',
  },

  usage: {
    noTime: (flag, value) => `${flag}: «${value}» — не время; пишите так: 2026-01-31 или 2026-01-31T12:00Z`,
    notOneOf: (flag, value, known, near) =>
      `${flag}: «${value}» не подходит; ${near === undefined ? `возможно: ${known.join(', ')}` : `может быть, ${near}?`}`,
    noneNamed: (flag, example) => `${flag}: ничего не названо; напишите, например, ${example} или уберите этот ключ`,
    notPositive: (flag, value) => `${flag}: «${value}» — не число больше 0; пишите одними цифрами: 1000 или 0.5`,
    notAmount: (flag, value) =>
      `${flag}: «${value}» не подходит: нужна сумма в USDT больше 0, до 1000000000, не более 8 знаков после точки; пишите 50 или 50.25`,
    notFees: (flag, value) =>
      `${flag}: «${value}» не понято; комиссии пишутся в % как МЕЙКЕР/ТЕЙКЕР, каждая от -1 до 10, например 0.02/0.05`,
    notPercent: (flag, value) => `${flag}: «${value}» — не число процентов; пишите 0.01`,
    notNegative: (flag, value) => `${flag}: «${value}» — не число от 0; пишите 1 или 0.5`,
    notWhole: (flag, value) => `${flag}: «${value}» — не целое число от 0; пишите 1`,
    notDuration: (flag, value) => `${flag}: «${value}» — не время; пишите 20s, 5m или 1h`,
    notInRange: (flag, value, least, most) => `${flag}: «${value}» — не целое число от ${least} до ${most}`,
    unknownSymbol: (value, known, near) =>
      `инструмента «${value}» в таблице нет${near === undefined ? '' : `; может быть, ${near}?`}` +
      `${near === undefined ? '. ' : ' '}Известны: ${known.join(', ')}. Другой: --instrument FILE`,
    onlySymbols: (value, known, near) =>
      `инструмента «${value}» в таблице нет${near === undefined ? '.' : `; может быть, ${near}?`} ` +
      `Эта команда знает ${known.join(', ')}. Другие берут «check», «plan» и «backtest» через --instrument FILE`,
    notInstrument: (file, why) => `${file} не описывает инструмент (что писать, сказано в руководстве): ${why}`,
    otherSymbol: (symbol, inFile) => `--instrument описывает ${inFile}, а не ${symbol}`,
    describedTwice: (symbol) => `--instrument описывает ${symbol} дважды: оставьте один из файлов`,
    planNeedsSymbol: 'не хватает SYMBOL: назовите инструмент, например BTC-USDT-SWAP; весь портфель планирует --book',
    onlyWith: (flag, mode) => `${flag} без ${mode} ничего не меняет: добавьте ${mode} или не указывайте ${flag}`,
    notBeside: (flag, other) => `${flag} рядом с ${other} ничего не меняет: оставьте что-то одно`,
    planNeedsBook: 'инструмент только один; несколько вместе планирует --book',
    offGrid: (price, tick) => `--price: ${price} не кратно шагу цены ${tick}`,
    priceTooLarge: (price, tick) =>
      `--price: в ${price} больше шагов по ${tick}, чем можно сосчитать; пишите цену в USDT`,
  },

  file: (code) =>
    ({
      ENOENT: 'нет такого файла или папки',
      NOFOLDER: 'его папки нет: создайте её или назовите другое место',
      EISDIR: 'это папка, а не файл',
      ENOTDIR: 'часть пути — файл, а не папка',
      EACCES: 'нет прав доступа: смените права файла или папки либо назовите другое место',
      EPERM: 'нет прав доступа: смените права файла или папки либо назовите другое место',
      EROFS: 'на этот диск нельзя писать',
      ENOSPC: 'на диске нет места',
      DASH: '«-» здесь не означает стандартный вывод: назовите файл',
      UNPLAIN: 'это не обычный файл (устройство или канал); назовите другой',
    })[code] ?? `файлом нельзя воспользоваться (${code})`,

  unwritten: (why) => `результат не удалось записать целиком в стандартный вывод: ${why}`,

  configuration: {
    absent: (file) => `здесь нет ${file}: создайте его командой «rungwise init» или укажите файл`,
    defaults: (file) => `здесь нет ${file}: действуют значения по умолчанию (файл создаст «rungwise init»)`,
    warnings: (file, count, argument) =>
      `${file}: предупреждений: ${count}; ${count === 1 ? 'его' : 'их'} покажет «rungwise check${argument}»`,
  },

  decide: {
    folder: 'на стандартном входе папка, а не случаи; подайте файл: rungwise decide < cases.ndjson',
    summary: 'судить о случаях: NDJSON на входе, вердикт в строке на выходе',
    waiting:
      'жду случаи из терминала, по объекту JSON в строке; конец — Ctrl-D (обычно так: rungwise decide < cases.ndjson)',
  },

  init: {
    summary: 'создать rungwise.yaml с пояснениями',
    file: 'какой файл создать (по умолчанию rungwise.yaml)',
    yes: 'не спрашивать: чего нет в ключах, то по умолчанию',
    symbols: 'имена OKX через запятую',
    balance: 'баланс для планов, бэктеста, демо и paper, USDT',
    partialMin: 'наименьший частичный тейк-профит в USDT или by_balance (3, 5, 10)',
    governors: 'какие автономные решения включены, через запятую; или none',
    force: 'перезаписать существующие файлы',
    exists: (file) => `${file} уже есть и остаётся как есть; перезапишет «--force»`,
    noTerminal: 'спросить негде, терминала нет: добавьте «--yes» и ключи для того, что не по умолчанию',
    title: 'Конфигурация Rungwise',
    askSymbols: 'Какими свопами торговать? (пробел выбирает, ввод — дальше)',
    askSymbolsNone: 'Хотя бы одним.',
    askBalance: 'Баланс для планов, бэктеста, демо и paper, USDT?',
    askPreset: 'Добавления: сколько, как часто, до какого убытка?',
    presets: {
      conservative: '5 добавлений, 60 с, −2 %',
      aggressive: '7 добавлений, 30 с, −3 %',
      adaptive: 'по балансу и рынку: от 3 до 7 добавлений, от 60 до 30 с, от −1 до −3 %',
    },
    askPartial: 'Наименьший частичный тейк-профит?',
    partials: {
      by_balance: 'по балансу: малый 3 USDT, средний 5, крупный 10',
      '5': '5 USDT',
      '10': '10 USDT',
      other: 'другая сумма',
    },
    askPartialAmount: 'Сколько USDT?',
    askGovernors: 'Что бот может решать сам? (пробел выбирает, ввод — дальше)',
    governorNames: {
      size_by_day: 'размер по PnL за день',
      targets_by_volatility: 'цели и стопы по волатильности',
      additions_without_signal: 'добавления без нового сигнала (риск высокий)',
      mode_by_results: 'режим торговли по результатам (риск очень высокий)',
      pause: 'пауза после серии убытков',
    },
    number: 'сумма больше 0, например 1000: до 1000000000, не более 8 знаков после точки',
    strangeSchema: (file) =>
      `${file} уже есть, он не от Rungwise и остаётся как есть; создайте конфигурацию в другой папке или перезапишите обе через «--force»`,
    wrote: (file) => `записан ${file}`,
    next: (file) => `теперь: rungwise check${file === 'rungwise.yaml' ? '' : ` ${file}`}`,
    stopped: 'ничего не записано',
  },

  check: {
    summary: 'проверить конфигурацию: каждое значение с источником и лестница, к которой это ведёт',
    settings: 'Что действует',
    unmarked: 'где источник не назван, значение по умолчанию',
    origin: {
      default: 'по умолчанию',
      preset: (name) => `набор ${name}`,
      file: 'файл',
      line: (line) => `строка ${line}`,
      commandLine: 'командная строка',
    },
    rules: 'Добавления по балансу и рынку',
    rulesOf: (symbol) => `Добавления ${symbol}`,
    profileBelow: (name, below) => `${name}, ниже ${below} USDT`,
    profileFrom: (name, from) => `${name}, от ${from} USDT`,
    profileCaps: (value, positions) => `позиция до ${value} USDT, открытых позиций до ${positions}`,
    columns: {
      regime: 'рынок',
      additions: 'доб.',
      interval: 'через',
      loss: 'до',
      profit: 'от',
      value: 'USDT до',
      margin: 'маржа',
      rungs: 'ступени, % базы',
      sum: 'сумма',
    },
    basis: {
      margin: '«до»: ниже этого PnL не добавлять, % маржи; «маржа»: не больше, % баланса',
      price: '«до»: ниже этого PnL не добавлять, % цены; «маржа»: не больше, % баланса',
    },
    ladders: (balance, profile) => `Лестница при ${balance} USDT (${profile}), цены для примера, пройдена целиком`,
    ladderColumns: {
      symbol: 'инструмент',
      regime: 'рынок',
      entry: 'вход',
      rungs: 'ступени, USDT',
      whole: 'всего',
      margin: 'маржа',
      loss: 'по стопу',
    },
    laddersNote: (stop) => `USDT, лонг, стоп в ${stop} %. Все ступени покажет «rungwise plan ИНСТРУМЕНТ».`,
    refusedRung: (symbol, regime, rung, price, code, why) =>
      `${symbol}, ${regime}: ${rung} не пройдёт никогда при цене ${price} USDT (для примера): ${why} (${code})`,
    entryNoun: 'вход',
    rungNoun: (from, to) => (from === to ? `ступень ${from}` : `ни одна из ступеней ${from}–${to}`),
    warnings: (count) => `предупреждений: ${count}`,
    fine: (file) => `${file} в порядке`,
    fineWith: (file, warnings) => `с ${file} можно торговать; ${warnings}, см. выше`,
    line: (line) => `строка ${line}`,
    unknownSymbol: 'нет в таблице инструментов',
    unknownSymbolHint: (near) =>
      near === undefined ? 'Опишите его в --instrument FILE или уберите' : `Может быть, ${near}?`,
  },

  plan: {
    summary: 'лестница позиции до первого ордера и её худший случай',
    symbol: 'своп по имени OKX, например BTC-USDT-SWAP',
    price: 'цена входа (по умолчанию последняя сохранённая свеча или пример)',
    balance: 'USDT (по умолчанию из конфигурации)',
    side: 'long или short (по умолчанию long)',
    regime: 'trending, ranging или choppy (по умолчанию по сохранённым свечам, иначе ranging)',
    stop: 'расстояние стопа от средней, % цены (по умолчанию по ATR сохранённых свечей, иначе ближайшее, какое допускает exits)',
    title: (symbol, side, regime) => `${symbol}, ${side}, рынок: ${regime}`,
    account: (balance, profile, leverage) => `баланс ${balance} USDT (${profile}), плечо ${leverage}x`,
    examplePrice: (price) => `${price} — цена для примера; свою задайте через --price`,
    storedPrice: (price, at, origin) => `${price} — последнее сохранённое закрытие (${at} UTC, источник: ${origin})`,
    againstTrend: {
      choppy: (symbol, side) =>
        `${symbol}, ${side}: тренд направлен против, это считается рваным рынком (limits.trend_against); другой задаёт --regime`,
      refuse: (symbol, side) =>
        `${symbol}, ${side}: тренд направлен против, сейчас бот откажет (limits.trend_against: refuse); план как для рваного рынка`,
    },
    base: (base, cap) => `база ${base} USDT, её задаёт ${cap}`,
    stopAt: (percent, ticksOfPrice) => `стоп в ${percent} % (${ticksOfPrice}) от средней`,
    stopByAtr: (atr) => `по ATR сохранённых свечей, ${atr}`,
    stopRaised: (asked) => `ближе exits не допускает, поэтому не ${asked} % из --stop`,
    stopNowhere: (asked) =>
      `--stop: на ${asked} % ниже средней у long цены уже нет; пишите меньше 100 или --side short`,
    stopAboveAtr: (atr) => `ближе exits не допускает; по ATR сохранённых свечей, ${atr}, он стоял бы ближе`,
    stopFloor: 'ближе exits не допускает; ATR здесь неизвестен, другое расстояние — через --stop',
    columns: {
      rung: 'ступень',
      trigger: 'цена',
      move: 'ход',
      withoutSignal: 'без сигнала',
      contracts: 'контракты',
      value: 'номинал',
      total: 'всего',
      margin: 'маржа',
      average: 'средняя',
      breakEven: 'безубыток',
      liquidation: 'ликвид.',
      stop: 'стоп',
      loss: 'убыток',
    },
    entry: 'вход',
    never: 'нет',
    triggerLoss: (limit, basis) =>
      `цена: самая глубокая, при которой ступень ещё можно добавить, PnL ${limit} % ${basis === 'margin' ? 'маржи' : 'цены'}`,
    triggerProfit: (least, basis) =>
      `цена: первая, при которой ступень можно добавить, PnL ${least} % ${basis === 'margin' ? 'маржи' : 'цены'}`,
    triggerStop: 'цена с *: стоп стоит ближе предела убытка, это один тик до него',
    withoutSignal:
      'без сигнала: цена, при которой ступень пришла бы сама, от позиции строкой выше (governors.additions_without_signal)',
    withoutSignalUnknown: 'без сигнала: без ATR неизвестно; сначала загрузите свечи',
    lossNote: 'убыток: если там сработает стоп, вместе с комиссиями, спредом и проскальзыванием',
    refused: (rung, code, why) => `${rung}: отказ, ${why} (${code})`,
    smallestEntry: (contracts, value, because, base) =>
      `минимальный вход — ${contracts} контр., ${value} USDT${because === undefined ? '' : ` (${because})`}; при этом балансе база ${base}`,
    wished: (contracts, value) => `вход был бы ${contracts} контр., ${value} USDT`,
    unreached: (from, to) =>
      from === to ? `до ступени ${from} дело не дойдёт` : `до ступеней ${from}–${to} дело не дойдёт`,
    worst: (loss, percent) => `худший случай этой лестницы: −${loss} USDT, ${percent} % баланса`,
    book: (positions, loss, percent, allowed) =>
      `портфеля, где таких лестниц ${positions}: −${loss} USDT, ${percent} % баланса (предел ${allowed} %)`,
    bookReckoned: 'портфель: как считает проверка, каждая лестница в худшем для неё режиме',
    bookTooLarge: (fits) =>
      fits === 0
        ? 'в предел не входит ни одна: вход получит отказ (worst-case-too-large)'
        : `в предел входит только ${fits}: дальше вход получит отказ (worst-case-too-large)`,
    caps: {
      margin: 'маржа одной позиции',
      value: 'наибольшая позиция',
      free: 'свободная маржа',
      exposure: 'предел всех позиций вместе',
      loss: 'допустимый убыток по стопу',
      tier: 'ступень маржи биржи при этом плече',
      fixed: 'base_size',
    },
  },

  data: {
    stopped: 'прервано: ничего не сохранено',
    summary: 'свечи: взять из файла или скачать, перечислить, проверить',
    importSummary: 'загрузить минутные свечи из CSV, в том числе сжатого gzip',
    importFile: 'файл CSV',
    symbol: 'чьи это свечи (имя OKX)',
    instrument: 'инструмент в JSON, если его нет в таблице',
    volume: 'что считает столбец объёма, если его имя молчит: coins (монеты, по умолчанию) или contracts (контракты)',
    mend: 'сохранить годное из файла с ошибками: негодные строки отбросить, порядок исправить',
    listSummary: 'что сохранено',
    verifySummary: 'проверить сохранённые файлы: длина, контрольная сумма, порядок, каждая свеча',
    verifySymbols: 'только эти инструменты (по умолчанию все)',
    faulty: 'ничего не сохранено: исправьте файл или сохраните годное через «--mend»',
    stored: (file, candles) => `сохранено: ${countedRu(candles, 'свеча', 'свечи', 'свечей')}, файл ${file}`,
    merged: (added, replaced) => `вместе с прежними: новых ${added}, заменено ${replaced}`,
    gridChange: (what, was, is) => `${what} ${was}, теперь ${is}`,
    gridMoved: (symbol, changes, prices, volumes, of) =>
      `свечи ${symbol} сохранены на другой сетке (${changes}) и приведены к нынешней: округлены цены — ${prices}, объём — ${volumes} из ${countedRu(of, 'свечи', 'свечей', 'свечей')}`,
    inUse: (symbol) =>
      `свечи ${symbol} сейчас сохраняет другой процесс: повторите, когда он кончит, или задайте RUNGWISE_HOME`,
    none: (folder) => `в ${folder} свечей нет; загрузите: rungwise data import ФАЙЛ --symbol ИНСТРУМЕНТ`,
    columns: {
      symbol: 'инструмент',
      candles: 'свечей',
      from: 'с (UTC)',
      to: 'по (UTC)',
      missing: 'пропуски',
      size: 'размер',
    },
    allFrom: (origin) => `источник: ${origin}`,
    stretch: (symbol, from, to, origin) => `${symbol}  ${from} … ${to} UTC: ${origin}`,
    moreStretches: (symbol, more) => `${symbol}  … и ещё ${more}: все в «data list --json»`,
    notStored: (symbol, stored, near) =>
      `сохранённых свечей ${symbol} нет` +
      (near === undefined ? '' : `; может быть, ${near}?`) +
      (stored.length === 0
        ? ': загрузите их через «rungwise data import»'
        : `${near === undefined ? '. ' : ' '}Есть: ${stored.join(', ')}`),
    sound: (symbol, candles) => `${symbol}: в порядке, ${countedRu(candles, 'свеча', 'свечи', 'свечей')}`,
    damaged: 'повреждён',
    megabytes: (count) => `${count} МБ`,
    kilobytes: (count) => `${count} кБ`,
  },
};
