import type { Arm, Change } from './outcome-estimator.js';

/** What one person answered; arm and cluster are empty where the design has none. */
export type Said = { readonly respondent: string; readonly value: number; readonly arm: string; readonly cluster: string };

/** A baseline and a later wave of one item, person by person. */
export type PairedWaves = {
  readonly changes: readonly (Change & { readonly arm?: Arm })[];
  readonly answeredBaseline: number;
  readonly answeredWave: number;
  /** Share of those who answered at baseline and not at the wave, 0 to 1; 0 where nobody answered at baseline. */
  readonly attrition: number;
  readonly attritionComparison: number;
  readonly attritionTreatment: number;
};

type Range = { readonly minimum: number; readonly maximum: number };

const armOf = (arm: string): Arm | undefined => (arm === 'treatment' || arm === 'comparison' ? arm : undefined);

/** Changes are on the 0 to 1 scale of the item's range, later minus earlier, of those who answered both. */
export const pairWaves = ({ minimum, maximum }: Range, baseline: readonly Said[], wave: readonly Said[]): PairedWaves => {
  const later = new Map(wave.map(({ respondent, value }) => [respondent, value]));
  const scaled = (value: number): number => (value - minimum) / (maximum - minimum);
  const changes = baseline.flatMap(({ respondent, value, arm: name, cluster }) => {
    const after = later.get(respondent);
    if (after === undefined) return [];
    const arm = armOf(name);
    return [{ change: scaled(after) - scaled(value), ...(arm ? { arm } : {}), ...(cluster === '' ? {} : { cluster }) }];
  });
  const lost = (people: readonly Said[]): number => (people.length === 0 ? 0 : people.filter(({ respondent }) => !later.has(respondent)).length / people.length);
  return {
    changes,
    answeredBaseline: baseline.length,
    answeredWave: wave.length,
    attrition: lost(baseline),
    attritionComparison: lost(baseline.filter(({ arm }) => arm === 'comparison')),
    attritionTreatment: lost(baseline.filter(({ arm }) => arm === 'treatment')),
  };
};
