import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { ActivityEntity } from '../activity/activity.entity.js';
import type { Drawn, PlannedGroup } from './domain/group-plan.js';

@Entity('group_plan')
@Index('group_plan_by_intervention', ['interventionId'])
export class GroupPlanEntity {
  @PrimaryColumn('uuid', { name: 'activity_id' })
  activityId!: string;

  @OneToOne(() => ActivityEntity)
  @JoinColumn({ name: 'activity_id', foreignKeyConstraintName: 'group_plan_activity_id_fkey' })
  activity!: Relation<ActivityEntity>;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('jsonb')
  groups!: PlannedGroup[];

  @Column('jsonb')
  drawn!: Drawn;

  @Column('timestamptz', { name: 'formed_at' })
  formedAt!: Date;

  @Column('integer')
  version!: number;
}
