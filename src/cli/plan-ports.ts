import type { CommandContext } from "./ports.ts";

/** Null: as many as they ask. */
export interface PlanLimitsInput {
  readonly questionsPerDay: number | null;
  readonly questionsPerContactDay: number | null;
}

export interface AssignPlanInput {
  /** Absent: no plan any more. */
  readonly name?: string | undefined;
  /** Its short name. Absent: the tenant that the command line acts for. */
  readonly tenant?: string | undefined;
}

export interface PlanRowView extends PlanLimitsInput {
  readonly name: string;
  readonly tenants: number;
}

/** Plans of the installation. */
export interface PlanCommandPorts {
  listPlans(input: Record<string, never>, context: CommandContext): Promise<readonly PlanRowView[]>;
  setPlan(
    input: PlanLimitsInput & { readonly name: string },
    context: CommandContext,
  ): Promise<PlanRowView>;
  removePlan(
    input: { readonly name: string },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  assignPlan(input: AssignPlanInput, context: CommandContext): Promise<Record<string, never>>;
}
