/** One thing that speaks for a flag: codes and figures, never a person or free text. */
export type Evidence = {
  /**
   * What it is about, so that the same activity or estimate counts once:
   * a later version with the same key takes the place of the earlier.
   */
  readonly sourceKey: string;
  /** Counts up with every later word on the same source. */
  readonly version: number;
  readonly kind: 'outcome' | 'activity';
  /** The activity's code, or item and wave. */
  readonly subject: string;
  readonly activityId?: string;
  readonly observedAt: Date;
  readonly figures: Readonly<Record<string, number>>;
  readonly terms: Readonly<Record<string, string>>;
};

/** A rule found something: it opens a flag, or adds to the open one of the same rule and subject. */
export type Finding = {
  readonly rule: string;
  /** What makes flags of one rule and intervention distinct: item and wave; empty when it is the intervention itself. */
  readonly subjectKey: string;
  readonly evidence: Evidence;
};

/** The item's code, with the wave where it is not the one right after. */
export const outcomeSubject = (item: string, wave: string): string => (wave === 'post' ? item : `${item} (${wave})`);
