import { EVERYTHING } from '@common-ground/kernel';
import type { Database } from '@common-ground/persistence';
import { ConfigError } from '@common-ground/platform';
import type { SecretBox } from './secret-box.js';
import { actFor, type SealedSubscription, storeSealed, subscriptionsAfter } from './subscription.repository.js';

const AT_ONCE = 200;

export type Resealed = { readonly resealed: number; readonly current: number };

/**
 * Seals with the first key whatever an earlier one sealed. Safe beside a running service, and again is the same.
 * A row that no key opens ends it: the key that sealed it is still missing, and nothing is lost.
 *
 * @throws ConfigError naming the subscription that no key opens
 */
export const resealSubscriptions = async (database: Database, box: SecretBox, atOnce = AT_ONCE): Promise<Resealed> => {
  const total = { resealed: 0, current: 0 };
  for (let after: string | undefined; ; ) {
    const page = await database.run(EVERYTHING, async (tx) => {
      await actFor(tx, '*');
      const rows = await subscriptionsAfter(tx, after, atOnce);
      const stale = rows.filter((row) => !isCurrent(box, row));
      for (const row of stale) await storeSealed(tx, sealedAnew(box, row));
      return { last: rows.at(-1)?.id, resealed: stale.length, current: rows.length - stale.length };
    });
    total.resealed += page.resealed;
    total.current += page.current;
    if (page.last === undefined) return total;
    after = page.last;
  }
};

const isCurrent = (box: SecretBox, { id, target, signingSecret }: SealedSubscription): boolean => box.isCurrent(target, id) && (signingSecret === null || box.isCurrent(signingSecret, id));

const sealedAnew = (box: SecretBox, { id, target, signingSecret }: SealedSubscription): Pick<SealedSubscription, 'id' | 'target' | 'targetDigest' | 'signingSecret'> => {
  try {
    const address = box.open(target, id);
    return { id, target: box.seal(address, id), targetDigest: box.digest(address), signingSecret: signingSecret && box.seal(box.open(signingSecret, id), id) };
  } catch {
    throw new ConfigError(`None of the keys in RISK_SECRETS_KEY opens the subscription ${id}: add the key that sealed it, after a comma, and run this again.`);
  }
};
