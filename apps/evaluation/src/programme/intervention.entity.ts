import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('intervention')
export class InterventionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('text')
  design!: string;

  /** Of the registry's aggregate: an older fact changes nothing. */
  @Column('bigint')
  version!: string;
}
