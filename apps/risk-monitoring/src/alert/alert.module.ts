import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { SubscriptionModule } from '../subscription/subscription.module.js';
import { AlertGrpc } from './alert.grpc.js';
import { AlertService } from './alert.service.js';
import { DeliveryWorker } from './delivery.worker.js';

@Module({ imports: [SubscriptionModule], controllers: [AlertGrpc], providers: [AlertService, DeliveryWorker, clockProvider] })
export class AlertModule {}
