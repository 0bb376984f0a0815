import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('rule')
export class RuleEntity {
  @PrimaryColumn('text')
  code!: string;

  @Column('text')
  family!: string;

  @Column('boolean')
  enabled!: boolean;

  @Column('jsonb')
  thresholds!: Record<string, number>;

  @Column('integer')
  likelihood!: number;

  @Column('integer')
  impact!: number;
}

@Entity('mission_rule')
export class MissionRuleEntity {
  @PrimaryColumn('text')
  mission!: string;

  @PrimaryColumn('text')
  code!: string;

  @Column('boolean')
  enabled!: boolean;

  @Column('jsonb')
  thresholds!: Record<string, number>;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('text', { name: 'changed_by' })
  changedBy!: string;
}
