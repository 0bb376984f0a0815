import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { Facts } from './index.js';

const root = join(import.meta.dirname, '../../..');
const document = parse(readFileSync(join(root, 'docs/facts.asyncapi.yaml'), 'utf8')) as {
  channels: Record<string, { address: string; messages: Record<string, unknown> }>;
  components: { messages: Record<string, { name: string; payload: { properties: Record<string, unknown> } }> };
};

describe('the catalogue of facts as a document', () => {
  it('is AsyncAPI 3', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
    const validate = new Ajv({ strict: false, logger: false, validateFormats: false }).compile(schema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('names exactly the facts that the code knows, on their topics', () => {
    const documented = Object.values(document.components.messages).map(({ name }) => name);
    expect(documented.sort()).toEqual(Object.values(Facts).map(({ type }) => type).sort());
    const addresses = Object.values(document.channels).map(({ address }) => address);
    expect(new Set(Object.values(Facts).map(({ topic }) => topic))).toEqual(new Set(addresses));
  });

  it('carries no name, contact detail or free text about a person', () => {
    const personal = /^(first|last|full|given|family)?name$|phone|mail|address|comment|note|message|answerText|birth/i;
    for (const [fact, { payload }] of Object.entries(document.components.messages)) {
      if (fact === 'MissionRegistered') continue; // the mission's own name
      expect(Object.keys(payload.properties).filter((property) => personal.test(property))).toEqual([]);
    }
  });
});
