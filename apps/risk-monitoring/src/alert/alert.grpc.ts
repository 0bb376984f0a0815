import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { risk } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_SUBSCRIBE } from '../roles.js';
import { AlertService } from './alert.service.js';
import type { Alert } from './domain/alert.js';

const rpc = risk.RiskServiceService;
const shown = (alert: Alert): risk.Alert => ({ ...alert, deliveredAt: alert.deliveredAt ?? undefined });

@Controller()
export class AlertGrpc {
  constructor(private readonly alerts: AlertService) {}

  @Rpc(rpc.listAlerts)
  @Roles(...MAY_SUBSCRIBE)
  async listAlerts(@Payload() { page, ...filter }: risk.ListAlertsRequest, @CurrentCaller() caller: Caller): Promise<risk.ListAlertsResponse> {
    const { alerts, pageInfo } = await this.alerts.list(page, filter, caller);
    return { alerts: alerts.map(shown), pageInfo };
  }

  @Rpc(rpc.confirmAlerts)
  @Roles(...MAY_SUBSCRIBE)
  async confirmAlerts(@Payload() { alertIds }: risk.ConfirmAlertsRequest, @CurrentCaller() caller: Caller): Promise<risk.ConfirmAlertsResponse> {
    await this.alerts.confirm(alertIds, caller);
    return {};
  }
}
