/** Who never runs `check` hears that there is something to hear. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise, unhurriedDemos } from '../../../test/command-line.ts';

inEmptyFolder();
unhurriedDemos();

/** Two values that never take effect. */
const ODD =
  'position_scaling: {preset: adaptive, max_additions: 3, min_interval_seconds: 90}\nsymbols: [BTC-USDT-SWAP]\n';

describe('that a configuration has warnings is told by every command that goes by it', () => {
  it.each(['plan BTC-USDT-SWAP --price 60000', 'plan --book', 'plan --risk --seeds 1 --days 1', 'demo --for 10ms'])(
    '%s',
    async (words) => {
      writeFileSync('rungwise.yaml', ODD);
      const { err } = await rungwise(words);
      expect(err).toContain('! rungwise.yaml: 2 warnings; "rungwise check" tells them\n');
      const json = await rungwise(`${words} --json --lang ru`);
      expect(json.err).toContain('! rungwise.yaml: предупреждений: 2; их покажет «rungwise check»\n');
      for (const line of words.startsWith('demo') ? json.out.trimEnd().split('\n') : [json.out]) JSON.parse(line);
    },
  );

  it('by a backtest too, whole where the command line has a part in them: check would not know of those', async () => {
    writeFileSync(
      'one.yaml',
      'position_scaling: {max_additions: 3, by_symbol: {SOL-USDT-SWAP: {max_additions: 1}}}\nsymbols: [BTC-USDT-SWAP]\n',
    );
    writeFileSync('btc.csv', 'ts,open,high,low,close,volume\n1704067200000,42000,42010,41990,42005,1.5\n');
    const words = 'backtest --candles btc.csv --symbol BTC-USDT-SWAP --config one.yaml';
    expect((await rungwise(words)).err).toContain('! one.yaml: 1 warning; "rungwise check one.yaml" tells it\n');
    expect((await rungwise(`${words} --preset adaptive`)).err).toMatch(
      /^! one\.yaml: line 1 {2}position_scaling\.max_additions: is shadowed: /m,
    );
  });

  it('also where the command line alone has brought them, and then no file is named', async () => {
    writeFileSync('btc.csv', 'ts,open,high,low,close,volume\n1704067200000,42000,42010,41990,42005,1.5\n');
    const words = 'backtest --candles btc.csv --symbol BTC-USDT-SWAP --fees 0.02/5';
    const said = '! execution.fee_rates.taker: is 5 % of the value, far above any fee of OKX. In the file it is';
    expect((await rungwise(words)).err).toContain(said);
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    expect((await rungwise(words)).err, 'nor does a file have what an option says').toContain(said);
  });

  it('check tells them itself, once', async () => {
    writeFileSync('rungwise.yaml', ODD);
    const { err } = await rungwise('check');
    expect(err.match(/shadowed/g)).toHaveLength(2);
    expect(err).not.toContain('tells them');
  });
});
