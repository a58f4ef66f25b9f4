/** An alert tells a trader what it is about in both languages, from values of what happened; the English message is the journal's (decision 0018). */
import { describe, expect, it } from 'vitest';
import { PRICE, Script, SCRIPT_SWAP } from '../../../test/script.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent, ExchangeRead } from '../../core/event.ts';
import { money } from '../../core/units.ts';
import { PLAIN } from '../../report/draw.ts';
import { REPORT_TEXTS } from '../../report/texts.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { type AlertHappened, type Happening, Happenings } from './demo-happenings.ts';
import { happeningLine } from './demo-lines.ts';

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
  read(change: Partial<ExchangeRead>): void {
    for (let times = 0; times < 2; times += 1) {
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
    'the exchange refused an order (order-rejected): the entry: 51008 Insufficient balance',
    'биржа отклонила ордер (order-rejected): вход: 51008 Insufficient balance',
  ],
  [
    'a stop that is gone',
    (script) => script.enter().end('stop', 'cancelled'),
    'a protective stop was gone (stop-lost): the exchange ended it (cancelled); it is placed again',
    'защитный стоп пропал (stop-lost): биржа его сняла (cancelled); он ставится заново',
  ],
  [
    'a trade by hand',
    (script) => script.take(script.fillEvent(-1, 7, PRICE)),
    'a trade that is not ours (foreign-fill): somebody opened short 7; it gets a stop and exits, but no rungs',
    'сделка не наша (foreign-fill): кто-то открыл шорт 7; будут стоп и выходы, но не ступени',
  ],
  [
    'another balance',
    (script) => script.read({ balance: money(98_765_000_000n) }),
    'the balance is another one at the exchange (balance-differs): there it is 987.65 USDT, which is taken over',
    'на бирже другой баланс (balance-differs): там 987,65 USDT, это принято',
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
    'the position is another one at the exchange (position-differs): there it is long 7, which is taken over',
    'на бирже другая позиция (position-differs): там лонг 7, это принято',
  ],
  [
    'a position that is gone',
    (script) => script.enter().read({ positions: [] }),
    'the position is another one at the exchange (position-differs): there it is none, which is taken over',
    'на бирже другая позиция (position-differs): там её нет, это принято',
  ],
  [
    'an order of somebody',
    (script) => script.read({ orders: [{ clientId: '', instId: SCRIPT_SWAP.instId, reduceOnly: false }] }),
    'an order that is not ours (foreign-order): one of this bot is called back, any other is yours to cancel',
    'ордер не наш (foreign-order): ордер этого бота отзывается, любой другой снимаете вы',
  ],
  [
    'another leverage',
    (script) => script.enter().take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 3 }),
    'the leverage was changed (leverage-differs): there it is 3x now, for an open position',
    'плечо изменено (leverage-differs): там теперь 3x, позиция открыта',
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

describe('a trader is told of', () => {
  it.each(cases)('%s', (_, happen, inEnglish, inRussian) => {
    const script = new Watched();
    happen(script);
    const [alert] = script.alerts;
    const line = (texts: typeof en, language: 'en' | 'ru') =>
      happeningLine(alert as Happening, { texts, report: REPORT_TEXTS[language], palette: PLAIN })?.replaceAll(
        /\s/g,
        ' ',
      );
    expect(alert).toBeDefined();
    expect(line(en, 'en')).toContain(inEnglish);
    expect(line(ru, 'ru')).toContain(inRussian);
  });
});
