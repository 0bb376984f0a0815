import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { median, quantile, rounded, spreadOf } from '../harness/rounds.js';
import type { Shape } from '../stage/facts.js';
import { ask, openPortfolio } from './reads-stage.js';

const QUERY = `{ portfolio(first: 50) { totalCount totals { activities { held } } edges { node { code activities { planned held unrecorded } reach { reached { value } } regularity { heldPerWeek } openFlags { total } months { month held } } } } }`;
const BETWEEN_READS_MS = 20;

type Shown = { readonly portfolio: { readonly totalCount: number; readonly totals: { readonly activities: { readonly held: number } } } };
type Progress = { readonly portfolioRebuild: { readonly state: string; readonly why: string | null } };

const shapeOf = (quick: boolean): Shape => (quick ? { interventions: 3, people: 20, held: 60, attendees: 5, months: 3 } : { interventions: 120, people: 240, held: 206_000, attendees: 10, months: 36 });

/** Reads one after the other while `on` says so. @returns milliseconds of each */
const readWhile = async (url: string, token: string, held: number, on: (read: number) => Promise<boolean>): Promise<number[]> => {
  const took: number[] = [];
  while (await on(took.length)) {
    const started = performance.now();
    const { portfolio } = await ask<Shown>(url, token, QUERY);
    took.push(performance.now() - started);
    if (portfolio.totals.activities.held !== held) throw new Error(`${held} activities were held; a read in between showed ${portfolio.totals.activities.held}`);
    await pause(BETWEEN_READS_MS);
  }
  return took;
};

/** Nobody's read may show half of a rebuild, or wait for it. */
export const p1Rebuild: Benchmark = {
  name: 'P1-rebuild',
  title: 'rebuild of a portfolio over 2,000,000 attendances while it is being read',
  run: async ({ quick, say, open }: BenchOptions) => {
    const stage = await open();
    try {
      const shape = shapeOf(quick);
      const { gateway, held } = await openPortfolio(stage, 'rebuild', shape);
      const token = await stage.issuer.token({ roles: ['administrator'], expiresIn: 7_200 });
      const attendances = held * shape.attendees;
      say(`reading at rest, then through a rebuild of ${attendances} attendances`);
      const idle = await readWhile(gateway.url, token, held, async (read) => read < (quick ? 5 : 400));
      await ask(gateway.url, token, 'mutation ($input: RebuildPortfolioInput!) { rebuildPortfolio(input: $input) { errors { message } } }', { input: { commandId: randomUUID() } });
      const begun = performance.now();
      let state = 'building';
      const during = await readWhile(gateway.url, token, held, async (read) => {
        if (read % 10 === 0) state = (await ask<Progress>(gateway.url, token, '{ portfolioRebuild { state why } }')).portfolioRebuild.state.toLowerCase();
        return state === 'building' || read < 1;
      });
      const seconds = (performance.now() - begun) / 1000;
      if (state !== 'swapped') throw new Error(`the rebuild ended ${state}`);
      const [ours, rest] = [quantile(during, 0.99), quantile(idle, 0.99)];
      return [
        {
          name: 'P1-rebuild', title: `reads while a portfolio over ${attendances} attendances is rebuilt beside it`, unit: 'ms, p99 of a read', machine: stage.machine, checked: true as const, rounds: 1,
          ours: rounded(ours), anchors: { 'at rest': rounded(rest) }, ratios: { 'at rest': rounded(ours / rest) },
          targets: [{ ratio: 'at rest', atMost: 3 }], spread: { ours: spreadOf([ours]), 'at rest': spreadOf([rest]) },
          also: { 'p50 ms': rounded(median(during)), 'p50 ms at rest': rounded(median(idle)), 'reads during it': during.length, 'rebuild s': rounded(seconds), 'attendances/s': rounded(attendances / seconds) },
        },
      ];
    } finally {
      await stage.close();
    }
  },
};
