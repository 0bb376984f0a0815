import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { MissionRegistered } from './domain/mission.js';

/** The only place that knows both this slice's facts and how they travel. */
export const encodeMissionFact = ({ mission }: MissionRegistered, quiet: boolean): NewFact => ({
  type: Facts.MissionRegistered.type,
  key: mission.mission,
  subject: mission.mission,
  sequence: 1,
  mission: mission.mission,
  quiet,
  data: Facts.MissionRegistered.encode({ ...mission, languages: [...mission.languages] }),
});
