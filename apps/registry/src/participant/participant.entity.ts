import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('participant')
@Check('participant_status', `(status = 'withdrawn') = (withdrawn_at IS NOT NULL)`)
@Unique('participant_intervention_code', ['interventionId', 'code'])
export class ParticipantEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  /** Pseudonymous: no name and no contact detail is kept here. */
  @Column('text')
  code!: string;

  @Column('text')
  side!: string;

  @Column('text', { name: 'age_band' })
  ageBand!: string;

  @Column('text')
  gender!: string;

  @Column('text', { array: true })
  languages!: string[];

  @Column('text', { name: 'prior_contact' })
  priorContact!: string;

  @Column('text')
  arm!: string;

  @Column('text')
  cluster!: string;

  @Column('text')
  stratum!: string;

  @Column('text')
  status!: string;

  @Column('text', { name: 'withdrawal_reason' })
  withdrawalReason!: string;

  @Column('timestamptz', { name: 'enrolled_at' })
  enrolledAt!: Date;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;

  /** Counts the facts told about this person. */
  @Column('integer')
  version!: number;
}
