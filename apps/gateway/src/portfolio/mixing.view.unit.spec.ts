import { describe, expect, it } from '@jest/globals';
import type { MixingRow, SideMonthRow } from './mixing.repository.js';
import { mixingOf } from './mixing.view.js';

const row = (month: string, more: Partial<MixingRow> = {}): MixingRow => ({ intervention_id: 'i', month, activities: 2, groups: 8, cross_pairs: 24, expected_pairs: 20, one_sided: 0, expected_one_sided: 0.8, lone: 2, expected_lone: 4, pairs_met: 18, ...more });
const side = (month: string, name: string, people: number, leads = 0, roles = 0): SideMonthRow => ({ intervention_id: 'i', month, side: name, people, leads, roles });
const reach = (host: number, migrant: number) => [{ intervention_id: 'i', side: 'host', enrolled: host, reached: host }, { intervention_id: 'i', side: 'migrant', enrolled: 12, reached: migrant }];

describe('mixing in the portfolio', () => {
  it('stands beside chance, with coverage of what was possible and roles by side', () => {
    const { whole, months } = mixingOf([row(''), row('2026-03')], [side('', 'host', 0, 3, 6), side('', 'migrant', 0, 1, 6), side('2026-03', 'host', 6, 3, 6), side('2026-03', 'migrant', 9, 1, 6)], reach(12, 12), 5);
    expect(whole).toEqual({
      activities: 2, groups: 8, mixingIndex: 1.2, oneSidedShare: 0, oneSidedByChance: 0.1, loneMemberShare: 0.25, loneMemberByChance: 0.5, coverage: 18 / 144, withheld: false,
      roles: [{ side: 'host', leadShare: 0.75, roleShare: 0.5, peopleShare: 0.5 }, { side: 'migrant', leadShare: 0.25, roleShare: 0.5, peopleShare: 0.5 }],
    });
    expect(months).toEqual([{ month: '2026-03', figures: expect.objectContaining({ coverage: 18 / 54, roles: [expect.objectContaining({ peopleShare: 0.4 }), expect.objectContaining({ peopleShare: 0.6 })] }) }]);
  });

  it('withholds every figure about people when a side has one to four of them', () => {
    const few = mixingOf([row(''), row('2026-03')], [side('2026-03', 'host', 4, 1, 1), side('2026-03', 'migrant', 9)], reach(12, 4), 5);
    for (const figures of [few.whole, few.months[0]?.figures])
      expect(figures).toEqual({ activities: 2, groups: 8, mixingIndex: null, oneSidedShare: null, oneSidedByChance: null, loneMemberShare: null, loneMemberByChance: null, coverage: null, roles: [], withheld: true });
  });

  it('is nothing while there are no groups', () => {
    expect(mixingOf([], [], reach(12, 12), 5)).toEqual({ whole: null, months: [] });
    expect(mixingOf([row('', { activities: 0 }), row('2026-03', { activities: 0 })], [], reach(12, 12), 5)).toEqual({ whole: null, months: [] });
  });
});
