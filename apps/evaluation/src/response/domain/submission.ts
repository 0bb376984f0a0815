import { acceptedRow, type Refusal, refuseCode, refusedRow, type RowOutcome, shown, tidy, unchangedRow } from '@common-ground/kernel';
import { refused } from './submission.errors.js';

export type Answer = { readonly item: string; readonly value: number };
export type Submission = { readonly respondent: string; readonly answers: readonly Answer[] };

/** The range of an item's answers. */
export type ItemRange = { readonly code: string; readonly minimum: number; readonly maximum: number };

/** What a submission is judged by before earlier answers are looked at. */
export type Setting = {
  readonly items: readonly ItemRange[];
  /** Who may answer; undefined when anybody may, under a code of their own. */
  readonly enrolled: ReadonlySet<string> | undefined;
};

/** What a respondent has said in the round so far. */
export type Said = { readonly answers: ReadonlyMap<string, number>; readonly submissions: number };

/** New answers of one respondent, given at once; counts are those of the round after it. */
export type Accepted = Submission & { readonly answersInRound: number; readonly submissions: number };

export type Verdict = { readonly outcomes: readonly RowOutcome[]; readonly accepted: readonly Accepted[] };

export const tidySubmission = ({ respondent, answers }: Submission): Submission => ({
  respondent: tidy(respondent),
  answers: answers.map(({ item, value }) => ({ item: tidy(item), value })),
});

const refuseAnswer = (setting: ReadonlyMap<string, ItemRange>, { item, value }: Answer, path: readonly string[]): Refusal | undefined => {
  const range = setting.get(item);
  if (!range) return refused.unknownItem([...path, 'item'], shown(item));
  if (!Number.isFinite(value)) return refused.notANumber([...path, 'value'], item);
  if (value < range.minimum || value > range.maximum) return refused.outOfRange([...path, 'value'], range);
  return undefined;
};

/** The first thing wrong with a submission by itself. A submission is taken whole or not at all. */
export const refuseSubmission = ({ items, enrolled }: Setting, { respondent, answers }: Submission): Refusal | undefined => {
  const code = refuseCode(['respondent'], respondent);
  if (code) return code;
  if (enrolled && !enrolled.has(respondent)) return refused.respondentUnknown(shown(respondent));
  if (answers.length === 0) return refused.empty();
  const ranges = new Map(items.map((item) => [item.code, item]));
  const given = new Set<string>();
  for (const [index, answer] of answers.entries()) {
    const path = ['answers', String(index)];
    const wrong = refuseAnswer(ranges, answer, path) ?? (given.has(answer.item) ? refused.twice([...path, 'item'], answer.item) : undefined);
    if (wrong) return wrong;
    given.add(answer.item);
  }
  return undefined;
};

/** What is new in a submission, given what was said before: another value for the same item is refused. */
const newAnswers = ({ answers }: Submission, said: ReadonlyMap<string, number>): readonly Answer[] | Refusal => {
  const other = answers.findIndex(({ item, value }) => said.has(item) && said.get(item) !== value);
  if (other !== -1) return refused.doubleAnswer(['answers', String(other), 'item'], answers[other]?.item ?? '');
  return answers.filter(({ item }) => !said.has(item));
};

/**
 * Judges submissions one after the other; each is taken or refused on its own, and one that says nothing new is unchanged,
 * even when the round is closed.
 *
 * @param judged what each row's own check found
 * @param said by respondent, before the first of these
 */
export const takeSubmissions = (
  round: { readonly status: 'open' | 'closed' },
  rows: readonly Submission[],
  judged: readonly (Refusal | undefined)[],
  said: ReadonlyMap<string, Said>,
): Verdict => {
  const now = new Map<string, Said>(said);
  const accepted: Accepted[] = [];
  const outcomes = rows.map((row, index): RowOutcome => {
    const faulty = judged[index];
    if (faulty) return refusedRow(index, faulty);
    const before = now.get(row.respondent) ?? { answers: new Map<string, number>(), submissions: 0 };
    const fresh = newAnswers(row, before.answers);
    if (!Array.isArray(fresh)) return refusedRow(index, fresh as Refusal);
    if (fresh.length === 0) return unchangedRow(index);
    if (round.status === 'closed') return refusedRow(index, refused.roundClosed());
    const answers = new Map([...before.answers, ...fresh.map(({ item, value }): [string, number] => [item, value])]);
    const submissions = before.submissions + 1;
    now.set(row.respondent, { answers, submissions });
    accepted.push({ respondent: row.respondent, answers: fresh, answersInRound: answers.size, submissions });
    return acceptedRow(index);
  });
  return { outcomes, accepted };
};
