import { AppShell, Burger, Group, NavLink } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import classes from "./layout.module.css";
import { LiveEvents } from "./live-events.tsx";
import { destinationsFor } from "./navigation.ts";
import { useSigned } from "./session.ts";
import { TenantSwitch } from "./tenant-switch.tsx";
import { UserMenu } from "./user-menu.tsx";

/** Everything around a view: where one may go, as whom, in which tenant. */
export function Layout() {
  const { t } = useTranslation();
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <LiveEvents>
      <a className={classes.skip} href="#main">
        {t("nav.skip")}
      </a>
      <AppShell
        header={{ height: 52, collapsed: false }}
        navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
        layout="alt"
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={t("nav.menu")}
                aria-expanded={isOpen}
              />
              <TenantSwitch />
            </Group>
            <UserMenu />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} aria-label={t("nav.label")}>
          <Group justify="space-between" p="md" pb="xs">
            <Link to="/" className={classes.brand} onClick={close}>
              <img src="/assets/site/icon.svg" alt="" width={26} height={26} />
              Pregonero
            </Link>
            <Burger opened onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.close")} />
          </Group>
          <Places onGo={close} />
        </AppShell.Navbar>
        <AppShell.Main id="main" className={classes.main} tabIndex={-1}>
          <ErrorBoundary>
            <Outlet />
          </ErrorBoundary>
        </AppShell.Main>
      </AppShell>
    </LiveEvents>
  );
}

function Places({ onGo }: { readonly onGo: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const signed = useSigned();
  return (
    <div className={classes.places}>
      {destinationsFor(signed).map(({ to, icon, name }) => {
        const isHere = to === "/" ? pathname === "/" : pathname.startsWith(to);
        return (
          <NavLink
            key={to}
            renderRoot={(props) => (
              <Link to={to} activeOptions={{ exact: to === "/" }} {...props} />
            )}
            label={t(name)}
            leftSection={<Icon name={icon} />}
            active={isHere}
            onClick={onGo}
            className={classes.place}
          />
        );
      })}
    </div>
  );
}
