import { Menu, Text, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES, speak } from "../i18n/i18n.ts";
import { Icon } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useSigned } from "./session.ts";
import { UserButton } from "./user-button.tsx";

const SCHEMES = ["light", "dark", "auto"] as const;

/** Language, light or dark, and the way out. Opens as soon as it is there, for that is when it was asked for. */
export default function OpenUserMenu() {
  const { t, i18n } = useTranslation();
  const { person, role, signOut } = useSigned();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    // Whoever leaves the menu is back at its button.
    button.current?.focus();
    setOpen(true);
  }, []);
  return (
    <Menu position="bottom-end" width={230} withinPortal opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <UserButton ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {person.name}
          </Text>
          <Text size="xs" className="soft">
            {person.email}
          </Text>
          <Text size="xs" className="soft">
            {t(role === undefined ? `role.${person.platformRole ?? "viewer"}` : `role.${role}`)}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t("user.language")}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<Icon name="language" size={16} />}
            rightSection={i18n.language === language ? <Icon name="tick" size={16} /> : undefined}
            onClick={() => void speak(language).catch(tellFailure)}
          >
            {LANGUAGE_NAMES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("user.scheme")}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon name={scheme === "dark" ? "moon" : "sun"} size={16} />}
            rightSection={colorScheme === scheme ? <Icon name="tick" size={16} /> : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`user.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {(role === "owner" || role === "editor") && (
          <Menu.Item
            leftSection={<Icon name="play" size={16} />}
            renderRoot={(props) => <Link to="/start" {...props} />}
          >
            {t("user.start")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Icon name="person" size={16} />}
          renderRoot={(props) => <Link to="/settings" search={{ tab: "account" }} {...props} />}
        >
          {t("user.account")}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="keyboard" size={16} />}
          renderRoot={(props) => <Link to="/sessions" {...props} />}
        >
          {t("user.sessions")}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="exit" size={16} />}
          onClick={() => void signOut().catch(tellFailure)}
        >
          {t("user.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
