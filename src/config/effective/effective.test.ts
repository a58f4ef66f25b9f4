import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import { SymbolSeries } from '../../core/market/series.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { ConfigError, effectivePolicy, loadTree } from '../index.ts';

/** A verdict is of the ladder alone: what governors would change is not part of a case (ladder.md §7). */
const ungoverned = (tree: object) => ({ ...loadTree(tree).policy, governors: {} });

describe("decide's config", () => {
  it('absent or empty is the defaults', () => {
    expect(effectivePolicy(undefined)).toEqual(ungoverned({}));
    expect(effectivePolicy({})).toEqual(ungoverned({}));
  });

  it('leads to the same policy as the same tree in a file', () => {
    const tree = {
      position_scaling: { preset: 'adaptive', max_additions: 9, by_symbol: { 'BTC-USDT-SWAP': { max_additions: 1 } } },
      profiles: { small: { max_open_positions: 1 } },
      limits: { margin_reserve: '0.5' },
      partial_take_profit: { min_value: { small: 1 } },
    };
    expect(effectivePolicy(tree)).toEqual(ungoverned(tree));
  });

  it('is judged once for each text', () => {
    const policy = effectivePolicy({ limits: { margin_reserve: 0.25 } });
    expect(effectivePolicy({ limits: { margin_reserve: 0.25 } })).toBe(policy);
    expect(formatDecimal(effectivePolicy({ limits: { margin_reserve: 0.26 } }).limits.marginReserve)).toBe('0.26');
  });

  it('asks what a bot must not be started with', () => {
    const tree = {
      position_scaling: { additions_at_position_limit: 'refuse' },
      profiles: { small: { max_open_positions: 1 } },
    };
    expect(effectivePolicy(tree).profiles.small.openPositionsMax).toBe(1);
    expect(() => loadTree(tree)).toThrow(/the ladder could never add/);
  });

  it.each([
    [{ exits: {} }, 'exits', 'Known here: position_scaling, profiles, limits, partial_take_profit'],
    [{ position_scaling: { max_additons: 1 } }, 'position_scaling.max_additons', 'Did you mean "max_additions"?'],
    [{ limits: null }, 'limits', 'Give it'],
    [[], '', 'Begin with a key'],
    [null, '', 'Begin with a key'],
    ['text', '', 'Begin with a key'],
  ])('%j is refused at "%s"', (tree, path, hint) => {
    expect(() => effectivePolicy(tree)).toThrow(ConfigError);
    try {
      effectivePolicy(tree);
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems : [];
      expect(problems).toEqual([expect.objectContaining({ path, hint: expect.stringContaining(hint) })]);
    }
  });

  it('refuses what is no plain data', () => {
    const ring: Record<string, unknown> = {};
    ring['limits'] = ring;
    expect(() => effectivePolicy(ring)).toThrow(ConfigError);
    expect(() => effectivePolicy({ limits: { margin_reserve: 1n } })).toThrow(ConfigError);
  });
});

describe('the defaults', () => {
  it('are what the series accepts', () => {
    const { series } = loadTree({}).policy.signals;
    expect(new SymbolSeries(series).ready).toBe(false);
  });

  it('name the numbers of rules.md', () => {
    const { exits, execution, limits } = loadTree({}).policy;
    expect(exits.timeLimitMs).toEqual({ trending: 2_700_000, ranging: 900_000, choppy: 600_000 });
    expect(execution.reentry).toEqual({ sameSideMs: 60_000, afterLossMs: 180_000, oppositeSideMs: 5_000 });
    expect(
      [limits.lossPerPositionPercentMax, limits.worstCaseLossPercentMax, limits.dailyLossPercentMax].map(formatDecimal),
    ).toEqual(['2', '15', '5']);
  });
});

describeWithShared('the configurations of the worked cases', () => {
  it('are all accepted', () => {
    const lines = readFileSync(sharedPath('vectors/cases.ndjson'), 'utf8').trim().split('\n');
    const configs = lines.map((line) => (JSON.parse(line) as { config?: unknown }).config);
    for (const config of configs) expect(effectivePolicy(config).scaling.ladder.length).toBeGreaterThan(0);
  });
});
