export type Quadrature = { readonly nodes: readonly number[]; readonly weights: readonly number[] };

/** Legendre polynomial of degree n and its derivative at x, by the three-term recurrence. */
const legendre = (n: number, x: number) => {
  let [before, now] = [1, x];
  for (let k = 2; k <= n; k++) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
  return { value: now, slope: (n * (x * now - before)) / (x * x - 1) };
};

/**
 * Gauss-Legendre quadrature on [low, high]: exact for polynomials up to degree 2n - 1 (Press et al. 2007, 4.6).
 *
 * @param n - nodes, 2 or more
 */
export const gaussLegendre = (n: number, low: number, high: number): Quadrature => {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  const points = Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let round = 0; round < 100; round++) {
      const { value, slope } = legendre(n, x);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    const { slope } = legendre(n, x);
    return { node: middle - half * x, weight: (2 * half) / ((1 - x * x) * slope * slope) };
  });
  return { nodes: points.map((one) => one.node), weights: points.map((one) => one.weight) };
};
