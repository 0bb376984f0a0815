import { type ASTVisitor, type FieldNode, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';
import { PAGE_SIZE } from './page.js';

/** How many times a field's selection may be resolved: the page it asks for, the largest one when a variable says. */
const timesOf = (field: FieldNode): number => {
  const first = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (first) return first.kind === Kind.INT ? Math.min(Math.max(Number(first.value), 1), PAGE_SIZE.most) : PAGE_SIZE.most;
  const isConnection = field.selectionSet?.selections.some((selection) => selection.kind === Kind.FIELD && (selection.name.value === 'edges'));
  return isConnection ? PAGE_SIZE.default : 1;
};

/** Refuses an operation that could resolve more fields than `most`, counted from its text before anything is done. */
export const costRule =
  (most: number) =>
  (context: ValidationContext): ASTVisitor => {
    const known = new Map<string, number>();
    const costOf = (set: SelectionSetNode): number =>
      set.selections.reduce((sum, selection) => {
        if (selection.kind === Kind.INLINE_FRAGMENT) return sum + costOf(selection.selectionSet);
        if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + fragmentCost(selection.name.value);
        if (selection.name.value.startsWith('__')) return sum;
        return sum + (selection.selectionSet ? timesOf(selection) * (1 + costOf(selection.selectionSet)) : 1);
      }, 0);
    const fragmentCost = (name: string): number => {
      const before = known.get(name);
      if (before !== undefined) return before;
      // A fragment that spreads itself is refused by a rule of its own; here it must only end.
      known.set(name, 0);
      const fragment = context.getFragment(name);
      const cost = fragment ? costOf(fragment.selectionSet) : 0;
      known.set(name, cost);
      return cost;
    };
    return {
      OperationDefinition: (operation) => {
        const cost = costOf(operation.selectionSet);
        if (cost > most) context.reportError(new GraphQLError(`This could ask for ${cost} fields and ${most} are the most; ask for smaller pages or fewer fields.`, { nodes: [operation], extensions: { code: 'QUERY_TOO_COSTLY' } }));
      },
    };
  };
