import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('respondent')
export class RespondentEntity {
  @PrimaryColumn('uuid', { name: 'round_id' })
  roundId!: string;

  /** The code that links waves; never a name. */
  @PrimaryColumn('text')
  respondent!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('integer')
  answers!: number;

  @Column('integer')
  submissions!: number;
}
