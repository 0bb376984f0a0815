import {
  isMissionCode,
  LIMITS,
  type Refusal,
  refusalsAmong,
  refuseCode,
  refuseDate,
  refuseDateOrder,
  refuseOneOf,
  refuseText,
  refuseUuid,
  throwIfRefused,
  tidy,
} from '@common-ground/kernel';
import { DEFAULT_SIDES, DESIGNS, KINDS, MODALITIES, SIDES_AT_MOST } from './terms.js';
import { designInUse, sideInUse } from './intervention.errors.js';

/** Everything a mission decides about an intervention; a revision replaces the whole of it. */
export type Plan = {
  readonly title: string;
  readonly kind: string;
  readonly modalities: readonly string[];
  /** Days of the mission's calendar, both inclusive. */
  readonly startsOn: string;
  readonly endsOn: string;
  readonly aim: string;
  readonly design: string;
  readonly assignmentUnit: string;
  readonly sides: readonly string[];
};

/** `version` counts the facts told about it. */
export type Intervention = Plan & { readonly id: string; readonly mission: string; readonly code: string; readonly designedAt: Date; readonly version: number };

export type DesignIntervention = Plan & { readonly id: string; readonly mission: string; readonly code: string };
export type ReviseIntervention = Plan & { readonly id: string };

export type InterventionFact = { readonly type: 'InterventionDesigned' | 'InterventionRevised'; readonly intervention: Intervention };
export type Decision = { readonly state: Intervention; readonly facts: readonly InterventionFact[] };

/** What enrolment under the present design has fixed already. */
export type Enrolled = { readonly sides: readonly string[]; readonly withArm: boolean; readonly withoutArm: boolean; readonly withCluster: boolean; readonly withoutCluster: boolean };

/** Defaults filled in and texts composed, before anything is checked. */
const tidyPlan = (plan: Plan): Plan => ({
  title: tidy(plan.title),
  kind: plan.kind,
  modalities: plan.modalities,
  startsOn: plan.startsOn,
  endsOn: plan.endsOn,
  aim: tidy(plan.aim),
  design: plan.design || 'none',
  assignmentUnit: tidy(plan.assignmentUnit),
  sides: plan.sides.length === 0 ? DEFAULT_SIDES : plan.sides.map(tidy),
});

/** Each one of the list sound, none twice, neither too few nor too many. */
const refuseList = (path: string, values: readonly string[], { min, max }: { min: number; max: number }, refuseOne: (path: readonly string[], value: string) => Refusal | undefined): Refusal[] => {
  if (values.length < min || values.length > max) return [{ code: 'LIST_SIZE_INVALID', message: `Give ${min} to ${max} ${path}; ${values.length} were given.`, path: [path] }];
  return values.flatMap((value, index) => {
    const at = [path, String(index)];
    const twice = values.indexOf(value) < index && { code: 'VALUE_TWICE', message: `${value} is given twice; give it once.`, path: at };
    return refusalsAmong(refuseOne(at, value) ?? twice);
  });
};

const refuseAssignmentUnit = ({ design, assignmentUnit }: Plan): Refusal | undefined => {
  const path = ['assignmentUnit'];
  if (design === 'cluster-randomised' && assignmentUnit === '') return { code: 'ASSIGNMENT_UNIT_MISSING', message: 'Say what was assigned to arms, e.g. school or platform and train.', path };
  if (design === 'none' && assignmentUnit !== '') return { code: 'ASSIGNMENT_UNIT_WITHOUT_DESIGN', message: 'Nothing is assigned where the design is none; leave this out or choose a design.', path };
  return refuseText(path, assignmentUnit, { max: LIMITS.title });
};

const refusePlan = (plan: Plan): Refusal[] => {
  const dates = refusalsAmong(refuseDate(['startsOn'], plan.startsOn), refuseDate(['endsOn'], plan.endsOn));
  return [
    ...refusalsAmong(refuseText(['title'], plan.title, { min: 1, max: LIMITS.title }), refuseOneOf(['kind'], plan.kind, KINDS)),
    ...refuseList('modalities', plan.modalities, { min: 1, max: MODALITIES.length }, (path, value) => refuseOneOf(path, value, MODALITIES)),
    ...dates,
    ...refusalsAmong(
      dates.length === 0 && refuseDateOrder(['endsOn'], plan.startsOn, plan.endsOn),
      refuseText(['aim'], plan.aim, { max: LIMITS.text, multiline: true }),
      refuseOneOf(['design'], plan.design, DESIGNS),
      refuseAssignmentUnit(plan),
    ),
    ...refuseList('sides', plan.sides, { min: 2, max: SIDES_AT_MOST }, refuseCode),
  ];
};

const refuseMission = (mission: string): Refusal | undefined =>
  isMissionCode(mission) ? undefined : { code: 'MISSION_CODE_INVALID', message: 'Give the code of the mission whose intervention it is, as PE or TR-GZT.', path: ['mission'] };

/**
 * A mission sets up an intervention.
 * @throws DomainError naming every field that is wrong
 */
export const designIntervention = ({ id, mission, code: typed, ...wanted }: DesignIntervention, now: Date): Decision => {
  const code = tidy(typed);
  const plan = tidyPlan(wanted);
  throwIfRefused([...refusalsAmong(refuseUuid(['id'], id), refuseMission(mission), refuseCode(['code'], code)), ...refusePlan(plan)]);
  const state: Intervention = { id, mission, code, ...plan, designedAt: now, version: 1 };
  return { state, facts: [{ type: 'InterventionDesigned', intervention: state }] };
};

const fits = (design: string, enrolled: Enrolled): boolean => {
  if (design === 'none') return !enrolled.withArm && !enrolled.withCluster;
  if (enrolled.withoutArm) return false;
  if (design === 'cluster-randomised') return !enrolled.withoutCluster;
  return design !== 'individually-randomised' || !enrolled.withCluster;
};

const samePlan = (one: Plan, other: Plan): boolean => JSON.stringify(tidyPlan(one)) === JSON.stringify(tidyPlan(other));

/**
 * Replaces the plan of an intervention; nothing is told when nothing changes.
 * @throws DomainError naming every field that is wrong, SIDE_IN_USE, DESIGN_IN_USE
 */
export const reviseIntervention = (current: Intervention, { id: _, ...wanted }: ReviseIntervention, enrolled: Enrolled): Decision => {
  const plan = tidyPlan(wanted);
  throwIfRefused(refusePlan(plan));
  if (samePlan(current, plan)) return { state: current, facts: [] };
  const abandoned = enrolled.sides.find((side) => !plan.sides.includes(side));
  if (abandoned !== undefined) throw sideInUse(abandoned);
  if (plan.design !== current.design && !fits(plan.design, enrolled)) throw designInUse(plan.design);
  const state: Intervention = { ...current, ...plan, version: current.version + 1 };
  return { state, facts: [{ type: 'InterventionRevised', intervention: state }] };
};
