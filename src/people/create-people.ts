import type { Cipher } from "../core/cipher.ts";
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { People } from "../core/people.ts";
import type { PeopleStore } from "../core/people-store.ts";
import { createCredentials } from "./credentials.ts";
import { createMembers } from "./members.ts";
import type { PasswordHasher } from "./password-hasher.ts";
import { createSignIns } from "./sign-ins.ts";

export interface PeoplePorts {
  readonly store: PeopleStore;
  readonly hasher: PasswordHasher;
  readonly hash: Cipher["hash"];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who may sign in, how, and as what. */
export function createPeople(ports: PeoplePorts): People {
  return {
    ...createSignIns(ports),
    ...createCredentials(ports),
    members: createMembers(ports),
  };
}
