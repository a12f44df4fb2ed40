import type { TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import {
  FEATURES,
  type Feature,
  SHED_BY_LEVEL,
  SHED_LEVELS,
  type ShedLevel,
  type SwitchBoard,
  type Switches,
  type SwitchStore,
} from "../core/switches.ts";
import type { LiveEvents } from "../core/wake-up.ts";

/** Told when anything changed: whoever hears it reads anew. */
export const SWITCHES_TOPIC = "switches";

export interface LoadedSwitches extends Switches {
  /** Reads what is stored. While the database is away, what was known last holds. */
  refresh(): Promise<void>;
  /** To be called after a change: the other processes hear of it, or find it at their next look. */
  announce(): Promise<void>;
  board(): SwitchBoard | undefined;
}

/** What is off, kept in memory: every question asks, and none waits for the answer. */
export function loadSwitches(ports: {
  readonly store: Pick<SwitchStore, "read">;
  readonly liveEvents: Pick<LiveEvents, "publish" | "subscribe">;
  readonly logger: Logger;
  /** Told of what was read, each time. */
  readonly onRead: (board: SwitchBoard) => void;
}): LoadedSwitches {
  let board: SwitchBoard | undefined;
  let offForAll: ReadonlySet<Feature> = new Set();
  let offByTenant: ReadonlyMap<TenantId, ReadonlySet<Feature>> = new Map();

  async function refresh(): Promise<void> {
    try {
      board = await ports.store.read();
      offForAll = offForEverybody(board);
      offByTenant = ofTenants(board, offForAll);
      ports.onRead(board);
    } catch (error) {
      ports.logger.warn("switches-not-read", { error });
    }
  }

  ports.liveEvents.subscribe(SWITCHES_TOPIC, () => void refresh());

  return {
    refresh,
    async announce() {
      await refresh();
      ports.liveEvents.publish(SWITCHES_TOPIC, "");
    },
    board: () => board,
    get level() {
      return board?.shedding.level ?? 0;
    },
    offFor: (tenantId) =>
      (tenantId === undefined ? undefined : offByTenant.get(tenantId)) ?? offForAll,
    tenantsWithout: (feature) =>
      [...offByTenant].flatMap(([tenantId, off]) => (off.has(feature) ? [tenantId] : [])),
  };
}

/** What a level sheds, with what those below it do. */
export function shedAt(level: ShedLevel): readonly Feature[] {
  return SHED_LEVELS.filter((each) => each <= level).flatMap((each) => SHED_BY_LEVEL[each]);
}

function offForEverybody({ shedding, switches }: SwitchBoard): ReadonlySet<Feature> {
  const shed = shedAt(shedding.level);
  const set = new Map(
    switches.flatMap((each) =>
      each.tenantId === undefined ? [[each.feature, each.isOn] as const] : [],
    ),
  );
  return new Set(FEATURES.filter((feature) => !(set.get(feature) ?? !shed.includes(feature))));
}

function ofTenants(
  { switches }: SwitchBoard,
  offForAll: ReadonlySet<Feature>,
): ReadonlyMap<TenantId, ReadonlySet<Feature>> {
  const byTenant = new Map<TenantId, Set<Feature>>();
  for (const { tenantId, feature } of switches) {
    if (tenantId === undefined) continue;
    byTenant.set(tenantId, (byTenant.get(tenantId) ?? new Set(offForAll)).add(feature));
  }
  return byTenant;
}
