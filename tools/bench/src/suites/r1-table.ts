import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { timed } from '../harness/processes.js';
import { type Contender, interleave, OURS, type Sample, summarise } from '../harness/rounds.js';
import type { Shape } from '../stage/facts.js';
import { drive, type Shot } from '../stage/load.js';
import { adminUrl, type StagedService } from '../stage/stage.js';
import { openPortfolio } from './reads-stage.js';

/** Sixty interventions of twelve months are 720 rows, within one page. */
const QUERY = '{ portfolio(first: 60) { edges { node { interventionId code mission months { month planned held unrecorded } } } } }';
const SHAPE: Shape = { interventions: 60, people: 30, held: 7_200, attendees: 6, months: 12 };
const SMALL: Shape = { interventions: 3, people: 10, held: 60, attendees: 4, months: 3 };
const CONNECTIONS = 4;

type Month = { readonly held: number };
type Graphql = { readonly data?: { readonly portfolio: { readonly edges: readonly { readonly node: { readonly months: readonly Month[] } }[] } } };

const monthsIn = (answer: string): readonly Month[] => (JSON.parse(answer) as Graphql).data?.portfolio.edges.flatMap(({ node }) => node.months) ?? [];
const rowsIn = (answer: string): readonly Month[] => JSON.parse(answer) as Month[];

type Way = { readonly name: string; readonly service: StagedService; readonly pids: readonly number[]; readonly shot: Shot; readonly read: (answer: string) => readonly Month[]; readonly held: number };

const contenderOf = ({ name, service, pids, shot, read, held }: Way, rows: number, requests: number): Contender => ({
  name,
  run: () =>
    timed(pids, requests, async () => {
      await drive({
        url: service.url, connections: CONNECTIONS, operations: requests, shot: () => shot,
        check: (answer) => {
          const months = read(answer);
          const counted = months.reduce((sum, month) => sum + month.held, 0);
          if (months.length !== rows || counted !== held) throw new Error(`${name}: ${months.length} rows with ${counted} held activities, in place of ${rows} with ${held}`);
        },
      });
    }),
});

/** Wall time where the system does not tell CPU. */
const cpuOfOne = ({ cpuMs, seconds, operations }: Sample): number => (cpuMs ?? seconds * 1_000) / operations;

/** The table that headquarters looks at, and the same with ten times as much behind it. */
export const r1: Benchmark = {
  name: 'R1',
  title: 'the portfolio table of 720 rows, beside REST and plain graphql-js',
  run: async ({ quick, say, open }: BenchOptions) => {
    const stage = await open();
    try {
      const shape = quick ? SMALL : SHAPE;
      const [rows, requests, rounds] = [shape.interventions * shape.months, quick ? 8 : 250, quick ? 1 : 7];
      const one = await openPortfolio(stage, 'once', shape);
      const headers = { authorization: `Bearer ${await stage.issuer.token({ roles: ['hq-analyst'], expiresIn: 7_200 })}` };
      const body = JSON.stringify({ query: QUERY });
      const portfolio = ({ gateway, held }: typeof one, name: string): Way => ({ name, service: gateway, pids: [gateway.pid, stage.postgresPid], held, shot: { path: '/graphql', headers, body }, read: monthsIn });
      const anchor = await stage.program('table.main.js', { DATABASE_URL: adminUrl(one.database) });
      const beside = { service: anchor, pids: [anchor.pid, stage.postgresPid], held: one.held };
      const ways: Way[] = [portfolio(one, OURS), { ...beside, name: 'rest', shot: { path: '/table' }, read: rowsIn }, { ...beside, name: 'graphql-js', shot: { path: '/graphql', body }, read: monthsIn }];
      const common = { unit: 'CPU ms a request', machine: stage.machine, connections: CONNECTIONS, measure: cpuOfOne };
      const seen = await interleave(ways.map((way) => contenderOf(way, rows, requests)), { rounds, warmUp: !quick });
      const results = [summarise(seen, { ...common, name: 'R1-table', title: `the portfolio table of ${rows} rows in one request`, targets: [{ ratio: 'rest', atMost: 4 }] })];
      if (quick) return results;
      say('ten times the history');
      const ten = await openPortfolio(stage, 'tenfold', { ...shape, held: shape.held * 10 });
      const grown = await interleave([contenderOf(portfolio(ten, OURS), rows, requests), contenderOf(portfolio(one, 'a tenth'), rows, requests)], { rounds });
      return [...results, summarise(grown, { ...common, name: 'R1-history', title: 'the same table over ten times the history', targets: [{ ratio: 'a tenth', atMost: 1.2 }] })];
    } finally {
      await stage.close();
    }
  },
};
