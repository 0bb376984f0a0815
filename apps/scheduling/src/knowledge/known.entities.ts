import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('known_mission')
export class KnownMissionEntity {
  @PrimaryColumn('text')
  mission!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;
}

@Entity('known_intervention')
export class KnownInterventionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('date', { name: 'starts_on' })
  startsOn!: string;

  @Column('date', { name: 'ends_on' })
  endsOn!: string;

  @Column('text', { array: true })
  sides!: string[];

  /** Of the fact that was applied last. */
  @Column('bigint')
  version!: string;
}

@Entity('known_participant')
@Index('known_participant_by_intervention', ['interventionId'])
export class KnownParticipantEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  side!: string;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;

  @Column('text', { array: true, default: [] })
  languages!: string[];

  @Column('text', { name: 'age_band', default: '' })
  ageBand!: string;

  @Column('text', { default: '' })
  gender!: string;

  @Column('text', { name: 'prior_contact', default: '' })
  priorContact!: string;
}
