import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

@Entity('rule')
@Check('rule_likelihood', 'likelihood BETWEEN 1 AND 5')
@Check('rule_impact', 'impact BETWEEN 1 AND 5')
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

  @ManyToOne(() => RuleEntity)
  @JoinColumn({ name: 'code', foreignKeyConstraintName: 'mission_rule_code_fkey' })
  rule!: Relation<RuleEntity>;

  @Column('boolean')
  enabled!: boolean;

  @Column('jsonb')
  thresholds!: Record<string, number>;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('text', { name: 'changed_by' })
  changedBy!: string;
}
