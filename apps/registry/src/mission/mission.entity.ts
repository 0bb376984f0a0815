import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('mission')
export class MissionEntity {
  @PrimaryColumn('text')
  mission!: string;

  @Column('text')
  name!: string;

  @Column('text')
  country!: string;

  @Column('text', { name: 'time_zone' })
  timeZone!: string;

  @Column('text', { array: true })
  languages!: string[];

  @Column('timestamptz', { name: 'registered_at' })
  registeredAt!: Date;
}
