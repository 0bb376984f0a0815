import type { FormedGroup } from '../forming/broken-rules.js';
import type { FormRequest, GroupSpec } from '../forming/request.js';

export type SeriesActivity = {
  readonly id: string;
  readonly groups: readonly GroupSpec[];
  /** Who is expected: without the absent, those who joined later and those who left. Everybody unless given. */
  readonly expected?: readonly string[];
  /** Groups as they were, of an activity that was held: they stay, and whom they brought together counts. */
  readonly held?: readonly FormedGroup[];
  /** Groups of an earlier plan: they are kept, but for the fewest moves that rules and attendance need. */
  readonly planned?: readonly FormedGroup[];
};

export type SeriesRequest = Omit<FormRequest, 'groups'> & { readonly activities: readonly SeriesActivity[] };

/** In a series both sides in every group come first (else repeats across sides would drive sides apart), then new people, then likeness. */
export const SERIES_WEIGHTS = { sides: 40, attributes: 1, spread: 0.5, variety: 0.25, encounters: 12 } as const;

export const ACTIVITIES_AT_MOST = 200;

/** One activity as a request of its own: those expected, and the rules that are about them. */
export const requestOf = (series: SeriesRequest, { groups, expected }: SeriesActivity): FormRequest => {
  const here = new Set(expected ?? series.people.map(({ id }) => id));
  const among = <T extends { readonly people: readonly string[] }>(list: readonly T[] = []): T[] => list.map((rule) => ({ ...rule, people: rule.people.filter((id) => here.has(id)) }));
  const { rules = {} } = series;
  return {
    people: series.people.filter(({ id }) => here.has(id)),
    groups,
    ...(series.attributes ? { attributes: series.attributes } : {}),
    ...(series.acrossSides === undefined ? {} : { acrossSides: series.acrossSides }),
    rules: {
      ...rules,
      apart: among(rules.apart),
      together: among(rules.together),
      placed: rules.placed?.filter(({ person, group }) => here.has(person) && groups.some(({ id }) => id === group)) ?? [],
    },
    weights: { ...SERIES_WEIGHTS, ...series.weights },
  };
};
