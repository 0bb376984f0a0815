import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ExternalStudy } from './domain/external-study.js';

@Entity('external_study')
@Unique('external_study_name', ['name'])
export class ExternalStudyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** As it was recorded. */
  @Column('jsonb')
  study!: ExternalStudy;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}
