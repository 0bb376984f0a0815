import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { InstrumentPublished } from './domain/instrument.js';

/** The only place that knows both this slice's facts and how they travel. */
export const encodeInstrumentFact = ({ instrument }: InstrumentPublished, quiet: boolean): NewFact => ({
  type: Facts.InstrumentPublished.type,
  key: instrument.mission,
  subject: instrument.id,
  sequence: 1,
  mission: instrument.mission,
  quiet,
  data: Facts.InstrumentPublished.encode({ ...instrument, instrumentId: instrument.id, items: [...instrument.items] }),
});
