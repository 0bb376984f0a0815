import { describe, expect, it } from '@jest/globals';
import { demonstrationProgramme } from './demonstration-programme.js';

const TODAY = new Date('2026-11-23T10:00:00Z');
const programme = demonstrationProgramme(TODAY);

describe('the demonstration programme', () => {
  it('is the same on every first start of a day', () => {
    expect(demonstrationProgramme(TODAY)).toEqual(programme);
  });

  it('has the sizes known from the field', () => {
    const sizes = programme.interventions.map(({ intervention }) => programme.participants.filter((row) => row.intervention === intervention).length);
    expect(sizes).toEqual([337, 40, 50]);
  });

  it('looks alive whatever the day: months of activities behind, some ahead', () => {
    for (let day = 0; day < 7; day += 1) {
      const today = new Date(TODAY.getTime() + day * 86_400_000);
      const { activities } = demonstrationProgramme(today);
      for (const { status, startsAt, endsAt } of activities) {
        expect(status === 'planned' ? new Date(startsAt) >= new Date('2026-11-23') : new Date(endsAt) < today).toBe(true);
      }
      expect(new Set(activities.map(({ startsAt }) => startsAt.slice(0, 7))).size).toBeGreaterThanOrEqual(5);
    }
  });

  it('lets only enrolled people attend and answer, within the scale', () => {
    const enrolled = new Set(programme.participants.map((row) => row.participant));
    expect(programme.attendance.every((row) => enrolled.has(row.participant))).toBe(true);
    expect(programme.responses.every((row) => enrolled.has(row.participant) && row.value >= 1 && row.value <= 5)).toBe(true);
  });

  it('has one activity whose contact conditions were poor', () => {
    expect(programme.activities.filter(({ status, conditions }) => status === 'held' && conditions.equalStatus < 2.5)).toHaveLength(1);
  });
});
