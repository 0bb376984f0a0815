import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refuseCode, requireRole } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { checkFilter, requireCursor } from '../list-filter.js';
import { Arrivals } from '../programme/arrivals.js';
import { missionUnknown } from '../programme/programme.errors.js';
import { lockMission } from '../programme/programme.repository.js';
import { MAY_READ, MAY_RUN_SURVEYS } from '../roles.js';
import { checkInstrument, type Instrument, publishInstrument, type PublishInstrument } from './domain/instrument.js';
import { instrumentIdTaken } from './domain/instrument.errors.js';
import { encodeInstrumentFact } from './instrument.facts.js';
import { findLatestVersion, getInstrumentsAmong, insertInstrument, type InstrumentFilter, listInstruments } from './instrument.repository.js';

@Injectable()
export class InstrumentService {
  constructor(
    private readonly database: Database,
    private readonly arrivals: Arrivals,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async publish({ commandId, ...command }: PublishInstrument & { readonly commandId: string }, caller: Caller, quiet: boolean): Promise<Instrument> {
    requireRole(caller, ...MAY_RUN_SURVEYS);
    const checked = checkInstrument(command);
    await this.arrivals.mission(caller.scope, checked.mission);
    const answer = await this.database.run(caller.scope, async (tx) => {
      if (!(await lockMission(tx, checked.mission))) throw missionUnknown();
      let facts: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name: 'PublishInstrument', payload: command }, async () => {
        const decision = publishInstrument(checked, await findLatestVersion(tx, checked.mission, checked.code), this.clock.now());
        if (!(await insertInstrument(tx, decision.state))) throw instrumentIdTaken();
        facts = decision.facts.map((fact) => encodeInstrumentFact(fact, quiet));
        return decision.state;
      });
      await appendToOutbox(tx, facts);
      return stored;
    });
    return { ...answer, publishedAt: new Date(answer.publishedAt) };
  }

  async list(request: PageRequest | undefined, filter: InstrumentFilter, caller: Caller): Promise<{ instruments: readonly Instrument[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ);
    checkFilter({ missions: filter.missions, codes: filter.codes }, { missions: refuseCode, codes: refuseCode });
    const page = readPage(request, 3);
    requireCursor(page, ([, , version]) => /^\d{1,9}$/.test(version ?? ''));
    const { rows, total } = await this.database.read(caller.scope, (tx) => listInstruments(tx, filter, page));
    const { rows: instruments, pageInfo } = pageOf(rows, page, total, ({ mission, code, version }) => [mission, code, String(version)]);
    return { instruments, pageInfo };
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(ids: readonly string[], caller: Caller): Promise<readonly Instrument[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('ids', ids, LIMITS.batchIds);
    return this.database.read(caller.scope, (tx) => getInstrumentsAmong(tx, ids.filter(isUuid)));
  }
}
