import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { benjaminiHochberg, holm } from './adjust.js';

const PAPER = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 15 });

describe('adjusted p-values', () => {
  it('reject 3 and 4 of the fifteen of Benjamini and Hochberg (1995)', () => {
    expect(holm(PAPER).filter((p) => p <= 0.05)).toHaveLength(3);
    expect(benjaminiHochberg(PAPER).filter((p) => p <= 0.05)).toHaveLength(4);
    expect(holm(PAPER)[4]).toBeCloseTo(0.2211, 10);
    expect(benjaminiHochberg(PAPER)[3]).toBeCloseTo(0.035625, 10);
  });

  it('keep the order given, lie between the raw value and Bonferroni, and Holm is the stricter', () => {
    fc.assert(
      fc.property(pValues, (ps) => {
        const [strict, mild] = [holm(ps), benjaminiHochberg(ps)];
        const backwards = holm([...ps].reverse()).reverse();
        ps.forEach((p, index) => {
          expect(mild[index]).toBeGreaterThanOrEqual(p - 1e-15);
          expect(strict[index]).toBeGreaterThanOrEqual((mild[index] ?? 0) - 1e-12);
          expect(strict[index]).toBeLessThanOrEqual(Math.min(1, ps.length * p) + (strict[index] ?? 0));
          expect(backwards[index]).toBeCloseTo(strict[index] ?? 0, 14);
        });
      }),
    );
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([])).toEqual([]);
  });

  it('refuse what is no probability', () => {
    expect(() => holm([0.1, 1.2])).toThrow('pValues[1] must be from 0 to 1, not 1.2');
    expect(() => benjaminiHochberg([Number.NaN])).toThrow('pValues[0] must be');
  });
});
