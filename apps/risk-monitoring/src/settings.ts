/** Injection token of what the installation says about alerts. */
export const ALERT_SETTINGS = Symbol('ALERT_SETTINGS');

export type AlertSettings = {
  /** 32 bytes each. The first seals addresses and signing secrets, all of them open what is sealed. */
  readonly secretsKeys: readonly Buffer[];
  /** None: no e-mail is sent, and nobody can subscribe to it. */
  readonly email?: { readonly smtpUrl: string; readonly from: string } | undefined;
  readonly webhooks: {
    /** Plain http and https to this machine. */
    readonly allowLoopback: boolean;
    /** Addresses of private networks. Link-local and metadata addresses are refused always. */
    readonly allowPrivateNetworks: boolean;
  };
  /** Where people sign in; messages link to it. */
  readonly portalUrl?: string | undefined;
  readonly delivery: {
    /** The wait after the first failed try; each further wait is four times as long. */
    readonly firstRetryMs: number;
    /** How long a worker has before another may take its alert: longer than any try. */
    readonly leaseMs: number;
    readonly pollMs: number;
  };
};

/** 15 s, 1, 4, 16 and 64 minutes, 4 and 17 hours: eight tries over about a day. */
export const USUAL_DELIVERY: AlertSettings['delivery'] = { firstRetryMs: 15_000, leaseMs: 60_000, pollMs: 250 };
