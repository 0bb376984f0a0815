import type { Migration } from '@common-ground/persistence';

const SCOPED = ['portfolio_mission', 'portfolio_intervention', 'portfolio_activity', 'portfolio_month', 'portfolio_participant', 'portfolio_presence', 'portfolio_respondent', 'portfolio_wave', 'portfolio_estimate', 'portfolio_flag'];
const MIXING = ['portfolio_grouped', 'portfolio_pair', 'portfolio_role', 'portfolio_mixing', 'portfolio_side_month'];

const scoped = (table: string): string =>
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY; CREATE POLICY scope ON ${table} USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));`;

/**
 * The portfolio's tables. Every row belongs to a model (a version of the whole fold), so that a new one is folded
 * beside the one that is read, and takes its place in one transaction.
 */
export const portfolioMigrations: readonly Migration[] = [
  {
    name: '1790000000400-portfolio',
    up: `
      CREATE TABLE portfolio_model (
        model integer PRIMARY KEY,
        state text NOT NULL CHECK (state IN ('live', 'building', 'retired')),
        begun_at timestamptz NOT NULL DEFAULT now(),
        live_at timestamptz
      );
      CREATE UNIQUE INDEX portfolio_one_live ON portfolio_model (state) WHERE state = 'live';

      CREATE TABLE portfolio_mission (model integer, mission text, name text NOT NULL, country text NOT NULL, time_zone text NOT NULL, PRIMARY KEY (model, mission));
      CREATE TABLE portfolio_intervention (
        model integer, intervention_id uuid, mission text NOT NULL, code text NOT NULL, title text NOT NULL, kind text NOT NULL, modalities text[] NOT NULL,
        design text NOT NULL, sides text[] NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL, PRIMARY KEY (model, intervention_id));
      CREATE TABLE portfolio_activity (
        model integer, activity_id uuid, intervention_id uuid NOT NULL, mission text NOT NULL, month text NOT NULL, status text NOT NULL, starts_at timestamptz,
        equal_status integer, common_goal integer, cooperation integer, support_of_authorities integer, PRIMARY KEY (model, activity_id));
      CREATE INDEX portfolio_activity_month ON portfolio_activity (model, intervention_id, month);
      CREATE TABLE portfolio_month (
        model integer, intervention_id uuid, mission text NOT NULL, month text,
        planned integer NOT NULL, held integer NOT NULL, unrecorded integer NOT NULL, did_not_happen integer NOT NULL, cancelled integer NOT NULL,
        first_held_at timestamptz, last_held_at timestamptz,
        equal_status_sum integer NOT NULL, equal_status_n integer NOT NULL, common_goal_sum integer NOT NULL, common_goal_n integer NOT NULL,
        cooperation_sum integer NOT NULL, cooperation_n integer NOT NULL, support_sum integer NOT NULL, support_n integer NOT NULL,
        PRIMARY KEY (model, intervention_id, month));
      CREATE TABLE portfolio_participant (model integer, participant_id uuid, intervention_id uuid NOT NULL, mission text NOT NULL, side text NOT NULL, withdrawn boolean NOT NULL DEFAULT false, PRIMARY KEY (model, participant_id));
      CREATE INDEX portfolio_participant_intervention ON portfolio_participant (model, intervention_id, side);
      CREATE TABLE portfolio_presence (model integer, activity_id uuid, participant_id uuid, intervention_id uuid NOT NULL, mission text NOT NULL, side text NOT NULL, PRIMARY KEY (model, activity_id, participant_id));
      CREATE INDEX portfolio_presence_intervention ON portfolio_presence (model, intervention_id, side, participant_id);
      CREATE TABLE portfolio_respondent (model integer, round_id uuid, respondent text, intervention_id uuid NOT NULL, mission text NOT NULL, wave text NOT NULL, answers integer NOT NULL, PRIMARY KEY (model, round_id, respondent));
      CREATE INDEX portfolio_respondent_wave ON portfolio_respondent (model, intervention_id, wave, respondent);
      CREATE TABLE portfolio_wave (model integer, intervention_id uuid, wave text, mission text NOT NULL, respondents integer NOT NULL, answers integer NOT NULL, PRIMARY KEY (model, intervention_id, wave));
      CREATE TABLE portfolio_estimate (model integer, intervention_id uuid, instrument_id uuid, item text, wave text, mission text NOT NULL, revision integer NOT NULL, estimate jsonb NOT NULL, PRIMARY KEY (model, intervention_id, instrument_id, item, wave));
      CREATE TABLE portfolio_flag (model integer, flag_id uuid, intervention_id uuid, mission text NOT NULL, rule text NOT NULL, status text NOT NULL, severity integer NOT NULL, PRIMARY KEY (model, flag_id));
      CREATE INDEX portfolio_flag_intervention ON portfolio_flag (model, intervention_id);
      CREATE TABLE portfolio_reach (model integer, intervention_id uuid, side text, mission text NOT NULL, enrolled integer NOT NULL, reached integer NOT NULL, PRIMARY KEY (model, intervention_id, side));

      ${[...SCOPED, 'portfolio_reach'].map(scoped).join('\n      ')}
    `,
  },
  {
    name: '1790000000410-portfolio-mixing',
    up: `
      -- One row a held activity with groups as they were; pairs: people of different sides who sat together, two ids each.
      CREATE TABLE portfolio_grouped (
        model integer, activity_id uuid, intervention_id uuid NOT NULL, mission text NOT NULL, month text NOT NULL, groups integer NOT NULL,
        cross_pairs integer NOT NULL, expected_pairs float8 NOT NULL, one_sided integer NOT NULL, expected_one_sided float8 NOT NULL, lone integer NOT NULL, expected_lone float8 NOT NULL,
        pairs uuid[] NOT NULL, PRIMARY KEY (model, activity_id));
      CREATE INDEX portfolio_grouped_month ON portfolio_grouped (model, intervention_id, month);
      -- How often two people of different sides sat together, in a month; month '' is the whole time.
      CREATE TABLE portfolio_pair (model integer, intervention_id uuid, month text, one uuid, other uuid, mission text NOT NULL, times integer NOT NULL, PRIMARY KEY (model, intervention_id, month, one, other));
      -- Roles as planned for an activity, by side.
      CREATE TABLE portfolio_role (model integer, activity_id uuid, side text, intervention_id uuid NOT NULL, mission text NOT NULL, leads integer NOT NULL, roles integer NOT NULL, PRIMARY KEY (model, activity_id, side));
      CREATE INDEX portfolio_role_intervention ON portfolio_role (model, intervention_id);
      CREATE TABLE portfolio_mixing (
        model integer, intervention_id uuid, month text, mission text NOT NULL, activities integer NOT NULL, groups integer NOT NULL,
        cross_pairs integer NOT NULL, expected_pairs float8 NOT NULL, one_sided integer NOT NULL, expected_one_sided float8 NOT NULL, lone integer NOT NULL, expected_lone float8 NOT NULL,
        pairs_met integer NOT NULL, PRIMARY KEY (model, intervention_id, month));
      -- People present and roles held, of a side, in a month ('' is the whole time).
      CREATE TABLE portfolio_side_month (model integer, intervention_id uuid, month text, side text, mission text NOT NULL, people integer NOT NULL, leads integer NOT NULL, roles integer NOT NULL, PRIMARY KEY (model, intervention_id, month, side));
      ${MIXING.map(scoped).join('\n      ')}
    `,
  },
];

/** Every table whose rows belong to a model. */
export const PORTFOLIO_TABLES: readonly string[] = [...SCOPED, 'portfolio_reach', ...MIXING];
