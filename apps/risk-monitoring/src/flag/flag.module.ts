import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { FlagConsumer } from './flag.consumer.js';
import { FlagGrpc } from './flag.grpc.js';
import { FlagKeeper } from './flag-keeper.js';
import { FlagService } from './flag.service.js';
import { GrowthTeller } from './growth.teller.js';

@Module({ controllers: [FlagGrpc, FlagConsumer], providers: [FlagService, FlagKeeper, GrowthTeller, clockProvider] })
export class FlagModule {}
