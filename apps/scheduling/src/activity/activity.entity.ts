import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { HeldDetails } from './domain/held-record.js';

@Entity('activity')
@Check('activity_times', 'ends_at > starts_at')
@Check('activity_status', `status IN ('planned', 'rescheduled', 'held', 'did-not-happen', 'cancelled', 'unrecorded')`)
@Check('activity_record', `(status = 'held') = (record IS NOT NULL)`)
@Check('activity_recorded', `(status IN ('held', 'did-not-happen')) = (recorded_at IS NOT NULL)`)
@Unique('activity_intervention_code', ['interventionId', 'code'])
@Index('activity_by_start', ['startsAt', 'id'])
@Index('activity_open_by_end', ['endsAt'], { where: `status IN ('planned', 'rescheduled')` })
export class ActivityEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  code!: string;

  @Column('text')
  title!: string;

  @Column('text')
  place!: string;

  @Column('text')
  cluster!: string;

  @Column('timestamptz', { name: 'planned_starts_at' })
  plannedStartsAt!: Date;

  @Column('timestamptz', { name: 'planned_ends_at' })
  plannedEndsAt!: Date;

  /** As planned, until it is recorded with other times. */
  @Column('timestamptz', { name: 'starts_at' })
  startsAt!: Date;

  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;

  @Column('timestamptz', { name: 'planned_at' })
  plannedAt!: Date;

  @Column('boolean')
  quiet!: boolean;

  @Column('text')
  status!: string;

  /** Why it was cancelled or did not happen; empty otherwise. */
  @Column('text')
  reason!: string;

  @Column('jsonb', { nullable: true })
  record!: HeldDetails | null;

  @Column('timestamptz', { name: 'recorded_at', nullable: true })
  recordedAt!: Date | null;

  /** Counts the facts told about this activity. */
  @Column('integer')
  version!: number;
}
