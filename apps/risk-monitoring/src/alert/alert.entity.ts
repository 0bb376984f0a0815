import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { SubscriptionEntity } from '../subscription/subscription.entity.js';

@Entity('alert')
@Unique('alert_flag_subscription', ['flagId', 'subscriptionId'])
@Index('alert_due', ['dueAt'], { where: `((status = 'waiting'::text) AND (channel <> 'in-app'::text))` })
@Index('alert_subscriber', ['subscriber', 'raisedAt', 'id'])
@Index('alert_delivered', ['deliveredAt'], { where: `(delivered_at IS NOT NULL)` })
export class AlertEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'subscription_id' })
  subscriptionId!: string;

  @ManyToOne(() => SubscriptionEntity)
  @JoinColumn({ name: 'subscription_id', foreignKeyConstraintName: 'alert_subscription_id_fkey' })
  subscription!: Relation<SubscriptionEntity>;

  @Column('text')
  subscriber!: string;

  @Column('uuid', { name: 'flag_id' })
  flagId!: string;

  @Column('text')
  mission!: string;

  @Column('uuid', { name: 'intervention_id' })
  interventionId!: string;

  @Column('text')
  rule!: string;

  @Column('text')
  subject!: string;

  @Column('integer')
  severity!: number;

  @Column('text')
  channel!: string;

  @Column('text')
  status!: string;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'raised_at' })
  raisedAt!: Date;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  acceptedAt!: Date | null;

  @Column('timestamptz', { name: 'due_at' })
  dueAt!: Date;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;

  @Column('text')
  proof!: string;
}
