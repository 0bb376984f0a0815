import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { shared } from '@common-ground/contracts';
import { DomainError } from '@common-ground/kernel';
import { Of, TextOr, Whole, YesNo } from './fields.js';

export const PAGE_SIZE = { default: 20, most: 100 } as const;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: PAGE_SIZE.default, description: 'Rows wanted, 1 to 100.' }) first!: number;
  @Field(() => String, { nullable: true, description: 'The cursor after which to go on: endCursor of the page before.' }) after?: string | null;
}

@ObjectType({ description: 'Where a list stopped.' })
export class PageInfo {
  @YesNo('Whether there is more.') hasNextPage!: boolean;
  @TextOr('The cursor to go on from; null when the list is empty.') endCursor!: string | null;
}

export type Connection<T> = {
  readonly edges: readonly { readonly node: T; readonly cursor: string | null }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
};

/** The connection type of a node: edges, pageInfo and totalCount. */
export const connectionOf = <T>(node: Type<T>, name: string, plural: string): Type<Connection<T>> => {
  @ObjectType(`${name}Edge`, { description: `One of the ${plural} in a list.` })
  class Edge {
    @Of(() => node, 'The thing itself.') node!: T;
    @TextOr('Where it stands, when a list can go on from here; the last row of a page has one.') cursor!: string | null;
  }
  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class NodeConnection {
    @Of(() => [Edge], 'The rows of this page.') edges!: Edge[];
    @Of(() => PageInfo, 'Where it stopped.') pageInfo!: PageInfo;
    @Whole('How many there are on all pages.') totalCount!: number;
  }
  return NodeConnection as unknown as Type<Connection<T>>;
};

/** @throws DomainError when the page size is out of range */
export const pageRequest = ({ first, after }: PageArgs): shared.PageRequest => {
  const size = first ?? PAGE_SIZE.default;
  if (size < 1 || size > PAGE_SIZE.most) throw new DomainError('invalid', 'PAGE_SIZE_INVALID', `Ask for 1 to ${PAGE_SIZE.most} rows; ${size} is outside.`, { path: ['first'] });
  return { first: size, after: after ?? '' };
};

export const toConnection = <T>(nodes: readonly T[], info: shared.PageInfo | undefined): Connection<T> => ({
  edges: nodes.map((node, index) => ({ node, cursor: index === nodes.length - 1 ? info?.endCursor || null : null })),
  pageInfo: { hasNextPage: info?.hasNextPage ?? false, endCursor: info?.endCursor || null },
  totalCount: info?.totalCount ?? nodes.length,
});
