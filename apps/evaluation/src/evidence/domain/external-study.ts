import { DomainError, isUuid, LIMITS, type Refusal, refusalsAmong, refuseOneOf, refuseText, refuseUuid, shown, throwIfRefused, tidy } from '@common-ground/kernel';

export const ASSIGNMENTS = ['none', 'chosen', 'randomised'] as const;
export const UNITS = ['person', 'cluster'] as const;
export const STUDIES_AT_MOST = 200;
export const MODERATORS_AT_MOST = 20;
const LARGEST = 1e6;

type Named<T> = { readonly name: string; readonly value: T };

/** A study from outside the platform. The claim is never given: it follows from the design, as for our own. */
export type ExternalStudy = {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly year: number;
  readonly assignment: string;
  readonly unit: string;
  readonly waves: number;
  readonly nTreatment: number;
  readonly nComparison: number;
  readonly clustersTreatment: number;
  readonly clustersComparison: number;
  /** Standard deviations; above 0 is better. */
  readonly estimate: number;
  readonly variance: number;
  /** Mean people a cluster and intraclass correlation, where the variance does not know of clusters. */
  readonly clusterSize?: number | undefined;
  readonly icc?: number | undefined;
  /** Studies of one group depend on each other; empty: of none. */
  readonly group: string;
  readonly moderators: readonly Named<number>[];
  readonly categories: readonly Named<string>[];
};

export type RecordedStudy = ExternalStudy & { readonly recordedAt: Date };

const refuseNumber = (path: readonly string[], value: number, { least, most = LARGEST, whole = false }: { least: number; most?: number; whole?: boolean }): Refusal | undefined => {
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return undefined;
  return { code: 'NUMBER_INVALID', message: `${path.at(-1) ?? 'It'} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${value}.`, path };
};

const refuseNamed = (path: readonly string[], list: readonly Named<unknown>[]): Refusal[] => {
  if (list.length > MODERATORS_AT_MOST) return [{ code: 'TOO_MANY', message: `${list.length} were given; at most ${MODERATORS_AT_MOST} fit.`, path }];
  return list.flatMap(({ name }, index) =>
    refusalsAmong(
      refuseText([...path, String(index), 'name'], name, { min: 1, max: LIMITS.code }),
      list.findIndex((other) => other.name === name) !== index && { code: 'NAME_TWICE', message: `${shown(name)} is there twice; give each once.`, path: [...path, String(index), 'name'] },
    ),
  );
};

/** Variance and clusters go together: a size without a correlation says nothing, and arms of clusters have at least one each. */
const refuseClusters = (path: readonly string[], study: ExternalStudy): Refusal[] =>
  refusalsAmong(
    (study.clusterSize === undefined) !== (study.icc === undefined) && { code: 'CLUSTERS_INCOMPLETE', message: 'Give clusterSize and icc together, or neither.', path: [...path, 'icc'] },
    study.clusterSize !== undefined && refuseNumber([...path, 'clusterSize'], study.clusterSize, { least: 1 }),
    study.icc !== undefined && refuseNumber([...path, 'icc'], study.icc, { least: 0, most: 1 }),
    study.unit === 'cluster' && study.clustersTreatment === 0 && { code: 'CLUSTERS_MISSING', message: 'Say how many clusters were in the treatment arm, or give person as the unit.', path: [...path, 'clustersTreatment'] },
  );

const refuseStudy = (study: ExternalStudy, index: number): Refusal[] => {
  const path = ['studies', String(index)];
  const count = (name: 'nTreatment' | 'nComparison' | 'clustersTreatment' | 'clustersComparison', least = 0) => refuseNumber([...path, name], study[name], { least, whole: true });
  return [
    ...refusalsAmong(
      refuseUuid([...path, 'id'], study.id),
      refuseText([...path, 'name'], study.name, { min: 1, max: LIMITS.title }),
      refuseText([...path, 'source'], study.source, { max: LIMITS.text }),
      refuseNumber([...path, 'year'], study.year, { least: 1900, most: 2100, whole: true }),
      refuseOneOf([...path, 'assignment'], study.assignment, ASSIGNMENTS),
      refuseOneOf([...path, 'unit'], study.unit, UNITS),
      refuseNumber([...path, 'waves'], study.waves, { least: 1, most: 100, whole: true }),
      count('nTreatment', 1),
      count('nComparison'),
      count('clustersTreatment'),
      count('clustersComparison'),
      refuseNumber([...path, 'estimate'], study.estimate, { least: -LARGEST }),
      refuseNumber([...path, 'variance'], study.variance, { least: 1e-12 }),
      refuseText([...path, 'group'], study.group, { max: LIMITS.title }),
    ),
    ...refuseClusters(path, study),
    ...refuseNamed([...path, 'moderators'], study.moderators),
    ...study.moderators.flatMap(({ value }, at) => refusalsAmong(refuseNumber([...path, 'moderators', String(at), 'value'], value, { least: -LARGEST }))),
    ...refuseNamed([...path, 'categories'], study.categories),
    ...study.categories.flatMap(({ value }, at) => refusalsAmong(refuseText([...path, 'categories', String(at), 'value'], value, { min: 1, max: LIMITS.title }))),
  ];
};

const refuseTwice = (studies: readonly ExternalStudy[], key: 'id' | 'name'): Refusal[] =>
  studies.flatMap((study, index) =>
    studies.findIndex((other) => other[key] === study[key]) === index ? [] : [{ code: 'STUDY_TWICE', message: `The ${key} ${shown(study[key])} is there twice; give each study once.`, path: ['studies', String(index), key] }],
  );

/**
 * @throws DomainError naming every field that is wrong
 * @returns the studies as they will be kept
 */
export const checkStudies = (studies: readonly ExternalStudy[]): readonly ExternalStudy[] => {
  if (studies.length === 0) throw new DomainError('invalid', 'STUDIES_MISSING', 'Give at least one study.', { path: ['studies'] });
  if (studies.length > STUDIES_AT_MOST) throw new DomainError('invalid', 'STUDIES_TOO_MANY', `${studies.length} studies were given; at most ${STUDIES_AT_MOST} fit.`, { path: ['studies'] });
  const tidied = studies.map(({ id, name, source, group, moderators, categories, ...rest }): ExternalStudy => ({
    ...rest,
    id,
    name: tidy(name),
    source: tidy(source),
    group: tidy(group),
    moderators: moderators.map((one) => ({ name: tidy(one.name), value: one.value })),
    categories: categories.map((one) => ({ name: tidy(one.name), value: tidy(one.value) })),
  }));
  throwIfRefused([...tidied.flatMap(refuseStudy), ...refuseTwice(tidied.filter(({ id }) => isUuid(id)), 'id'), ...refuseTwice(tidied, 'name')]);
  return tidied;
};

export const studyTaken = (name: string): DomainError =>
  new DomainError('conflict', 'STUDY_TAKEN', `A study with the id or the name of ${shown(name)} is there already; each is recorded once.`, { path: ['studies'] });
