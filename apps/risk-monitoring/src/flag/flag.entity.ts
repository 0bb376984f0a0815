import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('flag')
@Index('flag_live', ['interventionId', 'rule', 'subjectKey'], { unique: true, where: `(status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'mitigating'::text]))` })
@Index('flag_subject', ['interventionId', 'rule', 'subjectKey'])
@Index('flag_opened', ['openedAt', 'id'])
@Index('flag_untold', ['changedAt'], { where: 'untold' })
export class FlagEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  rule!: string;

  @Column('text', { name: 'subject_key' })
  subjectKey!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  status!: string;

  @Column('integer')
  likelihood!: number;

  @Column('integer')
  impact!: number;

  @Column('integer', { name: 'evidence_count' })
  evidenceCount!: number;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('text')
  reason!: string;

  /** Counts the facts told about this flag. */
  @Column('integer')
  version!: number;

  @Column('boolean')
  untold!: boolean;

  @Column('boolean', { name: 'untold_quiet' })
  untoldQuiet!: boolean;

  /** It was opened quietly and nothing has been said aloud since. */
  @Column('boolean', { name: 'quiet_so_far', default: false })
  quietSoFar!: boolean;
}
