/** `npm run -s simulate` as somebody runs it: what it prints, how it ends, and how it goes on. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = ['scripts/bootstrap.mjs', 'test/world/simulate.ts'];

function simulated(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('npm run simulate', () => {
  it('--json sums up in one line, with progress beside it', () => {
    const { code, out, err } = simulated('--seeds', '2', '--from', '5', '--minutes', '2', '--json');
    expect(JSON.parse(out)).toMatchObject({ seeds: 2, violations: 0, failures: [], simulatedHours: 0.07, next: 7 });
    const { faults } = JSON.parse(out) as { faults: Record<string, number> };
    expect(Object.values(faults).every((times) => times > 0)).toBe(true);
    expect(err).toMatch(/^1 of 2 seeds, 0 failed, \d+ s left\n2 of 2 seeds/);
    expect(code).toBe(0);
  });

  it('of a seed that fails names the invariant and the one command that replays it', () => {
    const planted = ['--plant', 'no stop is placed', '--from', '2', '--seeds', '1', '--minutes', '4'];
    const { code, out, err } = simulated(...planted, '--json');
    expect(err, 'at once').toMatch(/^seed 2: every position is covered by a stop: .*\n1 of 1 seeds, 1 failed/);
    const { failures } = JSON.parse(out) as { failures: { seed: number; invariant: string; command: string }[] };
    expect(code).toBe(1);
    expect(failures).toMatchObject([{ seed: 2, invariant: /^every position is covered by a stop/ }]);
    const [, command = ''] = failures[0]?.command.split('-- ') ?? [];
    const again = simulated(...(command.match(/"[^"]+"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')));
    expect(again.code).toBe(1);
    expect(again.out).toContain('seed 2: every position is covered by a stop');
  });

  it('interrupted tells what is known, and the command that goes on', async () => {
    const child = spawn(process.execPath, [...PROGRAM, '--seeds', '400', '--minutes', '2', '--json'], { cwd: root });
    let out = '';
    let err = '';
    let isAsked = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      if (!isAsked && /^20 of/m.test(err)) isAsked = child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number];
    const { seeds, next } = JSON.parse(out) as { seeds: number; next: number };
    expect(code).toBe(130);
    expect(next).toBe(1 + seeds);
    expect(err).toContain(`go on with: npm run -s simulate -- --from ${next} --seeds ${400 - seeds} --minutes 2\n`);
  });

  it.each([
    [['--seeds', 'many'], '--seeds must be a number above 0, not "many"'],
    [['--faults', 'rain'], 'there is no fault "rain"; there are: push-lost'],
    [['--plant', 'a rose'], 'there is no planted bug "a rose"; there are:'],
    [['--sead', '1'], "Unknown option '--sead'"],
  ])('%j is a wrong argument', (args, message) => {
    const { code, out, err } = simulated(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
