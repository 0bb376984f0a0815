import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('subscription')
@Index('subscription_subscriber', ['subscriber', 'createdAt'])
export class SubscriptionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  subscriber!: string;

  @Column('text')
  channel!: string;

  /** Encrypted. */
  @Column('bytea')
  target!: Buffer;

  @Column('text', { name: 'target_digest' })
  targetDigest!: string;

  /** Encrypted. */
  @Column('bytea', { name: 'signing_secret', nullable: true })
  signingSecret!: Buffer | null;

  /** Null: every mission. */
  @Column('text', { name: 'scope_missions', array: true, nullable: true })
  scopeMissions!: string[] | null;

  @Column('text', { array: true })
  missions!: string[];

  @Column('text', { array: true })
  rules!: string[];

  @Column('integer', { name: 'minimum_severity' })
  minimumSeverity!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'cancelled_at', nullable: true })
  cancelledAt!: Date | null;
}
