import { Entity, PrimaryColumn } from 'typeorm';

@Entity('mission')
export class MissionEntity {
  @PrimaryColumn('text')
  mission!: string;
}
