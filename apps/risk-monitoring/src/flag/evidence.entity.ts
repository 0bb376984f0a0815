import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('evidence')
@Index('evidence_latest', ['flagId', 'observedAt'])
@Index('evidence_activity', ['activityId'])
export class EvidenceEntity {
  @PrimaryColumn('uuid', { name: 'flag_id' })
  flagId!: string;

  @PrimaryColumn('text', { name: 'source_key' })
  sourceKey!: string;

  @Column('bigint')
  version!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  subject!: string;

  @Column('uuid', { name: 'activity_id', nullable: true })
  activityId!: string | null;

  @Column('uuid', { name: 'fact_id' })
  factId!: string;

  @Column('timestamptz', { name: 'observed_at' })
  observedAt!: Date;

  @Column('jsonb')
  figures!: Record<string, number>;

  @Column('jsonb')
  terms!: Record<string, string>;
}

@Entity('flag_change')
export class FlagChangeEntity {
  @PrimaryColumn('uuid', { name: 'flag_id' })
  flagId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text', { name: 'from_status' })
  fromStatus!: string;

  @Column('text', { name: 'to_status' })
  toStatus!: string;

  @Column('text')
  reason!: string;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('text', { name: 'changed_by' })
  changedBy!: string;
}
