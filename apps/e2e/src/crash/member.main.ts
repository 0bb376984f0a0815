import type { DatabaseConfig } from '@common-ground/persistence';
import { isDomainError } from '@common-ground/kernel';
import { type LogConfig, openLog } from '@common-ground/messaging';
import type { Command } from './commands.js';
import { dyingLog, logOfItsOwn, takesLate } from './dying.js';
import { type Arming, Failpoint } from './failpoint.js';
import { startReaders } from './readers.js';
import { startWriter } from './writer.js';

/** What a member must get wrong, so that it can be seen to be found out. */
export type Defect = 'marks before it publishes' | 'effects outside the transaction';

export type MemberConfig = {
  readonly log: LogConfig;
  readonly lane: string;
  readonly writer?: DatabaseConfig;
  readonly readers?: { readonly tally: DatabaseConfig; readonly gateway: DatabaseConfig };
  readonly defect?: Defect;
};

export type Question = { readonly execute: Command } | { readonly arm: Arming } | { readonly rebuild: string } | 'rebuilding' | 'memory';
export type Asked = { readonly number: number; readonly question: Question };
export type Told = { readonly ready: true } | { readonly number: number; readonly answer: unknown } | { readonly number: number; readonly failure: string; /** Whether it may go well another time. */ readonly passing: boolean };

const BYTES_IN_MB = 1024 * 1024;
const tell = (told: Told): void => void process.send?.(told);

const start = async ({ log: logConfig, lane, writer: writerDatabase, readers: readersDatabases, defect }: MemberConfig): Promise<(question: Question) => unknown> => {
  const failpoint = new Failpoint();
  const own = logOfItsOwn(openLog(logConfig), lane);
  const log = dyingLog(defect === 'marks before it publishes' ? takesLate(own) : own, failpoint);
  const writer = writerDatabase && (await startWriter(writerDatabase, log, failpoint));
  const readers = readersDatabases && (await startReaders({ ...readersDatabases, log, failpoint, effectsOutside: defect === 'effects outside the transaction' }));
  return (question) => {
    if (question === 'memory') return Math.round(process.memoryUsage.rss() / BYTES_IN_MB);
    if (question === 'rebuilding') return readers?.rebuilding();
    if ('execute' in question) return writer?.execute(question.execute);
    if ('rebuild' in question) return readers?.rebuild(question.rebuild);
    return failpoint.arm(question.arm);
  };
};

const answerWith =
  (answer: (question: Question) => unknown) =>
  async ({ number, question }: Asked): Promise<void> => {
    try {
      tell({ number, answer: (await answer(question)) ?? null });
    } catch (error) {
      tell({ number, failure: error instanceof Error ? error.message : String(error), passing: isDomainError(error) && error.kind === 'unavailable' });
    }
  };

// Whoever started it has gone: nobody would ever stop it.
process.once('disconnect', () => process.exit(0));
const answer = await start(JSON.parse(process.env['CRASH_MEMBER'] ?? '{}') as MemberConfig);
const reply = answerWith(answer);
process.on('message', (asked: Asked) => void reply(asked));
tell({ ready: true });
