/** `init` writes a configuration that loads, asks what no option says, and overwrites nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { loadConfig } from '../../config/index.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { main } from '../main.ts';

inEmptyFolder();

const written = (file = 'rungwise.yaml') => readFileSync(file, 'utf8');
const loaded = (file = 'rungwise.yaml') => loadConfig(written(file), { name: file });
const ENTER = '\r';
const DOWN = '\u001b[B';
const SPACE = ' ';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

describe('without questions', () => {
  it('writes the defaults of the decision record, and the JSON Schema that the first line names', async () => {
    const { code, out, err } = await rungwise('init --yes', { input: '' });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toContain('wrote rungwise.yaml');
    expect(written().split('\n')[0]).toBe('# yaml-language-server: $schema=./rungwise.schema.json');
    expect(JSON.parse(readFileSync('rungwise.schema.json', 'utf8'))).toMatchObject({ title: 'Rungwise' });
    const { symbols, account, governors, settings } = loaded();
    expect(symbols).toEqual(['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP']);
    expect(formatDecimal(account.balance)).toBe('1000');
    expect(governors).toMatchObject({ size_by_day: true, pause: true, mode_by_results: false });
    expect(settings).toContainEqual(
      expect.objectContaining({ path: 'position_scaling.preset', value: 'conservative' }),
    );
  });

  it('writes every answer that an option gives', async () => {
    const options =
      '--preset adaptive --symbols SOL-USDT-SWAP,BTC-USDT-SWAP --balance 2500.5 --partial-min 12 --governors pause';
    expect(
      (await rungwise(`init my.yaml ${options}`, { input: '' })).code,
      'all are answered: --yes is not needed',
    ).toBe(0);
    const { symbols, account, governors, policy } = loaded('my.yaml');
    expect(symbols).toEqual(['SOL-USDT-SWAP', 'BTC-USDT-SWAP']);
    expect(formatDecimal(account.balance)).toBe('2500.5');
    expect(formatDecimal(policy.partial.valueMin.medium)).toBe('12');
    expect(formatDecimal(policy.partial.valueMinCap), 'a cap of 10 would take the answer back').toBe('12');
    expect(governors).toEqual({
      size_by_day: false,
      targets_by_volatility: false,
      additions_without_signal: false,
      mode_by_results: false,
      pause: true,
    });
  });

  it('switches every governor off with "none"', async () => {
    await rungwise('init --yes --governors none', { input: '' });
    expect(Object.values(loaded().governors)).toEqual([false, false, false, false, false]);
  });

  it('explains the keys in the language asked for', async () => {
    await rungwise('init --yes --lang ru', { input: '' });
    expect(written()).toContain('Лестница добавлений');
  });

  it('puts the schema beside a file in another folder', async () => {
    mkdirSync('there');
    await rungwise('init there/a.yaml --yes', { input: '' });
    expect(existsSync('there/rungwise.schema.json')).toBe(true);
  });
});

describe('what is there stays', () => {
  it.each(['rungwise.yaml', 'rungwise.schema.json'])('%s, and nothing is written', async (file) => {
    writeFileSync(file, 'mine');
    const { code, out, err } = await rungwise('init --yes', { input: '' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`${file} is there already,? .*stays as it is; .*"--force"`));
    expect(written(file)).toBe('mine');
    expect(existsSync(file === 'rungwise.yaml' ? 'rungwise.schema.json' : 'rungwise.yaml')).toBe(false);
  });

  it('but the schema of another version of Rungwise is brought up to date, and told', async () => {
    await rungwise('init --yes', { input: '' });
    const schema = readFileSync('rungwise.schema.json', 'utf8');
    const again = await rungwise('init same.yaml --yes', { input: '' });
    expect(again.err, 'what is the same is not written').not.toContain('rungwise.schema.json');
    writeFileSync('rungwise.schema.json', '{"title": "Rungwise", "type": "object"}');
    const { code, err } = await rungwise('init other.yaml --yes', { input: '' });
    expect([code, err]).toEqual([0, expect.stringContaining('wrote rungwise.schema.json')]);
    expect(readFileSync('rungwise.schema.json', 'utf8')).toBe(schema);
  });

  it('but not with --force', async () => {
    writeFileSync('rungwise.yaml', 'mine');
    expect((await rungwise('init --yes --force', { input: '' })).code).toBe(0);
    expect(loaded().symbols).toHaveLength(3);
  });
});

it('a symbol that is named twice is wanted once', async () => {
  const { code } = await rungwise('init --yes --symbols BTC-USDT-SWAP,ETH-USDT-SWAP,BTC-USDT-SWAP', { input: '' });
  expect(code).toBe(0);
  expect(loaded().symbols).toEqual(['BTC-USDT-SWAP', 'ETH-USDT-SWAP']);
});

describe('wrong answers write nothing', () => {
  it.each([
    ['--symbols BTC-USDT-SWP', 'did you mean BTC-USDT-SWAP?'],
    ['--symbols btc', 'did you mean BTC-USDT-SWAP?'],
    ['--balance 0', '--balance: "0" is not a number above 0'],
    ['--governors ,', '--governors: nothing is named'],
    ['--partial-min -3', '--partial-min: "-3" is not a number above 0'],
    ['--symbols ,', '--symbols: nothing is named'],
    ['--balance 1000000000000', '--balance: "1000000000000" is not an amount in USDT above 0, up to 1000000000'],
    ['--balance 0.000000001', '--balance: "0.000000001" is not an amount in USDT above 0'],
    ['--partial-min 1000000001', '--partial-min: "1000000001" is not an amount'],
  ])('%s', async (words, expected) => {
    const { code, out, err } = await rungwise(`init --yes ${words}`, { input: '' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(expected);
    expect(err, 'nobody has written that line').not.toMatch(/line \d/);
    expect(existsSync('rungwise.yaml')).toBe(false);
  });

  it('and a folder that is not there is named', async () => {
    const { code, err } = await rungwise('init nowhere/a.yaml --yes', { input: '' });
    expect(code).toBe(2);
    expect(err).toContain('nowhere/a.yaml: its folder does not exist: make it');
  });

  it('and nobody is asked where there is no terminal', async () => {
    const { code, err } = await rungwise('init --preset adaptive', { input: '' });
    expect(code).toBe(2);
    expect(err).toContain('"--yes"');
  });
});

it.skipIf(process.platform === 'win32')('a pipe or a device stays what it is: no file takes its place', async () => {
  execFileSync('mkfifo', ['pipe']);
  const en = await rungwise('init pipe --yes --force', { input: '' });
  expect([en.code, en.err]).toEqual([
    2,
    'rungwise: pipe: this is no ordinary file (a device or a pipe): name another\n',
  ]);
  const ru = await rungwise('init pipe --yes --force --lang ru', { input: '' });
  expect([ru.code, ru.err]).toEqual([2, expect.stringContaining('pipe: это не обычный файл')]);
  expect(statSync('pipe').isFIFO()).toBe(true);
  expect(readdirSync('.')).toEqual(['pipe']);
});

describe('at a terminal', () => {
  it('asks symbols, balance and the three open questions, and writes what is answered', async () => {
    const keys = [SPACE, ENTER, ENTER, DOWN, ENTER, DOWN, ENTER, DOWN, SPACE, ENTER];
    const { code, out, err } = await rungwise('init', { keys });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    for (const question of ['Which swaps', 'Balance', 'Additions', 'Smallest partial', 'on its own'])
      expect(err).toContain(question);
    const { symbols, governors, policy, settings } = loaded();
    expect(symbols, 'space takes the first away').toEqual(['ETH-USDT-SWAP', 'SOL-USDT-SWAP']);
    expect(settings).toContainEqual(expect.objectContaining({ path: 'position_scaling.preset', value: 'aggressive' }));
    expect(formatDecimal(policy.partial.valueMin.small)).toBe('5');
    expect(governors).toMatchObject({ size_by_day: true, targets_by_volatility: false, pause: true });
  });

  it('does not ask what an option has answered', async () => {
    const { code, err } = await rungwise(
      'init --symbols BTC-USDT-SWAP --balance 700 --preset adaptive --governors none',
      {
        keys: [ENTER],
      },
    );
    expect(code).toBe(0);
    expect(err).toContain('Smallest partial');
    for (const question of ['Which swaps', 'Balance for', 'Additions:', 'on its own'])
      expect(err).not.toContain(question);
  });

  it('leaves alone what another has written while it asked', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    let said = '';
    const errors = new Writable({
      write: (chunk, _, done) => {
        said += String(chunk);
        if (!existsSync('rungwise.yaml') && said.includes('Smallest partial')) {
          writeFileSync('rungwise.yaml', 'mine');
          setTimeout(() => input.write(ENTER), 30);
        }
        done();
      },
    });
    const words = 'init --symbols BTC-USDT-SWAP --balance 700 --preset adaptive --governors none --lang en';
    expect(await main(words.split(' '), { input, output: new PassThrough(), errors, env: {} })).toBe(2);
    expect(said).toContain('rungwise.yaml is there already and stays as it is');
    expect(written()).toBe('mine');
  });

  it.each([
    ['Ctrl-C', [ENTER, CTRL_C]],
    ['Ctrl-D, at a choice', [CTRL_D]],
    ['Ctrl-D, in a text', [ENTER, CTRL_D]],
  ])('ends with 130 and writes nothing on %s', async (_, keys) => {
    const { code, err } = await rungwise('init --lang ru', { keys });
    expect(code).toBe(130);
    expect(err).toContain('ничего не записано');
    expect(existsSync('rungwise.yaml')).toBe(false);
  });
});

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  it('a file that is there stays whole, and none is left half written, in the way of the next try', async () => {
    symlinkSync('/dev/full', `rungwise.schema.json.${process.pid}.new`);
    const { code, err } = await rungwise('init --yes', { input: '' });
    expect(code).toBe(2);
    expect(err).toContain('rungwise: rungwise.schema.json: the disk is full\n');
    expect(readdirSync('.')).toEqual(['rungwise.yaml']);
    expect((await rungwise('init other.yaml --yes', { input: '' })).err).toContain('wrote rungwise.schema.json');

    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    symlinkSync('/dev/full', `rungwise.yaml.${process.pid}.new`);
    expect((await rungwise('init --yes --force', { input: '' })).code).toBe(2);
    expect(written(), 'the old one, whole').toBe('symbols: [BTC-USDT-SWAP]\n');
  });

  it('a link to a configuration stays a link', async () => {
    writeFileSync('shared.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    symlinkSync('shared.yaml', 'rungwise.yaml');
    expect((await rungwise('init --yes --force', { input: '' })).code).toBe(0);
    expect(written('shared.yaml')).toContain('account:');
  });
});
