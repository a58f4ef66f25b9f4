/** Что говорит `rungwise exchange` по-русски. */
import type { ExchangeTexts } from './exchange-en.ts';

export const exchangeRu: ExchangeTexts = {
  exchange: {
    summary: 'запустить бумажную биржу: OKX v5 по REST и WebSocket, для этого бота и любого другого клиента',
    port: 'порт на этой машине (по умолчанию 8780)',
    market: 'generated или replay FILE: свечи в CSV (по умолчанию generated)',
    symbol: 'чьи свечи в файле повтора',
    symbols: 'названия OKX для выдуманного рынка через запятую (по умолчанию все десять)',
    seed: 'какой выдуманный рынок: то же число — тот же рынок (по умолчанию 27)',
    speed: 'сколько секунд рынка проходит за одну настоящую (по умолчанию 1)',
    account: 'счёт как KEY:SECRET:PASSPHRASE[:USDT]; можно повторять (по умолчанию создаётся один)',
    state: 'хранить счета, ордера и позиции в FILE и продолжать с него после перезапуска',
    admin: 'открыть /admin: цены, сбои, ликвидации для тестов',
    noLimits: 'без ограничения частоты запросов',
    portTaken: (port: number) =>
      `порт ${port} занят: остановите то, что на нём слушает, или выберите другой через --port`,
    notAccount: (shown: string) =>
      `--account: «${shown}» непонятно; напишите KEY:SECRET:PASSPHRASE или KEY:SECRET:PASSPHRASE:USDT`,
    accountTwice: (key: string) => `--account: ключ «${key}» назван дважды; у каждого счёта свой ключ`,
    notMarket: (words: string) => `--market: «${words}» непонятно; напишите generated или replay FILE`,
    otherMarket: (file: string) =>
      `в ${file} биржа с другим рынком: запустите её с теми же --market, --symbols и --seed или назовите другой файл`,
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
