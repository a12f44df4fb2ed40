import type { CommandContext, Output } from "./ports.ts";
import { table } from "./terminal.ts";
import type { AddUserInput, UserPorts } from "./user-ports.ts";

export async function addUserCommand(
  ports: Pick<UserPorts, "addUser">,
  input: AddUserInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { url, expiresAt } = await ports.addUser(input, context);
  out.progress(
    `${input.email} joins as ${input.role} with this link, once, until ${expiresAt.slice(0, 10)}. It is shown this once:`,
  );
  out.result(url);
  return 0;
}

export async function listUsersCommand(
  ports: Pick<UserPorts, "listUsers">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const users = await ports.listUsers({}, context);
  if (users.length === 0) {
    out.progress(
      "Nobody signs in yet. Invite somebody with: pregonero user add EMAIL --role owner",
    );
    return 0;
  }
  const rows = users.map(({ email, name, roles, hasTotp, isDisabled, lastSignInAt }) => [
    email,
    name,
    roles.join(", ") || "–",
    hasTotp ? "yes" : "no",
    isDisabled ? "disabled" : "active",
    lastSignInAt?.slice(0, 10) ?? "never",
  ]);
  out.result(table([["EMAIL", "NAME", "ROLES", "2ND FACTOR", "STATE", "LAST SIGN-IN"], ...rows]));
  return 0;
}

export async function disableUserCommand(
  ports: Pick<UserPorts, "setUserDisabled">,
  input: { readonly email: string; readonly isDisabled: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.setUserDisabled(input, context);
  out.result(
    input.isDisabled
      ? `${input.email} is disabled; all their sessions have ended.`
      : `${input.email} may sign in again.`,
  );
  return 0;
}

export async function resetPasswordCommand(
  ports: Pick<UserPorts, "resetUserPassword">,
  input: { readonly email: string; readonly dropsTotp: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { url, expiresAt } = await ports.resetUserPassword(input, context);
  out.progress(
    `${input.email} chooses a new password with this link, once, until ${expiresAt.slice(11, 16)} UTC. It is shown this once:`,
  );
  out.result(url);
  return 0;
}
