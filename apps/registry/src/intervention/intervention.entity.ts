import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

@Entity('intervention')
@Check('intervention_dates', 'ends_on >= starts_on')
@Unique('intervention_mission_code', ['mission', 'code'])
export class InterventionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('text')
  code!: string;

  @Column('text')
  title!: string;

  @Column('text')
  kind!: string;

  @Column('text', { array: true })
  modalities!: string[];

  @Column('date', { name: 'starts_on' })
  startsOn!: string;

  @Column('date', { name: 'ends_on' })
  endsOn!: string;

  @Column('text')
  aim!: string;

  @Column('text')
  design!: string;

  @Column('text', { name: 'assignment_unit' })
  assignmentUnit!: string;

  @Column('text', { array: true })
  sides!: string[];

  @Column('timestamptz', { name: 'designed_at' })
  designedAt!: Date;

  /** Counts the facts told about this intervention. */
  @Column('integer')
  version!: number;
}
