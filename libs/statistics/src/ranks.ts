/** Mid-ranks, 1 for the smallest: equal values share the mean of their ranks. `ties` are the sizes of groups above one. */
export const midRanks = (
  values: readonly number[],
): { readonly ranks: readonly number[]; readonly ties: readonly number[] } => {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    if (end - start > 1) ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
};
