import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('known_mission')
export class KnownMissionEntity {
  @PrimaryColumn('text')
  mission!: string;
}

@Entity('known_intervention')
export class KnownInterventionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  mission!: string;

  @Column('text')
  code!: string;

  @Column('text')
  title!: string;
}
