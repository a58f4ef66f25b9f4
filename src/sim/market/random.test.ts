import { describe, expect, it } from 'vitest';
import { exp, Random, STEP_DEVIATION } from './random.ts';

describe('Random', () => {
  it('draws the same words from the same seed, in whatever year and engine', () => {
    const random = Random.of(42, 7);
    expect([random.word(), random.word(), random.word()]).toEqual([-1_864_710_992, 191_251_642, -1_867_309_710]);
  });

  it('goes on where it was saved', () => {
    const random = Random.of(1);
    random.word();
    const saved = JSON.parse(JSON.stringify(random.save()));
    expect(Random.load(saved).normal()).toBe(random.normal());
  });

  it('gives every stream and every seed words of its own', () => {
    const words = new Set<number>();
    for (let seed = -50; seed < 50; seed++)
      for (let stream = 0; stream < 20; stream++) words.add(Random.of(seed, stream).word());
    expect(words.size).toBe(2_000);
  });

  it('tells seeds apart that differ only above 32 bits', () => {
    expect(Random.of(1).word()).not.toBe(Random.of(1 + 2 ** 32).word());
  });

  it('has uniforms of mean ½ and normals of mean 0 and deviation 1', () => {
    const random = Random.of(3);
    let uniforms = 0;
    let normals = 0;
    let squares = 0;
    for (let i = 0; i < 100_000; i++) {
      uniforms += random.uniform();
      const normal = random.normal();
      normals += normal;
      squares += normal * normal;
    }
    expect(uniforms / 100_000).toBeCloseTo(0.5, 2);
    expect(normals / 100_000).toBeCloseTo(0, 2);
    expect(squares / 100_000).toBeCloseTo(1, 1);
  });

  it('fills steps of mean 0 and of the deviation it states', () => {
    const steps = new Int32Array(100_000);
    Random.of(4).fillSteps(steps);
    const squares = steps.reduce((sum, step) => sum + step * step, 0);
    expect(steps.reduce((sum, step) => sum + step, 0) / steps.length / STEP_DEVIATION).toBeCloseTo(0, 1);
    expect(Math.sqrt(squares / steps.length) / STEP_DEVIATION).toBeCloseTo(1, 2);
  });
});

describe('exp', () => {
  it('is that of the engine to 1 in 10¹³', () => {
    let worst = 0;
    for (let x = -40; x <= 40; x += 0.0137) worst = Math.max(worst, Math.abs(exp(x) / Math.exp(x) - 1));
    expect(worst).toBeLessThan(1e-13);
  });

  it.each([41, -41, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (x) => {
    expect(() => exp(x)).toThrow(RangeError);
  });
});
