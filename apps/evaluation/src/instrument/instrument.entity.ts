import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Item } from './domain/instrument.js';

@Entity('instrument')
@Unique('instrument_mission_code_version', ['mission', 'code', 'version'])
export class InstrumentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('text')
  code!: string;

  @Column('text')
  title!: string;

  /** Counts up per code. */
  @Column('integer')
  version!: number;

  @Column('jsonb')
  items!: Item[];

  @Column('timestamptz', { name: 'published_at' })
  publishedAt!: Date;
}
