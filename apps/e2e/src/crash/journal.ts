import { setTimeout as pause } from 'node:timers/promises';
import { type Command, factsOf } from './commands.js';
import type { Change } from './invariants.js';
import { MemberGone, MemberUnable } from './member.js';
import type { Folded } from './portfolio-fold.js';
import type { Answer } from './writer.js';

const TRY_AGAIN_MS = 200;

type Entry = { readonly command: Command; answer: Answer | undefined };

/** What was asked and what was answered, kept by whoever asks: no process that is killed has any part in it. */
export class Journal {
  private readonly entries: Entry[] = [];

  /** Notes a command before it is sent, and its answer when there is one. @returns false when nobody answered */
  async send(command: Command, execute: (command: Command) => Promise<Answer>): Promise<boolean> {
    const entry: Entry = { command, answer: undefined };
    this.entries.push(entry);
    return this.complete(entry, execute);
  }

  /** Sends again whatever was not answered, in its order, as a phone does. */
  async sendAgain(execute: (command: Command) => Promise<Answer>): Promise<void> {
    for (const entry of this.entries) if (entry.answer === undefined) await this.complete(entry, execute);
  }

  /** Sends again some of what was done. @returns what was answered otherwise than the first time */
  async repeat(chosen: (command: Command) => boolean, execute: (command: Command) => Promise<Answer>): Promise<string[]> {
    const otherwise: string[] = [];
    for (const { command } of this.entries.filter(({ command, answer }) => answer === 'done' && chosen(command))) {
      const again: Entry = { command, answer: undefined };
      await this.complete(again, execute);
      if (again.answer !== 'done') otherwise.push(`${command.name} ${command.commandId} was done, and then ${again.answer ?? 'not answered'}`);
    }
    return otherwise;
  }

  /** The changes of the commands that were answered with success so far, each client's in its order. */
  changes(): Change[] {
    return this.facts().map(({ subject, sequence, type }) => ({ subject, sequence, type }));
  }

  facts(): (Folded & Change)[] {
    return this.entries.flatMap(({ command, answer }) => (answer === 'done' ? factsOf(command) : []));
  }

  /** A server that is too slow or away is asked again; one that has died has not answered. */
  private async complete(entry: Entry, execute: (command: Command) => Promise<Answer>): Promise<boolean> {
    while (entry.answer === undefined) {
      try {
        entry.answer = await execute(entry.command);
      } catch (error) {
        if (error instanceof MemberGone) return false;
        if (!(error instanceof MemberUnable)) throw error;
        await pause(TRY_AGAIN_MS);
      }
    }
    return true;
  }
}
