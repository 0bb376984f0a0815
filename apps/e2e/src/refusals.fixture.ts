import { randomUUID } from 'node:crypto';

export type Answer = { readonly status: number; /** Of every refusal in it. */ readonly codes: readonly string[]; readonly text: string; readonly data: Record<string, unknown> };

type UserError = { readonly code: string };
type Payload = { readonly errors?: readonly UserError[]; readonly outcomes?: readonly { readonly error: UserError | null }[] } | null;

/** What was said, whatever it was that was sent. */
export const post = async (url: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: body as string });
  const text = await response.text();
  const parsed = asJson(text) as { errors?: readonly { message: string; extensions?: { code?: string; reason?: string } }[]; data?: Record<string, unknown> | null; statusCode?: number } | undefined;
  const onTop = (parsed?.errors ?? []).map(({ extensions }) => extensions?.reason ?? extensions?.code ?? 'WITHOUT_CODE');
  const inside = Object.values(parsed?.data ?? {}).flatMap((payload) => {
    const { errors = [], outcomes = [] } = (payload as Payload) ?? {};
    return [...errors, ...outcomes.flatMap(({ error }) => (error ? [error] : []))].map(({ code }) => code);
  });
  const unread = parsed?.statusCode === 400 ? ['UNREADABLE'] : [];
  return { status: response.status, codes: [...unread, ...onTop, ...inside], text, data: parsed?.data ?? {} };
};

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const OPERATION_OF = (mutation: string, isBatch: boolean): string =>
  `mutation($input: ${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { errors { code message path } ${isBatch ? 'outcomes { row outcome error { code message path } }' : ''} } }`;

export const BATCHES = ['enrolParticipants', 'planActivities', 'recordActivitiesHeld', 'submitResponses'];

/** The things of one mission that commands can name. */
export type Named = {
  readonly mission: string;
  readonly intervention: string;
  readonly participant: string;
  readonly activity: string;
  readonly instrument: string;
  readonly round: string;
  readonly flag: string;
  readonly subscription: string;
};

const DAYS = { startsOn: '2031-01-01', endsOn: '2031-02-01' };
const TIMES = { startsAt: '2031-01-01T10:00:00Z', endsAt: '2031-01-01T11:00:00Z' };

/** Every command with every id argument, sound but for whose things it names. */
export const commandsNaming = (named: Named): readonly (readonly [mutation: string, input: Record<string, unknown>])[] => {
  const design = { title: 'Taken over', kind: 'CAMPAIGN', modalities: ['ONLINE'], ...DAYS };
  const roster = [{ participantId: named.participant, status: 'PRESENT' }];
  const submission = { respondent: 'S001', answers: [{ item: 'fewer', value: 3 }] };
  const commands: [string, Record<string, unknown>][] = [
    ['designIntervention', { id: randomUUID(), mission: named.mission, code: 'taken', ...design }],
    ['reviseIntervention', { id: named.intervention, ...design }],
    ['enrolParticipants', { interventionId: named.intervention, participants: [{ id: randomUUID(), code: 'X1', side: 'host' }] }],
    ['withdrawParticipant', { participantId: named.participant, reason: 'no-time' }],
    ['planActivities', { interventionId: named.intervention, activities: [{ id: randomUUID(), code: 'x-1', title: 'X', ...TIMES }] }],
    ['rescheduleActivity', { activityId: named.activity, ...TIMES }],
    ['cancelActivity', { activityId: named.activity, reason: 'weather' }],
    ['recordActivityHeld', { record: { activityId: named.activity, roster } }],
    ['recordActivitiesHeld', { records: [{ activityId: named.activity, roster }] }],
    ['recordActivityDidNotHappen', { activityId: named.activity, reason: 'weather' }],
    ['correctActivity', { activityId: named.activity, outcome: 'DID_NOT_HAPPEN', reason: 'weather' }],
    ['publishInstrument', { id: randomUUID(), mission: named.mission, code: 'x', title: 'X', items: [{ code: 'a', text: 'A', minimum: 1, maximum: 5, higherIs: 'BETTER' }] }],
    ['openSurveyRound', { id: randomUUID(), interventionId: named.intervention, instrumentId: named.instrument, code: 'x', wave: 'post', level: 'individual', population: 'participants', opensOn: '2031-01-01', closesOn: '2031-02-01' }],
    ['closeSurveyRound', { roundId: named.round }],
    ['submitResponse', { roundId: named.round, ...submission }],
    ['submitResponses', { roundId: named.round, submissions: [submission] }],
    ['acknowledgeRiskFlag', { flagId: named.flag }],
    ['resolveRiskFlag', { flagId: named.flag, reason: 'done' }],
    ['dismissRiskFlag', { flagId: named.flag, reason: 'nothing' }],
    ['configureRiskRule', { code: 'POOR_CONTACT', enabled: false, mission: named.mission }],
    ['cancelAlertSubscription', { subscriptionId: named.subscription }],
  ];
  return commands.map(([mutation, input]) => [mutation, { commandId: randomUUID(), ...input }] as const);
};
