import { createTransport, type Transporter } from 'nodemailer';
import type { Alert, Outcome } from './domain/alert.js';
import { emailAbout } from './domain/message.js';

const TIMEOUT_MS = 10_000;

export type EmailSettings = { readonly smtpUrl: string; readonly from: string; readonly portalUrl?: string | undefined };

const domainOf = (address: string): string => /@([^\s>]+)/.exec(address)?.[1] ?? 'localhost';

/** Sends alerts by SMTP; the alert's id is the message's id at every try. */
export class EmailChannel {
  private readonly transport: Transporter;

  constructor(private readonly settings: EmailSettings) {
    this.transport = createTransport({
      url: settings.smtpUrl,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(alert: Alert, address: string): Promise<Outcome> {
    const { from, portalUrl } = this.settings;
    const answer: { readonly response?: string } = await this.transport.sendMail({
      ...emailAbout(alert, portalUrl),
      from,
      to: { name: '', address },
      messageId: `<${alert.id}@${domainOf(from)}>`,
      date: alert.raisedAt,
      headers: { 'auto-submitted': 'auto-generated' },
    });
    // A server's words may repeat the address; its number does not.
    return { delivered: true, proof: `${/^\d{3}/.exec(answer.response ?? '')?.[0] ?? '250'} accepted` };
  }

  close(): void {
    this.transport.close();
  }
}
