import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CAVEAT_SENTENCES,
  claimEstimate,
  DEVIATIONS,
  forbiddenWords,
  forbiddenWordsIn,
  particularsOf,
  rungOf,
  sideOf,
  type ClaimedEstimate,
  type DesignDescription,
  type Finding,
  type Rung,
} from './index.js';

const oneGroup: DesignDescription = {
  waves: 2,
  assignment: 'none',
  unit: 'person',
  people: { treatment: 40, comparison: 0 },
  attrition: { overall: 0.1 },
};
const trial: DesignDescription = {
  waves: 2,
  assignment: 'randomised',
  unit: 'cluster',
  people: { treatment: 55, comparison: 60 },
  clusters: { treatment: 8, comparison: 9 },
  strata: 8,
  attrition: { overall: 0.12, treatment: 0.1, comparison: 0.14 },
};
const designs: Readonly<Record<Rung, DesignDescription>> = {
  1: { ...oneGroup, waves: 1 },
  2: oneGroup,
  3: { ...oneGroup, populationSurvey: true },
  4: { ...trial, assignment: 'chosen' },
  5: trial,
};
const rungs = [1, 2, 3, 4, 5] as const;
const found: Finding = {
  outcome: 'trust',
  wave: 'post',
  higherIs: 'better',
  figures: { estimate: 0.05, intervalLow: 0.01, intervalHigh: 0.09, df: 12 },
  baselineGap: { estimate: 0.4, intervalLow: 0.2, intervalHigh: 0.6 },
};

describe('the ladder of claims', () => {
  it.each(rungs)('gives rung %d to its design', (rung) => expect(rungOf(designs[rung])).toBe(rung));

  it.each<[string, Rung, Partial<DesignDescription>]>([
    ['whose comparison arm fell silent', 2, { people: { treatment: 55, comparison: 0 } }],
    ['whose treatment arm fell silent', 2, { people: { treatment: 0, comparison: 60 } }],
    ['whose lot was not kept to', 4, { deviations: ['assignment-compromised'] }],
    ['with a single cluster in an arm', 4, { clusters: { treatment: 1, comparison: 9 } }],
    ['with a single cluster in an arm, asked once', 1, { clusters: { treatment: 1, comparison: 9 }, waves: 1 }],
    ['of people and of one wave', 5, { unit: 'person', waves: 1 }],
    ['that planned less than it did', 5, { deviations: ['sample-smaller-than-planned', 'looked-at-early'] }],
  ])('lets a trial %s climb to rung %s', (_, rung, departure) => expect(rungOf({ ...trial, ...departure })).toBe(rung));

  it('takes a survey of the public for no arm, however many answered it', () => {
    const againstPublic = claimEstimate(
      { waves: 2, assignment: 'none', unit: 'person', people: { treatment: 185, comparison: 0 }, populationSurvey: true },
      { outcome: 'earnings', wave: '1978', higherIs: 'better', figures: { estimate: 793.6, intervalLow: -281.1, intervalHigh: 1868.3 } },
    );
    expect(againstPublic).toMatchObject({ rung: 3, claim: 'change' });
    expect(againstPublic.caveats).toEqual(expect.arrayContaining(['no-comparison', 'public-is-no-comparison', 'attrition-unknown']));
    expect(JSON.stringify([againstPublic.sentence, againstPublic.caveatSentences])).not.toMatch(/effect|impact|caused/i);
  });

  it('lets choosing arms with one wave say no more than a level', () => {
    expect(rungOf({ ...designs[4], waves: 1 })).toBe(1);
  });

  it('never climbs when a design loses something', () => {
    const design = fc.record<DesignDescription>({
      waves: fc.integer({ min: 1, max: 4 }),
      assignment: fc.constantFrom('none', 'chosen', 'randomised'),
      unit: fc.constantFrom('person', 'cluster'),
      people: fc.record({ treatment: fc.nat(9), comparison: fc.nat(9) }),
      clusters: fc.record({ treatment: fc.nat(4), comparison: fc.nat(4) }),
      populationSurvey: fc.boolean(),
    });
    fc.assert(
      fc.property(design, (one) => {
        const full = rungOf(one);
        expect(rungOf({ ...one, people: { ...one.people, comparison: 0 } })).toBeLessThanOrEqual(full);
        expect(rungOf({ ...one, deviations: [...DEVIATIONS] })).toBeLessThanOrEqual(full);
        expect(rungOf({ ...one, waves: 1 })).toBeLessThanOrEqual(full);
        if (one.assignment === 'randomised') expect(rungOf({ ...one, assignment: 'chosen' })).toBeLessThanOrEqual(full);
      }),
    );
  });

  it.each<[string, Partial<DesignDescription>]>([
    ['waves must be a whole number of at least 1', { waves: 0 }],
    ['people.comparison must be a whole number', { people: { treatment: 1, comparison: -1 } }],
    ['clusters must be given', { clusters: undefined as never }],
    ['attrition.treatment must be between 0 and 1', { attrition: { overall: 0, treatment: 7 } }],
    ['deviations may hold', { deviations: ['it had a great effect' as never] }],
  ])('refuses a design: %s', (message, broken) => expect(() => rungOf({ ...trial, ...broken })).toThrow(message));
});

describe('the words of a claim', () => {
  it.each(rungs)('keeps rung %d to its own words, in the sentence and in every caveat', (rung) => {
    const { sentence, caveatSentences, forbiddenWords: listed } = claimEstimate(designs[rung], found);
    expect(forbiddenWordsIn(rung, [sentence, ...caveatSentences, ...Object.values(CAVEAT_SENTENCES)].join(' '))).toEqual([]);
    expect(listed).toEqual(forbiddenWords(rung));
  });

  it('forbids each rung what only higher ones may say', () => {
    const sentences = rungs.map((rung) => claimEstimate(designs[rung], found).sentence);
    for (const [index, sentence] of sentences.entries()) {
      for (const lower of rungs.slice(0, index)) {
        const sayable = lower === 2 && index === 2 ? 'gap to the public' : undefined;
        const words = forbiddenWordsIn(lower, sentence);
        if (index + 1 === 4 && (lower === 2 || lower === 3)) expect(words).toContain('difference between arms');
        else if (sayable) expect(words).toContain(sayable);
        else expect(words.length).toBeGreaterThan(0);
      }
    }
  });

  it('knows words by their borders, whatever their case', () => {
    expect(forbiddenWordsIn(2, 'A great EFFECT; it Led  to more.')).toEqual(['effect', 'led to']);
    expect(forbiddenWordsIn(2, 'ineffective affection, other causes')).toEqual([]);
    expect(forbiddenWordsIn(5, 'This proves it.')).toEqual(['proves']);
  });

  it('leaves out a name that claims something, and keeps it where it may be said', () => {
    const named = { ...found, outcome: 'effect on trust', wave: 'after the gains' };
    expect(claimEstimate(oneGroup, named).sentence).toContain('Change in the outcome asked about from baseline to after the gains');
    expect(claimEstimate(designs[1], named).sentence).toContain('Level of the outcome asked about at the later wave');
    expect(claimEstimate(trial, named).sentence).toContain('Effect on effect on trust');
    expect(claimEstimate(oneGroup, { ...found, outcome: '  ' }).sentence).toContain('the outcome asked about');
  });

  it('never lets a name through that its rung forbids', () => {
    const part = fc.constantFrom('trust', 'Effect', 'impact', 'led', 'to', '-', 'proved', 'change', 'warmth', '?');
    fc.assert(
      fc.property(fc.constantFrom(...rungs), fc.array(part, { maxLength: 5 }), (rung, parts) => {
        const { sentence } = claimEstimate(designs[rung], { ...found, outcome: parts.join(' '), wave: parts.join('/') });
        expect(forbiddenWordsIn(rung, sentence)).toEqual([]);
      }),
    );
  });

  it('says harm when the whole interval lies on the harmful side', () => {
    const harm = claimEstimate(trial, { outcome: 'numberim', wave: 'post', higherIs: 'worse', figures: { estimate: 0.0762868, intervalLow: 0.0008, intervalHigh: 0.1518, df: 9.18 } });
    expect(harm).toMatchObject({ rung: 5, claim: 'effect', side: 'harmful', caveats: [] });
    expect(harm.sentence).toBe(
      'Effect on numberim at post: +0.076 (95 % interval +0.001 to +0.152), 115 people with both waves; arms were drawn by lot, and everybody counts in the arm that was drawn for them. This is harm: the whole interval lies on the harmful side.',
    );
    for (const rung of [2, 3, 4] as const)
      expect(claimEstimate(designs[rung], { ...found, higherIs: 'worse' }).sentence).toContain('The whole interval lies on the harmful side.');
  });

  it('says what each rung may, and the gap to the public from rung 3 only', () => {
    const sentence = (rung: Rung): string => claimEstimate(designs[rung], found).sentence;
    expect(sentence(1)).toBe('Level of trust at post: 0.050 (95 % interval 0.010 to 0.090), 40 people; asked once, so it says where people stand and nothing about what moved them.');
    expect(sentence(2)).toBe('Change in trust from baseline to post: +0.050 (95 % interval +0.010 to +0.090), 40 people with both waves; without a comparison group it may be due to other causes. The whole interval lies on the helpful side.');
    expect(sentence(3)).toContain('Gap to the public at baseline: +0.400 standard deviations (95 % interval +0.200 to +0.600).');
    expect(sentence(2)).not.toContain('Gap');
    expect(sentence(4)).toContain('Difference between arms in trust at post: +0.050');
  });

  it('counts only the treated people of a trial whose comparison arm fell silent', () => {
    const { claim, sentence } = claimEstimate({ ...trial, people: { treatment: 55, comparison: 0 } }, found);
    expect(claim).toBe('change');
    expect(sentence).toContain('55 people with both waves; without a comparison group');
  });

  it('says why there is no estimate', () => {
    const none = claimEstimate(oneGroup, { outcome: 'trust', wave: 'post', higherIs: 'better', because: 'too-few-pairs' });
    expect(none).toMatchObject({ sentence: 'No estimate for trust at post: too few people answered both waves.', side: 'open' });
    expect(none.caveats).toEqual(['too-few-pairs', 'no-comparison']);
    expect(claimEstimate(oneGroup, { outcome: 'trust', wave: 'post', higherIs: 'better' }).sentence).toBe('No estimate for trust at post.');
  });

  it('warns of what limits the figures and the design', () => {
    const weak = claimEstimate(
      { ...designs[4], attrition: { overall: 0.1, treatment: 0.05, comparison: 0.2 }, deviations: ['outcome-changed'] },
      { ...found, figures: { ...found.figures!, df: 3.2 } },
    );
    expect(weak.caveats).toEqual(['low-df', 'high-attrition', 'not-randomised', 'parallel-change-untested', 'plan-deviations']);
    expect(claimEstimate({ ...designs[4], wavesBefore: 2 }, found).caveats).toEqual(['not-randomised']);
  });

  it.each<[string, Partial<Finding>]>([
    ['figures must lie in order', { figures: { estimate: 1, intervalLow: 2, intervalHigh: 3 } }],
    ['figures (estimate, intervalLow, intervalHigh)[0] must be a finite number', { figures: { estimate: Number.NaN, intervalLow: 2, intervalHigh: 3 } }],
    ['figures.level must be between 0 and 1', { figures: { estimate: 1, intervalLow: 0, intervalHigh: 3, level: 95 } }],
    ['higherIs must be better, worse or neither', { higherIs: 'good' as never }],
  ])('refuses a finding: %s', (message, broken) => expect(() => claimEstimate(trial, { ...found, ...broken })).toThrow(message));
});

describe('sideOf', () => {
  it.each([
    ['worse', 0.01, 0.2, 'harmful'],
    ['worse', 0, 0.2, 'open'],
    ['worse', -0.2, -0.1, 'helpful'],
    ['better', -0.2, -0.01, 'harmful'],
    ['better', 0.01, 0.2, 'helpful'],
    ['better', -0.2, 0, 'open'],
    ['neither', 0.01, 0.2, 'open'],
  ] as const)('minds that higher is %s for [%d, %d]: %s', (higherIs, low, high, side) => expect(sideOf(higherIs, low, high)).toBe(side));
});

describe('a claimed estimate', () => {
  const change = claimEstimate(oneGroup, found);
  const reported = { waves: [{ wave: 'baseline', invited: 50, answered: 45 }, { wave: 'post', answered: 40 }] };

  it('cannot be written by hand or upgraded, as the compiler sees', () => {
    const { rung, ...rest } = change;
    // @ts-expect-error: a copy with another rung lacks the mark of that rung
    const upgraded: ClaimedEstimate<5> = { ...rest, rung: 5, claim: 'effect' };
    expect(() => particularsOf(upgraded, reported)).toThrow('claimed must come from claimEstimate');
    expect(rung).toBe(2);
  });

  it('cannot be changed where it stands', () => {
    expect(() => Object.assign(change, { rung: 5 })).toThrow(TypeError);
    expect(() => Object.assign(change.design, { assignment: 'randomised' })).toThrow(TypeError);
    expect(Object.isFrozen(oneGroup.people)).toBe(false);
  });

  it('is recognised by identity, so that even an equal copy carries no rung', () => {
    expect(() => particularsOf({ ...change }, reported)).toThrow(TypeError);
    expect(() => particularsOf(JSON.parse(JSON.stringify(change)) as ClaimedEstimate, reported)).toThrow(TypeError);
  });

  it('prints what must stand beside it, and says what is not known', () => {
    expect(particularsOf(change, reported)).toEqual([
      'baseline: 50 invited, 45 answered',
      'post: not known how many invited, 40 answered',
      'pairs: 40',
      'clusters: none named',
      'attrition: 10.0 % overall, not known between arms',
      'estimate: 0.050, 95.0 % interval 0.010 to 0.090',
      'standardised: not known',
      'p: not known, adjusted: not known',
      'smallest detectable with 80 % power: not known',
      'departures from the registered plan: no plan was registered',
    ]);
  });

  it('prints figures that are known, and withholds a p-value that leans on too little', () => {
    const known = { ...reported, standardised: { measure: 'Hedges g', estimate: 0.31 }, pValue: 0.012, adjustedPValue: { method: 'Holm', value: 0.036 }, minimalDetectable: 0.08 };
    const sound = particularsOf(claimEstimate({ ...trial, deviations: [] }, found), known);
    expect(sound).toEqual(expect.arrayContaining(['clusters: 17', 'attrition: 12.0 % overall, 4.0 % between arms', 'standardised: 0.310 (Hedges g)', 'p: 0.0120, adjusted: 0.0360 (Holm)', 'departures from the registered plan: none']));
    const weak = particularsOf(claimEstimate(trial, { ...found, figures: { ...found.figures!, df: 2 } }), known);
    expect(weak).toContain('p: withheld, adjusted: withheld');
  });
});
