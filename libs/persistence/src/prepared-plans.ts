/** Statements are few and their text does not change; whatever made more of them must not fill the server's memory. */
const MOST = 500;

const names = new Map<string, string>();
let generation = 0;

/** The name under which each connection parses and plans this statement once; none when there are too many. */
export const planNameOf = (sql: string): string | undefined => {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MOST) return known;
  const name = `plan-${generation}-${names.size}`;
  names.set(sql, name);
  return name;
};

/** A migration altered what a plan gives: from now on every connection plans anew. */
export const forgetPlans = (): void => {
  names.clear();
  generation += 1;
};
