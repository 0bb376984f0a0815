import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { type Caller, EVERYTHING, type Role } from '@common-ground/kernel';
import { roundOf } from './round.types.js';

const round = (respondents: number) => ({
  id: 'r', mission: 'PE', interventionId: 'i', code: 'c', instrumentId: 'q', wave: 'post', level: 'individual', population: 'participants', opensOn: '2026-03-01', closesOn: '2026-03-14', status: 'open', respondents, answers: respondents * 3,
});
const as = (role: Role, missions: '*' | string[] = '*'): Caller => ({ subject: 's', roles: [role], scope: { ...EVERYTHING, missions } });

describe('a survey round', () => {
  it.each([as('hq-analyst'), as('monitoring-officer')])('tells headquarters and monitoring of no small number of people', (caller) => {
    expect([0, 1, 4, 5].map((people) => roundOf(round(people), caller)).map(({ respondents, answers }) => [respondents, answers])).toEqual([[0, 0], [null, null], [null, null], [5, 15]]);
  });

  it.each([as('administrator'), as('mission-officer', ['PE'])])('counts for those who run it', (caller) => {
    expect(roundOf(round(2), caller)).toMatchObject({ respondents: 2, answers: 6 });
  });
});
