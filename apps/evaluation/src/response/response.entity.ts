import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('response')
export class ResponseEntity {
  @PrimaryColumn('uuid', { name: 'round_id' })
  roundId!: string;

  @PrimaryColumn('text')
  respondent!: string;

  @PrimaryColumn('text')
  item!: string;

  @Column('double precision')
  value!: number;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;
}
