import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { InterventionFact } from './domain/intervention.js';

/** The only place that knows both this slice's facts and how they travel. */
export const encodeInterventionFact = ({ type, intervention }: InterventionFact, quiet: boolean): NewFact => {
  const { id, mission, version, designedAt: _, ...plan } = intervention;
  return {
    type: Facts[type].type,
    key: id,
    subject: id,
    sequence: version,
    mission,
    quiet,
    data: Facts[type].encode({ mission, interventionId: id, ...plan, modalities: [...plan.modalities], sides: [...plan.sides] }),
  };
};
