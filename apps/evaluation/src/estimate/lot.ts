import type { Drawn, PersonAtWave } from './domain/outcome-estimator.js';

/**
 * The lot as it can be drawn again. Where people were drawn, each is a unit, whatever group they met in. Where clusters were, each
 * moves as one and lies in the stratum that most of its people name (the first by name, where two are level).
 *
 * @returns undefined where nothing was drawn, or a cluster holds both arms, so that clusters cannot have been drawn
 */
export const lotOf = (people: readonly PersonAtWave[], drawn: Drawn): readonly PersonAtWave[] | undefined => {
  if (drawn === 'nothing') return undefined;
  if (drawn === 'people') return people.map(({ cluster: _, ...person }) => person);
  const clusters = new Map<string, { readonly arm: string; readonly strata: Map<string, number> }>();
  for (const { cluster, arm, stratum = '' } of people) {
    if (cluster === undefined) continue;
    const { strata, ...known } = clusters.get(cluster) ?? { arm, strata: new Map<string, number>() };
    if (known.arm !== arm) return undefined;
    clusters.set(cluster, { arm, strata: strata.set(stratum, (strata.get(stratum) ?? 0) + 1) });
  }
  return people.map((person) => (person.cluster === undefined ? person : { ...person, stratum: mostNamed(clusters.get(person.cluster)?.strata ?? new Map()) }));
};

const mostNamed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].sort(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))[0]?.[0] ?? '';
