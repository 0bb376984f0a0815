/** A running platform that somebody else could as well have started: reached by its addresses only. */
export type PlatformUnderTest = {
  readonly graphqlUrl: string;
  readonly issuer: string;
  /** Ends every process that was started, and clears its folder. */
  close(): Promise<void>;
};
