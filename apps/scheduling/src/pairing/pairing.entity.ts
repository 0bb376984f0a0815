import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { CheckIn } from './domain/pairing.js';

@Entity('pairing')
@Check('pairing_of_two', 'supporter_id <> supported_id')
@Check('pairing_dates', 'ends_on >= starts_on')
@Check('pairing_status', `status IN ('active', 'ended')`)
@Check('pairing_ended', `(status = 'ended') = (ended_on IS NOT NULL)`)
@Index('pairing_by_intervention', ['interventionId', 'startsOn', 'id'])
@Index('pairing_one_active', ['interventionId', 'supportedId'], { unique: true, where: `status = 'active'` })
export class PairingEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('uuid', { name: 'supporter_id' })
  supporterId!: string;

  @Column('uuid', { name: 'supported_id' })
  supportedId!: string;

  @Column('date', { name: 'starts_on' })
  startsOn!: string;

  @Column('date', { name: 'ends_on' })
  endsOn!: string;

  @Column('text')
  status!: string;

  @Column('text')
  reason!: string;

  @Column('date', { name: 'ended_on', nullable: true })
  endedOn!: string | null;

  @Column('jsonb', { name: 'check_ins' })
  checkIns!: CheckIn[];

  @Column('integer')
  version!: number;
}
