#!/usr/bin/env node
// Writes docs/facts.asyncapi.yaml (AsyncAPI 3) and docs/facts.md from proto/**/facts.proto, comments and all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { root } from './steps.mjs';

const services = { registry: 'registry', scheduling: 'scheduling', risk: 'risk-monitoring', evaluation: 'evaluation' };

const readDescriptors = () => {
  const folder = mkdtempSync(join(tmpdir(), 'facts-'));
  try {
    const image = join(folder, 'image.json');
    execFileSync(join(root, 'node_modules/.bin/buf'), ['build', '-o', image], { cwd: join(root, 'proto') });
    return JSON.parse(readFileSync(image, 'utf8')).file;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const commentsOf = (file) => {
  const comments = new Map();
  for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
    if (leadingComments) comments.set(path.join('.'), leadingComments.trim().replace(/\s*\n\s*/g, ' '));
  }
  return comments;
};

/** A fact is a message of a facts.proto whose name ends in the past tense, as the glossary has them; the rest are their parts. */
const isFact = (name) => /(ed|Held|CheckedIn|DidNotHappen|Withdrawn|Erased)$/.test(name);

const scalar = {
  TYPE_STRING: { type: 'string' },
  TYPE_BOOL: { type: 'boolean' },
  TYPE_DOUBLE: { type: 'number' },
  TYPE_INT32: { type: 'integer' },
};

const describeMessage = (message, path, comments, messages) => {
  const properties = {};
  (message.field ?? []).forEach((field, index) => {
    const type = describeField(field, message, messages);
    const description = comments.get(`${path}.2.${index}`);
    properties[field.jsonName] = description ? { ...type, description } : type;
  });
  return { type: 'object', properties };
};

const describeField = (field, message, messages) => {
  const single = () => {
    if (field.typeName === '.google.protobuf.Timestamp') return { type: 'string', format: 'date-time' };
    if (field.type !== 'TYPE_MESSAGE') return scalar[field.type];
    const { message: part, path, comments } = messages.get(field.typeName.slice(1));
    return describeMessage(part, path, comments, messages);
  };
  if (field.label !== 'LABEL_REPEATED') return single();
  const entry = (message.nestedType ?? []).find((type) => field.typeName?.endsWith(`.${type.name}`) && type.options?.mapEntry);
  if (entry) return { type: 'object', additionalProperties: scalar[entry.field[1].type] };
  return { type: 'array', items: single() };
};

const files = readDescriptors();
const messages = new Map();
for (const file of files) {
  const comments = commentsOf(file);
  (file.messageType ?? []).forEach((message, index) =>
    messages.set(`${file.package}.${message.name}`, { message, path: `4.${index}`, comments }),
  );
}

const channels = {};
const operations = {};
const componentMessages = {};
const page = [
  '# Facts',
  '',
  'Written by `npm run gen` from `proto/`; do not edit. The same as AsyncAPI 3: `facts.asyncapi.yaml`.',
  '',
  'Every fact travels as protobuf in a CloudEvents 1.0 envelope (Kafka binary mode); `ce_type` is the full name, the key is the intervention, else the mission.',
  '',
];

for (const [owner, service] of Object.entries(services)) {
  const file = files.find(({ name }) => name === `commonground/${owner}/v1/facts.proto`);
  const topic = file.package;
  channels[owner] = { address: topic, description: `Facts published by ${service}.`, messages: {} };
  page.push(`## ${service}: \`${topic}\``, '', '| fact | carries |', '|---|---|');
  for (const { name } of file.messageType) {
    if (!isFact(name)) continue;
    const { message, path, comments } = messages.get(`${file.package}.${name}`);
    const payload = describeMessage(message, path, comments, messages);
    const summary = comments.get(path);
    componentMessages[name] = {
      name: `${topic}.${name}`,
      title: name,
      ...(summary ? { summary } : {}),
      contentType: 'application/protobuf',
      headers: { $ref: '#/components/schemas/CloudEvent' },
      payload,
    };
    channels[owner].messages[name] = { $ref: `#/components/messages/${name}` };
    page.push(`| **${name}**${summary ? `: ${summary}` : ''} | ${Object.keys(payload.properties).join(', ')} |`);
  }
  operations[`publish-${owner}`] = { action: 'send', channel: { $ref: `#/channels/${owner}` } };
  page.push('');
}

const header = (description, extra = {}) => ({ type: 'string', description, ...extra });
const document = {
  asyncapi: '3.0.0',
  info: {
    title: 'Common Ground facts',
    version: '1.0.0',
    description: 'What happened in social-mixing programmes, told by the services that own it. Codes, counts and coarse attributes only.',
  },
  defaultContentType: 'application/protobuf',
  channels,
  operations,
  components: {
    schemas: {
      CloudEvent: {
        type: 'object',
        required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject'],
        properties: {
          ce_specversion: { type: 'string', const: '1.0' },
          ce_id: header('The fact’s id; a consumer applies it once.', { format: 'uuid' }),
          ce_source: header('The service that published it.'),
          ce_type: header('Protobuf full name.'),
          ce_time: header('When it was recorded.', { format: 'date-time' }),
          ce_subject: header('The aggregate that changed.'),
          ce_sequence: header('The aggregate’s version after the change.'),
          ce_mission: header('The mission’s code.'),
          ce_quiet: header('`true` when born of an import that asked for no alerts.'),
          traceparent: header('W3C trace context.'),
        },
      },
    },
    messages: componentMessages,
  },
};

writeFileSync(join(root, 'docs/facts.asyncapi.yaml'), `# Written by \`npm run gen\` from proto/; do not edit.\n${stringify(document, { aliasDuplicateObjects: false })}`);
writeFileSync(join(root, 'docs/facts.md'), `${page.join('\n').trimEnd()}\n`);
