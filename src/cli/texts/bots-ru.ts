/** То, что говорит бот на бирже, по-русски. */
import type { Untradable } from '../../okx/untradable.ts';
import { countedRu } from './counted.ts';
import type { BotsTexts } from './bots-en.ts';

const GRID = { tick: 'шаг цены', lot: 'лот', contract: 'контракт' } as const;

function untradable(why: Untradable): string {
  switch (why.code) {
    case 'not-listed':
      return 'на бирже его нет';
    case 'no-swap':
      return 'это не бессрочный своп';
    case 'other-margin':
      return 'маржа не в USDT';
    case 'not-live':
      return why.state === undefined ? 'состояние неизвестно, а не «live»' : `состояние «${why.state}», а не «live»`;
    case 'unreadable':
      return why.reason;
  }
}

export const botsRu: BotsTexts = {
  paperSummary: 'бот на бумажной бирже: настоящие сокеты, настоящий журнал, никаких денег',
  liveSummary: 'бот на OKX: демо-торговля (по умолчанию) или настоящие деньги с --real',
  doctorSummary: 'проверить ключ, часы, режимы, права и инструменты и сказать, что делать',
  config: 'конфигурация (по умолчанию: rungwise.yaml)',
  exchange: 'уже запущенная бумажная биржа, например http://127.0.0.1:8780 (по умолчанию: собственная)',
  running: 'спросить уже запущенную бумажную биржу, например http://127.0.0.1:8780, вместо OKX',
  seed: 'рынок собственной биржи: то же число — тот же рынок (по умолчанию: 27)',
  for: 'как долго, например 20s или 5m (по умолчанию: до Ctrl-C)',
  json: 'по одному объекту JSON на строку о том, что происходит, последний — итог',
  oneJson: 'один объект JSON вместо текста',
  demo: 'демо-торговля OKX (по умолчанию)',
  real: 'настоящие деньги; попросит подтверждения',
  realKey: 'OKX с ключом для настоящих денег; ничего не меняет',
  configOrDefaults: 'конфигурация (по умолчанию: rungwise.yaml, а без него значения по умолчанию)',
  publicHost: 'адрес REST OKX (по умолчанию: https://www.okx.com)',
  keys: 'файл с тремя строками RUNGWISE_OKX_KEY=…, доступный только вам (по умолчанию: окружение)',
  host: 'адрес REST OKX (по умолчанию: https://www.okx.com; ключи привязаны к региону)',
  ws: 'адрес WebSocket OKX (по умолчанию: wss://ws.okx.com:8443/ws/v5, в демо wss://wspap.okx.com:8443/ws/v5)',

  halfAKey: (missing, file) =>
    `${file === undefined ? 'в окружении' : `в файле ${file}`} нет ${missing}: ключ состоит из трёх частей`,
  strangeKey: 'в одной из частей ключа пробел или странный символ: скопируйте её заново',
  openKeys: (file) => `${file} могут читать другие: выполните chmod 600 ${file}`,
  noKey:
    'нет ключа API: задайте RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET и RUNGWISE_OKX_PASSPHRASE или укажите файл через --keys. ' +
    'Создайте ключ на OKX только с правами «чтение» и «торговля»',
  noPaperKey:
    'нет ключа API: задайте RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET и RUNGWISE_OKX_PASSPHRASE или укажите файл через --keys. ' +
    'Три строки своего счёта «rungwise exchange» печатает при запуске',
  bothLives: '--demo и --real: выберите одно',
  noRealPaper: '--exchange и --real вместе не бывают: на бумажной бирже нет настоящих денег',
  badUrl: (flag, value) => `${flag}: "${value}" — не адрес; пишите так: https://www.okx.com`,
  otherSymbols: (why) => `журнал не подходит к конфигурации: ${why}`,
  otherGrid: (instId, of, was, is) =>
    `биржа изменила у ${instId} ${GRID[of]}: было ${was}, когда писался журнал, стало ${is}, и его цены и размеры значили бы другое. ` +
    'Ничего не запущено; стопы стоят на бирже. Уберите журнал в сторону и запустите снова: открытое будет принято со стопом и выходами, без ступеней',

  confirmReal: (uid, balance) =>
    `Это торговля на НАСТОЯЩИЕ ДЕНЬГИ счёта ${uid} (${balance} USDT). Чтобы продолжить, введите: ${uid}`,
  notConfirmed: 'не подтверждено: ничего не запущено',
  noTerminal: 'настоящие деньги должен подтвердить человек за терминалом',

  backlog: (waiting) =>
    `исполнений и выплат фандинга ждёт записи: ${waiting}, и ничего больше не пишется: проверьте диск и машину и запустите снова, биржа сообщит их ещё раз`,
  lookingAgain: (seconds) => `это может пройти: ещё одна попытка через ${seconds} с`,
  notReady: 'биржа или счёт не готовы: смотрите строки с ✗',
  started: (symbols, path, account) =>
    `торговля: ${countedRu(symbols, 'инструмент', 'инструмента', 'инструментов')}; журнал: ${path}; разговор с ботом: rungwise status --account ${account}`,
  recovered: (rows) => `восстановлено из журнала (${countedRu(rows, 'строка', 'строки', 'строк')})`,
  changed:
    'конфигурация изменилась: открытые позиции сохраняют лестницу, базу и число ступеней своего входа, все пределы – новые',
  market: (origin) => `собственная бумажная биржа на ${origin}, выдуманный рынок`,
  status: (balance, equity, open, orders) =>
    `баланс ${balance}, капитал ${equity}, открытых позиций ${open}, ордеров ${orders}`,
  lost: (why) => `ничего не добавляется, пока биржа не прочитана: ${why}`,
  ready: 'биржа прочитана: торговля идёт',
  stopping: 'завершение: позиции и их стопы остаются на бирже, остальные ордера она снимет за 30 с',
  journalFailed: 'журнал отказал, поэтому бот остановлен: ничего не делается без записи; стопы стоят на бирже',

  download: {
    summary: 'свечи (и фандинг) публичного рынка OKX в хранилище; продолжает с места, где прервано',
    symbols: 'имена как на OKX, например BTC-USDT-SWAP',
    days: 'за сколько дней (по умолчанию: 30)',
    from: 'с какого времени, например 2026-01-31 или 2026-01-31T12:00Z (по умолчанию: по --days)',
    to: 'до какого времени (по умолчанию: до сейчас)',
    fundingOption: 'и состоявшийся фандинг',
    noTime: (flag, value) => `${flag}: "${value}" — не время; пишите так: 2026-01-31 или 2026-01-31T12:00Z`,
    noMinutes: (from, until) => `между ${from} и ${until} нет ни одной минуты`,
    progress: (symbol, done, all) => `${symbol} ${done} / ${all}`,
    checkName: (near) =>
      near === undefined ? 'Проверьте имя: оно как на OKX, например BTC-USDT-SWAP.' : `Может быть, ${near}?`,
    goesOn: 'прочитанное сохранено; та же команда продолжит с этого места',
    done: (symbol, added, all, path) =>
      `${symbol}: ${countedRu(added, 'новая свеча', 'новые свечи', 'новых свечей')}, всего ${all}, перечитано и цело: ${path}`,
    missing: (minutes) => `нет ${minutes} мин диапазона: у биржи нет их свечей`,
    funding: (added, all, path) =>
      `фандинг: ${countedRu(added, 'новый расчёт', 'новых расчёта', 'новых расчётов')}, всего ${all}: ${path}`,
  },

  doctor: {
    fine: 'всё как должно быть',
    reached: (origin) => `${origin} отвечает`,
    notReached: (origin, why) => `${origin} не отвечает: ${why}`,
    reachAdvice: 'Проверьте сеть и адрес (--host, --exchange); в некоторых странах OKX нужен региональный адрес.',
    clock: (offset, uncertainty) => `часы расходятся на ${offset} мс (± ${uncertainty} мс)`,
    clockAdvice:
      'Синхронизируйте системные часы по сети (NTP): при расхождении больше 30 с OKX отвергает любой запрос.',
    key: (uid) => `ключ работает: счёт ${uid}`,
    noKey: (why) => `ключ не работает: ${why}`,
    keyAdvice: (code) =>
      ({
        'no-key':
          'Задайте RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET и RUNGWISE_OKX_PASSPHRASE или укажите файл через --keys.',
        '50101': 'Ключ от другой среды: ключи демо-торговли работают только с --demo, остальные только с --real.',
        '50102': 'Синхронизируйте системные часы по сети (NTP).',
        '50105': 'Кодовая фраза — та, что введена при создании ключа, а не пароль входа.',
        '50110': 'Адреса этой машины нет в списке ключа: добавьте его на OKX.',
        '50111': 'Ключ там неизвестен: скопируйте его заново; ключи привязаны к региону (--host).',
        '50113': 'Секрет не подходит к ключу: скопируйте оба заново.',
        '50119': 'Ключ там неизвестен: скопируйте его заново; ключи привязаны к региону (--host).',
      })[code] ?? 'Создайте на OKX новый ключ с правами «чтение» и «торговля».',
    accountMode: (mode) =>
      `режим счёта: ${({ '1': 'спот', '2': 'фьючерсы', '3': 'мультивалютная маржа', '4': 'портфельная маржа' } as Record<string, string>)[mode] ?? 'нам неизвестен'}`,
    accountModeAdvice: 'На OKX выберите Настройки → Режим счёта → Режим фьючерсов.',
    positionMode: (mode) =>
      `режим позиций: ${mode === 'net_mode' ? 'односторонний (net)' : mode === 'long_short_mode' ? 'лонг/шорт' : 'нам неизвестен'}`,
    positionModeAdvice:
      'На OKX выберите Настройки → Режим позиций → Односторонний (net); сначала закройте все позиции и ордера.',
    permissions: (list) => `права ключа: ${list}`,
    withdrawAdvice:
      'Ключ может выводить средства. Создайте такой, что только читает и торгует: боту большее не нужно, вору нужно.',
    noTradeAdvice: 'Ключ не может торговать: дайте ему на OKX право «торговля».',
    balance: (balance) => `баланс: ${balance} USDT`,
    balanceAdvice: 'На торговом счёте нет USDT: переведите их с основного счёта.',
    balanceUnread: (why) => `не удалось прочитать баланс: ${why}`,
    instrument: (instId) => `${instId} можно торговать`,
    untradable,
    instrumentProblem: (instId, why) => `${instId} нельзя торговать: ${why}`,
    instrumentAdvice: 'Уберите его из "symbols" или проверьте имя.',
    fees: (instId, maker, taker) => `комиссии ${instId}: мейкер ${maker} %, тейкер ${taker} %`,
    feesUnread: (instId, why) => `не удалось прочитать комиссии ${instId}: ${why}`,
    leverage: (instId, leverage) => `плечо ${instId} на бирже: ${leverage}x`,
    leverageUnread: (instId, why) => `не удалось прочитать плечо ${instId}: ${why}`,
  },
};
