import { Controller, Get, Inject, Injectable, ServiceUnavailableException, type BeforeApplicationShutdown } from '@nestjs/common';

/** @returns undefined when well, else what is wrong */
export type HealthCheck = () => Promise<string | undefined>;

/** What must work before a service takes requests. */
@Injectable()
export class HealthChecks implements BeforeApplicationShutdown {
  private readonly checks = new Map<string, HealthCheck>();
  private stopping = false;

  register(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  stop(): void {
    this.stopping = true;
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  async report(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, string>> }> {
    const results = await Promise.all([...this.checks].map(async ([name, check]) => [name, await check().catch((error: unknown) => (error instanceof Error ? error.message : 'failed'))] as const));
    const ready = !this.stopping && results.every(([, wrong]) => wrong === undefined);
    return { ready, checks: { ...Object.fromEntries(results.map(([name, wrong]) => [name, wrong ?? 'ok'])), ...(this.stopping ? { stopping: 'yes' } : {}) } };
  }
}

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
  async ready(): Promise<{ status: string; checks: Readonly<Record<string, string>> }> {
    const { ready, checks } = await this.health.report();
    if (!ready) throw new ServiceUnavailableException({ status: 'not ready', checks });
    return { status: 'ready', checks };
  }
}
