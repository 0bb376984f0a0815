import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('survey_round')
@Check('survey_round_window', 'closes_on >= opens_on')
@Index('survey_round_open_code', ['interventionId', 'code'], { unique: true, where: `status = 'open'` })
@Index('survey_round_intervention', ['interventionId', 'code', 'id'])
export class SurveyRoundEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  code!: string;

  @Column('uuid', { name: 'instrument_id' })
  instrumentId!: string;

  @Column('text')
  wave!: string;

  @Column('text')
  level!: string;

  @Column('text')
  population!: string;

  @Column('date', { name: 'opens_on' })
  opensOn!: string;

  @Column('date', { name: 'closes_on' })
  closesOn!: string;

  @Column('text')
  status!: string;

  /** Counts the facts told about this round. */
  @Column('integer')
  version!: number;
}
