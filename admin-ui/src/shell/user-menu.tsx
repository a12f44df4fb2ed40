import { lazy, Suspense, useState } from "react";
import { UserButton } from "./user-button.tsx";

const load = () => import("./open-user-menu.tsx");
const OpenUserMenu = lazy(load);

/** What opens beside the button weighs more than the rest of the shell: it is loaded when a hand comes near. */
export function UserMenu() {
  const [isWanted, setWanted] = useState(false);
  const closed = (
    <UserButton
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load().catch(() => undefined)}
      onFocus={() => void load().catch(() => undefined)}
      onClick={() => setWanted(true)}
    />
  );
  if (!isWanted) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenUserMenu />
    </Suspense>
  );
}
