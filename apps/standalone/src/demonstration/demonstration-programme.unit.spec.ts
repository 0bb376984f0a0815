import { describe, expect, it } from '@jest/globals';
import { demonstrationProgramme } from './demonstration-programme.js';

const TODAY = new Date('2026-11-23T10:00:00Z');
const programme = await demonstrationProgramme(TODAY);

describe('the demonstration programme', () => {
  it('is the same on every first start of a day', async () => {
    expect(await demonstrationProgramme(TODAY)).toEqual(programme);
  });

  it('has the sizes known from the field', () => {
    const sizes = programme.interventions.map(({ intervention }) => programme.participants.filter((row) => row.intervention === intervention).length);
    expect(sizes).toEqual([337, 40, 50]);
  });

  it('looks alive whatever the day: months of activities behind, some ahead', async () => {
    for (let day = 0; day < 7; day += 1) {
      const today = new Date(TODAY.getTime() + day * 86_400_000);
      const { activities } = await demonstrationProgramme(today);
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

  it('rotates people through mixed groups: nobody alone of their side, and many meet over the season', () => {
    const sides = new Map(programme.participants.map(({ participant, side }) => [participant, side]));
    const groups = new Map<string, string[]>();
    for (const { activity, participant, group } of programme.attendance) groups.set(`${activity} ${group}`, [...(groups.get(`${activity} ${group}`) ?? []), participant]);
    for (const people of groups.values()) {
      const migrants = people.filter((one) => sides.get(one) === 'migrant').length;
      expect(Math.min(migrants, people.length - migrants)).toBeGreaterThanOrEqual(2);
    }
    const ofKitchen = [...groups].filter(([name]) => name.startsWith('cinaralti')).map(([, people]) => people);
    const met = new Set(ofKitchen.flatMap((people) => people.flatMap((one) => people.filter((other) => sides.get(one) === 'migrant' && sides.get(other) === 'host').map((other) => `${one} ${other}`))));
    expect(met.size / 400).toBeGreaterThan(0.9);
  });

  it('has one activity whose contact conditions were poor', () => {
    expect(programme.activities.filter(({ status, conditions }) => status === 'held' && conditions.equalStatus < 2.5)).toHaveLength(1);
  });
});
