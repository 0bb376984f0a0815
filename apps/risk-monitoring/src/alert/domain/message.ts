import type { Alert } from './alert.js';

/** What an e-mail says: codes and figures, nobody's name. */
export type Message = { readonly subject: string; readonly text: string; readonly html: string };

const HEADLINES: Readonly<Record<string, string>> = {
  'outcome-worsened': 'An outcome got worse',
  'poor-contact': 'Conditions for good contact were missing',
  'one-side-missing': 'Only one side came',
  'sides-apart': 'Sides stayed apart in groups',
  'unrecorded-activity': 'An activity was not recorded',
};

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  'outcome-worsened': 'The whole interval of this estimate lies on the harmful side. Look at how contact went in the activities before more of them take place.',
  'poor-contact': 'At least one of equal status, common goal, cooperation and support of authorities was seen below the threshold. Talk with the facilitator before the next gathering.',
  'one-side-missing': 'An activity took place without anybody from one of the sides it is meant to bring together. Find out what kept them away.',
  'sides-apart': 'There were groups of one side only, or somebody was the only one of their side, though both sides were there. Form mixed groups before the next gathering, at least two of a side in each.',
  'unrecorded-activity': 'Its time has passed and nobody said what became of it. Ask for the record, or mark it as not held.',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
const singleLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
const moment = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const emailAbout = (alert: Alert, portalUrl: string | undefined): Message => {
  const headline = HEADLINES[alert.rule] ?? alert.rule;
  const about = singleLine(alert.subject);
  const facts = [
    ['Mission', alert.mission],
    ['About', about],
    ['Severity', `${alert.severity} of 25`],
    ['Raised', moment(alert.raisedAt)],
    ['Flag', alert.flagId],
  ] as const;
  const advice = WHAT_TO_DO[alert.rule] ?? '';
  const link = portalUrl ? new URL(`flags/${alert.flagId}`, portalUrl.endsWith('/') ? portalUrl : `${portalUrl}/`).href : undefined;
  const closing = 'You receive this because you subscribed to alerts on Common Ground. Cancel the subscription there to stop them.';
  return {
    subject: singleLine(`${headline}: ${about} (${alert.mission})`),
    text: [headline, '', ...facts.map(([name, value]) => `${name}: ${value}`), '', advice, ...(link ? ['', `Open the flag: ${link}`] : []), '', closing, ''].join('\n'),
    html: [
      '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
      `<h1 style="font-size:1.2rem">${escaped(headline)}</h1><table role="presentation">`,
      ...facts.map(([name, value]) => `<tr><th align="left">${name}</th><td>${escaped(value)}</td></tr>`),
      `</table><p>${escaped(advice)}</p>`,
      link ? `<p><a href="${escaped(link)}">Open the flag</a></p>` : '',
      `<p style="color:#555">${closing}</p></body></html>`,
    ].join('\n'),
  };
};

/** What a webhook is sent. */
export const webhookBody = (alert: Alert): string =>
  JSON.stringify({
    type: 'risk.flagged',
    timestamp: alert.raisedAt.toISOString(),
    data: {
      alertId: alert.id,
      flagId: alert.flagId,
      mission: alert.mission,
      interventionId: alert.interventionId,
      rule: alert.rule,
      subject: alert.subject,
      severity: alert.severity,
    },
  });
