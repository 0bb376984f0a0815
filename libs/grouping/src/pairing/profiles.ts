/** What matching one-to-one needs to know of a person; codes only. */
export type PairingProfile = {
  readonly id: string;
  /** BCP 47. */
  readonly languages: readonly string[];
  /** Codes of the times somebody can be met at, e.g. `mon-evening`. */
  readonly availability: readonly string[];
  readonly interests?: readonly string[];
  readonly area?: string;
  readonly gender?: string;
  /** Wishes to be paired with somebody of this gender. */
  readonly prefersGender?: string;
  readonly minor?: boolean;
  /** Cleared to work with minors. */
  readonly vetted?: boolean;
};

/** A mentor or buddy who supports up to `capacity` people; 1 unless said. */
export type Supporter = PairingProfile & { readonly capacity?: number };

/** `kept-apart`: must not meet; `cooling-off`: were paired before and not long ago. Neither says whose fault anything was. */
export type Exclusion = { readonly supporter: string; readonly supported: string; readonly because: 'kept-apart' | 'cooling-off' };

/** The hard filters, in the order they are told. */
export const PAIRING_OBSTACLES = ['kept-apart', 'cooling-off', 'safeguarding', 'no-shared-language', 'no-shared-time'] as const;
export type PairingObstacle = (typeof PAIRING_OBSTACLES)[number];

/** How much each part weighs, 0 or more; every part is a share from 0 to 1. */
export type PairingWeights = { readonly language: number; readonly availability: number; readonly interests: number; readonly area: number; readonly gender: number };
export type PairingParts = PairingWeights;

export const PAIRING_WEIGHTS: PairingWeights = { language: 2, availability: 2, interests: 3, area: 1, gender: 1 };

const shared = (one: readonly string[] = [], other: readonly string[] = []): number => new Set(one.filter((value) => other.includes(value))).size;
/** Shared over all; 0 where neither has any. Jaccard 1901. */
const overlap = (one: readonly string[] = [], other: readonly string[] = []): number => {
  const all = new Set([...one, ...other]).size;
  return all === 0 ? 0 : shared(one, other) / all;
};
/** `es-PE` and `es` are one language to people who meet. */
const spoken = ({ languages }: PairingProfile): readonly string[] => languages.map((tag) => tag.toLowerCase().split('-')[0] as string);

const wish = ({ prefersGender }: PairingProfile, { gender }: PairingProfile): number => (prefersGender === undefined || prefersGender === gender ? 1 : 0);

/** Everything that forbids this pair; empty when it may be. A minor is supported by somebody vetted, and supports nobody. */
export const obstaclesBetween = (supporter: Supporter, supported: PairingProfile, exclusions: readonly Exclusion[], sharedTimes: number): readonly PairingObstacle[] => {
  const excluded = exclusions.filter((one) => one.supporter === supporter.id && one.supported === supported.id).map(({ because }) => because);
  const found: PairingObstacle[] = [...excluded];
  if (supporter.minor || (supported.minor && !supporter.vetted)) found.push('safeguarding');
  if (shared(spoken(supporter), spoken(supported)) === 0) found.push('no-shared-language');
  if (shared(supporter.availability, supported.availability) < sharedTimes) found.push('no-shared-time');
  return PAIRING_OBSTACLES.filter((obstacle) => found.includes(obstacle));
};

/** How well two people fit, part by part, each from 0 to 1. */
export const partsOf = (supporter: PairingProfile, supported: PairingProfile): PairingParts => ({
  language: overlap(spoken(supporter), spoken(supported)),
  availability: supported.availability.length === 0 ? 0 : shared(supporter.availability, supported.availability) / new Set(supported.availability).size,
  interests: overlap(supporter.interests, supported.interests),
  area: supporter.area !== undefined && supporter.area === supported.area ? 1 : 0,
  gender: (wish(supporter, supported) + wish(supported, supporter)) / 2,
});

/** Weighted mean of the parts, from 0 to 1. */
export const scoreOf = (parts: PairingParts, weights: PairingWeights): number => {
  const names = Object.keys(PAIRING_WEIGHTS) as (keyof PairingWeights)[];
  const total = names.reduce((all, name) => all + weights[name], 0);
  return names.reduce((score, name) => score + (weights[name] * parts[name]) / total, 0);
};
