import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, LIMITS, type Refusal, refusalsAmong, refuseCode, refuseOneOf, refuseText, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { Database, once } from '@common-ground/persistence';
import { type DesignDescription, TAU2_METHODS, type Tau2Method, type Test } from '@common-ground/statistics';
import { CLOCK, type Clock } from '../clock.js';
import { checkFilter } from '../list-filter.js';
import { MAY_READ_ESTIMATES, MAY_RECORD_STUDIES } from '../roles.js';
import { checkStudies, type ExternalStudy, MODERATORS_AT_MOST, type RecordedStudy, studyTaken } from './domain/external-study.js';
import { type OwnEstimate, synthesise, type Synthesis } from './domain/synthesis.js';
import { findOwnEstimates, findStudies, insertStudies, type OwnFilter, type OwnRow } from './evidence.repository.js';

export type SynthesisRequest = OwnFilter & {
  readonly withoutOwn: boolean;
  readonly withoutExternal: boolean;
  readonly externalCategories: readonly { readonly name: string; readonly value: string }[];
  readonly tau2Method: string;
  readonly test: string;
  readonly moderators: readonly string[];
  readonly category: string;
};

const TESTS: readonly Test[] = ['hksj', 'hksj-floor', 'z'];

@Injectable()
export class EvidenceService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All of them or none. */
  async record(commandId: string, studies: readonly ExternalStudy[], caller: Caller): Promise<readonly RecordedStudy[]> {
    requireRole(caller, ...MAY_RECORD_STUDIES);
    const checked = checkStudies(studies);
    const answer = await this.database.run(caller.scope, (tx) =>
      once(tx, { commandId, name: 'RecordExternalStudies', payload: checked }, async () => {
        const recorded = checked.map((study) => ({ ...study, recordedAt: this.clock.now() }));
        if (!(await insertStudies(tx, recorded))) throw studyTaken(recorded.length === 1 ? (recorded[0]?.name ?? '') : 'one of these');
        return recorded;
      }),
    );
    return answer.map((study) => ({ ...study, recordedAt: new Date(study.recordedAt) }));
  }

  /** What estimates in the caller's scope and studies from outside say together, one pool a claim. */
  async synthesise(request: SynthesisRequest, caller: Caller): Promise<Synthesis> {
    requireRole(caller, ...MAY_READ_ESTIMATES);
    checkRequest(request);
    const { own, external } = await this.database.read(caller.scope, async (tx) => ({
      own: request.withoutOwn ? [] : await findOwnEstimates(tx, request),
      external: request.withoutExternal ? [] : await findStudies(tx, request.externalCategories),
    }));
    return synthesise(own.map(ownEstimateOf), external, {
      tau2Method: (request.tau2Method || 'REML') as Tau2Method,
      test: (request.test || 'hksj') as Test,
      moderators: request.moderators,
      category: request.category,
    });
  }
}

const checkRequest = (request: SynthesisRequest): void => {
  const { missions, interventionIds, items, waves, moderators, externalCategories } = request;
  checkFilter({ missions, interventionIds, items, waves }, { missions: refuseCode, interventionIds: refuseUuid, items: refuseCode, waves: refuseCode });
  checkBatchSize('externalCategories', [undefined, ...externalCategories], LIMITS.batchIds);
  const twice = moderators.find((name, index) => moderators.indexOf(name) !== index);
  const tooMany: Refusal | false = moderators.length > MODERATORS_AT_MOST && { code: 'TOO_MANY', message: `${moderators.length} moderators were named; at most ${MODERATORS_AT_MOST} fit.`, path: ['moderators'] };
  throwIfRefused([
    ...refusalsAmong(
      request.tau2Method !== '' && refuseOneOf(['tau2Method'], request.tau2Method, TAU2_METHODS),
      request.test !== '' && refuseOneOf(['test'], request.test, TESTS),
      refuseText(['category'], request.category, { max: LIMITS.title }),
      tooMany,
      twice !== undefined && { code: 'NAME_TWICE', message: `The moderator ${JSON.stringify(twice)} is named twice; name each once.`, path: ['moderators'] },
    ),
    ...moderators.flatMap((name, index) => refusalsAmong(refuseText(['moderators', String(index)], name, { min: 1, max: LIMITS.code }))),
  ]);
};

const RANDOMISED: readonly string[] = ['individually-randomised', 'cluster-randomised', 'waitlist'];

/** The design as it stands behind an estimate: who answered, in which arm, of which clusters. */
const designOf = ({ design, method, nTreatment, nComparison, clusters, clustersTreatment, clustersComparison, attrition, attritionTreatment, attritionComparison }: OwnRow): DesignDescription => {
  const isPaired = !method.includes('level');
  return {
    waves: isPaired ? 2 : 1,
    assignment: design === 'none' ? 'none' : RANDOMISED.includes(design) ? 'randomised' : 'chosen',
    unit: clusters > 0 ? 'cluster' : 'person',
    people: { treatment: nTreatment, comparison: nComparison },
    ...(clusters > 0 ? { clusters: { treatment: clustersTreatment ?? clusters, comparison: clustersComparison ?? clusters } } : {}),
    ...(isPaired ? { attrition: { overall: attrition, treatment: attritionTreatment, comparison: attritionComparison } } : {}),
  };
};

const ownEstimateOf = (row: OwnRow): OwnEstimate => ({
  interventionId: row.interventionId,
  mission: row.mission,
  instrumentId: row.instrumentId,
  item: row.item,
  wave: row.wave,
  higherIs: row.higherIs,
  design: designOf(row),
  standardised: row.standardised ?? undefined,
  standardisedError: row.standardisedError ?? undefined,
});
