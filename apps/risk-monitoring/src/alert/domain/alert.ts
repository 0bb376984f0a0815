export const ALERT_STATUSES = ['waiting', 'delivered', 'failed'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** One delivery of one flag's opening to one subscription. Its id is the idempotency key at the receiving end. */
export type Alert = {
  readonly id: string;
  readonly subscriptionId: string;
  readonly flagId: string;
  readonly mission: string;
  readonly interventionId: string;
  readonly rule: string;
  readonly subject: string;
  readonly severity: number;
  readonly channel: 'in-app' | 'e-mail' | 'webhook';
  readonly status: AlertStatus;
  readonly attempts: number;
  readonly raisedAt: Date;
  readonly deliveredAt: Date | null;
  /** What the receiving end said, without anybody's address. */
  readonly proof: string;
};

/** What one try came to. */
export type Outcome =
  | { readonly delivered: true; readonly proof: string }
  /** `final`: the receiving end wants no more of it. */
  | { readonly delivered: false; readonly proof: string; readonly final?: boolean };
