import { Avatar, UnstyledButton, type UnstyledButtonProps, VisuallyHidden } from "@mantine/core";
import type { ComponentPropsWithRef } from "react";
import { useTranslation } from "react-i18next";
import { useSigned } from "./session.ts";

/** Who one is; what it opens is given by what stands around it. */
export function UserButton(props: UnstyledButtonProps & ComponentPropsWithRef<"button">) {
  const { t } = useTranslation();
  const { person } = useSigned();
  return (
    <UnstyledButton {...props}>
      <Avatar name={person.name} color="brick.7" size={34} variant="filled" />
      <VisuallyHidden>{t("user.menu", { name: person.name })}</VisuallyHidden>
    </UnstyledButton>
  );
}
