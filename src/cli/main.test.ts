/** The words of the command line: help, languages, what is not understood. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../test/command-line.ts';
import { main } from './main.ts';

inEmptyFolder();

const COMMANDS = ['init', 'check', 'plan', 'decide', 'data', 'data import', 'data list', 'data verify'];

describe('help', () => {
  it.each(['', '--help', '-h', 'help'])('is what "rungwise %s" prints', async (words) => {
    const { code, out, err } = await rungwise(words);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const command of ['init', 'check', 'plan', 'decide', 'data', 'Exit codes']) expect(out).toContain(command);
  });

  it.each(COMMANDS)('of %s names its options in both languages', async (command) => {
    const en = await rungwise(`${command} --help`);
    const ru = await rungwise(`${command} --help --lang ru`);
    expect([en.code, ru.code]).toEqual([0, 0]);
    expect(en.out).toMatch(/^Usage: rungwise /);
    expect(ru.out).toMatch(/^Вызов: rungwise /);
    expect(ru.out, 'no English heading is left').not.toMatch(/Options|Arguments|Usage|default:/);
    expect(optionsOf(ru.out)).toEqual(optionsOf(en.out));
  });

  it.each(['help data import', 'data help import', '--lang en help data import'])(
    'of a command within another is what "%s" shows',
    async (words) => {
      expect(await rungwise(words)).toEqual(await rungwise('data import --help'));
    },
  );

  it.each([
    ['help chek', '"chek" is not a command; did you mean check?', 'команды «chek» нет; может быть, check?'],
    ['chek --help', '"chek" is not a command; did you mean check?', 'команды «chek» нет; может быть, check?'],
    ['data imprt -h', '"imprt" is not a command; did you mean import?', 'команды «imprt» нет; может быть, import?'],
    [
      'help nothing',
      '"nothing" is not a command; "rungwise --help" lists',
      'команды «nothing» нет; команды перечислит',
    ],
  ])('is not that of everything where "%s" names no command', async (words, en, ru) => {
    for (const [language, told] of [['en', en] as const, ['ru', ru] as const]) {
      const { code, out, err } = await rungwise(`${words} --lang ${language}`);
      expect([code, out, err]).toEqual([2, '', expect.stringContaining(told)]);
    }
  });

  it('promises an exchange of its own, and a question, only where they come', async () => {
    for (const [words, own, asks] of [
      ['paper', true, false],
      ['live', false, true],
      ['doctor', false, false],
      ['data download', false, false],
    ] as const) {
      const help = (await rungwise(`${words} --help`, { columns: 200 })).out;
      expect([help.includes('one of its own'), help.includes('confirmation')], words).toEqual([own, asks]);
      const russian = (await rungwise(`${words} --help --lang ru`, { columns: 200 })).out;
      expect([russian.includes('собственная'), russian.includes('подтверждения')], words).toEqual([own, asks]);
    }
  });

  it('says of --config which commands do without a file', async () => {
    for (const [words, doesWithout] of [
      ['plan', true],
      ['backtest', true],
      ['demo', true],
      ['paper', true],
      ['live', false],
      ['doctor', true],
    ] as const) {
      const help = (await rungwise(`${words} --help`, { columns: 200 })).out;
      expect(help.includes('rungwise.yaml, or the defaults'), words).toBe(doesWithout);
    }
  });

  it.each([80, 120])('fits %i columns', async (columns) => {
    for (const language of ['en', 'ru'])
      for (const command of ['', ...COMMANDS]) {
        const { out } = await rungwise(`${command} --help --lang ${language}`, { columns });
        expect(
          Math.max(...out.split('\n').map((line) => line.length)),
          `${command} in ${language}`,
        ).toBeLessThanOrEqual(columns);
      }
  });
});

function optionsOf(help: string): string[] {
  return [...help.matchAll(/--[a-z-]+/g)].map(([option]) => option);
}

describe('the language', () => {
  it.each([
    // words          environment                        language
    ['--lang ru', {}, 'Вызов'],
    ['--lang=ru', {}, 'Вызов'],
    ['', { LANG: 'ru_RU.UTF-8' }, 'Вызов'],
    ['', { LC_ALL: 'en_US.UTF-8', LANG: 'ru_RU.UTF-8' }, 'Usage'],
    ['--lang en', { LANG: 'ru_RU.UTF-8' }, 'Usage'],
    ['', { LANG: 'de_DE.UTF-8' }, 'Usage'],
  ])('of "%s" with %j is told by "%s"', async (words, env, begins) => {
    const { out } = await rungwise(words, { env });
    expect(out.startsWith(begins)).toBe(true);
  });

  it('may stand behind the command too', async () => {
    expect((await rungwise('check --lang ru')).err).toContain('здесь нет rungwise.yaml');
    expect((await rungwise('--lang ru check')).err).toContain('здесь нет rungwise.yaml');
  });
});

describe('what is not understood ends with 2, says so on standard error and nothing on standard output', () => {
  it.each([
    // words                                       English                              Russian
    ['chek', 'did you mean check?', 'может быть, check?'],
    ['fly', '"fly" is not a command', 'команды «fly» нет'],
    ['data imprt', 'did you mean import?', 'может быть, import?'],
    ['check --jsn', 'did you mean --json?', 'может быть, --json?'],
    ['check --xyzzy', 'the option "--xyzzy" is not known', 'ключа «--xyzzy» нет'],
    ['check one two', 'more words than the command understands', 'слов больше'],
    ['backtest a.csv', 'write backtest --candles FILE', 'пишите backtest --candles FILE'],
    ['demo BTC', 'write demo --symbols LIST', 'пишите demo --symbols LIST'],
    ['plan', 'SYMBOL is missing', 'не хватает SYMBOL'],
    ['plan BTC-USDT-SWAP --price', '"--price <USDT>" needs a value', 'ключу «--price <USDT>» нужно значение'],
    ['check --lang', '"--lang <LANGUAGE>" needs a value', undefined],
    ['--lang', '"--lang <LANGUAGE>" needs a value', undefined],
    ['backtest --decisions --json', '"--decisions <FILE>" needs a value', 'ключу «--decisions <FILE>» нужно'],
    ['demo --speed --json', '"--speed <FACTOR>" needs a value', 'ключу «--speed <FACTOR>» нужно'],
    ['exchange --account --admin', '"--account <KEYS>" needs a value', 'ключу «--account <KEYS>» нужно'],
    ['data import a.csv', '"--symbol <SYMBOL>" is missing', 'не хватает ключа «--symbol <SYMBOL>»'],
    ['plan BTC-USDT-SWAP --side up', '"up" is not known; one of: long, short', '«up» не подходит'],
    ['plan BTC-USDT-SWAP --regime rangin', 'did you mean ranging?', 'может быть, ranging?'],
    ['plan BTC-USDT-SWAP --balance -5', '"-5" is not a number above 0', '«-5» — не число больше 0'],
    ['plan BTC-USDT-SWAP --price abc', '"abc" is not a number above 0', '«abc» — не число больше 0'],
    [
      'plan BTC-USDT-SWAP --price 1e5',
      '"1e5" is not a number above 0; write it in plain digits',
      '«1e5» — не число больше 0; пишите одними цифрами',
    ],
    ['init --preset agressive', 'did you mean aggressive?', 'может быть, aggressive?'],
    ['init --governors pause,sizes', '"sizes" is not known', '«sizes» не подходит'],
    ['--lang de', '"de" is not known; one of: en, ru', undefined],
    ['--lang ru --lang', 'ключу «--lang <LANGUAGE>» нужно значение', undefined],
    ['--lang=ru check --lang de', '«de» не подходит; возможно: en, ru', undefined],
  ])('%s', async (words, english, russian) => {
    for (const [language, expected] of [
      ['en', english],
      ['ru', russian],
    ] as const) {
      if (expected === undefined) continue;
      const { code, out, err } = await rungwise(words.includes('--lang') ? words : `${words} --lang ${language}`);
      expect({ code, out }, err).toEqual({ code: 2, out: '' });
      expect(err).toContain(expected);
      expect(err.trim().split('\n'), 'one line, no stack').toHaveLength(1);
    }
  });

  it('shows the help of a command that needs a further word', async () => {
    const { code, out, err } = await rungwise('data');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const word of ['import', 'list', 'verify']) expect(err).toContain(word);
  });
});

describe('colours', () => {
  const escape = String.fromCharCode(27);
  it.each([
    ['', {}, false],
    ['', { FORCE_COLOR: '1' }, true],
    ['--no-color', { FORCE_COLOR: '1' }, false],
    ['', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('"%s" with %j: %s', async (words, env, isColoured) => {
    const { out } = await rungwise(`${words} plan BTC-USDT-SWAP`, { env });
    expect(out.includes(escape)).toBe(isColoured);
  });

  it('are not written into a file that standard error goes to while a terminal shows the result', async () => {
    const [output, errors] = [new PassThrough(), new PassThrough()];
    const terminal = { input: new PassThrough(), output: Object.assign(output, { isTTY: true }), errors, env: {} };
    for (const [words, code] of [
      ['plan BTC-USDT-SWAP', 0],
      ['plan NOPE', 2],
      ['data', 2],
    ] as const)
      expect(await main(words.split(' '), terminal)).toBe(code);
    expect(String(output.read())).toContain(escape);
    expect(String(errors.read())).not.toContain(escape);
  });
});

describe('decide', () => {
  it('answers every line, the malformed one with its error', async () => {
    const { code, out, err } = await rungwise('decide', { input: '{"id":"x","kind":"unheard"}\n' });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({ id: 'x', error: { path: 'kind' } });
  });

  it.skipIf(process.platform === 'win32').each([
    ['en', 'standard input is a folder, not cases'],
    ['ru', 'на стандартном входе папка, а не случаи'],
  ])('says in %s that a folder holds no cases', (language, expected) => {
    const folder = openSync('.', 'r');
    const argv = [fileURLToPath(new URL('main.ts', import.meta.url)), 'decide', '--lang', language];
    const { status, stderr } = spawnSync(process.execPath, argv, {
      stdio: [folder, 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    closeSync(folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining(expected)]);
  });

  it('says how it is used to a person who sits at the terminal', async () => {
    const { code, out, err } = await rungwise('decide', { endsInput: true });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('rungwise decide < cases.ndjson');
  });
});
