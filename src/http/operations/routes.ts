import { type Request, type Response, Router } from "express";
import type { Announcements } from "../../core/announcements.ts";
import type { AuditLog } from "../../core/audit-log.ts";
import type { AuditSeals } from "../../core/audit-seals.ts";
import type { BotRegistry } from "../../core/bot-registry.ts";
import type { Clock } from "../../core/clock.ts";
import type { HealthReport } from "../../core/health.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Author, Letters, Pauses, Queues } from "../../core/operations.ts";
import type { SecurityEventLog } from "../../core/security-events.ts";
import type { SwitchBoard, Switches, SwitchStore } from "../../core/switches.ts";
import type { Authorise, Caller, TenantCaller } from "../access/authorise.ts";
import { createRateLimit } from "../rate-limit.ts";
import { originOf } from "../request-origin.ts";
import { announcementRoutes } from "./announcement-routes.ts";
import { lineRoutes } from "./line-routes.ts";
import { recordRoutes } from "./record-routes.ts";
import { switchRoutes } from "./switch-routes.ts";

/** What operators see and do. */
export interface OperationsDesk {
  readonly pauses: Pauses;
  readonly queues: Queues;
  readonly letters: Letters;
  readonly switchStore: SwitchStore;
  readonly switches: Switches & {
    announce(): Promise<void>;
    board(): SwitchBoard | undefined;
  };
  readonly breakers: { list(): readonly SeenBreaker[] };
  readonly auditLog: AuditLog;
  readonly announcements: Announcements;
}

export interface SeenBreaker {
  readonly model: string;
  readonly kind: "closed" | "half-open" | "open" | "held";
  readonly since: Date;
  readonly until: Date | undefined;
  readonly failures: number;
  readonly succeededAt: Date | undefined;
  readonly failedWith: string | undefined;
}

export interface Desk {
  readonly operations: OperationsDesk;
  readonly registry: Pick<BotRegistry, "list">;
  readonly securityEventLog: Pick<SecurityEventLog, "list">;
  readonly auditSeals: AuditSeals;
  /** Everything, or of one tenant. */
  readonly examineHealth: (
    tenantId: TenantId | undefined,
    signal: AbortSignal,
  ) => Promise<readonly HealthReport[]>;
  /** Something may have become due. */
  readonly wake: () => void;
  readonly clock: Clock;
}

export interface Identify {
  tenant(request: Request, response: Response): Promise<TenantCaller & Author>;
  anywhere(
    request: Request,
    response: Response,
  ): Promise<Caller & Author & { readonly isPlatform: boolean }>;
  platform(request: Request, response: Response): Promise<Author>;
  person: Authorise["person"];
}

const CALLS_PER_MINUTE = 300;

export function operationsRoutes(
  ports: Desk & {
    readonly authorise: Pick<Authorise, "tenant" | "anywhere" | "platform" | "person">;
  },
): Router {
  const identify = createIdentify(ports.authorise);
  const router = Router();
  router.use(
    lineRoutes(ports, identify),
    switchRoutes(ports, identify),
    recordRoutes(ports, identify),
    announcementRoutes(ports, identify),
  );
  return router;
}

function createIdentify(
  authorise: Pick<Authorise, "tenant" | "anywhere" | "platform" | "person">,
): Identify {
  const perCaller = createRateLimit("operations-per-caller", CALLS_PER_MINUTE, 60);
  return {
    async tenant(request, response) {
      const caller = await authorise.tenant(request, response);
      await perCaller.take(caller.tenantId, response);
      return caller;
    },
    async anywhere(request, response) {
      const caller = await authorise.anywhere(request, response);
      await perCaller.take(caller.tenantId ?? caller.actor, response);
      const { person, tenantId } = caller;
      const isMember = person?.memberships.some((each) => each.tenantId === tenantId) ?? true;
      const isPlatform =
        person?.platformRole !== undefined && (tenantId === undefined || !isMember);
      return { ...caller, isPlatform };
    },
    async platform(request, response) {
      const person = await authorise.platform(request, response);
      await perCaller.take(person.personId, response);
      return { actor: `person:${person.personId}`, origin: originOf(request, response) };
    },
    person: authorise.person,
  };
}
