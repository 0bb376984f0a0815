import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alreadyAnswered, decide, FLAG_STATUSES, type FlagCommand, heavier, isLive, severityOf, TRANSITIONS, weigh } from './flag.js';
import type { Evidence } from './finding.js';

const commands = Object.keys(TRANSITIONS) as FlagCommand[];
const weight = fc.record({ likelihood: fc.integer({ min: 1, max: 5 }), impact: fc.integer({ min: 1, max: 5 }) });
const evidence = (kind: Evidence['kind'], version: number): Evidence => ({ sourceKey: 's', version, kind, subject: 's', observedAt: new Date(0), figures: {}, terms: {} });

describe('the states of a flag', () => {
  it('leads from open over acknowledged and mitigating to an end', () => {
    expect(decide('open', 'acknowledge')).toBe('acknowledged');
    expect(decide('acknowledged', 'mitigate')).toBe('mitigating');
    expect(decide('mitigating', 'resolve', 'done')).toBe('resolved');
    expect(decide('open', 'dismiss', 'not so')).toBe('dismissed');
  });

  it('never leaves a closed state, and never closes without a reason, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...commands), fc.constantFrom('', ' ', 'because'))), (asked) => {
        let status: (typeof FLAG_STATUSES)[number] = 'open';
        for (const [command, reason] of asked) {
          const before = status;
          try {
            status = decide(status, command, reason);
            expect(isLive(before)).toBe(true);
            if (!isLive(status)) expect(reason).toBe('because');
          } catch (error) {
            expect(error).toMatchObject({ name: 'DomainError' });
            expect(status).toBe(before);
          }
        }
      }),
    );
  });
});

describe('severity', () => {
  it('is likelihood times impact, rises at 5 and 20 pieces of evidence, and stays within 25', () => {
    const rule = { likelihood: 3, impact: 4 };
    expect([1, 4, 5, 19, 20, 90].map((count) => severityOf(weigh(rule, count)))).toEqual([12, 12, 16, 16, 20, 20]);
    fc.assert(fc.property(weight, fc.nat(1_000), fc.nat(1_000), (own, some, more) => severityOf(weigh(own, some)) <= severityOf(weigh(own, some + more)) && severityOf(weigh(own, some)) <= 25));
  });

  it('never grows lighter within an episode', () => {
    fc.assert(fc.property(weight, weight, (before, now) => severityOf(heavier(before, now)) >= Math.max(severityOf(before), severityOf(now))));
  });
});

describe('evidence that a closed flag had', () => {
  it('answers an activity for good and an estimate until it changes', () => {
    expect(alreadyAnswered([], evidence('activity', 1))).toBe(false);
    expect(alreadyAnswered([{ kind: 'activity', version: 1 }], evidence('activity', 7))).toBe(true);
    expect(alreadyAnswered([{ kind: 'outcome', version: 3 }], evidence('outcome', 3))).toBe(true);
    expect(alreadyAnswered([{ kind: 'outcome', version: 3 }], evidence('outcome', 4))).toBe(false);
  });
});
