import { Facts, type scheduling } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';

export type Side = 'host' | 'migrant';
export type Person = { readonly participantId: string; readonly side: Side };

type About = {
  /** Made by whoever sends the command: the same again is the same. */
  readonly commandId: string;
  readonly mission: string;
  readonly interventionId: string;
  /** A service that finds at the very end that it cannot: everything is rolled back. */
  readonly refused?: boolean;
};
type Held = { readonly activityId: string; readonly version: number; readonly startsAt: string; readonly present: readonly Person[]; readonly cooperation: number };

/** What a mission's people do, cut down to what shows a fact lost, doubled or out of order. */
export type Command = About &
  (
    | ({ readonly name: 'enrol' } & Person)
    | { readonly name: 'plan'; readonly activities: readonly { readonly activityId: string; readonly startsAt: string }[] }
    | ({ readonly name: 'hold' } & Held)
    | ({ readonly name: 'correct' } & Held)
    | { readonly name: 'cancel'; readonly activityId: string; readonly version: number; readonly startsAt: string }
    /** What a phone noted while it was offline, in one transaction and in its order. */
    | { readonly name: 'upload'; readonly commands: readonly Command[] }
  );

const monthOf = (startsAt: string): string => startsAt.slice(0, 7);

type Codec<T> = { readonly type: string; encode(value: T): Uint8Array };

/** The facts that a command states: one a change of an aggregate, numbered by the aggregate's version. */
export const factsOf = (command: Command): NewFact[] => {
  const { mission, interventionId } = command;
  const state = <T>(codec: Codec<T>, subject: string, sequence: number, data: T): NewFact => ({ type: codec.type, key: interventionId, subject, sequence, mission, data: codec.encode(data) });
  const on = (activityId: string, startsAt: string) => ({ mission, interventionId, activityId, code: activityId.slice(0, 8), startsAt: new Date(startsAt), endsAt: new Date(startsAt), month: monthOf(startsAt), cluster: '' });
  switch (command.name) {
    case 'upload':
      return command.commands.flatMap(factsOf);
    case 'enrol':
      return [state(Facts.ParticipantEnrolled, command.participantId, 1, { mission, interventionId, participantId: command.participantId, code: command.participantId, side: command.side, ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' })];
    case 'plan':
      return command.activities.map(({ activityId, startsAt }) => state(Facts.ActivityPlanned, activityId, 1, { ...on(activityId, startsAt), title: 'A match', place: '' }));
    case 'hold':
      return [state(Facts.ActivityHeld, command.activityId, command.version, { ...on(command.activityId, command.startsAt), ...recordOf(command) })];
    case 'correct':
      return [state(Facts.ActivityCorrected, command.activityId, command.version, { ...on(command.activityId, command.startsAt), ...recordOf(command), outcome: 'held', reason: '' })];
    case 'cancel':
      return [state(Facts.ActivityCancelled, command.activityId, command.version, { ...on(command.activityId, command.startsAt), reason: 'weather' })];
  }
};

const recordOf = ({ present, cooperation }: Held): Pick<scheduling.ActivityHeld, 'roster' | 'presentBySide' | 'groups' | 'conditions' | 'expectedSides'> => ({
  roster: present.map((person) => ({ ...person, status: 'present' })),
  presentBySide: [],
  groups: [],
  conditions: { equalStatus: 3, commonGoal: 0, cooperation, supportOfAuthorities: 5 },
  expectedSides: ['host', 'migrant'],
});
