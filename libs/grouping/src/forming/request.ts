/** Somebody to be put into a group. People are known by code; nothing here names them. */
export type Person = {
  readonly id: string;
  /** Migrant, host or what the mission calls its sides. */
  readonly side: string;
  /** By name; one that is missing counts as average. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  /** BCP 47 tags, as written; `es` and `es-PE` are two languages. */
  readonly languages?: readonly string[];
  /** Languages between which this person interprets for the group that they are in. */
  readonly interprets?: readonly string[];
  /** What a group must offer for this person to take part, as `step-free`. */
  readonly needs?: readonly string[];
  /** The person whom this one answers to; superiors of superiors count too. */
  readonly reportsTo?: string;
  /** How much new encounters of this person count; 1 unless given. */
  readonly weight?: number;
};

export type GroupSpec = {
  readonly id: string;
  /** Fewest and most people. */
  readonly min: number;
  readonly max: number;
  readonly offers?: readonly string[];
  /** Languages between which an interpreter engaged for this group carries over. */
  readonly interpreterLanguages?: readonly string[];
};

export type Attribute = { readonly name: string; readonly kind: 'categorical' | 'numeric'; readonly weight?: number };

/** `must` is never broken; `should` is broken only where there is no other way or nothing worth having; `off` is not asked. */
export type Strength = 'must' | 'should' | 'off';

export type PeopleRule = { readonly people: readonly string[]; readonly strength?: Strength };

/** A person is in this group, as when somebody moves them there by hand. */
export type PlacedRule = { readonly person: string; readonly group: string; readonly strength?: Strength };

export type LonePolicy = 'two-or-none' | 'at-least-two';

export type Rules = {
  /** No two of the people named share a group. */
  readonly apart?: readonly PeopleRule[];
  /** All of the people named share a group. */
  readonly together?: readonly PeopleRule[];
  readonly placed?: readonly PlacedRule[];
  /** No lone member of a side (or of a categorical attribute named in `by`). Usual: of a side, two or none, must. */
  readonly lone?: { readonly policy?: LonePolicy; readonly by?: readonly string[]; readonly strength?: Strength };
  /** In every group all share a language, or an interpreter carries over. Usual: must, when anybody's languages are given. */
  readonly sharedLanguage?: Strength;
  /** Needs are met by what groups offer. Usual: must. */
  readonly access?: Strength;
  /** No superior with a subordinate. Usual: must. */
  readonly superiors?: Strength;
};

export type Met = { readonly one: string; readonly other: string; readonly times: number };

/** What counts how much; each part is scaled so that chance is 1. */
export type Weights = {
  readonly sides?: number;
  readonly attributes?: number;
  readonly spread?: number;
  readonly variety?: number;
  readonly encounters?: number;
};

export type FormRequest = {
  readonly people: readonly Person[];
  readonly groups: readonly GroupSpec[];
  readonly attributes?: readonly Attribute[];
  readonly rules?: Rules;
  /** How often pairs met before; pairs not named never did. */
  readonly met?: readonly Met[];
  /** How much more an encounter across sides counts than one within; 2 unless given. */
  readonly acrossSides?: number;
  readonly weights?: Weights;
};

export const USUAL_WEIGHTS = { sides: 3, attributes: 1, spread: 0.5, variety: 0.5, encounters: 2 } as const;
export const USUAL_ACROSS_SIDES = 2;
