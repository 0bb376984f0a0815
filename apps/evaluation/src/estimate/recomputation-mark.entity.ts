import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('recomputation_mark')
@Index('recomputation_mark_intervention', ['interventionId'])
export class RecomputationMarkEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('boolean')
  quiet!: boolean;

  @Column('timestamptz', { name: 'marked_at', default: () => 'clock_timestamp()' })
  markedAt!: Date;
}
