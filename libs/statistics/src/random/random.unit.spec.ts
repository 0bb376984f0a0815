import { describe, expect, it } from '@jest/globals';
import { seededRandom } from './random.js';

const draws = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seededRandom', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const [one, same, other] = [seededRandom(7), seededRandom(7), seededRandom(8)];
    const stream = draws(20, one.uniform);
    expect(draws(20, same.uniform)).toEqual(stream);
    expect(draws(20, other.uniform)).not.toEqual(stream);
  });

  it('is uniform and normal as far as its moments say', () => {
    const random = seededRandom(1);
    const uniforms = draws(40_000, random.uniform);
    expect(mean(uniforms)).toBeCloseTo(0.5, 1);
    expect(uniforms.every((value) => value >= 0 && value < 1)).toBe(true);
    const normals = draws(40_000, random.normal);
    expect(Math.abs(mean(normals))).toBeLessThan(0.02);
    expect(mean(normals.map((z) => z * z))).toBeCloseTo(1, 1);
    expect(mean(normals.map((z) => z ** 4))).toBeGreaterThan(2.8);
  });

  it('shuffles every order with the same chance and keeps the list', () => {
    const random = seededRandom(3);
    const list = ['a', 'b', 'c'];
    const seen = new Map<string, number>();
    draws(6000, () => random.shuffle(list).join('')).forEach((order) =>
      seen.set(order, (seen.get(order) ?? 0) + 1),
    );
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(list).toEqual(['a', 'b', 'c']);
  });

  it('refuses a seed or a bound it cannot keep', () => {
    expect(() => seededRandom(1.5)).toThrow('seed must be a whole number of 32 bits, not 1.5');
    expect(() => seededRandom(2 ** 31)).toThrow('seed must be');
    expect(() => seededRandom(1).below(0)).toThrow('bound must be a whole number above 0, not 0');
  });
});
