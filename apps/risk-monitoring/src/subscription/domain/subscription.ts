import { isMissionCode, LIMITS, type Refusal, refusalsAmong, refuseOneOf, refuseUuid, throwIfRefused } from '@common-ground/kernel';

export const CHANNELS = ['in-app', 'e-mail', 'webhook'] as const;
export type Channel = (typeof CHANNELS)[number];

export type SubscribeToAlerts = {
  readonly id: string;
  readonly channel: string;
  /** An address for e-mail, a URL for webhook, empty for in-app. */
  readonly target: string;
  readonly missions: readonly string[];
  readonly rules: readonly string[];
  readonly minimumSeverity: number;
};

export type Subscription = {
  readonly id: string;
  readonly subscriber: string;
  readonly channel: Channel;
  readonly target: string;
  /** What the subscriber could see when subscribing. */
  readonly scopeMissions: '*' | readonly string[];
  readonly missions: readonly string[];
  readonly rules: readonly string[];
  /** 1 to 25. */
  readonly minimumSeverity: number;
  readonly createdAt: Date;
  readonly cancelledAt?: Date | undefined;
};

/** What the installation allows webhooks to be. */
export type WebhookPolicy = { readonly allowLoopback: boolean };

const LONGEST = { address: 254, url: 2_000, list: 200 } as const;
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const refuseTarget = (code: string, message: string): Refusal => ({ code, message, path: ['target'] });

const refuseAddress = (target: string): Refusal | undefined =>
  target.length <= LONGEST.address && ADDRESS.test(target) && !target.includes('..') ? undefined : refuseTarget('ADDRESS_INVALID', 'Give one e-mail address, as alerts@example.org.');

export const isLoopbackHost = (hostname: string): boolean => LOOPBACK.test(hostname);

/** https, no sign-in within, no fragment; plain http only to this machine, where that is allowed. */
const refuseUrl = (target: string, { allowLoopback }: WebhookPolicy): Refusal | undefined => {
  const url = target.length <= LONGEST.url && !/[\s\p{Cc}]/u.test(target) ? URL.parse(target) : null;
  if (!url || url.username || url.password || url.hash) return refuseTarget('URL_INVALID', 'Give a complete https address without user name, password or fragment.');
  const loopback = isLoopbackHost(url.hostname);
  if (loopback && !allowLoopback) return refuseTarget('URL_REFUSED', 'This address leads into this machine; give a public one.');
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) return refuseTarget('URL_NOT_HTTPS', 'Alerts go over https only; give an https address.');
  return undefined;
};

const refuseTargetOf = ({ channel, target }: SubscribeToAlerts, policy: WebhookPolicy): Refusal | undefined => {
  if (channel === 'e-mail') return refuseAddress(target);
  if (channel === 'webhook') return refuseUrl(target, policy);
  return target === '' ? undefined : refuseTarget('TARGET_NOT_WANTED', 'In-app alerts need no target; leave it out.');
};

const refuseLists = ({ missions, rules }: SubscribeToAlerts, knownRules: readonly string[]): Refusal[] =>
  refusalsAmong(
    missions.length > LONGEST.list && { code: 'LIST_TOO_LONG', message: `Name at most ${LONGEST.list} missions.`, path: ['missions'] },
    rules.length > LIMITS.code && { code: 'LIST_TOO_LONG', message: `Name at most ${LIMITS.code} rules.`, path: ['rules'] },
    ...missions.slice(0, LONGEST.list).map((mission, index) => !isMissionCode(mission) && { code: 'MISSION_CODE_INVALID', message: 'Give the code of a mission, as PE or TR-GZT.', path: ['missions', String(index)] }),
    ...rules.slice(0, LIMITS.code).map((rule, index) => refuseOneOf(['rules', String(index)], rule, knownRules)),
  );

/** Missions that the subscriber cannot see are refused as if they were not there. */
const refuseForeign = ({ missions }: SubscribeToAlerts, scope: '*' | readonly string[]): Refusal[] =>
  scope === '*' ? [] : refusalsAmong(...missions.map((mission, index) => !scope.includes(mission) && { code: 'MISSION_UNKNOWN', message: 'There is no such mission that you can see.', path: ['missions', String(index)] }));

export type Subscriber = { readonly subject: string; readonly scopeMissions: '*' | readonly string[] };
export type Terms = { readonly knownRules: readonly string[]; readonly webhooks: WebhookPolicy; readonly now: Date };

/**
 * Somebody asks to be alerted. A minimum severity of 0 is 1: everything.
 * @throws DomainError naming every field that is wrong
 */
export const subscribe = (wanted: SubscribeToAlerts, { subject, scopeMissions }: Subscriber, { knownRules, webhooks, now }: Terms): Subscription => {
  const { id, channel, minimumSeverity } = wanted;
  throwIfRefused([
    ...refusalsAmong(
      refuseUuid(['id'], id),
      refuseOneOf(['channel'], channel, CHANNELS),
      refuseTargetOf(wanted, webhooks),
      !(Number.isInteger(minimumSeverity) && minimumSeverity >= 0 && minimumSeverity <= 25) && { code: 'SEVERITY_OUT_OF_RANGE', message: 'Severity runs from 1 to 25; give 0 or 1 for everything.', path: ['minimumSeverity'] },
    ),
    ...refuseLists(wanted, knownRules),
  ]);
  throwIfRefused(refuseForeign(wanted, scopeMissions), 'not-found');
  return {
    id,
    subscriber: subject,
    channel: channel as Channel,
    target: wanted.target,
    scopeMissions,
    missions: [...new Set(wanted.missions)],
    rules: [...new Set(wanted.rules)],
    minimumSeverity: Math.max(1, minimumSeverity),
    createdAt: now,
  };
};
