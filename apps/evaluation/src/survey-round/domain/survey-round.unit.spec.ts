import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@common-ground/kernel';
import { checkSurveyRound, closeSurveyRound, openSurveyRound, type OpenSurveyRound } from './survey-round.js';

const id = '11111111-1111-4111-8111-111111111111';
const command: OpenSurveyRound = { id, interventionId: id, instrumentId: id, code: 'b', wave: 'baseline', level: 'individual', population: 'participants', opensOn: '2026-03-01', closesOn: '2026-03-14' };

const refusalsOf = (change: Partial<OpenSurveyRound>): string[] => {
  try {
    checkSurveyRound({ ...command, ...change });
    return [];
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return error.refusals.map(({ code, path }) => `${code} ${path.join('.')}`);
  }
};

describe('checkSurveyRound', () => {
  it.each<[Partial<OpenSurveyRound>, string[]]>([
    [{}, []],
    [{ wave: 'after/summer' }, ['CODE_INVALID wave']],
    [{ wave: 'after-summer', opensOn: '2026-03-14' }, []],
    [{ level: 'village' }, ['VALUE_UNKNOWN level']],
    [{ population: 'everyone' }, ['VALUE_UNKNOWN population']],
    [{ opensOn: '2026-02-30' }, ['DATE_INVALID opensOn']],
    [{ closesOn: '2100-01-01' }, ['DATE_OUT_OF_RANGE closesOn']],
    [{ closesOn: '2026-02-28' }, ['DATES_OUT_OF_ORDER closesOn']],
    [{ id: '', interventionId: 'X', code: '' }, ['ID_INVALID id', 'ID_INVALID interventionId', 'CODE_INVALID code']],
  ])('judges %j', (change, refusals) => {
    expect(refusalsOf(change)).toEqual(refusals);
  });
});

describe('a survey round', () => {
  it('opens, closes once, and stays closed', () => {
    const opened = openSurveyRound(command, 'PE');
    expect(opened.facts.map(({ type }) => type)).toEqual(['SurveyRoundOpened']);
    const closed = closeSurveyRound(opened.state);
    expect(closed.state).toEqual({ ...opened.state, status: 'closed', version: 2 });
    expect(closeSurveyRound(closed.state)).toEqual({ state: closed.state, facts: [] });
  });
});
