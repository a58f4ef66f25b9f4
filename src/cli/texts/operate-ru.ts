/** Что говорят команды работающему боту и его журналу, по-русски. */
import { countedRu } from './counted.ts';
import type { OperateTexts } from './operate-en.ts';

export const operateRu: OperateTexts = {
  operate: {
    statusSummary: 'состояние работающего бота: капитал, позиции, ордера, отказы',
    pauseSummary: 'работающий бот ничего не добавляет до «resume»; выходы работают',
    resumeSummary: 'снять паузу или остановку и принять необъяснённое',
    flattenSummary: 'закрыть позицию или все: тогда бот стоит до «resume»',
    flattenSymbol: 'только этот инструмент',
    baseSummary: 'дать принятой ботом позиции базу её лестницы: тогда пойдут ступени',
    baseSymbol: 'чья позиция',
    baseUsdt: 'сколько из неё было входом, по средней цене; без суммы — всё, что открыто',
    explainSummary: 'показать ордер, отказ или изменения governors со всеми числами, на которых они стоят',
    explainOrder: 'наш номер ордера (client id)',
    lastRefusal: 'почему инструменту в последний раз отказали во входе или добавлении',
    governedChanges: 'что изменили governors, все или по инструменту: было → стало, почему, до каких пор',
    reportSummary: 'что бот сделал со счётом: итог, комиссии, по ступеням, режимам и отказам, из его журнала',
    reportFrom: 'с какого времени, например 2026-01-31 или 2026-01-31T12:00Z (по умолчанию с первой строки)',
    reportTo: 'по какое время (по умолчанию до последней строки)',
    emptySpan: (from, to) => `--from ${from} не раньше --to ${to}`,
    nothingThen: (path, before, after) =>
      `в ${path} за это время ничего нет` +
      (before === undefined ? '' : `; последняя строка до него — ${before} UTC`) +
      (after === undefined ? '' : `; первая строка после него — ${after} UTC`),
    starts: (count) => countedRu(count, 'запуск', 'запуска', 'запусков'),
    replaySummary: 'решить события журнала заново и показать первую строку, где вышло иначе',
    replayJournal: 'журнал, например state/demo/journal.db',
    replayConfig: 'с этой конфигурацией вместо записанной',
    backupSummary: 'снять копию журнала бота, в том числе пока он торгует, и прочесть её целиком',
    backupFolder: 'новая папка для копии (по умолчанию рядом с журналом, с именем по времени)',
    recoverSummary: 'починить повреждённый журнал: сохранить всё до повреждения',
    account: 'чей бот: папка в state (по умолчанию demo)',
    journal: 'сам журнал, где бы он ни лежал',
    notRunning: (path, running) =>
      running.length === 0
        ? `на ${path} бот не работает: запустите его или укажите другой через --account или --journal`
        : `на ${path} бот не работает, зато работает здесь: ${running.map((account) => `--account ${account}`).join(', ')}`,
    busy: (path, by) =>
      `${path} держит процесс, который не принимает команд${by}: бот запускается или завершается, либо идёт recover. Повторите чуть позже; если так и остаётся, control.sock бота удалён: завершите этот процесс обычным kill и запустите бота снова`,
    noAnswer: {
      silent: (path) =>
        `бот, который пишет ${path}, не ответил: услышал ли он, неизвестно. Спросите «rungwise status» ещё раз и проверьте его машину и диск`,
      untold: (path) =>
        `бот, который пишет ${path}, не отвечает, и команда ему не передана: проверьте его машину и диск и повторите её`,
      strange: (path) => `то, что слушает рядом с ${path}, отвечает не как бот: завершите его и запустите бота снова`,
    },
    olderBot: (account, pid) =>
      `${account} (pid ${pid}) работает на более старой версии, и сказанного ею для этого текста мало: «rungwise status --json» показывает всё; завершите его и запустите с этой`,
    notTraded: (symbol, traded) => `${symbol} здесь не торгуется: ${traded}`,
    nothingOpen: (symbol) => `по ${symbol} ничего не открыто: что открыто, показывает «rungwise status»`,
    hasBase: (symbol, base) => `у ${symbol} база ${base} USDT, она не меняется до закрытия позиции`,
    belowALot: (symbol, lot) => `это меньше лота ${symbol}: не меньше ${lot} USDT`,
    abovePosition: (symbol, held) =>
      `база — то, что в позиции было входом, а по ${symbol} открыто ${held} USDT: не больше этого`,
    noBase: (symbol) => `принята, ступеней не будет: базу её лестнице даёт «rungwise base ${symbol}»`,
    unconfirmedStop: 'нет стопа, который подтвердила биржа',
    partlyStopped: (stopped, held) => `контрактов под подтверждённым стопом: ${stopped} из ${held}`,
    closing: (reason) => `закрывается (${reason})`,
    closeRefused: 'биржа отказывает, попытки идут',
    notCarriedOut: 'бот остановился: команда не выполнена',
    doorClosed: (why) => `«rungwise status» и подобные до этого бота не достучатся: ${why}`,
    told: {
      pause: 'пауза: ничего не добавляется до «rungwise resume»; выходы работают',
      resume: 'работаем дальше',
      flatten: (symbol) =>
        symbol === undefined ? 'закрывается всё; ничего не добавляется до «rungwise resume»' : `${symbol} закрывается`,
      flattenNothing: (symbol) =>
        symbol === undefined
          ? 'ничего не открыто; ничего не добавляется до «rungwise resume»'
          : `по ${symbol} ничего не открыто; вход, который в пути, отзывается`,
      base: (symbol, base) => `у ${symbol} база ${base} USDT: ступени идут по лестнице, через все проверки`,
      baseWaits: '; необъяснённое там сначала ждёт «rungwise resume»',
    },
    state: {
      trading: 'торгует',
      since: (halted, at) => `${halted}; с ${at}`,
      disconnected: 'нет связи: ничего не добавляется',
      notReady: 'счёт не прочитан: ничего не добавляется',
      unsettled: 'счёт при каждом чтении другой: ничего не добавляется',
      maintenance: 'на бирже техработы: ничего не добавляется',
      dayLost: 'дневной предел убытка достигнут: до следующих суток (UTC) ничего не добавляется',
    },
    unexplained: (symbol, why) => `${symbol}: ${why}; там ничего не добавляется до «rungwise resume»`,
    worst: 'всё исполнено, затем стопы или шок (USDT)',
    orders: 'ордера',
    refusals: 'последние отказы',
    units: {
      percent: '%',
      share: '%',
      ms: 'мс',
      usdt: 'USDT',
      'usdt-of-price': 'USDT цены',
      lots: 'лоты',
      contracts: 'контракты',
      orders: 'ордера',
      rungs: 'ступени',
      positions: 'позиции',
      fact: '',
    },
    isSo: 'да',
    columns: {
      unit: 'в чём',
      price: 'цена',
      order: 'ордер',
      role: 'зачем',
      side: 'сторона',
      filled: 'исполнено',
      state: 'состояние',
      gate: 'проверка',
      value: 'значение',
      meaning: 'почему нет',
    },
    roles: { entry: 'вход', rung: 'ступень', stop: 'стоп', target: 'цель', partial: 'часть', close: 'выход' },
    buySell: { buy: 'покупка', sell: 'продажа' },
    states: { sent: 'послан', live: 'стоит', unknown: 'неизвестно', ending: 'снимается' },
    explainWhat: 'назовите ордер или спросите --last-refusal SYMBOL либо --governed',
    noOrder: (clientId) => `ордера «${clientId}» в журнале нет; живые перечисляет «rungwise status»`,
    noRefusal: (symbol) => `в этом журнале нет отказов по ${symbol}`,
    notInJournal: (symbol, traded) => `бот этого журнала не торгует ${symbol}; он торгует: ${traded}`,
    noChange: (symbol) => `governors в этом журнале ничего не изменили${symbol === undefined ? '' : ` по ${symbol}`}`,
    decided: (row, at, event) => `строка ${row}, ${at}, на ${event}:`,
    archived: 'событие, которое уже в архиве',
    outcome: 'Что из этого вышло:',
    rows: (count) => countedRu(count, 'строка', 'строки', 'строк'),
    backupExists: (folder) =>
      `${folder} уже есть, а копии нужна своя папка: назовите другую или никакой, тогда имя будет по времени`,
    backedUp: (path, rows, copy, archives) =>
      `${countedRu(rows, 'строка', 'строки', 'строк')} из ${path}: копия снята и прочитана целиком, ${copy}${archives === 0 ? '' : `; рядом ${countedRu(archives, 'архив', 'архива', 'архивов')} старых строк`}`,
    backedUpDamaged: (row) =>
      `строка ${row} повреждена в самом журнале, а значит, и в копии: бот может продолжить с обоих; explain и replay на ней остановятся, то, что за ней, есть только в более старой копии`,
    sound: (path) => `${path} открывается как есть, бот может продолжать: чинить нечего`,
    damagedStates: (rows) =>
      (rows.length === 1
        ? `состояние, записанное в журнале после строки ${rows[0]}, повреждено и пропущено: оно заново собирается из более старых строк. `
        : `состояния, записанные в журнале после строк ${rows.join(', ')}, повреждены и пропущены: они заново собираются из более старых строк. `) +
      'Диск, потерявший байты, может потерять и другие: снимите копию («rungwise backup») и проверьте диск',
    soundAfter: (path, row) =>
      `${path} открывается, бот может продолжать с последнего снимка: журнал оставлен как есть.` +
      ` ${row === undefined ? 'Записанное до снимка повреждено' : `Строка ${row} до снимка повреждена`}: explain и replay остановятся там, поможет только копия журнала`,
    recovered: (last, acknowledged, damaged) =>
      `сохранено до строки ${last}${acknowledged === undefined ? '' : ` из ${acknowledged}`}; повреждённые файлы: ${damaged}`,
    givenUp: (first, last) =>
      `строки с ${first} по ${last} не сохранены: часть их повреждена. Бот продолжит со снимка на строке ${last}; explain и replay ни одной из них не прочтут, поможет только копия журнала`,
    noStart: (path) => `в ${path} не записано, с чем он начат, заново его не продумать`,
    same: (rows) => `то же самое: ${countedRu(rows, 'строка', 'строки', 'строк')}, каждое решение как записано`,
    differs: (row, at, event) => `строка ${row}, ${at}, решается иначе, на ${event}:`,
    field: 'поле',
    was: 'записано',
    is: 'теперь',
    releases: (written, now, configuration) =>
      written === undefined
        ? `Записано более старой версией, которая себя не называла, продумано версией ${now}: между ними правила исправлялись, «теперь» может быть таким правилом.`
        : written !== now
          ? `Записано версией ${written}, продумано версией ${now}: если правило между ними исправлено, «теперь» — исправленное.`
          : configuration !== undefined
            ? `Записано и продумано версией ${now}: отличается конфигурация, ${configuration}.`
            : `Записано и продумано версией ${now}: тот же код с той же конфигурацией обязан решать так же. Это дефект: сообщите о нём, приложив журнал.`,
    nothing: 'ничего',
    never: 'не было',
    because: {
      'it still stands': 'он ещё стоит',
      'it stands as it was': 'он стоит как был',
      'it would not be amended': 'изменить его нельзя',
      'less is left of the position': 'от позиции осталось меньше',
      'no rung is wanted there any more': 'ступень там больше не нужна',
      'nothing is left for it': 'для него ничего не осталось',
      'the journal does not know it': 'журнал его не знает',
      'the exchange does not trade it as it did': 'биржа уже не торгует им как раньше',
      'the exchange is in maintenance': 'на бирже техработы',
      'the bot is being stopped': 'бот останавливается',
      'the maker window is over': 'время мейкера вышло',
      'the position changed': 'позиция изменилась',
      'the position is flat': 'позиции нет',
      'the position is gone': 'позиция исчезла',
      'the published price moved': 'объявленная цена сдвинулась',
      'the touch moved': 'лучшая цена сдвинулась',
      'the wish changed meanwhile': 'желание тем временем изменилось',
      'trading went off by its results': 'торговля выключена по результатам',
    },
    silent: (ms) => `нет ответа ${ms} мс`,
  },
};
