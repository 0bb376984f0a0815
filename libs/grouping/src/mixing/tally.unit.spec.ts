import { describe, expect, it } from '@jest/globals';
import { mixingOfGroups, type MixingOfGroups } from './mixing-of-groups.js';
import type { SideCounts } from './side-counts.js';
import { mixingTally } from './tally.js';

const groups: SideCounts[] = [{ host: 3, migrant: 1 }, { host: 2, migrant: 2 }, { host: 4 }, { host: 0, migrant: 3 }];

describe('a tally of mixing', () => {
  it('is what the indices say, in numbers of groups and pairs', () => {
    const { indices } = mixingOfGroups({ basis: 'attended', groups }) as MixingOfGroups;
    const tally = mixingTally(groups);
    expect(tally).toMatchObject({ groups: 4, crossSidePairs: { observed: 7 }, oneSidedGroups: { observed: 2 }, loneMemberGroups: { observed: 1 } });
    expect(tally?.crossSidePairs.expected).toBeCloseTo(indices.crossSidePairs.expected, 9);
    expect(tally?.oneSidedGroups.expected).toBeCloseTo(indices.oneSidedGroups.expected * 4, 9);
    // By hand: 9 hosts and 6 migrants make 54 pairs of 105; 6 + 6 + 6 + 3 of the 105 sit together.
    expect(tally?.crossSidePairs.expected).toBeCloseTo((54 * 21) / 105, 9);
  });

  it('is none where nobody could have mixed', () => {
    expect(mixingTally([{ host: 4 }, { host: 2 }])).toBeUndefined();
    expect(mixingTally([{ host: 4, migrant: 4 }])).toBeUndefined();
    expect(mixingTally([])).toBeUndefined();
  });
});
