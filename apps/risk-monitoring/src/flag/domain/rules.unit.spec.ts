import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findOneSideMissing, findPoorContact, findSidesApart, findSidesToBeApart, findUnrecorded, type HeldActivity } from './activity-rules.js';
import { type Estimate, judgeEstimate } from './estimate-rule.js';

const held = (change: Partial<HeldActivity> = {}): HeldActivity => ({
  activityId: 'a',
  code: 'A-1',
  startsAt: new Date('2026-03-01T10:00:00Z'),
  version: 1,
  expectedSides: ['migrant', 'host'],
  presentBySide: [{ side: 'migrant', count: 3 }, { side: 'host', count: 4 }],
  attendanceTaken: true,
  conditions: undefined,
  groups: [],
  ...change,
});
const estimate = (change: Partial<Estimate> = {}): Estimate => ({
  instrumentId: 'i', item: 'numberim', wave: 'post', claim: 'effect', method: 'two-arm-change-cr2', higherIs: 'worse', harmful: true,
  n: 97, difference: 0.09, intervalLow: 0.0008, intervalHigh: 0.18, revision: 1, estimatedAt: new Date(0), ...change,
});
const condition = fc.integer({ min: 0, max: 5 });

describe('poor contact', () => {
  it('is any observed condition below the threshold, and nothing else', () => {
    fc.assert(
      fc.property(fc.tuple(condition, condition, condition, condition), fc.double({ min: 1, max: 5, noNaN: true }), ([equalStatus, commonGoal, cooperation, supportOfAuthorities], threshold) => {
        const found = findPoorContact(held({ conditions: { equalStatus, commonGoal, cooperation, supportOfAuthorities } }), threshold);
        const below = [equalStatus, commonGoal, cooperation, supportOfAuthorities].filter((value) => value > 0 && value < threshold);
        expect(found?.evidence.terms['below']?.split(' ').length ?? 0).toBe(below.length);
      }),
    );
  });

  it('names what was below, and leaves out what was not observed', () => {
    const found = findPoorContact(held({ conditions: { equalStatus: 2, commonGoal: 4, cooperation: 0, supportOfAuthorities: 0 } }), 2.5);
    expect(found?.evidence).toMatchObject({ figures: { equalStatus: 2, commonGoal: 4, minimumCondition: 2.5 }, terms: { below: 'equal-status' } });
    expect(findPoorContact(held(), 2.5)).toBeUndefined();
  });
});

describe('sides apart', () => {
  const groups = (...counts: readonly (readonly [number, number])[]) => counts.map(([host, migrant]) => new Map([['host', host], ['migrant', migrant]]));

  it('is a group of one side, or somebody alone in one, when both sides had enough people to be mixed', () => {
    expect(findSidesApart(held({ groups: groups([4, 0], [1, 3], [2, 2]) }))?.evidence).toMatchObject({ sourceKey: 'activity:a', figures: { groups: 3, oneSidedGroups: 1, loneMemberGroups: 1 }, terms: {} });
    expect(findSidesApart(held({ groups: groups([2, 2], [3, 2]) }))).toBeUndefined();
    // Pairs are of two: nobody is outnumbered in one.
    expect(findSidesApart(held({ groups: groups([1, 1], [1, 1]) }))).toBeUndefined();
  });

  it('is nobody’s fault where a side has one person, or all are in one group, or of one side', () => {
    for (const counts of [groups([4, 1], [4, 0]), groups([4, 1]), groups([4, 0], [4, 0]), groups()]) expect(findSidesApart(held({ groups: counts }))).toBeUndefined();
  });

  it('is told before it happens, of groups as planned', () => {
    const plan = { activityId: 'a', code: 'A-1', formedAt: new Date(0), version: 3, groups: groups([4, 0], [2, 4]) };
    expect(findSidesToBeApart(plan)?.evidence).toMatchObject({ sourceKey: 'groups:a', version: 3, terms: { planned: 'yes' }, figures: { oneSidedGroups: 1, loneMemberGroups: 0 } });
    expect(findSidesToBeApart({ ...plan, groups: groups([3, 2], [3, 2]) })).toBeUndefined();
  });
});

describe('one side missing', () => {
  it('tells who is missing, and of the others no small number', () => {
    const figures = (count: number) => findOneSideMissing(held({ presentBySide: [{ side: 'migrant', count }] }))?.evidence.figures;
    expect([figures(12), figures(5), figures(4), figures(1)]).toEqual([{ migrant: 12, host: 0 }, { migrant: 5, host: 0 }, { host: 0 }, { host: 0 }]);
  });

  const side = fc.constantFrom('migrant', 'host', 'returnee');
  it('is an expected side of which nobody was present', () => {
    fc.assert(
      fc.property(fc.uniqueArray(side), fc.uniqueArray(fc.record({ side, count: fc.nat(3) }), { selector: ({ side }) => side }), (expectedSides, presentBySide) => {
        const missing = expectedSides.filter((expected) => !presentBySide.some(({ side, count }) => side === expected && count > 0));
        expect(findOneSideMissing(held({ expectedSides, presentBySide }))?.evidence.terms['missingSide']).toBe(missing.length > 0 ? missing.join(' ') : undefined);
      }),
    );
  });

  it('is not known without attendance', () => {
    expect(findOneSideMissing(held({ presentBySide: [], attendanceTaken: false }))).toBeUndefined();
    expect(findOneSideMissing(held({ presentBySide: [], attendanceTaken: true }))?.evidence.terms).toEqual({ missingSide: 'migrant host' });
  });
});

describe('unrecorded activities', () => {
  it('are another thing when put off and missed again', () => {
    const one = findUnrecorded({ activityId: 'a', code: 'A', endedAt: new Date(0), version: 1 });
    const other = findUnrecorded({ activityId: 'a', code: 'A', endedAt: new Date(1_000), version: 2 });
    expect(one.evidence.sourceKey).not.toBe(other.evidence.sourceKey);
  });
});

describe('estimates', () => {
  it('are about their item, and their wave when it is not the one right after', () => {
    expect(judgeEstimate(estimate())).toMatchObject({ kind: 'harmful', finding: { rule: 'outcome-worsened', subjectKey: 'numberim', evidence: { figures: { difference: 0.09, intervalLow: 0.0008, intervalHigh: 0.18, n: 97 } } } });
    expect(judgeEstimate(estimate({ wave: '6-months' })).finding.subjectKey).toBe('numberim (6-months)');
    expect(judgeEstimate(estimate({ harmful: false, intervalLow: undefined })).finding.evidence.figures).toEqual({ difference: 0.09, intervalHigh: 0.18, n: 97 });
  });

  it('speak of harm and of its end under different keys', () => {
    expect(judgeEstimate(estimate()).finding.evidence.sourceKey).not.toBe(judgeEstimate(estimate({ harmful: false })).finding.evidence.sourceKey);
  });
});
