import type { Migration } from '@common-ground/persistence';
import { scoped } from './scope-policy.js';

export const createResponse: Migration = {
  name: '1790000004200-create-response',
  up: `
    /* One row a respondent and round: locked by whoever submits, so that answers of one person come one after the other. */
    CREATE TABLE respondent (
      round_id uuid NOT NULL,
      respondent text NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      answers integer NOT NULL,
      submissions integer NOT NULL,
      PRIMARY KEY (round_id, respondent)
    );
    ${scoped('respondent', 'intervention_id::text')}
    CREATE TABLE response (
      round_id uuid NOT NULL,
      respondent text NOT NULL,
      item text NOT NULL,
      value double precision NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      PRIMARY KEY (round_id, respondent, item)
    );
    ${scoped('response', 'intervention_id::text')}
  `,
};
