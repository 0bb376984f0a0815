import { spawnSync } from 'node:child_process';

/** As `npm test` judges it. */
export const isKafkaToBeHad = (env: Readonly<Record<string, string | undefined>> = process.env): boolean => {
  if (env['KAFKA_BROKERS']) return true;
  return [['java', '-version'], ['mvn', '-v']].every(([tool, flag]) => spawnSync(tool as string, [flag as string], { stdio: 'ignore' }).status === 0);
};
