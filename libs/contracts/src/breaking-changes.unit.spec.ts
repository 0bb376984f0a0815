import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const workspace = join(import.meta.dirname, '../../..');
const buf = join(workspace, 'node_modules/.bin/buf');
const facts = 'commonground/registry/v1/facts.proto';

describe('a change of the released contracts', () => {
  let proto: string;
  beforeEach(() => {
    proto = mkdtempSync(join(tmpdir(), 'proto-'));
    cpSync(join(workspace, 'proto'), proto, { recursive: true });
  });
  afterEach(() => rmSync(proto, { recursive: true }));

  const change = (from: string, to: string) => {
    const before = readFileSync(join(proto, facts), 'utf8');
    expect(before).toContain(from);
    writeFileSync(join(proto, facts), before.replace(from, to));
  };
  /** What `npm test` runs on the real folder. */
  const breaking = () => {
    const { status, stdout } = spawnSync(buf, ['breaking', '--against', 'released.binpb'], { cwd: proto, encoding: 'utf8' });
    return { refused: status !== 0, why: stdout };
  };

  it('is let through when there is none', () => {
    expect(breaking()).toEqual({ refused: false, why: '' });
  });

  it('is let through when it adds a field', () => {
    change('  repeated string languages = 5;\n', '  repeated string languages = 5;\n  string region = 6;\n');
    expect(breaking()).toEqual({ refused: false, why: '' });
  });

  it.each([
    { what: 'removes a field', from: '  string country = 3;\n', to: '', why: 'Previously present field "3" with name "country" on message "MissionRegistered" was deleted' },
    { what: 'gives a field another type', from: 'string country = 3;', to: 'int32 country = 3;', why: 'changed type from "string" to "int32"' },
    { what: 'gives a field another number', from: 'string country = 3;', to: 'string country = 30;', why: 'Previously present field "3"' },
    { what: 'removes a fact', from: 'message ParticipantWithdrawn {', to: 'message ParticipantLeft {', why: 'Previously present message "ParticipantWithdrawn" was deleted' },
  ])('is refused when it $what', ({ from, to, why }) => {
    change(from, to);
    const outcome = breaking();
    expect(outcome.refused).toBe(true);
    expect(outcome.why).toContain(why);
  });
});
