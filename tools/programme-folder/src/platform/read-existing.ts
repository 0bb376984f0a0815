import type { Programme } from '../programme/programme.js';
import { idsFor, NOTHING_EXISTS, type Existing } from '../import/plan.js';
import { requestGraphql, type Connection } from './graphql-client.js';

type Page<T> = { readonly edges: readonly { readonly node: T }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } };

const PAGE = 'pageInfo { hasNextPage endCursor }';

/** Reads a connection to its end, a hundred rows at a time. */
const readAll = async <T>(connection: Connection, query: string, variables: object, pick: (data: Record<string, unknown>) => unknown): Promise<T[]> => {
  const rows: T[] = [];
  for (let after: string | null = null; ; ) {
    const data: Record<string, unknown> = await requestGraphql(connection, query, { ...variables, after });
    const page = pick(data) as Page<T>;
    rows.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return rows;
    after = page.pageInfo.endCursor;
  }
};

const byCode = <T extends { readonly code: string }, V>(rows: readonly T[], value: (row: T) => V): Map<string, V> => new Map(rows.map((row) => [row.code, value(row)]));

/** What the platform holds already of the things that this folder names. */
export const readExisting = async (connection: Connection, programme: Programme): Promise<Existing> => {
  const missionCodes = [...new Set([...programme.missions, ...programme.interventions].map((row) => row.mission))];
  const missions = await readAll<{ mission: string }>(connection, `query($after: String) { missions(first: 100, after: $after) { edges { node { mission } } ${PAGE} } }`, {}, (data) => data['missions']);
  const known = missionCodes.filter((code) => missions.some(({ mission }) => mission === code));
  const codes = programme.interventions.map((row) => row.intervention);
  const found = known.length === 0 ? [] : await readAll<{ id: string; code: string; mission: { mission: string } }>(
    connection,
    `query($missions: [String!], $codes: [String!], $after: String) { interventions(filter: { missions: $missions, codes: $codes }, first: 100, after: $after) { edges { node { id code mission { mission } } } ${PAGE} } }`,
    { missions: known, codes },
    (data) => data['interventions'],
  );
  const interventions = new Map(found.map(({ id, code, mission }) => [`${mission.mission}/${code}`, id]));
  const partial: Existing = { ...NOTHING_EXISTS, missions: new Set(known), interventions };
  const ids = [...interventions.values()];
  return {
    ...partial,
    participants: new Map(await inTurn(ids, async (id) => [id, byCode(await readParticipants(connection, id), (row) => row.id)] as const)),
    activities: new Map(await inTurn(ids, async (id) => [id, byCode(await readActivities(connection, id), ({ id: activity, status }) => ({ id: activity, status: status.toLowerCase().replaceAll('_', '-') }))] as const)),
    rounds: new Map(await inTurn(ids, async (id) => [id, byCode(await readRounds(connection, id), ({ id: round, answers }) => ({ id: round, answers }))] as const)),
    instruments: await readInstruments(connection, programme, partial),
  };
};

const inTurn = async <T, R>(values: readonly T[], read: (value: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  for (const value of values) results.push(await read(value));
  return results;
};

const readParticipants = (connection: Connection, id: string): Promise<{ id: string; code: string }[]> =>
  readAll(connection, `query($id: ID!, $after: String) { intervention(id: $id) { participants(first: 100, after: $after) { edges { node { id code } } ${PAGE} } } }`, { id }, (data) => (data['intervention'] as { participants: unknown }).participants);

const readActivities = (connection: Connection, id: string): Promise<{ id: string; code: string; status: string }[]> =>
  readAll(connection, `query($id: ID!, $after: String) { intervention(id: $id) { activities(first: 100, after: $after) { edges { node { id code status } } ${PAGE} } } }`, { id }, (data) => (data['intervention'] as { activities: unknown }).activities);

const readRounds = (connection: Connection, id: string): Promise<{ id: string; code: string; answers: number }[]> =>
  readAll(connection, `query($id: ID!, $after: String) { intervention(id: $id) { surveyRounds(first: 100, after: $after) { edges { node { id code answers } } ${PAGE} } } }`, { id }, (data) => (data['intervention'] as { surveyRounds: unknown }).surveyRounds);

const readInstruments = async (connection: Connection, programme: Programme, existing: Existing): Promise<ReadonlySet<string>> => {
  const codes = [...new Set(programme.items.map((row) => row.instrument))];
  if (codes.length === 0 || existing.missions.size === 0) return new Set();
  const ids = idsFor(programme, existing);
  const found = await readAll<{ id: string }>(connection, `query($codes: [String!], $after: String) { instruments(filter: { codes: $codes }, first: 100, after: $after) { edges { node { id } } ${PAGE} } }`, { codes }, (data) => data['instruments']);
  const wanted = new Set(codes.map((code) => ids.instrument(code)));
  return new Set(found.map(({ id }) => id).filter((id) => wanted.has(id)));
};
