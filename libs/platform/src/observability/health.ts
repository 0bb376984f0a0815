import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Controller, Get, HttpStatus, Inject, Injectable, Res } from '@nestjs/common';

/** @returns undefined when well, else what is wrong */
export type HealthCheck = () => Promise<string | undefined>;

export type HealthReport = { readonly ready: boolean; readonly checks: Readonly<Record<string, string>> };

const PATIENCE_MS = 2_000;

const outcomeOf = async (check: HealthCheck): Promise<string | undefined> => {
  const given = new AbortController();
  const late = pause(PATIENCE_MS, `no answer within ${PATIENCE_MS / 1000} s`, { signal: given.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    given.abort();
  }
};

/** What must work before a service takes requests. */
@Injectable()
export class HealthChecks implements BeforeApplicationShutdown {
  private readonly checks = new Map<string, HealthCheck>();
  private stopping = false;

  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** Not ready from here on, so that nothing new is sent while the rest stops. */
  stop(): void {
    this.stopping = true;
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    const ready = !this.stopping && results.every(([, wrong]) => wrong === undefined);
    return { ready, checks: { ...Object.fromEntries(results.map(([name, wrong]) => [name, wrong ?? 'ok'])), ...(this.stopping ? { stopping: 'yes' } : {}) } };
  }
}

type Reply = { status(code: number): unknown };

@Controller('health')
export class HealthController {
  constructor(@Inject(HealthChecks) private readonly health: HealthChecks) {}

  /** The process answers. */
  @Get('live')
  live(): { status: string } {
    return { status: 'live' };
  }

  /** Everything it needs answers too. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<{ status: string; checks: HealthReport['checks'] }> {
    const { ready, checks } = await this.health.report();
    if (!ready) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: ready ? 'ready' : 'not ready', checks };
  }
}
