import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { PairingFact } from './domain/pairing.js';

const bytesOf = (fact: PairingFact): Uint8Array => {
  const { id: pairingId, mission, interventionId } = fact.pairing;
  const about = { mission, interventionId, pairingId };
  switch (fact.type) {
    case 'PairingStarted': {
      const { supporterId, supportedId, startsOn, endsOn } = fact.pairing;
      return Facts.PairingStarted.encode({ ...about, supporterId, supportedId, supporterSide: fact.supporterSide, supportedSide: fact.supportedSide, startsOn, endsOn, month: startsOn.slice(0, 7) });
    }
    case 'PairingCheckedIn':
      return Facts.PairingCheckedIn.encode({ ...about, ...fact.checkIn, month: fact.checkIn.checkedInOn.slice(0, 7) });
    case 'PairingEnded':
      return Facts.PairingEnded.encode({ ...about, endedOn: fact.endedOn, reason: fact.reason, month: fact.endedOn.slice(0, 7), checkIns: fact.pairing.checkIns.length });
  }
};

/** The only place that knows both this slice's facts and how they travel. */
export const encodePairingFact = (fact: PairingFact, quiet: boolean): NewFact => {
  const { id, interventionId, mission, version } = fact.pairing;
  return { type: Facts[fact.type].type, key: interventionId, subject: id, sequence: version, mission, quiet, data: bytesOf(fact) };
};
