import { Module } from '@nestjs/common';
import { ProgrammeConsumer } from './programme.consumer.js';

@Module({ controllers: [ProgrammeConsumer] })
export class ProgrammeModule {}
