import { registerEnumType } from '@nestjs/graphql';

/** A closed set of the glossary: names in the schema are SCREAMING_SNAKE_CASE, values travel as in the glossary. */
const closedSet = <T extends string>(name: string, description: string, values: Readonly<Record<T, string>>): Record<string, string> => {
  const entries = Object.entries(values) as [T, string][];
  const members = Object.fromEntries(entries.map(([value]) => [value.toUpperCase().replaceAll('-', '_'), value]));
  registerEnumType(members, {
    name,
    description,
    valuesMap: Object.fromEntries(entries.map(([value, text]) => [value.toUpperCase().replaceAll('-', '_'), { description: text }])),
  });
  return members;
};

export const InterventionKind = closedSet('InterventionKind', 'The five kinds of contact, and campaign.', {
  'train-and-volunteer': 'People learn and serve side by side.',
  'create-and-perform': 'People make art together.',
  'celebrate-and-play': 'Sport, games and feasts.',
  discover: 'Places and ways of life are shown and seen.',
  'learn-and-discuss': 'Learning and guided conversation.',
  campaign: 'Messages without personal contact.',
});

export const Modality = closedSet('Modality', 'How people meet.', {
  'in-person': 'In one place.',
  online: 'Over the network.',
  hybrid: 'Some in one place, some over the network.',
});

export const InterventionDesign = closedSet('InterventionDesign', 'What the outcomes can be compared with; it alone decides what may be claimed.', {
  none: 'No comparison.',
  comparison: 'A comparison group that was not drawn by lot.',
  'individually-randomised': 'People were assigned to arms by lot, one by one.',
  'cluster-randomised': 'Units of people were assigned to arms by lot.',
  waitlist: 'By lot, some begin now and some later.',
});

export const ActivityStatus = closedSet('ActivityStatus', 'What became of an activity.', {
  planned: 'Its time is to come.',
  rescheduled: 'Planned, and moved since.',
  held: 'It took place and was recorded.',
  'did-not-happen': 'It did not take place; the reason says why.',
  cancelled: 'It was called off beforehand.',
  unrecorded: 'Its time has passed and nobody said what became of it.',
});

export const ActivityOutcome = closedSet('ActivityOutcome', 'What a corrected record says.', {
  held: 'It took place.',
  'did-not-happen': 'It did not take place.',
});

export const AttendanceStatus = closedSet('AttendanceStatus', 'Whether an enrolled person came.', {
  present: 'Came.',
  absent: 'Did not come.',
  excused: 'Did not come and said so.',
});

export const GroupPlanStep = closedSet('GroupPlanStep', 'What groups were drawn up by last.', {
  formed: 'Formed for this activity.',
  series: 'Formed together with other activities of a series.',
  moved: 'A person was moved by hand.',
  regrouped: 'Drawn up anew on the spot.',
  roles: 'Roles were assigned.',
  facilitators: 'Facilitators were assigned.',
});

export const LoneMemberPolicy = closedSet('LoneMemberPolicy', 'Whether somebody may be the only one of their side in a group.', {
  'at-least-two': 'At least two of a side in a group, or none.',
  allowed: 'It may happen.',
});

export const RoleWishKind = closedSet('RoleWishKind', 'What is said about a person and a role.', {
  wishes: 'They would like to have it.',
  excluded: 'They are not to have it.',
});

export const PairingStatus = closedSet('PairingStatus', 'How far a pairing has come.', {
  active: 'It goes on.',
  ended: 'It has ended.',
});

export const PairingCourse = closedSet('PairingCourse', 'How a pair says that it goes.', {
  well: 'It goes well.',
  mixed: 'Partly well.',
  badly: 'It does not go well.',
  'not-met': 'They did not meet.',
});

export const PairingEndReason = closedSet('PairingEndReason', 'Why a pairing ended; nobody is marked for it.', {
  completed: 'The support plan came to its end.',
  'moved-away': 'One of them moved away.',
  'no-time': 'One of them had no time.',
  'did-not-fit': 'The two did not fit.',
  safeguarding: 'To keep somebody safe.',
  other: 'Another reason.',
});

export const FlagStatus = closedSet('FlagStatus', 'How far a risk flag has come.', {
  open: 'Nobody has answered it.',
  acknowledged: 'Somebody has seen it.',
  mitigating: 'Somebody acts on it.',
  resolved: 'It has been dealt with.',
  dismissed: 'It was found to be no risk.',
});

export const RiskRuleCode = closedSet('RiskRuleCode', 'The rules that raise flags.', {
  'outcome-worsened': 'The whole interval of an estimate lies on the harmful side.',
  'poor-contact': 'Observed contact conditions are below the threshold.',
  'one-side-missing': 'One side was absent from a held activity.',
  'sides-apart': 'Groups of one side only, or somebody alone of their side in one, though both sides were there.',
  'unrecorded-activity': 'An activity’s time has passed and nobody said what became of it.',
});

export const HigherIs = closedSet('HigherIs', 'What a higher answer to an item means.', {
  better: 'Higher is better.',
  worse: 'Higher is worse.',
  neither: 'Neither.',
});

export const RowResult = closedSet('RowResult', 'What became of one row of a batch.', {
  accepted: 'It was taken.',
  unchanged: 'It was there already, the same.',
  refused: 'It was not taken; the error says why.',
});

export const AlertChannel = closedSet('AlertChannel', 'How an alert reaches its subscriber.', {
  'in-app': 'On the screen, by the subscription alertReceived.',
  'e-mail': 'By e-mail.',
  webhook: 'By a signed call to an address of theirs.',
});

export const ParkedVerdict = closedSet('ParkedVerdict', 'Why a fact is parked.', {
  poison: 'It breaks its contract, however often it is tried.',
  bug: 'Its handler failed, several times.',
  waiting: 'It is fine in itself; an earlier fact of its key is parked.',
  unreadable: 'It is no fact of ours; it holds up nothing.',
});

export const ParkedState = closedSet('ParkedState', 'What became of a fact that was parked.', {
  parked: 'It is parked still.',
  applied: 'An operator tried it again, and it was applied.',
  discarded: 'An operator gave it up.',
});

export const OperatorAct = closedSet('OperatorAct', 'What an operator did, or what came of it.', {
  retry: 'Asked to try again.',
  applied: 'It was applied.',
  failed: 'It failed again.',
  discard: 'Gave it up.',
  replay: 'Asked for a replay.',
  'replay-ended': 'A replay came to an end.',
});

export const ReplayState = closedSet('ReplayState', 'How far a replay has come.', {
  running: 'It goes on.',
  done: 'It has come to what lay in the log when it began.',
  failed: 'It failed; why says what of.',
  'broken-off': 'Its service was stopped. Begin it again; that is safe.',
});

export const AlertStatus = closedSet('AlertStatus', 'How far the delivery of an alert has come.', {
  waiting: 'Not delivered yet.',
  delivered: 'The receiving end took it.',
  failed: 'Given up after the last try.',
});

export const ArmAssignment = closedSet('ArmAssignment', 'How people or places came into arms.', {
  none: 'There is one group.',
  chosen: 'Somebody chose, or they did themselves.',
  randomised: 'By lot.',
});

export const AssignmentUnit = closedSet('AssignmentUnit', 'What was assigned to arms.', {
  person: 'People, one by one.',
  cluster: 'Units of people.',
});

export const Tau2Method = closedSet('Tau2Method', 'Estimator of the variance between studies.', {
  REML: 'Restricted maximum likelihood.',
  ML: 'Maximum likelihood.',
  DL: 'DerSimonian and Laird.',
  PM: 'Paule and Mandel.',
  EB: 'Empirical Bayes.',
  HE: 'Hedges.',
  HS: 'Hunter and Schmidt.',
  SJ: 'Sidik and Jonkman.',
});

export const IntervalTest = closedSet('IntervalTest', 'How the interval of a pool is made.', {
  hksj: 'Hartung, Knapp, Sidik and Jonkman: t with k - 1 degrees of freedom.',
  'hksj-floor': 'The same, never narrower than the normal one.',
  z: 'Normal.',
});
