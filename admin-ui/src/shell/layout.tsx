import { Group, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import classes from "./layout.module.css";
import { LiveEvents } from "./live-events.tsx";
import { destinationsFor } from "./navigation.ts";
import { useSigned } from "./session.ts";
import { TenantSwitch } from "./tenant-switch.tsx";
import { UserMenu } from "./user-menu.tsx";

/**
 * Everything around a view: where one may go, as whom, in which tenant. Drawn by a sheet of its own: the library's
 * `AppShell` and `NavLink` cost every first load 10 kB for what is never used of them.
 */
export function Layout() {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <LiveEvents>
      <a className={classes.skip} href="#main">
        {t("nav.skip")}
      </a>
      <header className={classes.header}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          <UnstyledButton
            hiddenFrom="sm"
            className={classes.toggle}
            aria-label={t("nav.menu")}
            aria-expanded={isOpen}
            onClick={toggle}
          >
            <Icon name="menu" size={24} />
          </UnstyledButton>
          <TenantSwitch />
        </Group>
        <UserMenu />
      </header>
      <nav className={classes.navbar} aria-label={t("nav.label")} data-open={isOpen}>
        <Group justify="space-between" p="md" pb="xs">
          <Link to="/" className={classes.brand} onClick={close}>
            <img src="/assets/site/icon.svg" alt="" width={26} height={26} />
            Pregonero
          </Link>
          <UnstyledButton
            hiddenFrom="sm"
            className={classes.toggle}
            aria-label={t("nav.close")}
            onClick={toggle}
          >
            <Icon name="close" size={24} />
          </UnstyledButton>
        </Group>
        <Places onGo={close} />
      </nav>
      <main id="main" className={classes.main} tabIndex={-1}>
        <ErrorBoundary>
          <Outlet />
        </ErrorBoundary>
      </main>
    </LiveEvents>
  );
}

/** The router marks the one where one is (`aria-current`). */
function Places({ onGo }: { readonly onGo: () => void }) {
  const { t } = useTranslation();
  const signed = useSigned();
  return (
    <div className={classes.places}>
      {destinationsFor(signed).map(({ to, icon, name }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          onClick={onGo}
          className={classes.place}
        >
          <Icon name={icon} />
          {t(name)}
        </Link>
      ))}
    </div>
  );
}
