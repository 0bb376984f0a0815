import { randomUUID } from 'node:crypto';
import type { ExternalStudy } from './domain/external-study.js';

export const aStudy = (change: Partial<ExternalStudy> = {}): ExternalStudy => ({
  id: randomUUID(),
  name: `Study ${randomUUID()}`,
  source: 'https://example.org/a-study',
  year: 2019,
  assignment: 'randomised',
  unit: 'person',
  waves: 2,
  nTreatment: 40,
  nComparison: 40,
  clustersTreatment: 0,
  clustersComparison: 0,
  estimate: 0.3,
  variance: 0.05,
  group: '',
  moderators: [],
  categories: [],
  ...change,
});
