import { describe, expect, it } from '@jest/globals';
import { seededRandom, seedOfPart } from './random.js';

const drawn = (seed: number, count: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.below(1000));
};

describe('seeded chance', () => {
  it('is the same for the same seed and differs between seeds', () => {
    expect(drawn(7, 50)).toEqual(drawn(7, 50));
    expect(drawn(7, 50)).not.toEqual(drawn(8, 50));
  });

  it('begins differently for neighbouring seeds', () => {
    const counts = new Array<number>(5).fill(0);
    for (let seed = 0; seed < 5_000; seed += 1) counts[seededRandom(seed).below(5)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(18.5); // 99.9 % of chi-square with 4 degrees of freedom
  });

  it('draws every whole number below the count about equally often', () => {
    const random = seededRandom(1);
    const counts = new Array<number>(6).fill(0);
    for (let draw = 0; draw < 60_000; draw += 1) counts[random.below(6)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 99.9 % of chi-square with 5 degrees of freedom
  });

  it('shuffles into every order about equally often', () => {
    const random = seededRandom(3);
    const orders = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw += 1) {
      const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const chiSquare = [...orders.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // 99.9 % of chi-square with 23 degrees of freedom
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 32])('refuses %p as a seed', (seed) => {
    expect(() => seededRandom(seed)).toThrow(/seed must be a whole number from 0/);
  });

  it('gives parts seeds of their own', () => {
    const seeds = new Set(Array.from({ length: 1000 }, (_, part) => seedOfPart(42, part)));
    expect(seeds.size).toBe(1000);
    expect([...seeds].every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  });
});
