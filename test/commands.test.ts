/** The commands as a shell sees them: the real program, its streams and its exit codes. What needs no process is tested beside each command. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../rungwise', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
afterAll(() => rmSync(folder, { recursive: true }));

function rungwise(words: string, input = '') {
  const env = { ...process.env, LC_ALL: 'C', NO_COLOR: '1' };
  return spawnSync(program, words.split(' '), { cwd: folder, input, encoding: 'utf8', env });
}

describe.skipIf(process.platform === 'win32')('rungwise', () => {
  it('leads from nothing to a plan', () => {
    expect(rungwise('init --yes --symbols BTC-USDT-SWAP')).toMatchObject({ status: 0, stdout: '' });
    expect(rungwise('check')).toMatchObject({ status: 0 });
    const planned = rungwise('plan BTC-USDT-SWAP --price 58500 --json');
    expect(planned).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(planned.stdout).rungs).toHaveLength(6);
  });

  it('judges cases from standard input, and ends with 1 where a line erred', () => {
    const { status, stdout, stderr } = rungwise('decide', 'nonsense\n\n{"id":"b"}\n');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { id: null, error: { code: 'not-json' } },
      { id: 'b', error: { code: 'malformed' } },
    ]);
  });

  it('ends with 2, a message on standard error and no stack where the configuration is wrong', () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'position_scaling:\n  ladder: [1, -1]\n');
    const { status, stdout, stderr } = rungwise('check wrong.yaml');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('line 2');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('is quiet where the reader of its output goes away', () => {
    const all = `"${program}" check --json | head -c 10; "${program}" --help | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', all], { cwd: folder, encoding: 'utf8' });
    expect(stderr).not.toMatch(/EPIPE|Error/);
    expect(stdout).toContain('{');
  });

  it.skipIf(!existsSync('/dev/full')).each(['check', 'demo --for 1s --json', 'decide'])(
    '%s runs to its end where its output cannot be written, says so and ends with 2',
    (words) => {
      const all = `echo '{}' | "${program}" ${words} > /dev/full`;
      const { status, stderr } = spawnSync('sh', ['-c', all], { cwd: folder, encoding: 'utf8' });
      expect([status, stderr]).toEqual([2, expect.stringContaining('standard output: the disk is full')]);
      expect(stderr).not.toMatch(/^ +at /m);
    },
  );
});
