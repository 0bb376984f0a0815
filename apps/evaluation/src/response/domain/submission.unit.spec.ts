import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseSubmission, type Said, type Setting, type Submission, takeSubmissions } from './submission.js';

const setting: Setting = { items: [{ code: 'trust', minimum: 1, maximum: 5 }, { code: 'threat', minimum: 0, maximum: 1 }], enrolled: new Set(['P1', 'P2']) };
const open = { status: 'open' } as const;
const row = (respondent: string, answers: Record<string, number>): Submission => ({ respondent, answers: Object.entries(answers).map(([item, value]) => ({ item, value })) });
const judge = (rows: readonly Submission[], said: ReadonlyMap<string, Said> = new Map(), round: { status: 'open' | 'closed' } = open) =>
  takeSubmissions(round, rows, rows.map((one) => refuseSubmission(setting, one)), said);
const verdicts = (...args: Parameters<typeof judge>) => judge(...args).outcomes.map(({ outcome, code, path }) => [outcome, code, path.join('.')].filter(Boolean).join(' '));

describe('refuseSubmission', () => {
  it.each<[Submission, string, string]>([
    [row('nobody', { trust: 1 }), 'RESPONDENT_UNKNOWN', 'respondent'],
    [row('two/words', { trust: 1 }), 'CODE_INVALID', 'respondent'],
    [row('P1', {}), 'SUBMISSION_EMPTY', 'answers'],
    [row('P1', { trust: 1, hope: 1 }), 'UNKNOWN_ITEM', 'answers.1.item'],
    [row('P1', { trust: 5.01 }), 'OUT_OF_RANGE', 'answers.0.value'],
    [row('P1', { trust: 0.99 }), 'OUT_OF_RANGE', 'answers.0.value'],
    [row('P1', { trust: Number.NaN }), 'NOT_A_NUMBER', 'answers.0.value'],
    [row('P1', { trust: Infinity }), 'NOT_A_NUMBER', 'answers.0.value'],
    [{ respondent: 'P1', answers: [{ item: 'trust', value: 1 }, { item: 'trust', value: 1 }] }, 'DOUBLE_ANSWER', 'answers.1.item'],
  ])('refuses %j with %s', (submission, code, path) => {
    const refusal = refuseSubmission(setting, submission);
    expect([refusal?.code, refusal?.path.join('.')]).toEqual([code, path]);
    if (submission.answers.length > 0) expect(refusal?.message).not.toMatch(/5\.01|0\.99/);
  });

  it('lets anybody answer where nobody is enrolled', () => {
    expect(refuseSubmission({ ...setting, enrolled: undefined }, row('passer-by', { trust: 1 }))).toBeUndefined();
  });
});

describe('takeSubmissions', () => {
  it('takes each row on its own', () => {
    const { outcomes, accepted } = judge([row('P1', { trust: 2 }), row('nobody', { trust: 2 }), row('P2', { trust: 3, threat: 1 })]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused', 'accepted']);
    expect(accepted.map(({ respondent, answersInRound, submissions }) => [respondent, answersInRound, submissions])).toEqual([['P1', 1, 1], ['P2', 2, 1]]);
  });

  it('counts several submissions of one person, and finds a second answer among them', () => {
    const rows = [row('P1', { trust: 2 }), row('P1', { threat: 1 }), row('P1', { trust: 2 }), row('P1', { trust: 4 })];
    expect(verdicts(rows)).toEqual(['accepted', 'accepted', 'unchanged', 'refused DOUBLE_ANSWER answers.0.item']);
    expect(judge(rows).accepted.map(({ answersInRound, submissions }) => [answersInRound, submissions])).toEqual([[1, 1], [2, 2]]);
  });

  it('adds what is new beside what was said the same, and refuses the whole when one answer differs', () => {
    const said = new Map([['P1', { answers: new Map([['trust', 2]]), submissions: 3 }]]);
    expect(judge([row('P1', { trust: 2, threat: 0 })], said).accepted).toEqual([{ respondent: 'P1', answers: [{ item: 'threat', value: 0 }], answersInRound: 2, submissions: 4 }]);
    expect(judge([row('P1', { threat: 0, trust: 3 })], said)).toMatchObject({ outcomes: [{ code: 'DOUBLE_ANSWER' }], accepted: [] });
  });

  it('takes nothing new in a closed round, yet knows what it has', () => {
    const said = new Map([['P1', { answers: new Map([['trust', 2]]), submissions: 1 }]]);
    expect(verdicts([row('P1', { trust: 2 }), row('P1', { threat: 1 }), row('P2', { trust: 1 })], said, { status: 'closed' })).toEqual(['unchanged', 'refused ROUND_CLOSED', 'refused ROUND_CLOSED']);
  });

  it('leaves everything unchanged when the same comes again, whatever it was', () => {
    const answers = fc.array(fc.record({ item: fc.constantFrom('trust', 'threat', 'other'), value: fc.constantFrom(0, 1, 2, 9, Number.NaN) }), { maxLength: 3 });
    const rows = fc.array(fc.record({ respondent: fc.constantFrom('P1', 'P2', 'P3'), answers }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, (wild) => {
        const first = judge(wild);
        const said = new Map<string, Said>();
        for (const { respondent, answers: fresh, submissions } of first.accepted)
          said.set(respondent, { answers: new Map([...(said.get(respondent)?.answers ?? []), ...fresh.map(({ item, value }): [string, number] => [item, value])]), submissions });
        const again = judge(wild, said);
        expect(again.accepted).toEqual([]);
        expect(again.outcomes.map(({ outcome }) => outcome === 'refused')).toEqual(first.outcomes.map(({ outcome }) => outcome === 'refused'));
      }),
    );
  });
});
