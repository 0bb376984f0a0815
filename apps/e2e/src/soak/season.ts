import { setTimeout as pause } from 'node:timers/promises';
import { type Command, factsOf } from '../crash/commands.js';
import { MemberGone, MemberUnable } from '../crash/member.js';
import { planSeason } from '../crash/plan.js';
import { seeded } from '../crash/seeded.js';
import type { Answer } from '../crash/writer.js';

const ACTIVITIES = 90;
const TRY_AGAIN_MS = 200;

/** What is sent of one intervention; made anew from its seed whenever it is needed, so that a million facts need no memory of whoever checks them. */
export type Season = { readonly key: string; readonly commands: readonly Command[] };

export const seasonOf = (seed: number, number: number): Season => {
  const chance = seeded(`soak/${seed}/${number}`);
  const key = chance.uuid();
  return { key, commands: planSeason(chance, key, ACTIVITIES) };
};

export const factsOfSeason = ({ commands }: Season) => commands.filter(({ refused }) => !refused).flatMap(factsOf);

export type Sent = { facts: number; commands: number; again: number; wrong: string[] };

/** Sends a season as a phone does: each command until it is answered, then the next. */
export const sendSeason = async ({ commands }: Season, execute: (command: Command) => Promise<Answer>, sent: Sent): Promise<void> => {
  for (const command of commands) {
    const answer = await untilAnswered(command, execute, sent);
    const expected = command.refused ? 'refused' : 'done';
    if (answer !== expected) sent.wrong.push(`${command.name} ${command.commandId} was answered ${answer}, not ${expected}`);
    sent.commands += 1;
    if (!command.refused) sent.facts += factsOf(command).length;
  }
};

const untilAnswered = async (command: Command, execute: (command: Command) => Promise<Answer>, sent: Sent): Promise<Answer> => {
  for (;;) {
    try {
      return await execute(command);
    } catch (error) {
      // Away, killed, cut off: nobody knows whether it was done, so it is sent again.
      if (!(error instanceof MemberGone || error instanceof MemberUnable)) throw error;
      sent.again += 1;
      await pause(TRY_AGAIN_MS);
    }
  }
};
