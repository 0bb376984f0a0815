import { describe, expect, it } from '@jest/globals';
import { readCommand, USAGE } from './read-command.js';

const commandOf = (line: string) => {
  const read = readCommand(line.split(' '));
  return 'usage' in read ? read : read.command;
};

describe('the command line of messaging', () => {
  it.each([
    ['lag', { name: 'lag' }],
    ['parked --key PE', { name: 'parked', key: 'PE', limit: 500 }],
    ['parked --consumer scheduling --limit 3', { name: 'parked', consumer: 'scheduling', limit: 3 }],
    ['show risk-monitoring:7', { name: 'show', id: 'risk-monitoring:7' }],
    ['retry scheduling:42 --reason mended', { name: 'retry', id: 'scheduling:42', reason: 'mended' }],
    ['retry 0b9f6a2e-6f0e-4b5c-9a53-0a7d5c3e1f10', { name: 'retry', key: '0b9f6a2e-6f0e-4b5c-9a53-0a7d5c3e1f10', reason: '' }],
    ['retry TR-GZT --consumer evaluation', { name: 'retry', key: 'TR-GZT', consumer: 'evaluation', reason: '' }],
    ['discard gateway:1 --reason mistake', { name: 'discard', id: 'gateway:1', reason: 'mistake' }],
    ['replay gateway-portfolio-1 --from beginning', { name: 'replay', consumer: 'gateway-portfolio-1', from: 'beginning', reason: '' }],
  ])('reads %s', (line, command) => {
    expect(commandOf(line)).toEqual(command);
  });

  it.each([
    ['show', 'show takes an ID'],
    ['show 42', 'show takes an ID'],
    ['retry', 'retry takes an ID'],
    ['discard scheduling --reason x', 'discard takes an ID'],
    ['discard scheduling:1', '--reason is missing'],
    ['discard scheduling:1 --reason=', '--reason is missing'],
    ['replay', 'replay takes a consumer'],
    ['replay scheduling', '--from is missing'],
    ['parked scheduling', 'parked takes no scheduling'],
    ['parked --limit many', '--limit is many'],
    ['parked --limit 0', '--limit is 0'],
    ['lag --why', "Unknown option '--why'"],
    ['mend scheduling:1', 'mend is no command'],
    ['show scheduling:1 scheduling:2', 'scheduling:2 is one word too many'],
  ])('says of %s what to write', (line, words) => {
    expect(commandOf(line)).toEqual({ usage: expect.stringContaining(words) });
  });

  it('shows its help when asked, or when nothing is', () => {
    for (const args of [[], ['--help'], ['replay', '--help']]) expect(readCommand(args)).toEqual({ usage: undefined });
    for (const word of ['lag', 'parked', 'show ID', 'retry ID|KEY', 'discard ID --reason', 'replay CONSUMER --from', '--json', 'Nobody is alerted', 'is no rebuild']) expect(USAGE).toContain(word);
  });
});
