import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { OutcomeResult } from './domain/outcome.js';

@Entity('estimate')
@Unique('estimate_of_item', ['interventionId', 'instrumentId', 'item', 'wave', 'revision'])
export class EstimateEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @PrimaryColumn('integer')
  revision!: number;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('uuid', { name: 'instrument_id' })
  instrumentId!: string;

  @Column('text')
  item!: string;

  @Column('text')
  wave!: string;

  @Column('jsonb')
  result!: OutcomeResult;

  @Column('timestamptz', { name: 'estimated_at' })
  estimatedAt!: Date;
}
