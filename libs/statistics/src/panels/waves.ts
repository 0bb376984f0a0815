import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { mixedModel, type MixedEstimate, type MixedModelFit } from './mixed-model.js';

/** One answer of one person at one wave. */
export type WaveObservation = { readonly person: string; readonly wave: string; readonly value: number };

/** `later` minus `earlier`, in the outcome's unit. */
export type WaveContrast = { readonly later: string; readonly earlier: string };

export type WaveChange = MixedEstimate & {
  readonly estimable: true;
  readonly later: string;
  readonly earlier: string;
  /** People with a value at both waves: those who carry the change. */
  readonly pairs: number;
};

export type WaveContrastResult = WaveChange | (NotEstimable & WaveContrast & { readonly pairs: number });

export type WaveAnalysis = {
  readonly estimable: true;
  readonly method: 'random-intercept, wave as a factor, REML, Satterthwaite df';
  /** In the order given, all waves. `mean` is the model's, which fills in for those who did not answer under missing at random. */
  readonly waves: readonly { readonly wave: string; readonly answered: number; readonly mean?: MixedEstimate }[];
  readonly contrasts: readonly WaveContrastResult[];
  readonly model: MixedModelFit;
  readonly people: number;
};

/** The four contrasts of a panel with a baseline, a post and two later waves: three changes and the decay. */
export const panelContrasts = (
  baseline: string,
  post: string,
  sixMonths: string,
  twelveMonths: string,
): readonly WaveContrast[] => [
  { later: post, earlier: baseline },
  { later: sixMonths, earlier: baseline },
  { later: twelveMonths, earlier: baseline },
  { later: twelveMonths, earlier: post },
];

const requireWaves = (observations: readonly WaveObservation[], waves: readonly string[]): void => {
  requireFinite(
    'value',
    observations.map((one) => one.value),
  );
  if (new Set(waves).size !== waves.length) throw new RangeError('waves must name each wave once');
  const seen = new Set<string>();
  observations.forEach(({ person, wave }, at) => {
    if (!waves.includes(wave)) throw new RangeError(`observations[${at}].wave "${wave}" is not among the waves`);
    const key = JSON.stringify([person, wave]);
    if (seen.has(key)) throw new RangeError(`observations[${at}]: ${person} has two values at ${wave}`);
    seen.add(key);
  });
};

const pairsOf = (observations: readonly WaveObservation[], { later, earlier }: WaveContrast): number => {
  const at = (wave: string) => new Set(observations.filter((one) => one.wave === wave).map((one) => one.person));
  const before = at(earlier);
  return [...at(later)].filter((person) => before.has(person)).length;
};

const nameOf = ({ later, earlier }: WaveContrast): string => `${later} - ${earlier}`;

/**
 * Change over waves with the wave as a factor (post, six and twelve months are not a line) and a random intercept a person,
 * by REML with Satterthwaite degrees of freedom (Laird & Ware 1982). All who answered at least once take part, which is
 * right when who is missing depends on what was seen (missing at random); say so beside the result.
 *
 * @param observations - one entry an answer, at most one a person and wave
 * @param waves - in order, the baseline first
 * @param contrasts - later minus earlier, e.g. `panelContrasts(...)`
 * @returns a contrast with a wave that nobody answered, or that nobody answered at both ends, is not estimable
 * (`all-missing`) while the others stand; as a whole not estimable with fewer than two waves (`single-wave`) or as `mixedModel`
 */
export const waveAnalysis = (
  observations: readonly WaveObservation[],
  waves: readonly string[],
  contrasts: readonly WaveContrast[],
  level = 0.95,
): WaveAnalysis | NotEstimable => {
  requireWaves(observations, waves);
  contrasts.forEach((one) => {
    for (const wave of [one.later, one.earlier])
      if (!waves.includes(wave)) throw new RangeError(`contrast ${nameOf(one)}: "${wave}" is not among the waves`);
  });
  const answered = new Map(waves.map((wave) => [wave, observations.filter((one) => one.wave === wave).length]));
  const present = waves.filter((wave) => answered.get(wave));
  if (present.length === 0) return notEstimable('all-missing');
  if (present.length < 2) return notEstimable('single-wave');
  const row = (wave: string) => present.map((one) => Number(one === wave));
  const pairs = contrasts.map((one) => pairsOf(observations, one));
  const possible = contrasts.filter((_, at) => (pairs[at] ?? 0) > 0);
  const model = mixedModel({
    outcome: observations.map((one) => one.value),
    groups: observations.map((one) => one.person),
    design: observations.map((one) => row(one.wave)),
    contrasts: [
      ...present.map((wave) => ({ name: wave, weights: row(wave) })),
      ...possible.map((one) => {
        const before = row(one.earlier);
        return { name: nameOf(one), weights: row(one.later).map((value, at) => value - (before[at] ?? 0)) };
      }),
    ],
    level,
  });
  if (!model.estimable) return model;
  const named = new Map(model.estimates.map((one) => [one.name, one]));
  return {
    estimable: true,
    method: 'random-intercept, wave as a factor, REML, Satterthwaite df',
    waves: waves.map((wave) => {
      const mean = named.get(wave);
      return { wave, answered: answered.get(wave) ?? 0, ...(mean ? { mean } : {}) };
    }),
    contrasts: contrasts.map((one, at) => {
      const found = named.get(nameOf(one));
      const both = { ...one, pairs: pairs[at] ?? 0 };
      return found ? { ...found, ...both, estimable: true } : { ...notEstimable('all-missing'), ...both };
    }),
    model,
    people: model.groups,
  };
};
