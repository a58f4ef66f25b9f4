/** Что говорит предупреждение сверх своего названия, по-русски. */
import type { OrderRole } from '../../core/orders/order.ts';
import type { AlertTexts } from './alerts-en.ts';
import { countedRu } from './counted.ts';

const roles: Readonly<Record<OrderRole, string>> = {
  entry: 'вход',
  rung: 'ступень',
  stop: 'стоп',
  target: 'цель',
  partial: 'частичное закрытие',
  close: 'закрытие',
};

export const alertsRu: AlertTexts = {
  rejected: (role, said, words) => `${roles[role]}: ${said} ${words}`,
  notSent: {
    'no-instrument': 'не отправлено: этим инструментом бот не торгует',
    'leverage-not-set': 'не отправлено: не удалось выставить плечо, с которым задуман ордер',
    'too-many-entries':
      'не отправлено: за 2 с послано столько входов, что его стоп не успел бы сразу (OKX принимает двадцать стопов за это время); следующий сигнал попробует снова',
    'instrument-not-read':
      'не отправлено: инструмент мог стать другим, чем тот, на который рассчитан ордер (не было связи или исполнена часть лота), а список инструментов с тех пор не прочитан; закрытия и стопы посылаются всё равно',
  },
  otherMode:
    'не сменили ли режим счёта или режим позиций? Тогда ничего не открыть; какими они должны быть, скажет «rungwise doctor»',
  stopLost: (cause) =>
    `${cause === 'absent' ? 'до биржи он не дошёл' : `биржа его сняла (${cause})`}; он ставится заново`,
  closeFailed: (times) =>
    `отказов подряд: ${times}; попытки идут каждые 15 с, «rungwise flatten» — сразу; стоп стоит, если срочно — закройте вручную`,
  reasoningLost: (error) => `решение в силе, почему — сказать не удалось: ${error}`,
  orderOfOurs: (clientId) => `у него имя этого бота (${clientId}), он отзывается`,
  foreignOrder: (clientId) => `этот бот его не ставил${clientId === '' ? '' : ` (${clientId})`}: снимаете его вы`,
  foreignFill: (cause, side, contracts) =>
    `${{ order: 'ордер открыл', liquidation: 'ликвидация открыла', adl: 'ADL открыл', foreign: 'кто-то открыл' }[cause]} ${side} ${contracts}`,
  fates: {
    adopt: 'будут стоп и выходы, ступени — только после «rungwise base»',
    close: 'закрывается по рынку',
    alert: 'остаётся как есть, без стопа и выходов; «rungwise base» отдаёт её боту, «rungwise flatten» закрывает',
  },
  size: (theirs, ours) => `там ${theirs}, в журнале ${ours}, и сделками это не объяснить`,
  sizeOfThen: (theirs, ours) => `биржа говорила: ${theirs}, журнал: ${ours}, и сделками это не объяснить`,
  noPosition: 'нет',
  cost: (theirs, ours) => `её стоимость там ${theirs} USDT, в журнале ${ours}`,
  balance: (theirs, ours) => `там ${theirs} USDT, в журнале ${ours}`,
  taken: { size: 'принято то, что на бирже', cost: 'принята биржевая', balance: 'принят биржевой' },
  unsettled: (difference, readings) =>
    `${difference}; ${countedRu(readings, 'чтение', 'чтения', 'чтений')} подряд, и каждое говорит другое. На этом счёте торгует или переводит деньги кто-то ещё (человек, другой бот): прекратите это ` +
    'или дайте этому боту отдельный субсчёт; как только два чтения совпадут, он продолжит сам',
  settled: 'биржа и журнал сошлись: бот продолжает',
  stopped: (state) =>
    `его состояние там «${state}»; выходы пробуются раз в минуту, стоящее на бирже остаётся; когда торговля им возобновится, бот продолжит сам`,
  changedGrid: (changes) =>
    `${changes}; выходы пробуются по старой сетке. Запустите бота заново, и он продолжит по новой: открытое тогда останется со стопом и выходами, но без ступеней`,
  grid: { tick: 'шаг цены', lot: 'лот', smallest: 'наименьший ордер', contract: 'контракт' },
  gridChange: (what, is, was) => `${what} ${is}, было ${was}`,
  waitsItself: 'позиция ждёт закрытия',
  uncoveredItself: 'у позиции нет подтверждённого стопа',
  window: (title, from, until) =>
    [title, ...(from === undefined ? [] : [`с ${from}`]), ...(until === undefined ? [] : [`до ${until}`])].join(' '),
  planned:
    'пока они идут, ничего не добавляется; открытое остаётся со стопом, но исполнить его биржа в это время может и не суметь: если это слишком, закройте заранее',
  running:
    'пока они не кончатся, ничего не добавляется; открытое остаётся со стопом, но исполнить его биржа в это время может и не суметь',
  notOfTrading: 'касается соединений или отдельных инструментов: торговля идёт, где может',
  trades: 'входы и ступени продолжаются',
  besideGrid: (contracts, lot) =>
    `${contracts} контракта меньше лота (${lot}): они не учитываются, стопа и выхода у них нет; закройте их вручную`,
  crossPosition: (held) =>
    `${held}, отдельно от позиции бота (она изолированная): не учитывается, стопа и выхода у неё нет; к инструменту ничего не добавляется до «rungwise resume»`,
  crossOfThen: (held) => `кто-то держал там ${held} с кросс-маржой, отдельно от позиции бота`,
  leverage: (theirs, ours) => `там теперь ${theirs}x, было ${ours}x, позиция открыта`,
  leverageMost: (most, listed) =>
    `сейчас не выше ${most}x, по списку ${listed}x: входы планируются с этим, пока биржа не скажет об инструменте нового или бот не запущен заново`,
  tier: {
    open: (rate, was, most, wasMost) =>
      `под открытое она требует держать ${rate} % стоимости, было ${was} %, и берёт плечо не выше ${most}x, было ${wasMost}x: цена ликвидации сдвинулась, бот считает по новой`,
    flat: (rate, was, most, wasMost) =>
      `она требует держать ${rate} % стоимости, было ${was} %, и берёт плечо не выше ${most}x, было ${wasMost}x: размеры и плечо планируются с этим`,
  },
  fees: (maker, makerWas, taker, takerWas) =>
    `мейкер ${maker} %, было ${makerWas} %, тейкер ${taker} %, было ${takerWas} %: издержки отныне считаются по ним`,
  accessRefused: (words) =>
    `${words}: пока она не примет наши запросы, ничего не поставить, не передвинуть и не закрыть; стопы стоят; что делать, скажет «rungwise doctor»`,
  waitsForClose: (symbols) => `ждут закрытия: ${symbols}`,
  uncovered: (symbols) => `без подтверждённого стопа: ${symbols}`,
  clock: (seconds) => `оно на ${seconds} с позади последнего события журнала; стопы стоят`,
  lostJournal: (clientId) => `исполнился ордер потерянного журнала (${clientId})`,
  lost: {
    notRunning: 'бот не работал',
    timeAhead: (event, says, seconds) =>
      `по событию (${event}) сейчас ${says}, на ${seconds} с впереди всех остальных: машина спала, или метка времени неверна; ` +
      'оно считается, когда второе скажет то же',
    eventsDropped: (events) => `ждало событий: ${events}, столько не обдумать`,
    pastTold: (symbol) => `минуты ${symbol} дочитываются из прошлого`,
    notRead: {
      account: (words) => `счёт не прочитать: ${words}`,
      fills: (words) => `сделки не прочитать: ${words}`,
    },
    disconnected: (connection, words) => `соединение ${connection} прервано: ${words}`,
    notConnected: 'нет закрытого соединения',
    accessRefused: (words) => `биржа отказывает в наших запросах: ${words}`,
    channelRefused: (channel) => `в канале ${channel} отказано`,
    unreadable: (words) => `сказанное биржей не читается: ${words}`,
  },
};
