import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('participant')
export class ParticipantEntity {
  @PrimaryColumn('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @PrimaryColumn('text')
  code!: string;

  @Column('text')
  mission!: string;

  @Column('text')
  arm!: string;

  @Column('text')
  cluster!: string;

  @Column('text', { default: '' })
  stratum!: string;

  @Column('boolean')
  withdrawn!: boolean;
}
