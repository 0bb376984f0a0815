import { linearSumAssignment } from 'linear-sum-assignment';

/** `scores[row][column]`; undefined where the two may not be paired. */
export type Scores = readonly (readonly (number | undefined)[])[];
export type Assigned = { readonly row: number; readonly column: number; readonly score: number };

/**
 * The pairing with the most pairs and, among those, the highest total score; each row and each column is used once at most.
 * Shortest augmenting paths (Jonker & Volgenant 1987; rectangular: Crouse 2016), optimal, in O(n^3).
 *
 * @param scores - rows of equal length; finite, 0 or more
 * @returns pairs in order of row; none for an empty table
 * @throws RangeError naming the score that is negative or not finite, or the row of another length
 */
export const bestAssignment = (scores: Scores): readonly Assigned[] => {
  const columns = scores[0]?.length ?? 0;
  if (scores.length === 0 || columns === 0) return [];
  let highest = 0;
  scores.forEach((row, at) => {
    if (row.length !== columns) throw new RangeError(`scores[${at}] has ${row.length} entries, not ${columns}`);
    row.forEach((score, to) => {
      if (score !== undefined && !(Number.isFinite(score) && score >= 0)) throw new RangeError(`scores[${at}][${to}] must be 0 or more, not ${score}`);
      highest = Math.max(highest, score ?? 0);
    });
  });
  // One more pair always outweighs every score: no total of scores can reach this.
  const pair = (highest + 1) * (Math.min(scores.length, columns) + 1);
  const weights = scores.map((row) => row.map((score) => (score === undefined ? 0 : pair + score)));
  const { rowAssignments } = linearSumAssignment(weights, { maximaze: true });
  return scores.flatMap((row, at) => {
    const column = rowAssignments[at] as number;
    const score = column >= 0 ? row[column] : undefined;
    return score === undefined ? [] : [{ row: at, column, score }];
  });
};
