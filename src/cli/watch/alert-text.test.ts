/** An alert tells a trader what it is about in both languages, from the values beside its message; the message is the journal's, in English (decision 0018). */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script, START } from '../../../test/script.ts';
import { exchangeLost } from '../../core/account/lost.ts';
import type { AlertFacts, Decision } from '../../core/decision.ts';
import type { CoreEvent, ExchangeRead, LostBecause, MaintenanceWindow } from '../../core/event.ts';
import { lots, money } from '../../core/numbers/units.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { lostText } from './alert-text.ts';
import { happeningLine } from './happening-line.ts';
import { type AlertHappened, type Happening, Happenings } from './happenings.ts';

/** A position of 7 that no fill explains, as a reading says it. */
const OPENED = {
  instId: SCRIPT_SWAP.instId,
  signedLots: 7,
  costUnits: 7 * PRICE * SCRIPT_SWAP.moneyPerTickLot,
  leverage: 5,
};

class Watched extends Script {
  /** Absent while the script is being made. */
  readonly alerts: AlertHappened[] = [];
  readonly #happenings = new Happenings((happening: Happening) => {
    if (happening.kind === 'alert') this.alerts.push(happening);
  });

  override takeAlone(event: CoreEvent): Decision[] {
    const decided = super.takeAlone(event);
    if (#happenings in this) this.#happenings.thought(event, decided, this.registry);
    return decided;
  }

  /** The exchange is read twice, far enough apart to be believed. */
  read(change: Partial<ExchangeRead>, readings = 2): void {
    for (let times = 0; times < readings; times += 1) {
      this.wait(5_000);
      const { position } = this.symbol;
      const positions =
        position === undefined
          ? []
          : [
              {
                instId: SCRIPT_SWAP.instId,
                signedLots: position.holding.side * position.holding.lots,
                costUnits: position.holding.costUnits,
                leverage: position.leverage ?? 5,
              },
            ];
      const orders = [...this.book.values()].map(({ order: { clientId, instId, reduceOnly } }) => ({
        clientId,
        instId,
        reduceOnly,
      }));
      const { balance } = this.registry;
      this.take({ kind: 'exchange-read', at: this.now, balance, available: balance, positions, orders, ...change });
    }
  }
}

const cases: readonly [string, (script: Watched) => void, string, string][] = [
  [
    'an order that the exchange refuses',
    (script) => {
      script.answers.set('entry', 'nothing');
      script.signal(1);
      const [entry] = script.placed;
      script.take({
        kind: 'order-rejected',
        at: script.now,
        clientId: entry?.clientId ?? '',
        code: '51008',
        message: 'Insufficient balance',
      });
    },
    'an order was refused (order-rejected): the entry: 51008 Insufficient balance',
    'ордер отклонён (order-rejected): вход: 51008 Insufficient balance',
  ],
  [
    'an order that the exchange refuses for a mode that somebody has changed',
    (script) => {
      script.answers.set('entry', 'nothing');
      script.signal(1);
      const clientId = script.placed[0]?.clientId ?? '';
      const message = 'Parameter posSide error';
      script.take({ kind: 'order-rejected', at: script.now, clientId, code: '51000', message });
    },
    'an order was refused (order-rejected): the entry: 51000 Parameter posSide error; were the account mode or the position mode changed? Nothing can be opened then: "rungwise doctor" says how they must be',
    'ордер отклонён (order-rejected): вход: 51000 Parameter posSide error; не сменили ли режим счёта или режим позиций? Тогда ничего не открыть; какими они должны быть, скажет «rungwise doctor»',
  ],
  [
    'an order whose leverage is refused for such a mode',
    (script) => {
      script.answers.set('entry', 'nothing');
      script.signal(1);
      const clientId = script.placed[0]?.clientId ?? '';
      const message = 'not sent: the leverage it was planned with could not be set: 51000 Parameter posSide error';
      script.take({ kind: 'order-rejected', at: script.now, clientId, code: 'leverage-not-set', message });
    },
    'an order was refused (order-rejected): the entry: leverage-not-set not sent: the leverage it was planned with could not be set; were the account mode or the position mode changed? Nothing can be opened then: "rungwise doctor" says how they must be',
    'ордер отклонён (order-rejected): вход: leverage-not-set не отправлено: не удалось выставить плечо, с которым задуман ордер; не сменили ли режим счёта или режим позиций? Тогда ничего не открыть; какими они должны быть, скажет «rungwise doctor»',
  ],
  [
    'an entry more than stops can follow',
    (script) => {
      script.answers.set('entry', 'nothing');
      script.signal(1);
      const clientId = script.placed[0]?.clientId ?? '';
      const message = 'not sent: 15 entries were sent within 2 s, and its stop would come too late';
      script.take({ kind: 'order-rejected', at: script.now, clientId, code: 'too-many-entries', message });
    },
    'an order was refused (order-rejected): the entry: too-many-entries not sent: so many entries were sent within 2 s that its stop could not have followed at once (OKX takes twenty stops in that time); the next signal tries again',
    'ордер отклонён (order-rejected): вход: too-many-entries не отправлено: за 2 с послано столько входов, что его стоп не успел бы сразу (OKX принимает двадцать стопов за это время); следующий сигнал попробует снова',
  ],
  [
    'a stop that is gone',
    (script) => script.enter().end('stop', 'cancelled'),
    'a protective stop was gone (stop-lost): the exchange ended it (cancelled); it is placed again',
    'защитный стоп пропал (stop-lost): биржа его сняла (cancelled); он ставится заново',
  ],
  [
    'a stop that was never there',
    (script) => script.enter().end('stop', 'absent'),
    'a protective stop was gone (stop-lost): it never reached the exchange; it is placed again',
    'защитный стоп пропал (stop-lost): до биржи он не дошёл; он ставится заново',
  ],
  [
    'a trade by hand',
    (script) => script.take(script.fillEvent(-1, 7, PRICE)),
    'a trade that is not ours (foreign-fill): somebody opened short 7; it gets a stop and exits, but no rungs until "rungwise base"',
    'сделка не наша (foreign-fill): кто-то открыл шорт 7; будут стоп и выходы, ступени — только после «rungwise base»',
  ],
  [
    'a size that is no whole lot',
    (script) => script.read({ besideGrid: [{ instId: SCRIPT_SWAP.instId, contracts: '0.07', lot: '0.1' }] }),
    'a part of the position is no whole lot (size-beside-grid): 0.07 contracts of it are less than a lot (0.1): they are not counted, and have no stop and no exit; close them by hand',
    'часть позиции меньше лота (size-beside-grid): 0,07 контракта меньше лота (0,1): они не учитываются, стопа и выхода у них нет; закройте их вручную',
  ],
  [
    'a position with cross margin',
    (script) => script.read({ crossMargin: [{ instId: SCRIPT_SWAP.instId, side: 'short', contracts: '0.1' }] }),
    'somebody holds a position with cross margin (cross-position): short 0.1, a position beside the bot\'s, which is isolated: it is not counted, and has no stop and no exit; nothing is added to the symbol until "rungwise resume"',
    'кто-то держит позицию с кросс-маржой (cross-position): шорт 0,1, отдельно от позиции бота (она изолированная): не учитывается, стопа и выхода у неё нет; к инструменту ничего не добавляется до «rungwise resume»',
  ],
  [
    'another balance',
    (script) => script.read({ balance: money(98_765_000_000n) }),
    "the balance is another one at the exchange (balance-differs): there it is 987.65 USDT, in the journal 1,000; the exchange's is taken over",
    'на бирже другой баланс (balance-differs): там 987,65 USDT, в журнале 1 000; принят биржевой',
  ],
  [
    'another balance every time',
    (script) => {
      for (let i = 1; i < 6; i += 1) script.read({ balance: money(100_000_000_000n - BigInt(i) * 100_000_000n) }, 1);
    },
    'the account is another one at every reading: nothing is added (account-unsettled): there it is 995 USDT, in the journal 1,000; 5 readings in a row have each said something else. Somebody or another bot trades on this account, or moves money: stop that, or give this bot a sub-account of its own; it goes on by itself once two readings agree',
    'счёт при каждом чтении другой: ничего не добавляется (account-unsettled): там 995 USDT, в журнале 1 000; 5 чтений подряд, и каждое говорит другое. На этом счёте торгует или переводит деньги кто-то ещё (человек, другой бот): прекратите это или дайте этому боту отдельный субсчёт; как только два чтения совпадут, он продолжит сам',
  ],
  [
    'the same balance again',
    (script) => {
      for (let i = 1; i < 6; i += 1) script.read({ balance: money(100_000_000_000n - 1_000n * BigInt(i)) }, 1);
      script.read({}, 1);
    },
    'the account holds still again (account-settled): exchange and journal agree: it goes on',
    'счёт снова не меняется сам по себе (account-settled): биржа и журнал сошлись: бот продолжает',
  ],
  [
    'another position',
    (script) =>
      script.read({
        positions: [
          {
            instId: SCRIPT_SWAP.instId,
            signedLots: 7,
            costUnits: 7 * PRICE * SCRIPT_SWAP.moneyPerTickLot,
            leverage: 5,
          },
        ],
      }),
    "the position is another one at the exchange (position-differs): there it is long 7, in the journal none, and no fill explains it; the exchange's is taken over",
    'на бирже другая позиция (position-differs): там лонг 7, в журнале нет, и сделками это не объяснить; принято то, что на бирже',
  ],
  [
    'a position that is gone',
    (script) => script.enter().read({ positions: [] }),
    "the position is another one at the exchange (position-differs): there it is none, in the journal long 2,221, and no fill explains it; the exchange's is taken over",
    'на бирже другая позиция (position-differs): там нет, в журнале лонг 2 221, и сделками это не объяснить; принято то, что на бирже',
  ],
  [
    'an order of somebody',
    (script) => script.read({ orders: [{ clientId: '', instId: SCRIPT_SWAP.instId, reduceOnly: false }] }),
    'an order that is not ours (foreign-order): this bot has not placed it: it is yours to cancel',
    'ордер не наш (foreign-order): этот бот его не ставил: снимаете его вы',
  ],
  [
    'an order of this bot that its journal does not know',
    (script) =>
      script.read({ orders: [{ clientId: 'rwlost000001e00010', instId: SCRIPT_SWAP.instId, reduceOnly: false }] }),
    "an order that is not ours (foreign-order): it has a name of this bot's (rwlost000001e00010) and is called back",
    'ордер не наш (foreign-order): у него имя этого бота (rwlost000001e00010), он отзывается',
  ],
  [
    'another cost of the position',
    (script) => {
      script.enter();
      const { lots, costUnits } = script.position.holding;
      script.read({
        positions: [{ instId: SCRIPT_SWAP.instId, signedLots: lots, costUnits: costUnits + 100_000_000, leverage: 5 }],
      });
    },
    "the position is another one at the exchange (position-differs): it has cost 223.1 USDT there, 222.1 in the journal; the exchange's is taken over",
    'на бирже другая позиция (position-differs): её стоимость там 223,1 USDT, в журнале 222,1; принята биржевая',
  ],
  [
    'a position that cannot be closed',
    (script) => {
      script.enter();
      script.answers.set('close', 'reject');
      script.operator({ do: 'flatten', by: 'a person' });
      script.wait(16_000);
    },
    'a position could not be closed (close-failed): refused 8 times in a row: it is tried again every 15 s, at once by "rungwise flatten"; the stop stands, close it by hand where it is urgent',
    'позицию не удалось закрыть (close-failed): отказов подряд: 8; попытки идут каждые 15 с, «rungwise flatten» — сразу; стоп стоит, если срочно — закройте вручную',
  ],
  [
    'a reasoning that is lost',
    (script) => {
      script.throwAt('regimeRecord');
      script.signal(1);
    },
    'a decision has lost its reasoning (reasoning-lost): what was decided holds, why could not be told: Error: ',
    'решение в силе, почему — сказать не удалось: Error: ',
  ],
  [
    'an instrument that is suspended',
    (script) => {
      script.enter();
      script.answers.set('stop', 'unknown');
      script.answers.set('close', 'unknown');
      script.operator({ do: 'flatten', by: 'a person' });
      script.end('stop');
      script.take({ kind: 'instrument', at: script.now, instId: SCRIPT_SWAP.instId, stopped: 'suspend', changes: [] });
    },
    'the exchange does not trade it: nothing is added (instrument-stopped): its state there is "suspend"; exits are tried every minute, what stands at the exchange stays, and it goes on by itself once it trades again; the position waits to be closed; the position has no confirmed stop',
    'биржа им не торгует: ничего не добавляется (instrument-stopped): его состояние там «suspend»; выходы пробуются раз в минуту, стоящее на бирже остаётся; когда торговля им возобновится, бот продолжит сам; позиция ждёт закрытия; у позиции нет подтверждённого стопа',
  ],
  [
    'an instrument of another grid',
    (script) =>
      script.take({
        kind: 'instrument',
        at: script.now,
        instId: SCRIPT_SWAP.instId,
        changes: [
          { of: 'tick', was: '0.01', is: '0.1' },
          { of: 'contract', was: '0.001', is: '0.01' },
        ],
      }),
    'the exchange has changed it: nothing is added (instrument-changed): tick 0.1, it was 0.01, contract 0.01, it was 0.001; exits are tried on the old grid. Start the bot anew, and it goes on with the new one: what is open then keeps a stop and exits, but no rungs',
    'биржа изменила инструмент: ничего не добавляется (instrument-changed): шаг цены 0,1, было 0,01, контракт 0,01, было 0,001; выходы пробуются по старой сетке. Запустите бота заново, и он продолжит по новой: открытое тогда останется со стопом и выходами, но без ступеней',
  ],
  [
    'an instrument that trades again',
    (script) => {
      const said = { kind: 'instrument', at: script.now, instId: SCRIPT_SWAP.instId, changes: [] } as const;
      script.take({ ...said, stopped: 'suspend' });
      script.take(said);
    },
    'the exchange trades it again (instrument-trades): entries and rungs go on',
    'биржа снова им торгует (instrument-trades): входы и ступени продолжаются',
  ],
  [
    'maintenance that is planned',
    (script) => maintenance(script, { state: 'planned', begin: START + 3_600_000, end: START + 5_400_000 }),
    'the exchange plans maintenance (maintenance-planned): Upgrade from 2023-11-14 23:13 UTC until 2023-11-14 23:43 UTC; nothing is added while it runs; what is open keeps its stop, which may not be carried out meanwhile: close it before if that is too much',
    'биржа планирует техработы (maintenance-planned): Upgrade с 2023-11-14 23:13 UTC до 2023-11-14 23:43 UTC; пока они идут, ничего не добавляется; открытое остаётся со стопом, но исполнить его биржа в это время может и не суметь: если это слишком, закройте заранее',
  ],
  [
    'maintenance of connections alone',
    (script) => maintenance(script, { state: 'running', stopsTrading: false }),
    'the exchange is in maintenance (maintenance-running): Upgrade; connections or single instruments: trading goes on where it can',
    'на бирже техработы (maintenance-running): Upgrade; касается соединений или отдельных инструментов: торговля идёт, где может',
  ],
  [
    'maintenance that is over',
    (script) => {
      maintenance(script, { state: 'running' });
      script.take({ kind: 'maintenance', at: script.now, windows: [] });
    },
    'maintenance of the exchange is over, or was called off (maintenance-over): Upgrade',
    'техработы на бирже закончились или отменены (maintenance-over): Upgrade',
  ],
  [
    'another leverage',
    (script) => script.enter().take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 3 }),
    'the leverage was changed (leverage-differs): there it is 3x now, it was 5x, for an open position',
    'плечо изменено (leverage-differs): там теперь 3x, было 5x, позиция открыта',
  ],
  [
    'a leverage that was refused',
    (script) => script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 2, most: 3 }),
    'the exchange takes less leverage than its list says (leverage-limited): at most 3x at present, the list says 50x: entries are planned with that until it says something new of the instrument, or the bot is started anew',
    'биржа берёт плечо ниже, чем сказано в её списке (leverage-limited): сейчас не выше 3x, по списку 50x: входы планируются с этим, пока биржа не скажет об инструменте нового или бот не запущен заново',
  ],
  [
    'another margin tier of what is open',
    (script) => tiers(script.enter()),
    'the exchange has changed the margin tiers (tier-changed): for what is open it wants 2.5 % of the value kept, it was 0.4 %, and takes at most 20x, it was 50x: the liquidation price has moved, and the bot goes by the new one',
    'биржа изменила ступени маржи (tier-changed): под открытое она требует держать 2,5 % стоимости, было 0,4 %, и берёт плечо не выше 20x, было 50x: цена ликвидации сдвинулась, бот считает по новой',
  ],
  [
    'another margin tier',
    (script) => tiers(script),
    'the exchange has changed the margin tiers (tier-changed): it wants 2.5 % of the value kept, it was 0.4 %, and takes at most 20x, it was 50x: sizes and leverage are planned with that',
    'биржа изменила ступени маржи (tier-changed): она требует держать 2,5 % стоимости, было 0,4 %, и берёт плечо не выше 20x, было 50x: размеры и плечо планируются с этим',
  ],
  [
    'other fee rates',
    (script) => script.take({ kind: 'fee-rates', at: script.now, maker: '-0.00005', taker: '0.00045' }),
    'the exchange has changed the fee rates (fees-changed): maker −0.005 %, it was 0.02 %, taker 0.045 %, it was 0.05 %: costs are reckoned with that from now on',
    'биржа изменила ставки комиссии (fees-changed): мейкер −0,005 %, было 0,02 %, тейкер 0,045 %, было 0,05 %: издержки отныне считаются по ним',
  ],
  [
    'a key, signature or clock that the exchange refuses',
    (script) => {
      script.enter();
      script.answers.set('close', 'unknown');
      script.answers.set('stop', 'unknown');
      script.operator({ do: 'flatten', by: 'a person' });
      script.end('stop');
      script.take(exchangeLost(script.now, { code: 'access-refused', words: '50102 Timestamp request expired' }));
    },
    'the exchange refuses this bot (access-refused): 50102 Timestamp request expired: nothing can be placed, moved or closed until it takes our requests again; stops stand; "rungwise doctor" says what to do; waiting to be closed: SCRIPT-USDT-SWAP; without a confirmed stop: SCRIPT-USDT-SWAP',
    'биржа отказывает этому боту (access-refused): 50102 Timestamp request expired: пока она не примет наши запросы, ничего не поставить, не передвинуть и не закрыть; стопы стоят; что делать, скажет «rungwise doctor»; ждут закрытия: SCRIPT-USDT-SWAP; без подтверждённого стопа: SCRIPT-USDT-SWAP',
  ],
  [
    'another time',
    (script) => {
      const { balance } = script.registry;
      const at = script.now - 2_000_000;
      script.take({ kind: 'exchange-read', at, balance, available: balance, positions: [], orders: [] });
    },
    'nothing is added (clock-differs): it is 2,000 s behind the newest event of the journal; stops stand',
    'ничего не добавляется (clock-differs): оно на 2 000 с позади последнего события журнала; стопы стоят',
  ],
];

function tiers(script: Script): void {
  const { instId, lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } = SCRIPT_SWAP;
  const tier = { lotsMax: lots(1_000_000), maintenanceRate: '0.025', leverageMax: 20 };
  const limits = { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax, tiers: [tier] };
  script.take({ kind: 'instrument', at: script.now, instId, changes: [], limits });
}

function maintenance(script: Script, more: Partial<MaintenanceWindow>): void {
  const window = { title: 'Upgrade', service: '5', state: 'running', stopsTrading: true, ...more } as const;
  script.take({ kind: 'maintenance', at: script.now, windows: [window] });
}

/** The last that a case leads to. */
function alertOf(happen: (script: Watched) => void): AlertHappened {
  const script = new Watched({ traced: true });
  happen(script);
  const alert = script.alerts.at(-1);
  if (alert === undefined) throw new Error('nobody was told of anything');
  return alert;
}

describe('a trader is told of', () => {
  it.each(cases)('%s', (_, happen, inEnglish, inRussian) => {
    const alert = alertOf(happen);
    expect(lineOf(alert, 'en')).toContain(inEnglish);
    expect(lineOf(alert, 'ru')).toContain(inRussian);
  });

  it('everything that the core may alert of', () => {
    const codes: Readonly<Record<AlertFacts['code'], true>> = {
      'order-rejected': true,
      'stop-lost': true,
      'close-failed': true,
      'reasoning-lost': true,
      'foreign-fill': true,
      'foreign-order': true,
      'position-differs': true,
      'balance-differs': true,
      'leverage-differs': true,
      'tier-changed': true,
      'fees-changed': true,
      'leverage-limited': true,
      'size-beside-grid': true,
      'cross-position': true,
      'account-unsettled': true,
      'account-settled': true,
      'instrument-stopped': true,
      'instrument-changed': true,
      'instrument-trades': true,
      'maintenance-planned': true,
      'maintenance-running': true,
      'maintenance-over': true,
      'clock-differs': true,
      'access-refused': true,
    };
    const told = new Set(cases.map(([, happen]) => alertOf(happen).code));
    expect([...told].toSorted()).toEqual(Object.keys(codes).toSorted());
  });

  it.each([
    ['close', 'it is closed at the market', 'закрывается по рынку'],
    [
      'alert',
      'it is left alone: no stop, no exits; "rungwise base" makes it the bot\'s own, "rungwise flatten" closes it',
      'остаётся как есть, без стопа и выходов; «rungwise base» отдаёт её боту, «rungwise flatten» закрывает',
    ],
  ] as const)('what comes of a position that the bot did not open: %s', (unknownPosition, inEnglish, inRussian) => {
    const byHand = (script: Watched) => script.take(script.fillEvent(-1, 7, PRICE));
    for (const happen of [byHand, (script: Watched) => script.read({ positions: [OPENED] })]) {
      const script = new Watched({ execution: { unknownPosition } });
      happen(script);
      const [alert] = script.alerts;
      if (alert === undefined) throw new Error('nobody was told of anything');
      expect([lineOf(alert, 'en'), lineOf(alert, 'ru')]).toEqual([
        expect.stringContaining(`; ${inEnglish}`),
        expect.stringContaining(`; ${inRussian}`),
      ]);
    }
  });

  it('what an older release has recorded by its message', () => {
    for (const [, happen] of cases) {
      const { facts: _, ...alone } = alertOf(happen);
      expect(lineOf(alone, 'ru')).toContain(`: ${alone.message.replaceAll(/\s/g, ' ')}`);
    }
  });
});

describe('why nothing is added until the exchange was read', () => {
  const reasons: readonly [LostBecause, string, string][] = [
    [{ code: 'not-running' }, 'the bot was not running', 'бот не работал'],
    [
      { code: 'time-ahead', event: 'price', saidAt: START, aheadMs: 90_400 },
      'an event (price) says it is 2023-11-14 22:13 UTC, 90 s ahead of all others',
      'по событию (price) сейчас 2023-11-14 22:13 UTC, на 90 с впереди всех остальных',
    ],
    [{ code: 'events-dropped', events: 7 }, '7 events waited', 'ждало событий: 7'],
    [
      { code: 'past-told', instId: 'BTC-USDT-SWAP' },
      'minutes of BTC-USDT-SWAP are read from the past',
      'минуты BTC-USDT-SWAP дочитываются из прошлого',
    ],
    [
      { code: 'not-read', what: 'account', words: '50001 Service unavailable' },
      'the account could not be read: 50001 Service unavailable',
      'счёт не прочитать: 50001 Service unavailable',
    ],
    [
      { code: 'not-read', what: 'fills', words: '50001' },
      'the fills could not be read: 50001',
      'сделки не прочитать: 50001',
    ],
    [
      { code: 'disconnected', connection: 'private', words: 'closed with 1001' },
      'the private connection was lost: closed with 1001',
      'соединение private прервано: closed with 1001',
    ],
    [
      { code: 'access-refused', words: '50102 Timestamp request expired' },
      'the exchange refuses our requests: 50102 Timestamp request expired',
      'биржа отказывает в наших запросах: 50102 Timestamp request expired',
    ],
    [{ code: 'not-connected' }, 'a private connection is down', 'нет закрытого соединения'],
    [{ code: 'channel-refused', channel: 'orders' }, 'channel orders was refused', 'в канале orders отказано'],
    [{ code: 'unreadable', words: 'px: no number' }, 'px: no number', 'сказанное биржей не читается: px: no number'],
    [{ code: 'said', words: '50102 Timestamp request expired' }, '50102', '50102 Timestamp request expired'],
  ];

  it.each(reasons)('is said in both languages: %o', (because, inEnglish, inRussian) => {
    const lost = exchangeLost(START, because);
    expect(lost.reason).toContain(inEnglish);
    expect(lostText(lost, en)).toContain(lost.reason);
    expect(lostText(lost, ru)).toContain(inRussian);
  });

  it('is said as an older release has recorded it', () => {
    const reason = 'the bot was not running';
    expect(lostText({ reason }, ru)).toBe(reason);
  });

  it('because somebody has put the account into long/short mode', () => {
    const twoSided = { instId: 'BTC-USDT-SWAP', side: 'long' } as const;
    const because: LostBecause = { code: 'unreadable', words: 'a position of side "long"', twoSided };
    expect(lostText(exchangeLost(START, because), ru)).toBe(
      'счёт в режиме лонг/шорт (BTC-USDT-SWAP, лонг), на нём ничего не прочитать: закройте открытое там вручную и верните односторонний режим позиций (net)',
    );
    expect(lostText(exchangeLost(START, because), en)).toMatch(
      /^the account is in long\/short mode \(BTC-USDT-SWAP long\)/,
    );
  });

  it('a connection is lost for a reason that is worded, too', () => {
    const loss = { code: 'silent', ms: 30_000 } as const;
    const because = { code: 'disconnected', connection: 'private', words: 'silent for 30000 ms', loss } as const;
    expect(lostText(exchangeLost(START, because), ru)).toBe('соединение private прервано: 30 с ничего не слышно');
    expect(lostText(exchangeLost(START, because), en)).toBe(
      'the private connection was lost: nothing was heard for 30 s',
    );
  });
});

/** With plain blanks: those between thousands differ by language. */
function lineOf(alert: AlertHappened, language: 'en' | 'ru'): string {
  const words = { texts: { en, ru }[language], report: REPORT_TEXTS[language], palette: PLAIN };
  return (happeningLine(alert, words) ?? '').replaceAll(/\s/g, ' ');
}
