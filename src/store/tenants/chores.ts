import type { TenantChores } from "../../core/tenants.ts";
import { type ErasePorts, eraseNext } from "./erase-tenant.ts";
import { type ExportPorts, expireExports, makeNextExport } from "./make-export.ts";
import { retainNext } from "./retention.ts";

export function createTenantChores(ports: ExportPorts & ErasePorts): TenantChores {
  return {
    exportNext: (signal) => makeNextExport(ports, signal),
    expireExports: () => expireExports(ports.database),
    retainNext: () => retainNext(ports.database),
    eraseNext: () => eraseNext(ports),
  };
}
