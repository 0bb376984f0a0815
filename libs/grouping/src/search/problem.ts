/**
 * What the search works on: units (people who stay together; most often one person) to be put into groups.
 * Matrices are row-major typed arrays. All gains are maximised; all penalties are minimised and come before any gain.
 */
export type Problem = {
  readonly units: number;
  readonly groups: number;
  /** People in each unit. */
  readonly sizeOf: Int32Array;
  readonly smallest: Int32Array;
  readonly largest: Int32Array;
  /** units x units, symmetric, zero diagonal: the gain when two units share a group. */
  readonly together: Float64Array;
  /** units x groups: the gain of a unit in a group; absent when all groups are alike. */
  readonly placing?: Float64Array | undefined;
  readonly rules: CompiledRules;
};

/** A rule that must hold weighs this much for each time that it is broken; one that should hold weighs 1. */
export const MUST = 1_000_000;
export const SHOULD = 1;

export type CompiledRules = {
  /** A penalty that no arrangement takes away, or that pairs who should be together take away by a negative clash. */
  readonly base?: number | undefined;
  /** units x units, symmetric: the penalty when two units share a group. */
  readonly clash?: Float64Array | undefined;
  /** units x groups: the penalty of a unit in a group. */
  readonly barred?: Float64Array | undefined;
  readonly lone?: LoneColumns | undefined;
  readonly speech?: Speech | undefined;
};

/** Counts of people by category (a side, a gender ...): a group must not hold exactly one of a column, or fewer than two. */
export type LoneColumns = {
  readonly columns: number;
  /** units x columns. */
  readonly counts: Int32Array;
  readonly weights: Float64Array;
  /** 1: each group needs two or more; 0: two or more, or none. */
  readonly needed: Uint8Array;
};

/** Channels in which a group can talk: a language, or an interpreter who carries over between several. */
export type Speech = {
  readonly channels: number;
  readonly weight: number;
  /** units x channels: how many people of the unit can use the channel. */
  readonly users: Int32Array;
  /** units x channels: how many people of the unit open the channel to the others (participants who interpret). */
  readonly openers: Int32Array;
  /** groups x channels: 1 when the channel is open whoever is in the group (languages; an interpreter engaged for the group). */
  readonly open: Uint8Array;
};
