import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { engineFlags } from './engine.ts';

describe('the engine', () => {
  it('knows every flag: one that it does not know it says on stderr', () => {
    const load = (code: string) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', code],
        { cwd: import.meta.dirname, encoding: 'utf8' },
      );
      return { status, stdout, stderr };
    };
    const unknown = load(`import v8 from 'node:v8'; v8.setFlagsFromString('--no-such-flag')`);
    expect(unknown.stderr, 'what a flag that it does not know looks like').toContain('no-such-flag');
    expect(load(`import './engine.ts'; console.log('told')`)).toEqual({ status: 0, stdout: 'told\n', stderr: '' });
  });

  it('that was not measured is told nothing', () => {
    expect(engineFlags(process.versions.v8)).toHaveLength(2);
    expect(engineFlags('14.1.146.11-node.14')).toEqual([]);
    expect(engineFlags('13.60.1')).toEqual([]);
  });
});
