/** Что говорит `rungwise exchange` по-русски. */
import type { ExchangeTexts } from './exchange-en.ts';

export const exchangeRu: ExchangeTexts = {
  exchange: {
    summary: 'запустить бумажную биржу: OKX v5 по REST и WebSocket, для этого бота и любого другого клиента',
    port: 'порт на этой машине (по умолчанию 8780)',
    market: 'generated; replay FILE: свечи в CSV; или okx: настоящий рынок OKX, сейчас (по умолчанию generated)',
    symbol: 'чьи свечи в файле повтора',
    symbols: 'названия OKX для выдуманного рынка или рынка OKX через запятую (по умолчанию все десять)',
    host: 'где спрашивать рынок для --market okx (по умолчанию https://www.okx.com)',
    ws: 'его открытые сокеты без последнего слова (по умолчанию wss://ws.okx.com:8443/ws/v5)',
    seed: 'какой выдуманный рынок: то же число — тот же рынок (по умолчанию 27)',
    speed: 'сколько секунд рынка проходит за одну настоящую (по умолчанию 1)',
    account: 'счёт как KEY:SECRET:PASSPHRASE[:USDT]; можно повторять (по умолчанию создаётся один)',
    state: 'хранить счета, ордера и позиции в FILE и продолжать с него после перезапуска',
    admin: 'открыть /admin: цены, сбои, ликвидации для тестов',
    noLimits: 'без ограничения частоты запросов',
    portForbidden: (port: number) => `порт ${port} доступен только системе: выберите через --port другой, от 1024`,
    portTaken: (port: number) =>
      `порт ${port} занят: остановите то, что на нём слушает, или выберите другой через --port`,
    notAccount: (shown: string) =>
      `--account: «${shown}» непонятно; напишите KEY:SECRET:PASSPHRASE или KEY:SECRET:PASSPHRASE:USDT, не больше 40 000 000 USDT`,
    accountTwice: (key: string) => `--account: ключ «${key}» назван дважды; у каждого счёта свой ключ`,
    notMarket: (words: string) => `--market: «${words}» непонятно; напишите generated, replay FILE или okx`,
    onlyNow: '--speed: рынок OKX идёт со своей скоростью; с --market okx этот ключ не нужен',
    noMarket: (reason: string) => `рынок OKX недоступен: ${reason}; другой адрес задают --host и --ws`,
    noCandles: (instId: string) => `${instId}: нет свечей за последние сутки`,
    noPrices: 'по его сокетам не пришло ни одной цены',
    followed: (count: number, origin: string) => `рынок ${origin}, свопов: ${count}`,
    standsStill: (reason: string) =>
      `рынка OKX не слышно (${reason}): здесь он стоит; ничего не исполняется, новые ордера отклоняются с кодом 51022`,
    loss: {
      silent: (seconds: number) => `${seconds} с ничего не слышно`,
      noAnswer: { login: 'нет ответа на вход', subscription: 'нет ответа на подписку' },
      closed: (words: string) => `соединение закрыто: ${words}`,
      notice: (words: string) => `объявлен его конец: ${words}`,
      refused: (words: string) => `вход отклонён: ${words}`,
      failed: (said: string) => (said === '' ? 'соединение оборвалось' : `соединение оборвалось: ${said}`),
    },
    goesOn: (seconds: number) => `рынок OKX снова слышно, перерыв ${seconds} с: он идёт дальше по нынешним ценам`,
    silent: (instId: string, channel: string) =>
      `${instId} стоит: канал OKX ${channel} о нём молчит, хотя соединение держится; канал запрашивается заново`,
    minutesLate: (reason: string) =>
      `закрытых минут OKX не слышно (${reason}): они запрашиваются по REST и опаздывают на секунды; цены, ордера и исполнения идут`,
    minutesInTime: (seconds: number) => `закрытые минуты OKX снова слышно, перерыв ${seconds} с`,
    notState: (file: string) => `в ${file} нет сохранённой биржи этого выпуска: назовите другой файл`,
    inUse: (file: string) => `${file} уже пишет другая биржа: остановите её или назовите другой файл`,
    otherKeys: (key: string, file: string) =>
      `--account: в ${file} у счёта «${key}» другой секрет или пароль; укажите их или назовите другой файл`,
    cutShort: (file: string) => `${file}: последний шаг оборван сбоем, о нём ещё никому не сообщали; он отброшен`,
    damagedState: (file: string) =>
      `${file} или журнал рядом с ним повреждён: там не то, что было записано; верните копию или назовите другой файл`,
    otherMarket: (file: string) =>
      `в ${file} биржа с другим рынком: запустите её с теми же --market, --symbols и --seed или назовите другой файл`,
    otherGrid: (file: string, instId: string) =>
      `в ${file} у ${instId} другой шаг цены, лот или контракт, чем сейчас: позиции стоили бы другого; назовите другой файл`,
    tooShort: (symbol: string) => `свечей ${symbol} слишком мало для повтора: нужны хотя бы две`,
    running: (market: string) => `Бумажная биржа работает: ${market}`,
    generated: (count: number, seed: number) => `выдуманный рынок, свопов: ${count}, seed ${seed}`,
    replayed: (symbol: string) => `свечи ${symbol}`,
    rest: 'REST',
    sockets: 'WebSocket',
    allChannels: 'все каналы на одном',
    made: (usdt: string) => `Создан счёт, на нём ${usdt} USDT:`,
    resumed: (count: number, file: string) => `счетов продолжено: ${count}, из ${file}`,
    notSaved: (file: string, reason: string) => `не удалось записать ${file}: ${reason}`,
    stopHint: 'Ctrl-C останавливает.',
    ended: 'Биржа остановлена.',
  },
};
