import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isMissionCode, isUuid, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseMoment, refuseOneOf, refuseText, refuseUuid, requireRole, throwIfRefused, tidy } from '@common-ground/kernel';
import { appendToOutbox } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { MAY_HANDLE_FLAGS, MAY_READ_FLAGS } from '../roles.js';
import { RULE_CODES } from '../rule/domain/rule.js';
import { decide, FLAG_STATUSES } from './domain/flag.js';
import { flagErrors } from './domain/flag.errors.js';
import { type KeptEvidence, latestEvidence } from './evidence.repository.js';
import { tellGrowth } from './flag-keeper.js';
import { encodeChange, type ToldStatus } from './flag.facts.js';
import { type Flag, type FlagFilter, getFlagsAmong, listFlags, lockFlag, recordChange, updateFlag } from './flag.repository.js';

export type ShownFlag = Flag & { readonly evidence: readonly KeptEvidence[] };
export type HandleFlag = { readonly commandId: string; readonly flagId: string; readonly reason: string };
type HandleCommand = 'acknowledge' | 'resolve' | 'dismiss';

const NAMES = { acknowledge: 'AcknowledgeFlag', resolve: 'ResolveFlag', dismiss: 'DismissFlag' } as const;

@Injectable()
export class FlagService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  acknowledge({ commandId, flagId }: Omit<HandleFlag, 'reason'>, caller: Caller, quiet = false): Promise<ShownFlag> {
    return this.handle('acknowledge', { commandId, flagId, reason: '' }, caller, quiet);
  }

  resolve(command: HandleFlag, caller: Caller, quiet = false): Promise<ShownFlag> {
    return this.handle('resolve', command, caller, quiet);
  }

  dismiss(command: HandleFlag, caller: Caller, quiet = false): Promise<ShownFlag> {
    return this.handle('dismiss', command, caller, quiet);
  }

  async list(request: PageRequest | undefined, filter: FlagFilter, caller: Caller): Promise<{ flags: readonly ShownFlag[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ_FLAGS);
    checkFilter(filter);
    const page = readPage(request, 2);
    if (page.after) checkCursor(page.after);
    return this.database.read(caller.scope, async (tx) => {
      const { rows, total } = await listFlags(tx, filter, page);
      const cut = pageOf(rows, page, total, ({ openedAt, id }) => [openedAt.toISOString(), id]);
      return { flags: await withEvidence(tx, cut.rows), pageInfo: cut.pageInfo };
    });
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(ids: readonly string[], caller: Caller): Promise<readonly ShownFlag[]> {
    requireRole(caller, ...MAY_READ_FLAGS);
    checkBatchSize('ids', ids, LIMITS.batchIds);
    return this.database.read(caller.scope, async (tx) => withEvidence(tx, await getFlagsAmong(tx, ids.filter(isUuid))));
  }

  private async handle(name: HandleCommand, { commandId, ...command }: HandleFlag, caller: Caller, quiet: boolean): Promise<ShownFlag> {
    requireRole(caller, ...MAY_HANDLE_FLAGS);
    const reason = tidy(command.reason);
    throwIfRefused(refusalsAmong(refuseUuid(['flagId'], command.flagId), refuseText(['reason'], reason, { max: LIMITS.text, multiline: true })));
    const answer = await this.database.run(caller.scope, async (tx) => {
      const flag = await lockFlag(tx, command.flagId);
      if (!flag) throw flagErrors.unknown();
      return once(tx, { commandId, name: NAMES[name], payload: command }, () => this.change(tx, flag, { name, reason, by: caller.subject, quiet }));
    });
    return revived(answer);
  }

  private async change(tx: Transaction, flag: Flag, { name, reason, by, quiet }: { name: HandleCommand; reason: string; by: string; quiet: boolean }): Promise<ShownFlag> {
    const status = decide(flag.status, name, reason) as ToldStatus;
    // What has not been told yet must not come after the flag's end.
    if (flag.untold) await tellGrowth(tx, [flag]);
    const version = flag.version + (flag.untold ? 2 : 1);
    const changed: Flag = { ...flag, status, reason, changedAt: this.clock.now(), version, untold: false, untoldQuiet: false };
    await updateFlag(tx, changed);
    await recordChange(tx, changed, { from: flag.status, by });
    const [shown] = await withEvidence(tx, [changed]);
    await appendToOutbox(tx, [encodeChange(changed, status, quiet)]);
    return shown ?? { ...changed, evidence: [] };
  }
}

const withEvidence = async (tx: Transaction, flags: readonly Flag[]): Promise<ShownFlag[]> => {
  const evidence = await latestEvidence(tx, flags.map(({ id }) => id));
  return flags.map((flag) => ({ ...flag, evidence: evidence.get(flag.id) ?? [] }));
};

const checkFilter = ({ missions, interventionIds, statuses, rules }: FlagFilter): void => {
  for (const [path, values] of Object.entries({ missions, interventionIds, statuses, rules })) if (values.length > 0) checkBatchSize(path, values);
  throwIfRefused(
    refusalsAmong(
      ...missions.map((value, index) => !isMissionCode(value) && { code: 'MISSION_CODE_INVALID', message: 'Give the code of a mission, as PE or TR-GZT.', path: ['missions', String(index)] }),
      ...interventionIds.map((value, index) => refuseUuid(['interventionIds', String(index)], value)),
      ...statuses.map((value, index) => refuseOneOf(['statuses', String(index)], value, FLAG_STATUSES)),
      ...rules.map((value, index) => refuseOneOf(['rules', String(index)], value, RULE_CODES)),
    ),
  );
};

/** A well-formed cursor may still be another list's. */
export const checkCursor = ([moment = '', id = '']: readonly string[]): void => {
  const path = ['page', 'after'];
  throwIfRefused(refusalsAmong(refuseMoment(path, new Date(moment)), refuseUuid(path, id)).map((refusal) => ({ ...refusal, code: 'CURSOR_INVALID' })));
};

/** A stored answer is JSON: its moments come back as text. */
const revived = (flag: ShownFlag): ShownFlag => ({
  ...flag,
  openedAt: new Date(flag.openedAt),
  changedAt: new Date(flag.changedAt),
  evidence: flag.evidence.map((piece) => ({ ...piece, observedAt: new Date(piece.observedAt) })),
});
