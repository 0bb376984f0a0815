// What the tests need beyond Node and npm, and what to do when it is not there.
import { spawnSync } from 'node:child_process';

const answers = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** @returns the names of missing tools, and a sentence for each that says how to mend it */
export const checkTools = ({ ci }) => {
  const missing = [];
  const messages = [];
  const kafkaGiven = Boolean(process.env.KAFKA_BROKERS);
  if (!kafkaGiven && !(answers('java', '-version') && answers('mvn', '-v'))) {
    missing.push('Java and Maven');
    messages.push(
      `The tests on Apache Kafka need Java 17 and Maven (Debian: apt-get install openjdk-17-jre-headless maven, as root), or KAFKA_BROKERS naming a broker.${ci ? '' : ' They are skipped.'}`,
    );
  }
  return { missing, messages };
};
