import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { ALERT_SETTINGS, type AlertSettings } from '../settings.js';
import { SecretBox } from './secret-box.js';
import { SubscriptionGrpc } from './subscription.grpc.js';
import { SubscriptionService } from './subscription.service.js';

@Module({
  controllers: [SubscriptionGrpc],
  providers: [SubscriptionService, clockProvider, { provide: SecretBox, inject: [ALERT_SETTINGS], useFactory: ({ secretsKeys }: AlertSettings) => new SecretBox(secretsKeys) }],
  exports: [SecretBox],
})
export class SubscriptionModule {}
