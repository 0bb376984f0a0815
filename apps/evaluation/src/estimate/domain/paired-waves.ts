import type { Arm, PersonAtWave } from './outcome-estimator.js';

/** What one person answered; arm, cluster and stratum are empty where the design has none. */
export type Said = { readonly respondent: string; readonly value: number; readonly arm: string; readonly cluster: string; readonly stratum: string };

/** A person at the later wave; the arm is left out where the design has none. */
export type Answered = Omit<PersonAtWave, 'arm'> & { readonly arm?: Arm };

/** A baseline and a later wave of one item, person by person. */
export type PairedWaves = {
  /** Everybody who answered at the later wave, with baseline where they answered it. */
  readonly people: readonly Answered[];
  readonly answeredBaseline: number;
  readonly answeredWave: number;
  /** Share of those who answered at baseline and not at the wave, 0 to 1; 0 where nobody answered at baseline. */
  readonly attrition: number;
  readonly attritionComparison: number;
  readonly attritionTreatment: number;
};

type Range = { readonly minimum: number; readonly maximum: number };

const armOf = (arm: string): Arm | undefined => (arm === 'treatment' || arm === 'comparison' ? arm : undefined);

/** Values are on the 0 to 1 scale of the item's range. */
export const pairWaves = ({ minimum, maximum }: Range, baseline: readonly Said[], wave: readonly Said[]): PairedWaves => {
  const earlier = new Map(baseline.map(({ respondent, value }) => [respondent, value]));
  const later = new Set(wave.map(({ respondent }) => respondent));
  const scaled = (value: number): number => (value - minimum) / (maximum - minimum);
  const people = wave.map(({ respondent, value, arm: name, cluster, stratum }): Answered => {
    const before = earlier.get(respondent);
    const arm = armOf(name);
    return {
      after: scaled(value),
      ...(before === undefined ? {} : { before: scaled(before) }),
      ...(arm ? { arm } : {}),
      ...(cluster === '' ? {} : { cluster }),
      ...(stratum === '' ? {} : { stratum }),
    };
  });
  const lost = (of: readonly Said[]): number => (of.length === 0 ? 0 : of.filter(({ respondent }) => !later.has(respondent)).length / of.length);
  return {
    people,
    answeredBaseline: baseline.length,
    answeredWave: wave.length,
    attrition: lost(baseline),
    attritionComparison: lost(baseline.filter(({ arm }) => arm === 'comparison')),
    attritionTreatment: lost(baseline.filter(({ arm }) => arm === 'treatment')),
  };
};
