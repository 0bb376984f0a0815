/** What a demonstration programme is made from. Districts, people and answers are invented; sizes follow figures from the field. */
export type District = {
  readonly mission: { readonly mission: string; readonly name: string; readonly country: string; readonly timeZone: string; readonly languages: readonly string[]; readonly offset: string };
  readonly intervention: { readonly code: string; readonly title: string; readonly kind: string; readonly aim: string; readonly design: string; readonly assignmentUnit: string };
  readonly district: string;
  readonly activityTitle: string;
  readonly places: readonly string[];
  readonly hosts: number;
  readonly migrants: number;
  /** Share of people in the comparison arm; 0 when the design has none. */
  readonly comparisonShare: number;
  readonly weeks: { readonly past: number; readonly ahead: number };
  readonly weekday: number;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly groups: number;
  readonly attendance: number;
  /** Contact conditions as they usually were, 1 to 5. */
  readonly conditions: { readonly equalStatus: number; readonly commonGoal: number; readonly cooperation: number; readonly supportOfAuthorities: number };
  /** Weeks (from 0) whose activity went badly, with the condition that was poor. */
  readonly poorWeeks: readonly number[];
  readonly items: readonly { readonly item: string; readonly text: string; readonly higherIs: 'better' | 'worse'; readonly mean: number; readonly gain: number }[];
  readonly seed: number;
};

export const DISTRICTS: readonly District[] = [
  {
    mission: { mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'], offset: '-05:00' },
    intervention: {
      code: 'loma-clara-football',
      title: 'One pitch, one team',
      kind: 'celebrate-and-play',
      aim: 'Girls, boys and teens of both communities train and play in mixed teams every week and make friends across them.',
      design: 'individually-randomised',
      assignmentUnit: 'person, from the waiting list',
    },
    district: 'Loma Clara',
    activityTitle: 'Training and matches in mixed teams',
    places: ['Loma Clara pitch', 'Cerro Azul school field'],
    hosts: 182,
    migrants: 155,
    comparisonShare: 0.35,
    weeks: { past: 22, ahead: 4 },
    weekday: 6,
    startsAt: '09:30',
    endsAt: '12:00',
    groups: 10,
    attendance: 0.62,
    conditions: { equalStatus: 4, commonGoal: 5, cooperation: 4, supportOfAuthorities: 4 },
    poorWeeks: [],
    items: [
      { item: 'friends', text: 'I have good friends who come from another country than I do', higherIs: 'better', mean: 2.7, gain: 0.7 },
      { item: 'at-ease', text: 'I feel at ease when I spend time with young people from the other community', higherIs: 'better', mean: 3.1, gain: 0.45 },
      { item: 'keep-apart', text: 'It is better when the two communities keep to themselves', higherIs: 'worse', mean: 2.4, gain: -0.3 },
    ],
    seed: 20250301,
  },
  {
    mission: { mission: 'TR', name: 'Türkiye', country: 'TR', timeZone: 'Europe/Istanbul', languages: ['tr', 'ar'], offset: '+03:00' },
    intervention: {
      code: 'cinaralti-kitchen',
      title: 'Two kitchens, one table',
      kind: 'learn-and-discuss',
      aim: 'Women of both communities cook, eat and plan a shared street kitchen, and get to know one another on equal footing.',
      design: 'none',
      assignmentUnit: '',
    },
    district: 'Çınaraltı',
    activityTitle: 'Cooking and eating together',
    places: ['Çınaraltı women’s centre'],
    hosts: 20,
    migrants: 20,
    comparisonShare: 0,
    weeks: { past: 14, ahead: 3 },
    weekday: 3,
    startsAt: '14:00',
    endsAt: '16:30',
    groups: 5,
    attendance: 0.82,
    conditions: { equalStatus: 4, commonGoal: 4, cooperation: 4, supportOfAuthorities: 3 },
    poorWeeks: [12],
    items: [
      { item: 'trust', text: 'Most women of the other community can be trusted', higherIs: 'better', mean: 2.9, gain: 0.4 },
      { item: 'uneasy', text: 'I feel uneasy when I am among women of the other community', higherIs: 'worse', mean: 2.6, gain: -0.4 },
    ],
    seed: 20250302,
  },
  {
    mission: { mission: 'DO', name: 'Dominican Republic', country: 'DO', timeZone: 'America/Santo_Domingo', languages: ['es', 'ht'], offset: '-04:00' },
    intervention: {
      code: 'villa-aurora-orchestra',
      title: 'Strings across the river',
      kind: 'create-and-perform',
      aim: 'A youth orchestra of both communities rehearses twice a month towards a concert in the town hall.',
      design: 'none',
      assignmentUnit: '',
    },
    district: 'Villa Aurora',
    activityTitle: 'Orchestra rehearsal',
    places: ['Villa Aurora music school', 'Town hall'],
    hosts: 28,
    migrants: 22,
    comparisonShare: 0,
    weeks: { past: 18, ahead: 5 },
    weekday: 5,
    startsAt: '16:00',
    endsAt: '18:30',
    groups: 6,
    attendance: 0.85,
    conditions: { equalStatus: 4, commonGoal: 5, cooperation: 5, supportOfAuthorities: 4 },
    poorWeeks: [],
    items: [
      { item: 'belong', text: 'People from the other community belong here as much as I do', higherIs: 'better', mean: 3.2, gain: 0.5 },
      { item: 'at-ease', text: 'I feel at ease when I spend time with people from the other community', higherIs: 'better', mean: 3.4, gain: 0.3 },
    ],
    seed: 20250303,
  },
];
