import { InputType, ObjectType } from '@nestjs/graphql';
import type { registry } from '@common-ground/contracts';
import { COMMAND_ID, Id, Moment, moment, Text, Texts } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'A country office.' })
export class Mission {
  @Text('Its code, which is its identity everywhere: ISO 3166-1 alpha-2, with a suffix where a country has two offices.') mission!: string;
  @Text('Its name.') name!: string;
  @Text('ISO 3166-1 alpha-2.') country!: string;
  @Text('IANA time zone in which its days and months are counted.') timeZone!: string;
  @Texts('Working languages, BCP 47.') languages!: string[];
  @Moment('When it joined the platform.') registeredAt!: Date;
}

export const missionOf = (row: registry.Mission): Mission => ({ ...row, registeredAt: moment(row.registeredAt) });

export const MissionConnection = connectionOf(Mission, 'Mission', 'missions');
export const RegisterMissionPayload = payloadOf('RegisterMissionPayload', Mission, 'mission', 'The mission as registered.');

@InputType({ description: 'A mission that joins the platform.' })
export class RegisterMissionInput {
  @Id(COMMAND_ID) commandId!: string;
  @Text('Its code: ISO 3166-1 alpha-2, with a suffix where a country has two offices.') mission!: string;
  @Text('Its name.') name!: string;
  @Text('ISO 3166-1 alpha-2.') country!: string;
  @Text('IANA name, e.g. America/Lima.') timeZone!: string;
  @Texts('BCP 47, one at least.') languages!: string[];
}
