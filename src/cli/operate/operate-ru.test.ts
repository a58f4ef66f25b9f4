/**
 * What a trader who reads Russian asks of a bot and its journal is answered in Russian. Names of fields and values are the journal's, as in
 * `--json`; the exchange's words are its own.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { SCRIPT_SWAP } from '../../../test/script.ts';
import { ScriptRows } from '../../../test/script-rows.ts';
import { leaveUnexplained } from '../../core/alert.ts';
import type { ChangeSentence } from '../../core/decision.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';
import { decisionJson } from '../../report/decision/decision-json.ts';
import { operateEn } from '../texts/operate-en.ts';
import { operateRu } from '../texts/operate-ru.ts';
import { controlled, type FullStatus } from './bot-status.ts';
import { type BotStatus, controlPath, openControl } from './control.ts';

inEmptyFolder();

const PATH = join('state', 'demo', 'journal.db');

const ARCHIVE = { rowsMax: 1_000, bytesMax: 1e9, segmentRows: 1_000 };

/** Three words of Latin letters in a row. */
const SENTENCE = /[a-z'’]+ [a-z'’]+ [a-z'’]+/i;

function written({ rows }: ScriptRows): void {
  const journal = openJournal(PATH, { accountUid: 'test', run: 'test', now: () => 1, archive: ARCHIVE });
  for (const { kind, atMs, payload } of rows) journal.append(kind, atMs, payload);
  journal.commit();
  journal.close();
}

async function answers(words: string): Promise<string> {
  const { code, out, err } = await rungwise(`${words} --journal ${PATH} --lang ru`);
  expect([code, err]).toEqual([0, '']);
  return out;
}

describe('explain in Russian', () => {
  it('says of a halt who halts and until when, and in no English sentence', async () => {
    const script = new ScriptRows({ traced: true });
    script.operator({ do: 'pause', by: 'operator' });
    script.signal(1);
    written(script);
    const out = await answers(`explain --last-refusal ${SCRIPT_SWAP.instId}`);
    expect(out).toContain('пауза: оператор, пока человек не возобновит');
    expect(out).not.toMatch(SENTENCE);
    const json = JSON.parse(await answers(`explain --last-refusal ${SCRIPT_SWAP.instId} --json`));
    expect(json.reasoning.halting).toEqual({ code: 'pause', by: 'operator' });
  });

  it('says it as the gate has recorded it where an older release has', async () => {
    const script = new ScriptRows({ traced: true });
    script.operator({ do: 'pause', by: 'operator' });
    script.signal(1);
    const text = JSON.stringify(script.rows.at(-1)?.payload, (key, value: unknown) =>
      key === 'halting' || key === 'after' ? undefined : value,
    );
    script.rows.splice(-1, 1, { ...script.rows.at(-1), payload: JSON.parse(text) } as (typeof script.rows)[number]);
    written(script);
    expect(await answers(`explain --last-refusal ${SCRIPT_SWAP.instId}`)).toContain('pause by operator, until resumed');
  });

  it('tells what became of an order: moved, silent, called back', async () => {
    const script = new ScriptRows({ traced: true });
    script.signal(1);
    const { clientId } = script.live('entry').order;
    script.take({
      kind: 'order-unknown',
      at: script.now,
      clientId,
      reason: 'no answer for 3000 ms',
      silentMs: 3_000,
    });
    script.take({ kind: 'order-accepted', at: script.now, clientId });
    script.price(10_005);
    script.wait(60_000);
    written(script);
    const out = await answers(`explain ${clientId}`);
    for (const each of ['нет ответа 3000 мс', 'лучшая цена сдвинулась', 'время мейкера вышло'])
      expect(out).toContain(each);
    expect(out).not.toMatch(SENTENCE);
    expect(await answers(`explain ${clientId} --json`)).toContain('the maker window is over');
  });

  it('tells that an order of ours was not sent', async () => {
    const script = new ScriptRows();
    script.answers.set('entry', 'nothing');
    script.signal(1);
    const { clientId } = script.live('entry').order;
    script.take({ kind: 'order-rejected', at: script.now, clientId, code: 'leverage-not-set', message: 'not sent: x' });
    written(script);
    const out = await answers(`explain ${clientId}`);
    expect(out).toContain('не удалось выставить плечо');
    expect(out).not.toMatch(SENTENCE);
  });

  it('has a Russian word for every reason that stands as an English sentence', () => {
    for (const [sentence, word] of Object.entries(operateRu.operate.because)) {
      expect(word).toMatch(/^[а-яё ]+$/);
      expect(operateEn.operate.because[sentence as ChangeSentence]).toBe(sentence);
    }
  });
});

describe('status in Russian', () => {
  let close: (() => void) | undefined;
  let script: ScriptRows;

  beforeEach(() => {
    script = new ScriptRows();
  });
  afterEach(() => close?.());

  async function told(): Promise<string> {
    written(script);
    const { registry } = script;
    const bot = { account: 'demo', registry, nowMs: () => script.now, isConnected: () => true, refusals: () => [] };
    close = await openControl(controlPath(PATH), controlled({ ...bot, loop: {} as never }));
    return answers('status');
  }

  it('of a bot that still runs an older release says what that one does', async () => {
    written(script.enter());
    const { registry } = script;
    const bot = { account: 'demo', registry, nowMs: () => script.now, isConnected: () => true, refusals: () => [] };
    const now = controlled({ ...bot, loop: {} as never });
    const { isUnsettled, isDayLost, unexplained, untradable, maintenance, ...older } = now.status() as FullStatus;
    expect([isUnsettled, isDayLost, unexplained, untradable, maintenance]).toEqual([false, false, [], [], []]);
    close = await openControl(controlPath(PATH), { ...now, status: () => older });
    expect(await answers('status')).toContain('торгует');
  });

  it('of a bot of the first releases, which tell too little for it, says so', async () => {
    written(script.enter());
    const { registry } = script;
    const bot = { account: 'demo', registry, nowMs: () => script.now, isConnected: () => true, refusals: () => [] };
    const now = controlled({ ...bot, loop: {} as never });
    const { worst, governing, ...older } = now.status();
    expect([worst, governing]).toHaveLength(2);
    close = await openControl(controlPath(PATH), { ...now, status: () => older as BotStatus });
    const { code, out, err } = await rungwise(`status --journal ${PATH} --lang ru`);
    expect([code, out, err]).toEqual([
      1,
      '',
      expect.stringMatching(/^rungwise: demo .* работает на более старой версии/),
    ]);
    const json = await rungwise(`status --journal ${PATH} --json`);
    expect([json.code, JSON.parse(json.out)]).toEqual([0, expect.objectContaining({ account: 'demo' })]);
  });

  it('shows no stop that the exchange has not confirmed, and says that there is none', async () => {
    script.answers.set('stop', 'unknown');
    const { instId } = SCRIPT_SWAP;
    const out = await (script.enter(), told());
    expect(out).toContain(`${instId}: нет стопа, который подтвердила биржа`);
    const { symbols } = JSON.parse(await answers('status --json'));
    expect(symbols[0].position).toMatchObject({ stop: null, target: expect.any(String), closing: null });
    script.take({ kind: 'order-accepted', at: script.now, clientId: script.live('stop').order.clientId });
    expect(await answers('status')).not.toContain('нет стопа');
  });

  it('says of how many contracts the confirmed stop is, where it is not of all', async () => {
    script.amendments = 'nothing';
    const { instId } = SCRIPT_SWAP;
    script.enter();
    const { sizeLots } = script.live('stop');
    expect(await told()).not.toContain('под подтверждённым стопом');
    script.wait(120_000);
    script.signal(1);
    script.fill('rung');
    const held = script.position.holding.lots;
    const line = `${instId}: контрактов под подтверждённым стопом: ${sizeLots} из ${held}`;
    expect((await answers('status')).replace(/(\d)\s(?=\d)/g, '$1')).toContain(line);
    const { symbols } = JSON.parse(await answers('status --json'));
    expect(symbols[0].position).toMatchObject({ stopContracts: String(sizeLots), contracts: String(held) });
  });

  it('says that a position is being closed, why, and that the exchange refuses it', async () => {
    const out = await (script.enter(), script.operator({ do: 'flatten', by: 'operator' }), told());
    expect(out).toContain(`${SCRIPT_SWAP.instId}: закрывается (оператором)`);
    script.answers.set('close', 'reject');
    script.end('close', 'no liquidity');
    script.wait(16_000);
    expect(await answers('status')).toContain('закрывается (оператором); биржа отказывает, попытки идут');
  });

  it('says what of a position nothing explains', async () => {
    leaveUnexplained(script.symbol, { code: 'position-differs', of: 'lots', signedLots: -7, believedLots: 12 });
    const out = await told();
    expect(out).toContain(
      `${SCRIPT_SWAP.instId}: биржа говорила: шорт 7, журнал: лонг 12, и сделками это не объяснить`,
    );
    expect(out).not.toMatch(SENTENCE);
    const json = JSON.parse(await answers('status --json'));
    expect(json.unexplained).toEqual([
      {
        symbol: SCRIPT_SWAP.instId,
        why: script.symbol.unexplained,
        facts: {
          code: 'position-differs',
          of: 'size',
          position: { side: 'short', contracts: '7' },
          believed: { side: 'long', contracts: '12' },
        },
      },
    ]);
  });

  it('says what somebody holds with cross margin', async () => {
    leaveUnexplained(script.symbol, { code: 'cross-position', side: 'short', contracts: '0.1' });
    const out = await told();
    expect(out).toContain(
      `${SCRIPT_SWAP.instId}: кто-то держал там шорт 0,1 с кросс-маржой, отдельно от позиции бота; там ничего не добавляется до «rungwise resume»`,
    );
    expect(out).not.toMatch(SENTENCE);
    const { unexplained } = JSON.parse(await answers('status --json'));
    expect(unexplained[0].facts).toEqual({ code: 'cross-position', side: 'short', contracts: '0.1' });
  });

  it('says that an order of a lost journal was filled', async () => {
    leaveUnexplained(script.symbol, { code: 'lost-journal', clientId: 'rwlost000001e00010' });
    const out = await told();
    expect(out).toContain('исполнился ордер потерянного журнала (rwlost000001e00010)');
    expect(out).not.toMatch(SENTENCE);
  });

  it('says which instrument the exchange does not trade, and in whose words', async () => {
    const { instId } = SCRIPT_SWAP;
    script.take({ kind: 'instrument', at: script.now, instId, stopped: 'suspend', changes: [] });
    const out = await told();
    expect(out).toContain(`${instId}: биржа им не торгует ("suspend")`);
    const why = { code: 'instrument-stopped', state: 'suspend' };
    expect(JSON.parse(await answers('status --json')).untradable).toEqual([{ symbol: instId, why }]);
  });

  it('says what maintenance the exchange has announced', async () => {
    const window = { title: 'Upgrade', service: '5', state: 'planned', begin: 1_700_003_600_000, stopsTrading: true };
    script.take({ kind: 'maintenance', at: script.now, windows: [{ ...window, state: 'planned' }] });
    expect(await told()).toContain('биржа планирует техработы: Upgrade с 2023-11-14 23:13 UTC');
    expect(JSON.parse(await answers('status --json')).maintenance).toEqual([window]);
    expect((await told()).split('\n')[0]).toContain('торгует');
  });

  it('says first of all that the exchange is in maintenance while nothing is added for it', async () => {
    const window = { title: 'Upgrade', service: '5', state: 'planned', begin: script.now, stopsTrading: true } as const;
    for (const each of [window, { ...window, state: 'running' }, { ...window, stopsTrading: false }] as const) {
      script.take({ kind: 'maintenance', at: script.now, windows: [each] });
      const stands = each.stopsTrading ? 'на бирже техработы: ничего не добавляется' : 'торгует';
      expect((await told()).split('\n')[0]).toMatch(new RegExp(`: ${stands}$`));
    }
  });

  it('says that no two readings of the account agree', async () => {
    script.registry.ready = false;
    script.registry.unsettled = { readings: 5, isTold: true };
    expect(await told()).toContain('счёт при каждом чтении другой: ничего не добавляется');
  });

  it('says what an older release has saved by its text', async () => {
    script.symbol.unexplained = 'told by an older release';
    expect(await told()).toContain(`${SCRIPT_SWAP.instId}: told by an older release; там ничего не добавляется`);
  });
});

describe('a command in Russian', () => {
  it.each([
    [`flatten FOO`, () => undefined, `rungwise: FOO здесь не торгуется: ${SCRIPT_SWAP.instId}\n`],
    [
      'pause',
      () => {
        throw new Error('the bot has stopped: the command was not carried out');
      },
      'rungwise: бот остановился: команда не выполнена\n',
    ],
  ])('that the bot says no to: %s', async (words, command, told) => {
    const script = new ScriptRows();
    const { registry } = script;
    written(script);
    const bot = { account: 'demo', registry, nowMs: () => script.now, isConnected: () => true, refusals: () => [] };
    const door = controlled({ ...bot, loop: {} as never });
    const close = await openControl(controlPath(PATH), { ...door, command });
    try {
      const { code, err } = await rungwise(`${words} --journal ${PATH} --lang ru`);
      expect({ code, err }).toEqual({ code: 1, err: told });
    } finally {
      close();
    }
  });
});

describe('flatten', () => {
  it.each([
    ['flatten', 'закрывается всё', 'ничего не открыто; ничего не добавляется'],
    [
      `flatten ${SCRIPT_SWAP.instId}`,
      `${SCRIPT_SWAP.instId} закрывается`,
      `по ${SCRIPT_SWAP.instId} ничего не открыто`,
    ],
  ])('says whether anything is open: %s', async (words, closing, nothing) => {
    for (const isOpen of [true, false]) {
      const script = new ScriptRows();
      if (isOpen) script.enter();
      const { registry } = script;
      written(script);
      const bot = { account: 'demo', registry, nowMs: () => script.now, isConnected: () => true, refusals: () => [] };
      const door = controlled({ ...bot, loop: {} as never });
      const close = await openControl(controlPath(PATH), { ...door, command: () => undefined });
      try {
        const { out } = await rungwise(`${words} --journal ${PATH} --lang ru`);
        expect(out).toContain(`demo: ${isOpen ? closing : nothing}`);
      } finally {
        close();
      }
    }
  });
});

describe('an alert as plain JSON', () => {
  it('has its values beside its message', () => {
    const script = new ScriptRows();
    script.take(script.fillEvent(-1, 7, 10_000));
    const [alert] = script.ofKind('alert');
    expect(alert && decisionJson(alert, () => script.symbol.instrument)).toMatchObject({
      kind: 'alert',
      code: 'foreign-fill',
      facts: { code: 'foreign-fill', cause: 'foreign', side: 'short', contracts: '7' },
    });
  });
});
