/** What a person may get wrong is told in a sentence, in the person's language, with what to do; never with a stack. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { main } from '../main.ts';

inEmptyFolder();

const CANDLES = 'ts,open,high,low,close,volume\n1704067200000,42000,42010,41990,42005,1.5\n';

describe('a mistake', () => {
  it.each([
    [
      'plan NOPE',
      'the symbol "NOPE" is not known offline. Known: BTC-USDT-SWAP',
      'инструмента «NOPE» в таблице нет. Известны:',
    ],
    ['plan BTC-USDT', 'offline; did you mean BTC-USDT-SWAP? Known:', 'нет; может быть, BTC-USDT-SWAP? Известны:'],
    ...['init --yes', 'demo', 'exchange'].map((command): [string, string, string] => [
      `${command} --symbols FOO`,
      'offline. This command knows BTC-USDT-SWAP, ',
      'в таблице нет. Эта команда знает BTC-USDT-SWAP, ',
    ]),
    [
      'paper --exchange http://127.0.0.1:8780',
      '"rungwise exchange" prints the three lines',
      'Три строки своего счёта «rungwise exchange» печатает',
    ],
    ['demo --symbols ETH', 'did you mean ETH-USDT-SWAP? This', 'может быть, ETH-USDT-SWAP? Эта'],
    [
      'explain anything',
      'start the bot that writes it, or name another',
      'запустите бота, который его пишет, или назовите другой',
    ],
    ['replay nowhere.db', 'no journal at "nowhere.db"', 'журнал «nowhere.db»: его здесь нет'],
    ['recover nowhere.db', 'no journal at "nowhere.db"', 'журнал «nowhere.db»: его здесь нет'],
    ['replay folder', '"folder" is a folder, not a journal', 'журнал «folder»: это не журнал'],
    ['recover folder', '"folder" is a folder, not a journal', 'журнал «folder»: это не журнал'],
    [
      'plan BTC-USDT-SWAP --instrument btc.csv',
      'btc.csv: the instrument file is not JSON',
      'btc.csv не описывает инструмент (что писать, сказано в руководстве): это не JSON',
    ],
    ...['init --yes -', 'backtest --candles btc.csv --symbol BTC-USDT-SWAP --decisions -'].map(
      (command): [string, string, string] => [
        command,
        '"-" does not mean standard output here: name a file',
        '«-» здесь не означает стандартный вывод: назовите файл',
      ],
    ),
    [
      'exchange --market replay btc.csv',
      'rungwise: whose candles does btc.csv hold? Add --symbol',
      'rungwise: чьи свечи в btc.csv? Добавьте --symbol',
    ],
    ['exchange --state folder', 'folder: this is a folder, not a file', 'folder: это папка, а не файл'],
    ['exchange --state btc.csv', 'btc.csv holds no saved exchange', 'в btc.csv нет сохранённой биржи'],
    ...[
      'exchange --state nowhere/s.json',
      'init --yes nowhere/s.json',
      'backtest --candles btc.csv --symbol BTC-USDT-SWAP --decisions nowhere/s.json',
      'check nowhere/s.json',
    ].map((command): [string, string, string] => [
      command,
      'nowhere/s.json: its folder does not exist: make it, or name another place',
      'nowhere/s.json: его папки нет: создайте её или назовите другое место',
    ]),
    ['check nowhere.yaml', 'nowhere.yaml: there is no such file or folder', 'nowhere.yaml: нет такого файла или папки'],
  ])('%s', async (words, inEnglish, inRussian) => {
    mkdirSync('folder');
    writeFileSync('btc.csv', CANDLES);
    const [en, ru] = [await rungwise(words), await rungwise(`${words} --lang ru`)];
    expect([en.code, en.err]).toEqual([2, expect.stringContaining(inEnglish)]);
    expect([ru.code, ru.err]).toEqual([2, expect.stringContaining(inRussian)]);
    for (const { out, err } of [en, ru]) expect(out + err).not.toMatch(/^ +at |Error:/m);
  });

  // biome-ignore format: a table
  it.each([
    // what was written                                              what changes nothing   why
    ['exchange --host http://127.0.0.1:1',                           '--host',              'without --market okx'],
    ['exchange --ws ws://127.0.0.1:1',                               '--ws',                'without --market okx'],
    ['exchange --symbol BTC-USDT-SWAP',                              '--symbol',            'without --market replay'],
    ['exchange --market replay BTC-USDT-SWAP=x.csv --seed 5',        '--seed',              'without --market generated'],
    ['exchange --market replay BTC-USDT-SWAP=x.csv --symbols ETH-USDT-SWAP', '--symbols',   'without --market generated'],
    ['exchange --market okx --symbol BTC-USDT-SWAP',                 '--symbol',            'without --market replay'],
    ['paper --keys keys',                                            '--keys',              'without --exchange'],
    ['paper --exchange http://127.0.0.1:1 --seed 5',                 '--seed',              'beside --exchange'],
    ['doctor --exchange http://127.0.0.1:1 --host http://127.0.0.1:2', '--host',            'beside --exchange'],
    ['data download BTC-USDT-SWAP --exchange http://127.0.0.1:1 --host http://127.0.0.1:2', '--host', 'beside --exchange'],
    ['data download BTC-USDT-SWAP --from 2026-01-01 --days 7',       '--days',              'beside --from'],
    ['status --account main --journal other.db',                     '--account',           'beside --journal'],
    ['explain a1 --account main --journal other.db',                 '--account',           'beside --journal'],
  ])('%s is refused: an option that changes nothing is not passed over', async (words, option, why) => {
    const [en, ru] = [await rungwise(words), await rungwise(`${words} --lang ru`)];
    expect([en.code, en.out, en.err]).toEqual([2, '', expect.stringContaining(`${option} has no effect ${why}: `)]);
    expect([ru.code, ru.err]).toEqual([2, expect.stringMatching(new RegExp(`${option} .*ничего не меняет: `))]);
  });

  it.each([['data import btc.csv --symbol BTC-USDT-SWAP'], ['demo --for 1s'], ['paper --for 1s']])(
    '%s, where the place for state is a file',
    async (words) => {
      writeFileSync('btc.csv', CANDLES);
      const env = { RUNGWISE_HOME: `${process.cwd()}/btc.csv` };
      const { code, err } = await rungwise(words, { env });
      expect([code, err]).toEqual([2, expect.stringMatching(/a part of the path is a file|not a directory/)]);
      expect(err).not.toMatch(/^ +at /m);
    },
  );
});

describe('what is said at a terminal', () => {
  class Screen extends Writable {
    readonly isTTY = true;
    readonly columns = 60;
    text = '';

    override _write(chunk: unknown, _: BufferEncoding, done: () => void): void {
      this.text += String(chunk);
      done();
    }
  }

  it.each([
    'plan BTC-USDT-SWAP --price 60000 --no-color',
    'plan NOPE --no-color',
    'plan ETH-USDT-SWAP --no-color --lang ru',
    'plan --risk --seeds 1 --days 1 BTC-USDT-SWAP --no-color --lang ru',
    'backtest --candles btc.csv --symbol BTC-USDT-SWAP --no-color',
  ])('%s is broken between words', async (words) => {
    writeFileSync('btc.csv', CANDLES);
    const [output, errors] = [new Screen(), new Screen()];
    await main(words.split(' '), { input: process.stdin, output, errors, env: {} });
    const lines = (output.text + errors.text).split(/\n|\r/).map((line) => line.replace('\u001b[K', ''));
    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
