import { EvaluationResolver } from './evaluation/evaluation.resolver.js';
import { EvidenceResolver } from './evaluation/evidence.resolver.js';
import { InterventionEvaluationResolver } from './evaluation/intervention-evaluation.resolver.js';
import { MessagingDesk } from './messaging/messaging-desk.js';
import { MessagingResolver } from './messaging/messaging.resolver.js';
import { InterventionResolver } from './registry/intervention.resolver.js';
import { MissionResolver } from './registry/mission.resolver.js';
import { ParticipantResolver } from './registry/participant.resolver.js';
import { AlertResolver } from './risk/alert.resolver.js';
import { InterventionFlagsResolver } from './risk/intervention-flags.resolver.js';
import { RiskResolver } from './risk/risk.resolver.js';
import { ActivityResolver } from './scheduling/activity.resolver.js';
import { GroupPlanResolver } from './scheduling/group-plan.resolver.js';
import { InterventionActivitiesResolver } from './scheduling/intervention-activities.resolver.js';
import { PairingResolver } from './scheduling/pairing.resolver.js';

/** Resolvers that pass on to the services, and what they need. */
export const serviceResolvers = [
  MissionResolver,
  InterventionResolver,
  ParticipantResolver,
  ActivityResolver,
  InterventionActivitiesResolver,
  GroupPlanResolver,
  PairingResolver,
  EvaluationResolver,
  InterventionEvaluationResolver,
  EvidenceResolver,
  RiskResolver,
  InterventionFlagsResolver,
  AlertResolver,
  MessagingDesk,
  MessagingResolver,
];
