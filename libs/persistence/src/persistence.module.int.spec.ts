import 'reflect-metadata';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { DataSource } from 'typeorm';
import { Database, type DatabaseConfig, PersistenceModule, startEmbeddedPostgres } from './index.js';
import { connect } from './persistence.module.js';

const admin = JSON.parse(process.env['TEST_POSTGRES'] ?? '{}') as DatabaseConfig;

@Module({ imports: [PersistenceModule.forRoot({ config: admin, entities: [] })] })
class Service {}

describe('the module', () => {
  it('gives the database to a service and closes its connections with it', async () => {
    const service = await NestFactory.createApplicationContext(Service, { abortOnError: false, logger: false });
    expect(await service.get(Database).read(EVERYTHING, (tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    const source = service.get(DataSource);
    await service.close();
    expect(source.isInitialized).toBe(false);
  });

  it('tells at once of a wrong password, and in the end of a server that is away', async () => {
    await expect(connect({ ...admin, password: 'guess' }, [])).rejects.toThrow('password authentication failed');
    await expect(connect({ ...admin, port: 1 }, [], 300)).rejects.toThrow('ECONNREFUSED');
  });

  it('waits for a server that is yet to start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'common-ground-late-'));
    chmodSync(folder, 0o755);
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as { port: number };
        server.close(() => resolve(free));
      });
    });
    const first = await startEmbeddedPostgres({ folder, port, durable: false });
    await first.stop();
    const waiting = connect(first.admin, []);
    const second = await startEmbeddedPostgres({ folder, port, durable: false });
    const source = await waiting;
    expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await source.destroy();
    await second.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
