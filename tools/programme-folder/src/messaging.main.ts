import { PlatformError } from './platform/graphql-client.js';
import { runProgram, say, tokenSource } from './platform/command-line.js';
import { isDone } from './messaging/answers.js';
import { ask } from './messaging/ask.js';
import { readCommand, USAGE } from './messaging/read-command.js';
import { linesOf } from './messaging/show-answer.js';

const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (): Promise<number> => {
  const options = readCommand(process.argv.slice(2));
  if ('usage' in options) {
    if (options.usage === undefined) say(USAGE);
    else complain(`${options.usage}\n--help shows the commands.`);
    return 2;
  }
  const { url, json, command } = options;
  try {
    // Sign-in talks to a person; what a script reads must not be mixed with it.
    const answer = await ask({ url, token: tokenSource(options, json ? complain : say), quiet: false }, command);
    if (json) say(JSON.stringify(answer));
    else for (const line of linesOf(answer)) say(line);
    return isDone(answer) ? 0 : 1;
  } catch (error) {
    if (!json || !(error instanceof PlatformError)) throw error;
    say(JSON.stringify({ command: command.name, error: { code: error.code, message: error.message } }));
    return 1;
  }
};

runProgram(main, '--help shows the commands.');
