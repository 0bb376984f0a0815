/** How a scale's items become one score; stored with the scale, so that every wave is scored alike. */
export type ScoringRule = {
  /** k items in the order of the answers; `reversed` ones are turned around within the range before scoring. */
  readonly items: readonly { readonly code: string; readonly reversed?: boolean }[];
  /** Lowest and highest answer that an item allows. */
  readonly range: { readonly lowest: number; readonly highest: number };
  /** Share of the items that must be answered, above 0 to 1: 0.5 is the person-mean rule for half the items. */
  readonly answeredAtLeast: number;
  /** `mean` stays in the items' unit; `sum` is the mean times k, so that missing items count as the person's mean. */
  readonly score: 'mean' | 'sum';
};

export type PersonScore = {
  /** Undefined when too few items were answered. */
  readonly score: number | undefined;
  readonly answered: number;
};

export type ScaleScores = {
  readonly method: 'person-mean' | 'person-sum';
  readonly people: readonly PersonScore[];
  readonly scored: number;
  /** Answered something, but less than the rule asks. */
  readonly tooFewItems: number;
  readonly nothingAnswered: number;
};

const requireRule = ({ items, range, answeredAtLeast }: ScoringRule): void => {
  if (items.length === 0) throw new RangeError('items must name at least one item');
  if (!(range.lowest < range.highest)) throw new RangeError('range.lowest must be below range.highest');
  if (!(answeredAtLeast > 0 && answeredAtLeast <= 1))
    throw new RangeError(`answeredAtLeast must be above 0 and at most 1, not ${answeredAtLeast}`);
};

/** An item's answer turned around within its range: lowest becomes highest. */
export const reversedAnswer = (answer: number, range: ScoringRule['range']): number =>
  range.lowest + range.highest - answer;

/** One person's score under a rule. */
const scoreOf = (rule: ScoringRule, answers: readonly (number | undefined)[]): PersonScore => {
  const turned = answers.flatMap((answer, at) => {
    if (answer === undefined) return [];
    return [rule.items[at]?.reversed ? reversedAnswer(answer, rule.range) : answer];
  });
  const answered = turned.length;
  const enough = answered > 0 && answered >= rule.answeredAtLeast * rule.items.length - 1e-9;
  if (!enough) return { score: undefined, answered };
  const mean = turned.reduce((sum, value) => sum + value, 0) / answered;
  return { score: rule.score === 'mean' ? mean : mean * rule.items.length, answered };
};

/**
 * Scores a scale by the person's mean over the answered items, when enough of them were answered.
 *
 * @param answers - one row of k answers a person, undefined where an item was left out
 * @throws RangeError naming the answer that lies outside the item's range or a row of the wrong length
 */
export const scoreScale = (
  rule: ScoringRule,
  answers: readonly (readonly (number | undefined)[])[],
): ScaleScores => {
  requireRule(rule);
  answers.forEach((row, person) => {
    if (row.length !== rule.items.length)
      throw new RangeError(`answers[${person}] has ${row.length} entries, but the scale ${rule.items.length} items`);
    row.forEach((answer, item) => {
      if (answer !== undefined && !(answer >= rule.range.lowest && answer <= rule.range.highest))
        throw new RangeError(
          `answers[${person}] for ${rule.items[item]?.code ?? item} must be from ${rule.range.lowest} to ${rule.range.highest}, not ${answer}`,
        );
    });
  });
  const people = answers.map((row) => scoreOf(rule, row));
  const scored = people.filter((one) => one.score !== undefined).length;
  const nothingAnswered = people.filter((one) => one.answered === 0).length;
  return {
    method: rule.score === 'mean' ? 'person-mean' : 'person-sum',
    people,
    scored,
    tooFewItems: people.length - scored - nothingAnswered,
    nothingAnswered,
  };
};
