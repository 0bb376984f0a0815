import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export type AddressPolicy = { readonly allowLoopback: boolean; readonly allowPrivateNetworks: boolean };

type Range = readonly [network: string, prefix: number];
const listOf = (...ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
};

const LOOPBACK = listOf(['127.0.0.0', 8], ['::1', 128]);
const PRIVATE = listOf(['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['fc00::', 7]);
/** The metadata service of a cloud, by its unique local address: never, also where private networks are allowed. */
const METADATA = listOf(['fd00:ec2::254', 128], ['100.100.100.200', 32]);
/** Link-local (with the metadata services), this network, benchmarks, documentation, multicast, reserved; IPv6 that carries IPv4 inside. */
const NEVER = listOf(
  ['0.0.0.0', 8], ['169.254.0.0', 16], ['192.0.0.0', 24], ['192.0.2.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
  ['::', 128], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 32], ['2001:db8::', 32], ['2002::', 16], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8],
);

/** IPv4 that is written as IPv6 is judged as what it is. */
const unmapped = (address: string): string => /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address;
const MAPPED = listOf(['::ffff:0:0', 96]);

/** Whether a webhook may be sent to this IP address: anything public, and what the installation allows beside. */
export const mayReach = (address: string, policy: AddressPolicy): boolean => {
  const plain = unmapped(address.replace(/%.*$/, ''));
  const version = isIP(plain);
  if (version === 0) return false;
  const within = (list: BlockList): boolean => list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  if (within(NEVER) || within(METADATA) || (version === 6 && within(MAPPED))) return false;
  if (within(LOOPBACK)) return policy.allowLoopback;
  return within(PRIVATE) ? policy.allowPrivateNetworks : true;
};

/** Says where a webhook may not go; its text is safe to keep. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor() {
    super('the address leads into a network that webhooks may not reach');
  }
}

/** Resolves a host and lets the connection go to exactly the addresses that were judged: a name that changes its mind gains nothing. */
export const guardedLookup =
  (policy: AddressPolicy): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new AddressRefused(), []);
      if (!addresses.every(({ address }) => mayReach(address, policy))) return callback(new AddressRefused(), []);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
