import { Controller, type DynamicModule, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { type Caller, DomainError } from '@common-ground/kernel';
import { CurrentCaller, IdentityModule, ObservabilityModule, Public, Quiet, Roles, Rpc, currentTraceparent } from '../index.js';

type Greeting = { readonly name: string };
type Answer = { readonly said: string; readonly by: string; readonly quiet: boolean; readonly trace: string };

const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const method = <P extends string>(path: P) => ({
  path,
  requestStream: false as const,
  responseStream: false as const,
  requestSerialize: (value: Greeting): Buffer => write(value),
  requestDeserialize: (value: Buffer): Greeting => JSON.parse(value.toString()) as Greeting,
  responseSerialize: (value: Answer): Buffer => write(value),
  responseDeserialize: (value: Buffer): Answer => JSON.parse(value.toString()) as Answer,
});

/** Shaped as ts-proto shapes a service, with JSON for protobuf. */
export const GreeterService = {
  greet: method('/commonground.specs.v1.GreeterService/Greet'),
  greetOnce: method('/commonground.specs.v1.GreeterService/GreetOnce'),
  greetAnybody: method('/commonground.specs.v1.GreeterService/GreetAnybody'),
  greetNobody: method('/commonground.specs.v1.GreeterService/GreetNobody'),
};

let greetedOnce = 0;

@Controller()
class GreeterGrpc {
  @Rpc(GreeterService.greet)
  @Roles('administrator')
  async greet(@Payload() { name }: Greeting, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<Answer> {
    if (name === 'too many') throw new DomainError('invalid', 'NAME_INVALID', 'Ñame.', { path: ['name'] }, ['name', 'title'].map((field) => ({ code: 'NAME_INVALID', message: 'Ñame.', path: [field] })));
    if (name === 'twice') throw new DomainError('conflict', 'NAME_TAKEN', 'There is one already.', { path: ['name'] });
    if (name === 'bug') throw new TypeError('secret of ours');
    if (name === 'broken') return { said: 1n } as never;
    if (name === 'slow') await new Promise((resolve) => setTimeout(resolve, 2_000));
    return { said: `Hello ${name}`, by: caller.subject, quiet, trace: currentTraceparent() ?? '' };
  }

  /** Away the first time. */
  @Rpc(GreeterService.greetOnce)
  @Roles('administrator')
  greetOnce(@Payload() { name }: Greeting): Answer {
    if ((greetedOnce += 1) === 1) throw new DomainError('unavailable', 'STORAGE_UNAVAILABLE', 'The storage is away for a moment.');
    return { said: name, by: String(greetedOnce), quiet: false, trace: '' };
  }

  @Rpc(GreeterService.greetAnybody)
  @Public()
  greetAnybody(@Payload() { name }: Greeting, @CurrentCaller() caller: Caller): Answer {
    return { said: name, by: caller.subject, quiet: false, trace: '' };
  }

  /** No role may: the decorator was forgotten. */
  @Rpc(GreeterService.greetNobody)
  greetNobody(): Answer {
    return { said: '', by: '', quiet: false, trace: '' };
  }
}

@Module({})
export class GreeterModule {
  static forRoot(issuer: string): DynamicModule {
    return {
      module: GreeterModule,
      imports: [ObservabilityModule.forRoot({ service: 'greeter', level: 'silent' }), IdentityModule.forRoot({ issuer, audience: 'common-ground' })],
      controllers: [GreeterGrpc],
    };
  }
}
