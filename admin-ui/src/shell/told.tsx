import { Notification, Portal, Stack } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { followTold, forget, toldNow } from "../parts/tell.ts";

/** Shows what was told, over everything else, and says it to whoever hears the page. */
export function ToldNow() {
  const { t } = useTranslation();
  const told = useSyncExternalStore(followTold, toldNow);
  return (
    <Portal>
      <Stack
        gap="xs"
        pos="fixed"
        // Over the bars at the foot of a view, in which its buttons stand.
        bottom={84}
        right={16}
        w="min(420px, calc(100vw - 32px))"
        style={{ zIndex: 400 }}
        aria-live="polite"
      >
        {told.map(({ id, isFailure, message, requestId }) => (
          <Notification
            key={id}
            withBorder
            color={isFailure ? "red" : "green"}
            title={isFailure ? t("state.failed") : undefined}
            role={isFailure ? "alert" : "status"}
            onClose={() => forget(id)}
            closeButtonProps={{ "aria-label": t("action.close") }}
          >
            {message}
            {requestId !== undefined && ` (${t("state.request")} ${requestId})`}
          </Notification>
        ))}
      </Stack>
    </Portal>
  );
}
