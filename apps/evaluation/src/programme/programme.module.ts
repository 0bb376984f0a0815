import { Global, Module } from '@nestjs/common';
import { Arrivals } from './arrivals.js';
import { ProgrammeConsumer } from './programme.consumer.js';

@Global()
@Module({ controllers: [ProgrammeConsumer], providers: [Arrivals], exports: [Arrivals] })
export class ProgrammeModule {}
